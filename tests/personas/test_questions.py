"""The question bank: whole questions, easier ones first, and a fault told by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.personas.questions import Bank, Level, PersonaError, load_questions

QUESTION = """\
  - id: {id}
    level: {level}
    text: {text}
    key_points:
      - id: first
        point: A point.
        wordings: [One Wording, another, a third, a fourth]
      - id: second
        point: Another point.
        wordings: [one, two, three, four]
      - id: third
        point: A last point.
        wordings: [five, six, seven, eight]
    hint: A hint.
    model_answer: An answer.
"""


def topic(folder: Path, name: str, *questions: str, head: str = "topic: {name}\ntitle: A title\nquestions:\n") -> Path:
    (folder / f"{name}.yaml").write_text(head.format(name=name) + "".join(questions), encoding="utf-8")
    return folder


def question(id_: str, level: str = "basic", text: str = "") -> str:
    return QUESTION.format(id=id_, level=level, text=text or f"What about {id_}?")


def refusal(folder: Path) -> str:
    with pytest.raises(PersonaError) as refused:
        load_questions(folder)
    assert len(str(refused.value).splitlines()) == 1
    return str(refused.value)


def test_easier_questions_come_first_and_otherwise_as_written(tmp_path: Path) -> None:
    hard, first, easy = question("hard", "advanced"), question("first"), question("easy")
    bank = load_questions(topic(tmp_path, "web", hard, question("middle", "moderate"), first, easy))
    assert bank.questions("web") == ("What about first?", "What about easy?", "What about middle?", "What about hard?")
    assert bank.topics == ("web",)


def test_a_topic_that_there_is_not_has_no_questions(tmp_path: Path) -> None:
    assert load_questions(topic(tmp_path, "web", question("one"))).questions("cooking") == ()


def test_a_question_is_kept_whole(tmp_path: Path) -> None:
    (item,) = load_questions(topic(tmp_path, "web", question("one"))).items("web")
    assert (item.level, item.hint, item.model_answer) == (Level.BASIC, "A hint.", "An answer.")
    assert item.key_points[0].wordings == ("one wording", "another", "a third", "a fourth")
    assert [point.id for point in item.key_points] == ["first", "second", "third"]
    assert item.think_s > 0


def test_a_doubled_id_is_told_with_both_places(tmp_path: Path) -> None:
    topic(tmp_path, "css", question("same"))
    text = refusal(topic(tmp_path, "web", question("one"), question("same")))
    assert "web.yaml line 19: questions[1].id: 'same' is taken by css.yaml line 4; give it another id" in text


def test_a_doubled_id_in_one_file_is_told_too(tmp_path: Path) -> None:
    text = refusal(topic(tmp_path, "web", question("same"), question("same")))
    assert "web.yaml line 19: questions[1].id: 'same' is taken by web.yaml line 4" in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("topic: web", "topic: webs"), "line 1: topic: is not the file's name; write topic: web"),
        (("level: basic", "level: easy"), "line 5: questions[0].level: must be 'basic', 'moderate' or 'advanced'"),
        (("    hint: A hint.\n", ""), "line 4: questions[0].hint: is missing; add it"),
        (("model_answer", "model_anwser"), "questions[0].model_anwser: unknown key; did you mean model_answer?"),
        (
            ("[One Wording, another, a third, a fourth]", "[]"),
            "line 10: questions[0].key_points[0].wordings: must have",
        ),
        (("another, a third", "yes, a third"), "wordings[1]: must be text, but YAML reads True as something else"),
        (("another, a third", '" ", a third'), "line 10: questions[0].key_points[0].wordings[1]: must have at least 1"),
        (("    key_points:", "    think_s: 0\n    key_points:"), "think_s: must be greater than or equal to 1"),
        (
            ("      - id: second\n", "      - id: first\n"),
            "line 11: questions[0].key_points[1]: another key point of this",
        ),
        (("[five, six", "[one, six"), "line 14: questions[0].key_points[2]: the wording 'one' belongs to second too"),
        (
            ("[five, six", "[six, six"),
            "line 16: questions[0].key_points[2].wordings[1]: 'six' is there twice; keep one",
        ),
        (("        point: A point.\n", ""), "line 8: questions[0].key_points[0].point: is missing; add it"),
        (
            ("What about one?", "What is a == b?"),
            "line 6: questions[0].text: holds =, which nobody can hear; say it in",
        ),
        (("What about one?", "Why? " * 61), "line 6: questions[0].text: must have at most 300 characters"),
        (("A hint.", r'"A \e hint."'), "hint: holds \\u001b; take it out"),
        (("five, six, seven, eight", ", ".join(f"w{n}" for n in range(31))), "wordings: must have at most 30 items"),
    ],
)
def test_a_fault_is_named_by_line_and_key(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    folder = topic(tmp_path, "web", question("one"))
    file = folder / "web.yaml"
    assert change[0] in file.read_text()
    file.write_text(file.read_text().replace(*change))
    assert said in refusal(folder)


def test_a_question_with_too_few_key_points_is_told(tmp_path: Path) -> None:
    folder = topic(tmp_path, "web", question("one"))
    file = folder / "web.yaml"
    text = file.read_text()
    file.write_text(text[: text.index("      - id: third")] + text[text.index("    hint:") :])
    assert "web.yaml line 7: questions[0].key_points: must have at least 3 items" in refusal(folder)


def test_text_that_was_wrapped_is_one_line(tmp_path: Path) -> None:
    folder = topic(tmp_path, "web", question("one", text="|\n      What\n\n      about   it?\n"))
    assert load_questions(folder).questions("web") == ("What about it?",)


def test_questions_from_elsewhere_make_a_bank_as_well(tmp_path: Path) -> None:
    bank = load_questions(topic(tmp_path, "web", question("hard", "advanced"), question("easy")))
    again = Bank.of(reversed(bank.everything()))
    assert again.questions("web") == bank.questions("web")
    assert again.answers("web") == bank.answers("web")


def test_the_words_of_good_answers_are_known_by_topic() -> None:
    answers = load_questions(Path("personas/questions")).answers("general")
    assert "i take care of" in answers
    assert all(answer.strip() for answer in answers)
    assert load_questions(Path("personas/questions")).answers("no such topic") == ()

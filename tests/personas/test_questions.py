"""The question bank: whole questions, easier ones first, and a fault told by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.personas.questions import Level, PersonaError, load_questions

QUESTION = """\
  - id: {id}
    level: {level}
    text: {text}
    key_points:
      - point: A point
        wordings: [One Wording, another]
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
    assert item.key_points[0].wordings == ("one wording", "another")
    assert item.think_time_s > 0


def test_a_doubled_id_is_told_with_both_places(tmp_path: Path) -> None:
    topic(tmp_path, "css", question("same"))
    text = refusal(topic(tmp_path, "web", question("one"), question("same")))
    assert "web.yaml line 12: questions[1].id: 'same' is taken by css.yaml line 4; give it another id" in text


def test_a_doubled_id_in_one_file_is_told_too(tmp_path: Path) -> None:
    text = refusal(topic(tmp_path, "web", question("same"), question("same")))
    assert "web.yaml line 12: questions[1].id: 'same' is taken by web.yaml line 4" in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("topic: web", "topic: webs"), "line 1: topic: is not the file's name; write topic: web"),
        (("level: basic", "level: easy"), "line 5: questions[0].level: must be 'basic', 'moderate' or 'advanced'"),
        (("    hint: A hint.\n", ""), "line 4: questions[0].hint: is missing; add it"),
        (("model_answer", "model_anwser"), "questions[0].model_anwser: unknown key; did you mean model_answer?"),
        (("[One Wording, another]", "[]"), "line 9: questions[0].key_points[0].wordings: must have at least 1 item"),
        (("[One Wording, another]", "[yes]"), "wordings[0]: must be text, but YAML reads True as something else"),
        (
            ("    key_points:", "    think_time_s: 0\n    key_points:"),
            "think_time_s: must be greater than or equal to 1",
        ),
    ],
)
def test_a_fault_is_named_by_line_and_key(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    folder = topic(tmp_path, "web", question("one"))
    file = folder / "web.yaml"
    assert change[0] in file.read_text()
    file.write_text(file.read_text().replace(*change))
    assert said in refusal(folder)


def test_the_words_of_good_answers_are_known_by_topic() -> None:
    answers = load_questions(Path("personas/questions")).answers("general")
    assert "currently i" in answers
    assert all(answer.strip() for answer in answers)
    assert load_questions(Path("personas/questions")).answers("no such topic") == ()

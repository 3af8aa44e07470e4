"""Nothing is asked before the candidate knows what this is and has agreed to it."""

from __future__ import annotations

import pytest

from app.dialogue.interviewing import consenting
from app.dialogue.interviewing.engine import Engine
from app.dialogue.interviewing.happening import Resumed, Start, UserTurn, Words, turn
from app.dialogue.interviewing.life import Phase
from app.dialogue.interviewing.session import Consent
from app.dialogue.wording import words
from app.personas.conduct import Conduct
from app.personas.transfer import Transfer
from tests.dialogue.interviewing.candidate import ANSWER, Interview

CONDUCT = Conduct()


@pytest.fixture
def interview() -> Interview:
    interview = Interview()
    interview.happens(Start())
    return interview


def test_the_disclosure_comes_first_to_its_end_and_nothing_is_asked_yet(interview: Interview) -> None:
    assert [(piece.kind, piece.to_its_end) for piece in interview.step.pieces] == [
        ("disclosure", True),
        ("consent", False),
    ]
    assert "automated" in CONDUCT.disclosure
    assert "recorded" in CONDUCT.disclosure
    assert interview.asked == []


def test_consent_by_voice_is_kept_with_its_words(interview: Interview) -> None:
    interview.happens(UserTurn((Words("Yes, that's fine with me.", "s1", 0.9),), at="12:00:07"))
    assert interview.session.consent == Consent(True, "voice", "Yes, that's fine with me.", ("s1",), "12:00:07")
    assert interview.kinds() == ["opening", "question"]


def test_consent_by_key(interview: Interview) -> None:
    interview.presses("1")
    assert interview.session.consent == Consent(True, "key", "1")
    assert interview.kinds() == ["opening", "question"]


@pytest.mark.parametrize("no", ["no", "no thank you", "I do not want to be recorded", "I don't agree", "goodbye"])
def test_refusal_ends_politely(interview: Interview, no: str) -> None:
    assert interview.says(no) == CONDUCT.refused
    assert interview.step.end
    assert (interview.session.over, interview.session.consent) == ("refused", Consent(False, "voice", no))
    assert interview.asked == []


def test_refusal_by_key(interview: Interview) -> None:
    assert interview.presses("2") == CONDUCT.refused
    assert interview.session.over == "refused"


@pytest.mark.parametrize(
    ("text", "agreed"),
    [("yes", True), ("yes I do", True), ("I agree", True), ("sure, go ahead", True), ("no problem", True),
     ("I don't mind", True), ("I do not agree", False), ("no", False), ("absolutely not", False),
     ("no that's fine", None), ("yes but I do not want a recording", None), ("I am not sure", None), ("um", None),
     (ANSWER, None), ("", None)],
)  # fmt: skip
def test_nothing_but_a_yes_is_a_yes(text: str, agreed: bool | None) -> None:
    assert consenting.agrees(words(text)) is agreed


@pytest.mark.parametrize(
    "text",
    ["no, I do not want that", "no, I'd rather not", "no thanks, not today", "well no, I don't want that",
     "I do not want this call to be recorded", "I'm not comfortable with being recorded", "no, please don't",
     "no, I cannot agree to that", "I'd like to decline", "I don't want a computer to interview me",
     "no, I'm sorry, I don't agree", "I'm afraid not", "absolutely not, thank you", "you may not record me"],
)  # fmt: skip
def test_a_refusal_in_a_sentence_is_one(interview: Interview, text: str) -> None:
    assert interview.says(text) == CONDUCT.refused
    assert interview.session.consent == Consent(False, "voice", text)


@pytest.mark.parametrize(
    "text",
    ["yes and no", "no, wait, yes", "yeah, no", "no, that's okay", "no, go ahead", "no to the recording, yes to it",
     "I do not want to say no", "it is not that I do not agree", "I would not say no", "I don't know"],
)  # fmt: skip
def test_a_no_beside_a_yes_is_neither(text: str) -> None:
    assert consenting.agrees(words(text)) is None


@pytest.mark.parametrize(
    "text",
    ["do I have to agree", "is that okay", "okay, can you repeat that", "okay, wait a second",
     "okay, I have a question", "yes, but delete it afterwards", "yes, if it is deleted", "yes, only without recording",
     "yes, who will hear it", "I agree to the interview but not the recording", "I do have to go", "sure, whatever",
     "what does that mean"],
)  # fmt: skip
def test_a_question_a_condition_or_a_delay_is_no_yes(text: str) -> None:
    assert consenting.agrees(words(text)) is None


def test_words_that_nobody_is_sure_of_neither_agree_nor_refuse(interview: Interview) -> None:
    for text in ("yes", "no"):
        assert interview.says(text, confidence=0.2) == CONDUCT.consent_again
    assert interview.session.consent is None


def test_without_a_clear_yes_there_is_no_interview(interview: Interview) -> None:
    assert interview.says("what is this all about then") == CONDUCT.consent_again
    assert interview.is_silent() == CONDUCT.consent_again
    assert interview.is_silent() == CONDUCT.not_agreed
    assert (interview.session.phase, interview.session.over, interview.session.consent) == (
        Phase.OVER,
        "not-agreed",
        None,
    )


def test_it_may_be_heard_again_and_thought_about(interview: Interview) -> None:
    assert interview.says("could you repeat that").startswith(CONDUCT.disclosure)
    assert interview.says("give me a moment") in CONDUCT.take_time
    interview.says("okay yes")
    assert interview.session.phase is Phase.ASKING


def test_who_breaks_off_before_agreeing_hears_it_all_again(interview: Interview) -> None:
    interview.breaks_off()
    assert interview.returns().startswith(CONDUCT.disclosure)
    interview.says("yes")
    interview.breaks_off()
    assert "recorded" in interview.returns(), "another recording, of which they are told"


def test_no_turn_comes_before_the_start() -> None:
    with pytest.raises(ValueError, match="start"):
        Interview().happens(turn("yes"))


PERSON = Transfer(number="+442079460000")


def test_who_wants_a_person_rather_than_to_agree_is_told_that_there_is_none(interview: Interview) -> None:
    assert interview.says("I want to speak to a human") == CONDUCT.no_person_instead
    assert interview.step.end
    assert (interview.session.over, interview.session.consent) == ("not-agreed", None)
    assert interview.asked == []


@pytest.mark.parametrize("asks", [turn("can I speak to a person please"), turn(digits="9")])
def test_who_wants_a_person_rather_than_to_agree_is_put_through(asks: UserTurn) -> None:
    engine = Engine(CONDUCT, person=PERSON)
    disclosed = engine.handle(Interview().session, Start())
    step = engine.handle(disclosed.session, asks)
    assert (step.text, step.transfer, step.end) == (PERSON.line, True, False)
    assert step.session.phase is Phase.PAUSED
    back = engine.handle(step.session, Resumed())
    assert back.text.startswith(CONDUCT.disclosure), "they come back to where they were"


def test_in_the_midst_of_the_questions_too_and_an_answer_is_none(interview: Interview) -> None:
    interview.says("yes")
    text = interview.says("could you put me through to a person")
    assert text.startswith(CONDUCT.no_person)
    assert text.endswith(interview.session.record.question.text)
    engine = Engine(CONDUCT, person=PERSON)
    assert engine.handle(interview.session, turn("can I talk to a human")).transfer
    assert not engine.handle(interview.session, turn("I would talk to somebody of the team first")).transfer

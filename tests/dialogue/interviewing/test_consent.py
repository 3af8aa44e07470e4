"""Nothing is asked before the candidate knows what this is and has agreed to it."""

from __future__ import annotations

import pytest

from app.dialogue.interviewing import controls
from app.dialogue.interviewing.happening import Start, UserTurn, Words, turn
from app.dialogue.interviewing.life import Phase
from app.dialogue.interviewing.session import Consent
from app.dialogue.wording import words
from app.personas.conduct import Conduct
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
    assert controls.agrees(words(text)) is agreed


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

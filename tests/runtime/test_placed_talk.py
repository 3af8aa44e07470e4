"""The dialogue of a call that we placed: it begins when somebody is there, and ends when they want no more calls."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from app.call import events as ev
from app.call.actions import RecordSegment, Role
from app.dialogue import flows
from app.dialogue.flow import Beginning
from app.dialogue.interviewing.life import Phase
from app.dialogue.interviewing.session import Session
from app.runtime.books import CallBooks
from app.runtime.talk import Talk
from app.store.records import NoMoreCallsRecord
from tests.dialogue.desk import BANK, PERSONAS
from tests.runtime.test_runner import Hands, House

ALEX = PERSONAS["interviewer"]


class Kept:
    """What of a talk outlives its call."""

    def __init__(self) -> None:
        self.sessions: list[Session] = []
        self.agreed = True

    def __call__(self, session: Session | None, agreed: bool) -> None:
        assert session is not None
        self.sessions.append(session)
        self.agreed = agreed


def talk(voicemail: ev.Voicemail) -> tuple[Talk, Kept]:
    flow, kept = flows.find("interview")(ALEX, BANK), Kept()
    return Talk(flow, Beginning("seed", voicemail=voicemail), uuid4(), Hands(), kept), kept


def test_an_interview_that_a_machine_answers_has_not_begun() -> None:
    led, kept = talk("leave_message")
    assert led.begin() == ev.StreamStarted(voicemail="leave_message")
    assert not kept.agreed, "and nothing of it may be recorded"
    led.break_off(())
    assert kept.sessions[-1].phase is Phase.NEW


def test_it_begins_when_somebody_is_there_just_as_one_who_rang_us_is_greeted() -> None:
    led, kept = talk("hang_up")
    led.begin()
    opened = led.open()
    assert kept.sessions[-1].phase is not Phase.NEW
    inbound, _ = talk("")
    began = inbound.begin()
    assert (opened.greeting, opened.question) == (began.greeting, began.question)
    assert opened.greeting.startswith("Hello, this is Alex")
    assert (opened.expects, opened.think_s) == (began.expects, began.think_s)


def said(text: str, role: Role = "caller", confidence: float | None = None, kind: str = "speech") -> RecordSegment:
    return RecordSegment(1, 1, role, text, text, 0, 100, confidence=confidence, kind=kind)


@pytest.fixture
async def books(tmp_path: Path) -> CallBooks:
    return House(tmp_path).runner._books


def wishes(books: CallBooks) -> list[str]:
    records = books._writer.records  # type: ignore[attr-defined]
    return [record.words for record in records if isinstance(record, NoMoreCallsRecord)]


async def test_a_wish_for_no_more_calls_is_kept_once(books: CallBooks) -> None:
    assert books.no_more_calls(said("Don't call me again."))
    assert not books.no_more_calls(said("Stop calling me!"))
    assert wishes(books) == ["Don't call me again."]


@pytest.mark.parametrize(
    "line",
    [
        said("don't call me Bob"),
        said("don't call me again", role="agent"),
        said("don't call me again", confidence=0.1),
        said("123#", kind="keys"),
    ],
)
async def test_what_is_none_or_may_be_misheard_is_not(books: CallBooks, line: RecordSegment) -> None:
    assert not books.no_more_calls(line)
    assert wishes(books) == []

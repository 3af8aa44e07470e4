"""The same answers score the same, whether they are written or spoken."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from app.dialogue.interviewing.engine import Engine
from app.dialogue.interviewing.happening import Happening, Start, UserTurn, Words
from app.dialogue.interviewing.record import Record
from app.dialogue.interviewing.session import Session
from app.store.engine import Database
from tests.runtime.interviewed import (
    ANSWERS,
    EVASION,
    Sitting,
    fill_bank,
    interviewer,
    stored,
    text_interviews,
)

PERSONA = interviewer()
Answers = Callable[[Record, int], str]
"""The answer to the question of a record; the number counts attempts at it."""


@pytest.fixture
async def db(db: Database) -> Database:
    await fill_bank(db)
    return db


def best(record: Record, _: int) -> str:
    return ANSWERS[record.question.text]


def nothing(_: Record, __: int) -> str:
    return EVASION


def part_then_all(record: Record, attempt: int) -> str:
    """The first sentence of the model answer, and after the hint the whole."""
    return best(record, 0) if attempt else best(record, 0).split(". ")[0]


def a_bit_of_everything(record: Record, attempt: int) -> str:
    kinds: list[Answers] = [best, nothing, part_then_all, lambda *_: "I don't know", lambda *_: "skip"]
    return kinds[len(record.question.id) % len(kinds)](record, attempt)


def hesitating(record: Record, attempt: int) -> str:
    return f"um, well, let me see. {best(record, attempt)} And that is all, I think."


CANDIDATES: dict[str, Answers] = {
    "knows all": best,
    "knows nothing": nothing,
    "half, then all": part_then_all,
    "a bit of everything": a_bit_of_everything,
    "hesitating": hesitating,
}


def spoken(text: str, turn: int, confidence: float | None) -> UserTurn:
    """As a recogniser gives it."""
    return UserTurn((Words(text, f"call/{turn}", confidence),), at=f"2026-03-01T12:{turn:02}:00+00:00")


def by_phone(session: Session, answers: Answers, confidence: float | None) -> Session:
    """The same questions led by the engine as a call leads it."""
    engine, happening = Engine(unsure_below=PERSONA.patience.unsure_below), iter(_told(answers, confidence))
    step = engine.handle(session, Start())
    step = engine.handle(step.session, spoken("yes, I agree", 1, 0.9))
    next(happening)
    while not step.end:
        now: Happening = step.judge.offline() if step.judge else happening.send(step.session)
        step = engine.handle(step.session, now)
    return step.session


def _told(answers: Answers, confidence: float | None) -> Iterator[Happening]:
    turn = 1
    session: Session = yield None  # type: ignore[misc]
    while True:
        turn += 1
        session = yield spoken(answers(session.record, len(session.record.attempts)), turn, confidence)


@pytest.mark.parametrize("answers", CANDIDATES.values(), ids=CANDIDATES)
async def test_the_same_answers_score_the_same_written_and_spoken(db: Database, answers: Answers) -> None:
    sitting = await Sitting.begun(text_interviews(db, {"interviewer": PERSONA}))
    begun = (await stored(db, sitting.id)).session
    await sitting.agrees()
    while not sitting.over:
        record = (await stored(db, sitting.id)).session.record
        await sitting.says(answers(record, len(record.attempts)))
    written = (await stored(db, sitting.id)).session
    for confidence in (None, 0.95, 0.5):
        call = by_phone(begun, answers, confidence)
        assert [record.points for record in call.records] == [record.points for record in written.records]
        assert [record.hints for record in call.records] == [record.hints for record in written.records]
        assert [_covered(record) for record in call.records] == [_covered(record) for record in written.records]
        quoted = [_quotes(record) for record in call.records]
        assert quoted == [_quotes(record) for record in written.records], "the very same words bear it out"
    unsure = by_phone(begun, answers, 0.3)
    for heard, read in zip(unsure.records, written.records, strict=True):
        assert (heard.points or 0) >= (read.points or 0), "a recogniser's doubt costs nobody anything"


def _covered(record: Record) -> list[tuple[str, ...]]:
    return [judgement.covered for judgement in record.counted]


def _quotes(record: Record) -> list[list[str]]:
    return [[point.quote.text for point in it.points if point.quote] for it in record.counted]

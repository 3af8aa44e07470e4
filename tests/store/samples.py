"""Calls and lines for tests, with everything that a test does not care about filled in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from app.personas.questions import Question
from app.store.calls import admit, claim_stream
from app.store.records import SegmentRecord
from app.store.tables import CallRow

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


async def ringing(session: AsyncSession, **given: Any) -> CallRow:
    call_id = given.pop("call_id", None) or uuid4()
    values: dict[str, Any] = {
        "call_sid": f"CA{call_id.hex}",
        "direction": "inbound",
        "from_number": "+14155550100",
        "to_number": "+14155550199",
        "persona": "assistant",
        "machine": "m1",
        "now": NOON,
    }
    return await admit(session, call_id=call_id, **(values | given))


async def talking(session: AsyncSession, **given: Any) -> CallRow:
    call = await ringing(session, **given)
    await claim_stream(session, call.id, f"MZ{call.id.hex}", given.get("now", NOON))
    return call


def line(call_id: UUID, text: str, **given: Any) -> SegmentRecord:
    values: dict[str, Any] = {
        "id": uuid4(),
        "seq": 1,
        "turn": 1,
        "role": "caller",
        "heard_text": text,
        "started_ms": 1000,
        "ended_ms": 2000,
    }
    return SegmentRecord(call_id=call_id, text=text, **(values | given))


def a_question(id_: str = "one", **given: Any) -> Question:
    """A question of three key points."""
    points = [
        {"id": name, "point": f"Says {name}.", "wordings": [f"{name} {number}" for number in "abcd"]}
        for name in ("first", "second", "third")
    ]
    values: dict[str, Any] = {
        "id": id_,
        "level": "basic",
        "text": "What is there to say?",
        "key_points": points,
        "hint": "Say three things.",
        "model_answer": "First a, second b, third c.",
        "think_s": 6,
    }
    return Question.model_validate(values | given)

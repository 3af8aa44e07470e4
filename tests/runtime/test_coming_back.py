"""A call that comes back from a person goes on in the talk that it left."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from app.call.actions import HangUp, Transfer
from app.call.history import Said
from app.dialogue.assistant import Assistant, AssistantState
from app.dialogue.flow import Message
from app.personas.schema import Persona
from app.runtime.coming_back import beginning_for
from app.runtime.transferring import handover_of
from app.store import transfers
from app.store.calls import admit
from app.store.engine import Database
from app.store.tables import CallRow
from app.store.transcripts import record_segments
from tests.dialogue.desk import BANK, PERSONAS
from tests.store.samples import NOON, at, line

DESK = Persona.model_validate(
    PERSONAS["assistant"].model_dump() | {"transfer": {"number": "+442079460000", "nobody": "Nobody is in."}}
)
SID = "CA" + "1" * 32


async def call(session: Any, sid: str, second: float, conversation: UUID | None = None) -> CallRow:
    return await admit(
        session, call_id=uuid4(), call_sid=sid, direction="inbound", from_number="+15550100001",
        to_number="+15550100000", persona="assistant", machine="m", now=at(second), conversation_id=conversation,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("parked", "state"),
    [
        (
            {"topic": "hours", "said": "At eight.", "missed": 1},
            AssistantState(topic="hours", said="At eight.", missed=1),
        ),
        ({"of": "another version"}, AssistantState()),
        (None, AssistantState()),
    ],
)
async def test_its_flow_its_lines_and_its_words_go_on(db: Database, parked: Any, state: AssistantState) -> None:
    flow, asked = Assistant(DESK, BANK), UUID(int=3)
    async with db.transaction() as session:
        first = await call(session, SID, 0)
        await record_segments(
            session,
            [
                line(first.id, "When do you open?", seq=1, role="caller", heard_text="When do you open?"),
                line(first.id, "At eight on every day.", seq=2, role="agent", heard_text="At eight", interrupted=True),
                line(first.id, "Never heard.", seq=3, role="agent", heard_text=""),
            ],
        )
        await transfers.ask(
            session, id_=asked, call_id=first.id, number="+442079460000", asked_by="key", about="", parked=parked,
            now=NOON,
        )  # fmt: skip
        back = await call(session, f"{SID}.2", 30, first.conversation_id)
        await transfers.comes_back(session, asked, back.id)
        beginning = await beginning_for(session, back, DESK, flow, at(31))
        fresh = await beginning_for(session, first, DESK, flow, at(31))
    assert (beginning.returned, fresh.returned) == ("Nobody is in.", "")
    assert beginning.seed == fresh.seed
    assert flow.start(beginning) == state
    assert beginning.before == (Message("caller", "When do you open?"), Message("agent", "At eight", True))
    assert fresh.before == ()


def history(*said: str) -> list[Said]:
    return [Said("caller", text, False, number) for number, text in enumerate(said, 1)]


@pytest.mark.parametrize(
    ("by", "said", "about"),
    [
        ("words", ("my invoice is wrong", "can I talk to a human"), "my invoice is wrong"),
        ("key", ("hello", "my invoice is wrong", "yes"), "my invoice is wrong"),
        ("words", ("can I talk to a human",), "nothing yet."),
        ("model", ("it is about the invoice of last May",), "it is about the invoice of last May"),
        ("key", ("word " * 100,), ("word " * 100)[:200]),
    ],
)
def test_the_person_is_told_what_the_caller_said_before_they_asked(by: str, said: tuple[str, ...], about: str) -> None:
    handover = handover_of(DESK, Transfer(by), history(*said), None)
    assert handover is not None
    assert handover.about == about
    assert about[:10] not in repr(handover)


def test_an_answer_in_an_interview_is_told_to_nobody() -> None:
    persona = Persona.model_validate(PERSONAS["interviewer"].model_dump() | {"transfer": {"number": "+442079460000"}})
    handover = handover_of(persona, Transfer("key"), history("a long answer about databases"), None)
    assert handover is not None
    assert "database" not in handover.about


def test_a_call_that_just_ends_or_that_nobody_can_take_over_leaves_nothing() -> None:
    assert handover_of(DESK, HangUp("completed"), [], None) is None
    assert handover_of(PERSONAS["assistant"], Transfer("key"), [], None) is None

"""Interviews in a database as a call leaves them: its lines, its recording's times, and the engine's session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from app.dialogue.interviewing.session import Session
from app.store.calls import finish
from app.store.interviews import Candidate, StoredInterview, create_interview
from app.store.tables import CallRow, ConversationRow
from app.store.transcripts import record_segments
from tests.dialogue.scoring.told import Talk, retold
from tests.store.samples import NOON, line, talking

LINE_S = 6
"""Every turn of the candidate begins so long after the one before, and takes half of it."""


@dataclass(frozen=True)
class ToldTalk:
    """An interview by phone, its one call, and what was said in it."""

    interview: StoredInterview
    call: CallRow
    talk: Talk


async def a_told_talk(session: AsyncSession, now: datetime = NOON, **given: Any) -> ToldTalk:
    """A whole interview by phone: see `told.a_whole_talk` for what happens in it. `given`: of the call."""
    call = await talking(session, **({"persona": "interviewer", "now": now} | given))
    talk = retold(str(call.conversation_id), str(call.id))
    await write_down(session, call.id, talk)
    length_s = LINE_S * (talk.turns + 1)
    await finish(
        session,
        call.id,
        status="completed",
        end_reason="completed",
        ended_at=now + timedelta(seconds=length_s),
        duration_s=float(length_s),
        recording_ms=length_s * 1000,
    )
    return ToldTalk(await keep(session, call.conversation_id, talk.session, now), call, talk)


async def write_down(session: AsyncSession, call_id: UUID, talk: Talk) -> None:
    """The candidate's lines of the transcript, one for each turn, with an agent's line of the same turn before it."""
    lines = []
    for segment, text in talk.heard.items():
        turn = int(segment.rpartition("/")[2])
        began_ms = turn * LINE_S * 1000
        times = {"started_ms": began_ms, "ended_ms": began_ms + LINE_S * 500}
        before = {"started_ms": began_ms - 2000, "ended_ms": began_ms - 500, "role": "agent"}
        lines.append(line(call_id, "And the next question?", seq=2 * turn - 1, turn=turn, **before))
        lines.append(line(call_id, text, seq=2 * turn, turn=turn, **times))
    await record_segments(session, lines)


async def keep(
    session: AsyncSession, conversation: UUID, interview: Session, now: datetime = NOON, **given: Any
) -> StoredInterview:
    """The engine's session, stored."""
    values: dict[str, Any] = {
        "persona": "interviewer",
        "channel": "phone",
        "candidate": Candidate("+14155550100", "Ada Lovelace", "Programmer"),
        "topic": "python",
    }
    return await create_interview(session, id_=uuid4(), interview=interview, now=now, **(values | given))


async def by_text(session: AsyncSession, talk: Talk, now: datetime = NOON, **given: Any) -> StoredInterview:
    """An interview in writing, in a conversation of its own: `talk.conversation`, a UUID."""
    conversation = UUID(talk.conversation)
    session.add(ConversationRow(id=conversation, persona="interviewer", created_at=now))
    await session.flush()
    return await keep(session, conversation, talk.session, now, **({"channel": "text"} | given))

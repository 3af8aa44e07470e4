"""Which interview a call leads: a fresh one, or the one that broke off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.carriers.callers import caller_kind
from app.dialogue.flow import Beginning, Flow
from app.dialogue.interview import STAGE
from app.dialogue.interviewing.asked import as_asked
from app.dialogue.interviewing.session import Session, begin
from app.personas.schema import Interview, Persona
from app.store import calls, interviews
from app.store.interviews import Candidate, StoredInterview
from app.store.questions import questions_in_use
from app.store.tables import CallRow

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class BrokenOff:
    """An interview that a call may take up again. `busy`: the calls that are still on it; while there are any, another
    call begins a conversation of its own."""

    conversation: UUID
    busy: tuple[UUID, ...]


def candidate_key(direction: str, from_number: str, to_number: str) -> str:
    """The other side's telephone number; empty for one that is withheld, or no number."""
    number = to_number if direction == "outbound" else from_number
    return number if caller_kind(number) == "number" else ""


async def broken_off(
    session: AsyncSession, persona: Persona, key: str, now: datetime, *, locked: bool
) -> BrokenOff | None:
    """The interview of this persona with this candidate that a call at `now` may take up; None if there is none.
    `locked`: the call is about to."""
    manner = persona.interview
    if manner is None or not key or not manner.resume_within_min:
        return None
    since = now - timedelta(minutes=manner.resume_within_min)
    found = await interviews.open_interview(session, persona=persona.id, candidate_key=key, since=since, locked=locked)
    if found is None or await _is_stale(session, found, key):
        return None
    busy = await calls.active_on(session, found.conversation_id)
    return BrokenOff(found.conversation_id, tuple(busy))


async def _is_stale(session: AsyncSession, found: StoredInterview, key: str) -> bool:
    """Whether nobody has agreed to it yet, and some of its questions were asked in another interview meanwhile: then
    there is nothing to take up, and new questions are chosen."""
    if found.session.consent is not None:
        return False
    had = await interviews.questions_had(session, key)
    return any(record.question.id in had for record in found.session.records)


async def beginning_of(session: AsyncSession, call: CallRow, persona: Persona, flow: Flow, now: datetime) -> Beginning:
    """Where the call's talk begins. An interview that was not there is stored with its questions chosen."""
    seed = str(call.conversation_id)
    if persona.interview is None or persona.flow != STAGE:
        return Beginning(seed)
    stored = await interviews.interview_of(session, call.conversation_id)
    if stored is None:
        stored = await _begun(session, call, persona, persona.interview, flow, now)
    return Beginning(seed, stored.session, stored.candidate.name, stored.candidate.role)


async def _begun(
    session: AsyncSession, call: CallRow, persona: Persona, manner: Interview, flow: Flow, now: datetime
) -> StoredInterview:
    key = candidate_key(call.direction, call.from_number, call.to_number)
    return await interviews.create_interview(
        session,
        id_=uuid4(),
        persona=persona.id,
        channel="phone",
        candidate=Candidate(key),
        topic=manner.topic,
        interview=await _chosen(session, str(call.conversation_id), manner, key, flow),
        now=now,
    )


async def _chosen(session: AsyncSession, conversation: str, manner: Interview, key: str, flow: Flow) -> Session:
    """Of the questions in use now, those that this candidate has not had; of the files' own if too few are in use."""
    offered = [as_asked(q.question, q.version) for q in await questions_in_use(session, manner.topic)]
    had = await interviews.questions_had(session, key)
    try:
        return begin(conversation, STAGE, offered, had, manner.counts, topic=manner.topic)
    except ValueError as error:
        _log.warning("too_few_questions_in_use", topic=manner.topic, says=str(error))
        state = flow.start(Beginning(conversation))
        kept = flow.kept(state)
        if kept is None:
            raise
        return kept

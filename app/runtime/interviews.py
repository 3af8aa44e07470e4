"""Which interview a call leads: a fresh one, or the one that broke off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.call.events import Voicemail
from app.carriers.callers import caller_kind
from app.dialogue.flow import Beginning, Flow
from app.dialogue.interview import STAGE
from app.dialogue.interviewing.asked import as_asked
from app.dialogue.interviewing.session import Session, begin
from app.personas.schema import KNOWN_VARIABLES, Interview, Persona
from app.store import calls, interviews
from app.store.interviews import Candidate, StoredInterview
from app.store.questions import questions_in_use
from app.store.records import clean
from app.store.scheduling import arranged_for
from app.store.tables import CallRow

LEAVE = "leave_message"

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
    arranged = await arranged_for(session, call.id) if call.direction == "outbound" else None
    known: Mapping[str, Any] = arranged.variables if arranged is not None else {}
    voicemail: Voicemail = "" if arranged is None else "leave_message" if arranged.voicemail == LEAVE else "hang_up"
    if persona.interview is None or persona.flow != STAGE:
        return Beginning(seed, variables=known, voicemail=voicemail)
    stored = await interviews.interview_of(session, call.conversation_id)
    if stored is None:
        stored = await _begun(session, call, persona.id, _wanted(known, persona.interview), flow, now)
    candidate = stored.candidate
    of_candidate = {"candidate_name": candidate.name, "role": candidate.role}
    return Beginning(
        seed,
        stored.session,
        candidate.name,
        candidate.role,
        variables={name: value for name, value in of_candidate.items() if value} | dict(known),
        voicemail=voicemail,
    )


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An interview to begin. `topics`: in order of preference; the last one is the persona's own."""

    candidate_name: str
    role: str
    topics: tuple[str, ...]
    manner: Interview


def _wanted(known: Mapping[str, Any], manner: Interview) -> _Wanted:
    """What the variables of an arranged call say of its interview."""
    name, role, topic = (clean(str(known.get(one) or "")).strip() for one in KNOWN_VARIABLES)
    topics = (topic.casefold(), manner.topic) if topic and topic.casefold() != manner.topic else (manner.topic,)
    return _Wanted(name[:200], role[:200], topics, manner)


async def _begun(
    session: AsyncSession, call: CallRow, persona: str, wanted: _Wanted, flow: Flow, now: datetime
) -> StoredInterview:
    key = candidate_key(call.direction, call.from_number, call.to_number)
    chosen, topic = await _chosen(session, str(call.conversation_id), wanted, key, flow)
    return await interviews.create_interview(
        session,
        id_=uuid4(),
        persona=persona,
        channel="phone",
        candidate=Candidate(key, wanted.candidate_name, wanted.role),
        topic=topic,
        interview=chosen,
        now=now,
    )


async def _chosen(
    session: AsyncSession, conversation: str, wanted: _Wanted, key: str, flow: Flow
) -> tuple[Session, str]:
    """Of the questions in use now, those that this candidate has not had; of the files' own if too few are in use. With
    their topic."""
    had = await interviews.questions_had(session, key)
    for topic in wanted.topics:
        offered = [as_asked(q.question, q.version) for q in await questions_in_use(session, topic)]
        try:
            return begin(conversation, STAGE, offered, had, wanted.manner.counts, topic=topic), topic
        except ValueError as error:
            own = topic == wanted.manner.topic
            _log.warning(
                "too_few_questions_in_use", topic=topic if own else "of the call", says=str(error) if own else ""
            )
    kept = flow.kept(flow.start(Beginning(conversation)))
    if kept is None:
        raise LookupError("the flow keeps no interview, and the bank has too few questions for one")
    return kept, wanted.manner.topic

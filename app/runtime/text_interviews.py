"""Interviews by text: begun, and led from event to event.

An event is one transaction: the interview is read, led on outside of any transaction (a model may be asked meanwhile),
and written only if nobody else has led it on since; with it the event and its answer. So an event that comes twice is
answered twice and happens once, and a process that dies in between has done nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID
from weakref import WeakValueDictionary

from app.clock import Clock
from app.dialogue.interviewing.engine import Engine
from app.dialogue.interviewing.happening import Happening, Resumed, Start, Timeout, turn
from app.dialogue.interviewing.life import OutOfOrderError, Phase
from app.dialogue.interviewing.step import Piece, Step
from app.personas.schema import Persona
from app.personas.variables import spoken_to
from app.runtime.text_beginning import TextBeginning, Wanted
from app.runtime.text_judge import TextJudge
from app.runtime.text_lines import engine_of, leads_interviews
from app.runtime.text_reply import Reply, Standing, reply_from, reply_of
from app.store.engine import Database
from app.store.interview_tables import InterviewTurnRow
from app.store.interview_turns import add_turn, last_turn, turn_of
from app.store.interviews import InterviewMovedError, StoredInterview, change_interview, find_interview

EventType = Literal["start", "user_turn", "timeout"]

LONGEST_TEXT = 20_000
"""Characters of one event: as much as the engine keeps of one answer."""
_TRIES = 8
"""Each is in vain only if another process has led the interview on meanwhile."""


class RefusedError(Exception):
    """The event cannot come now, and nothing was changed; the message is a sentence for whoever sent it."""


@dataclass(frozen=True, slots=True)
class TextEvent:
    """`id`: whoever sends it makes it; the same id again is the same event. `text`: of a `user_turn`."""

    id: str
    type: EventType
    text: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """An event that has happened. `seq`: its number in the interview, from 1."""

    seq: int
    event: TextEvent
    reply: Reply


class TextInterviews:
    """All interviews by text. `personas`: by id."""

    def __init__(self, db: Database, personas: Mapping[str, Persona], judge: TextJudge, clock: Clock) -> None:
        self._db = db
        self._personas = personas
        self._judge = judge
        self._clock = clock
        self._beginning = TextBeginning(db, personas, clock)
        self._leading: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    @property
    def personas(self) -> Mapping[str, Persona]:
        """Those that lead interviews by text, by id."""
        return self._beginning.personas

    async def begin(self, wanted: Wanted, key: str = "") -> StoredInterview:
        """A new interview, or the one that this `key` has begun before; nothing is said before its `start`. Raises
        WantedError and KeyReusedError."""
        return await self._beginning.begin(wanted, key)

    async def happens(self, interview: UUID, event: TextEvent) -> Turn:
        """Lead an interview on by one event, until something is expected of the candidate or it ends.

        Raises NoSuchInterviewError, RefusedError, and InterviewMovedError if others lead it on all the time.
        """
        event = replace(event, text=_storable(event.text))
        lock = self._leading.setdefault(interview, asyncio.Lock())
        async with lock:  # the judge is not asked in vain for what comes twice at the same moment
            for _ in range(_TRIES):
                try:
                    return await self._happens(interview, event)
                except InterviewMovedError:
                    continue
        raise InterviewMovedError(str(interview))

    async def standing(self, interview: UUID) -> tuple[StoredInterview, Standing]:
        """An interview and where it is. Raises NoSuchInterviewError."""
        async with self._db.reading() as session:
            found = await find_interview(session, interview)
            last = await last_turn(session, interview)
        expects = reply_from(last.reply).standing.expects if last is not None else None
        return found, Standing.of(found.session, expects)

    async def _happens(self, interview: UUID, event: TextEvent) -> Turn:
        async with self._db.reading() as session:
            found = await find_interview(session, interview)
            known = await turn_of(session, interview, event.id)
            last = await last_turn(session, interview)
        if known is not None:
            return _again(known, event)
        persona = self._persona_of(found)
        seq = 1 if last is None else last.seq + 1
        step, reply = await self._led(found, persona, self._happening(found, event, seq))
        now = self._clock.utc()
        async with self._db.transaction() as session:
            await change_interview(session, interview, step.session, now=now, based_on=found.revision)
            await add_turn(
                session,
                interview,
                seq=seq,
                event_id=event.id,
                event_type=event.type,
                text=event.text,
                reply=reply.as_json(),
                at=now,
            )
        return Turn(seq, event, reply)

    def _persona_of(self, found: StoredInterview) -> Persona:
        if found.channel != "text":
            raise RefusedError("This interview is led by telephone: it takes no turns by text.")
        if found.session.phase is Phase.OVER:
            raise RefusedError(f"This interview is over ({found.session.over}): it takes nothing more.")
        persona = self._personas.get(found.persona)
        if persona is None or not leads_interviews(persona):
            raise RefusedError("The persona of this interview leads no interviews any more: put its file back.")
        return persona

    def _happening(self, found: StoredInterview, event: TextEvent, seq: int) -> Happening:
        """The event as the engine knows it. Raises RefusedError for one that cannot come now."""
        phase = found.session.phase
        if event.type == "start" and phase is Phase.NEW:
            return Start()
        if event.type == "start" and phase is Phase.PAUSED:
            return Resumed()
        if event.type == "start":
            raise RefusedError("This interview has started already: send a user_turn.")
        if phase is Phase.NEW:
            raise RefusedError("This interview has not started yet: send an event of the type start first.")
        if phase is Phase.PAUSED:
            raise RefusedError("This interview is paused: send an event of the type start to take it up again.")
        if event.type == "timeout":
            return Timeout()
        said = turn(event.text, segment=f"turn-{seq}", at=self._clock.utc().isoformat())
        return replace(said, written=True)

    async def _led(self, found: StoredInterview, persona: Persona, happening: Happening) -> tuple[Step, Reply]:
        """Led on by what happened and by every judgement that is wanted then. Judging takes its time even without a
        model, up to 0.15 s for the longest answers, and calls go on meanwhile: so none of it runs in the loop."""
        engine = engine_of(persona, found.candidate)
        greeting = _greeting(persona, found) if isinstance(happening, Start) else ""
        step = await _handled(engine, found, happening, None)
        pieces: list[Piece] = list(step.pieces)
        while step.judge is not None:
            judged = await self._judge.judged(persona, step.judge)
            step = await _handled(engine, found, judged, step)
            pieces += step.pieces
        return step, reply_of(step.session, pieces, step.expected, greeting)


def _greeting(persona: Persona, found: StoredInterview) -> str:
    about = {"candidate_name": found.candidate.name, "role": found.candidate.role, "topic": found.topic}
    return spoken_to(persona, about).greeting


async def _handled(engine: Engine, found: StoredInterview, happening: Happening, after: Step | None) -> Step:
    session = found.session if after is None else after.session
    try:
        return await asyncio.to_thread(engine.handle, session, happening)
    except OutOfOrderError as error:
        raise RefusedError(f"This cannot happen now: {error}.") from None


def _again(known: InterviewTurnRow, event: TextEvent) -> Turn:
    """The answer that the event had. Raises RefusedError for another event under its id."""
    if (known.event_type, known.text) != (event.type, event.text):
        raise RefusedError("Another event of this interview has this event_id: give each event an id of its own.")
    return Turn(known.seq, event, reply_from(known.reply))


def _storable(text: str) -> str:
    """`text` as the engine will keep it and every database takes it, letter for letter in its place."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")

"""Begins interviews by text: whose persona, about what, with which questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4, uuid5

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import Clock
from app.dialogue.choosing import TooFewQuestionsError
from app.dialogue.interviewing.asked import as_asked
from app.dialogue.interviewing.session import Session, begin
from app.personas.schema import Interview, Persona
from app.runtime.text_lines import leads_interviews
from app.store.engine import Database
from app.store.interviews import (
    Candidate,
    NoSuchInterviewError,
    StoredInterview,
    create_interview,
    find_interview,
    questions_had,
)
from app.store.question_list import topic_counts
from app.store.questions import questions_in_use
from app.store.records import clean
from app.store.tables import ConversationRow

STAGE = "interview"
"""Of the choice of questions: a conversation has one interview."""
_OF_KEYS = UUID("0d2c7b0e-6a54-4d0b-9d53-9b1a4f0f7c11")
"""The namespace of ids that are made of a client's key: the same key is the same interview, on any machine."""


class WantedError(ValueError):
    """An interview that cannot be had. `field`: what is wrong; the message is a sentence for whoever wants it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class KeyReusedError(ValueError):
    """The key has begun another interview."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`topic`: empty for the persona's own. `candidate.key`: the customer's own id for the person, may be empty."""

    persona: str
    candidate: Candidate
    topic: str = ""


class TextBeginning:
    """`personas`: by id."""

    def __init__(self, db: Database, personas: Mapping[str, Persona], clock: Clock) -> None:
        self._db = db
        self._personas = personas
        self._clock = clock

    @property
    def personas(self) -> Mapping[str, Persona]:
        """Those that lead interviews by text."""
        return {name: persona for name, persona in self._personas.items() if leads_interviews(persona)}

    async def begin(self, wanted: Wanted, key: str = "") -> StoredInterview:
        """A new interview, or the one that this `key` has begun before. Nothing is said yet.

        Raises WantedError and KeyReusedError.
        """
        wanted, section = self._checked(wanted)
        id_ = uuid5(_OF_KEYS, key) if key else uuid4()
        try:
            async with self._db.transaction() as session:
                return await self._found(session, id_, wanted) or await self._new(session, id_, wanted, section)
        except IntegrityError:  # the same key came at the same moment, and the other was first
            async with self._db.reading() as session:
                if (known := await self._found(session, id_, wanted)) is None:
                    raise
                return known

    def _checked(self, wanted: Wanted) -> tuple[Wanted, Interview]:
        """With everything as it will be stored."""
        persona = self._personas.get(wanted.persona)
        if persona is None or not leads_interviews(persona) or persona.interview is None:
            there = ", ".join(sorted(self.personas)) or "none"
            what = "is no persona of ours" if persona is None else "leads no scored interviews"
            raise WantedError("persona", f"{wanted.persona[:40]!r} {what}; those that do: {there}")
        given = wanted.candidate
        candidate = Candidate(clean(given.key)[:100], clean(given.name)[:200], clean(given.role)[:200])
        return Wanted(persona.id, candidate, wanted.topic or persona.interview.topic), persona.interview

    async def _found(self, session: AsyncSession, id_: UUID, wanted: Wanted) -> StoredInterview | None:
        try:
            found = await find_interview(session, id_)
        except NoSuchInterviewError:
            return None
        if Wanted(found.persona, found.candidate, found.topic) != wanted:
            raise KeyReusedError
        return found

    async def _new(self, session: AsyncSession, id_: UUID, wanted: Wanted, section: Interview) -> StoredInterview:
        now = self._clock.utc()
        conversation = uuid5(id_, "conversation")
        interview = await self._chosen(session, conversation, wanted, section)
        session.add(ConversationRow(id=conversation, persona=wanted.persona, created_at=now))
        await session.flush()
        return await create_interview(
            session,
            id_=id_,
            persona=wanted.persona,
            channel="text",
            candidate=wanted.candidate,
            topic=wanted.topic,
            interview=interview,
            now=now,
        )

    async def _chosen(self, session: AsyncSession, conversation: UUID, wanted: Wanted, section: Interview) -> Session:
        """Raises WantedError for a topic that there is not, or that has too few questions."""
        bank = [as_asked(it.question, it.version) for it in await questions_in_use(session, wanted.topic)]
        if not bank:
            there = ", ".join(await topic_counts(session)) or "none yet"
            raise WantedError("topic", f"{wanted.topic!r} is no topic of the question bank; there are: {there}")
        had = await questions_had(session, wanted.candidate.key)
        try:
            return begin(str(conversation), STAGE, bank, had, section.counts, topic=wanted.topic)
        except TooFewQuestionsError as error:
            raise WantedError("topic", str(error)) from None

"""Interviews by text for tests: the service over a real database, its persona, its bank, and candidates to answer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from app.clock import Clock, SystemClock
from app.personas.questions import load_questions
from app.personas.schema import Interview, Metadata, Persona
from app.runtime.accounts import Accounts
from app.runtime.providers import Providers
from app.runtime.text_beginning import Wanted
from app.runtime.text_interviews import TextEvent, TextInterviews, Turn
from app.runtime.text_judge import JUDGE_WITHIN_S, TextJudge
from app.speech.protocols import LanguageModel
from app.store.engine import Database
from app.store.interview_tables import InterviewQuestionStateRow, InterviewSessionRow, InterviewTurnRow
from app.store.interviews import Candidate, StoredInterview, find_interview
from app.store.question_files import sync_questions
from app.store.tables import ConversationRow
from app.store.writer import StoreWriter
from tests.store.samples import NOON

BANK = load_questions(Path("personas/questions"))
ANSWERS = {question.text: question.model_answer for _, question in BANK.everything()}
"""The model answer to every question, by its text."""
EVASION = "well the way that my team handled this was with a spreadsheet that somebody filled in every Friday"
"""Words that are an answer, and no good one to any question."""


def interviewer(id_: str = "interviewer", **section: Any) -> Persona:
    """One who leads interviews about Python."""
    return Persona(
        id=id_,
        name="Alex",
        flow="interview",
        greeting="Hello, this is Alex.",
        metadata=Metadata(source_template_id="t"),
        interview=Interview(**({"topic": "python"} | section)),
    )


def text_interviews(
    db: Database,
    personas: Mapping[str, Persona],
    clock: Clock | None = None,
    *minds: LanguageModel,
    within_s: float = JUDGE_WITHIN_S,
) -> TextInterviews:
    """The service, with these models to judge; without any the offline judge decides."""
    clock = clock or SystemClock()
    house = Accounts(StoreWriter(db), clock).house
    return TextInterviews(db, personas, TextJudge(Providers([], minds, [], clock=clock), house, within_s), clock)


async def fill_bank(db: Database) -> None:
    """The bank as it is shipped."""
    async with db.transaction() as session:
        await sync_questions(session, BANK.everything(), NOON)


class Sitting:
    """One interview by text, as its candidate sees it."""

    def __init__(self, service: TextInterviews, stored: StoredInterview) -> None:
        self.service, self.id = service, stored.id
        self.turns: list[Turn] = []

    @classmethod
    async def begun(cls, service: TextInterviews, name: str = "", key: str = "", **more: Any) -> Sitting:
        """Asked for, and nothing said."""
        wanted = Wanted("interviewer", Candidate(more.pop("candidate_id", ""), name, more.pop("role", "")), **more)
        return cls(service, await service.begin(wanted, key))

    async def happens(self, type_: Any, text: str = "", id_: str = "") -> Turn:
        turn = await self.service.happens(self.id, TextEvent(id_ or uuid4().hex, type_, text))
        self.turns.append(turn)
        return turn

    async def says(self, text: str, id_: str = "") -> str:
        """All that is answered, in one breath."""
        turn = await self.happens("user_turn", text, id_)
        return " ".join(line.text for line in turn.reply.lines)

    async def agrees(self) -> Sitting:
        """Started, and agreed to: the first question is open."""
        await self.happens("start")
        await self.says("yes, I agree")
        return self

    @property
    def over(self) -> str:
        return self.turns[-1].reply.standing.over

    @property
    def asked(self) -> list[str]:
        """Every question, as often as it was asked (repeats apart)."""
        return [line.text for turn in self.turns for line in turn.reply.lines if line.kind == "question"]

    @property
    def question(self) -> str:
        """The one in hand."""
        return self.asked[-1]


async def rows(db: Database, interview: UUID | None = None) -> list[tuple[Any, ...]]:
    """Everything that is stored of an interview, or of all, to be compared."""
    found: list[tuple[Any, ...]] = []
    async with db.reading() as session:
        for table in (InterviewSessionRow, InterviewQuestionStateRow, InterviewTurnRow, ConversationRow):
            for row in await session.scalars(select(table)):
                values = row.model_dump()
                if interview is None or interview in (values.get("session_id"), values.get("id")):
                    found.append((table.__tablename__, *sorted((name, str(value)) for name, value in values.items())))
    return sorted(found)


async def stored(db: Database, interview: UUID) -> StoredInterview:
    """As it is in the database."""
    async with db.reading() as session:
        return await find_interview(session, interview)

"""An interview's scorecard as stored: the session, the later words on it, and where its quotes are to be heard."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.dialogue.scoring.card import Scorecard
from app.dialogue.scoring.making import scorecard
from app.store.interviews import StoredInterview, find_interview
from app.store.quotes import Moments, calls_in, moments_of
from app.store.scores import scores_of
from app.store.tables import CallRow


@dataclass(frozen=True, slots=True)
class StoredCard:
    """`calls`: those in which the interview was led, the first one first; none for one in writing."""

    interview: StoredInterview
    card: Scorecard
    moments: Moments
    calls: tuple[CallRow, ...]


async def find_card(session: AsyncSession, id_: UUID) -> StoredCard:
    """The scorecard of an interview, over or not. Raises interviews.NoSuchInterviewError."""
    interview = await find_interview(session, id_)
    card = scorecard(interview.session, await scores_of(session, id_))
    moments = await moments_of(session, interview.conversation_id)
    return StoredCard(interview, card, moments, await calls_in(session, interview.conversation_id))

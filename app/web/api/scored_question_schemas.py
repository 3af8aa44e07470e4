"""One question of a scorecard as REST gives it: as asked, as answered, as judged, as overruled."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, Field

from app.dialogue.interviewing.record import Kind
from app.dialogue.judging.points import Verdict
from app.dialogue.scoring.card import AttemptCard, QuestionCard, State
from app.dialogue.scoring.later import Score
from app.personas.questions import Level
from app.store.quotes import Moments
from app.web.api.evidence_schemas import KeyPointOut, LineOut


class AttemptOut(BaseModel):
    """One answer as it was said, and its judge's word on it."""

    kind: Kind
    lines: list[LineOut]
    at: str = Field(description="When it began")
    cut: bool = Field(description="More was said than is kept")
    verdict: Verdict | None = Field(description="Null while it is awaited")
    reason: str
    judge: str = Field(examples=["offline", "model:openai/gpt-oss-120b"])
    judge_version: str
    key_points: list[KeyPointOut]

    @classmethod
    def of(cls, card: AttemptCard, moments: Moments) -> Self:
        return cls(
            kind=card.kind,
            lines=[LineOut.of(line, moments) for line in card.lines],
            at=card.at,
            cut=card.cut,
            verdict=card.verdict,
            reason=card.reason,
            judge=card.judge,
            judge_version=card.version,
            key_points=KeyPointOut.all_of(card.points, moments),
        )


class OverruleOut(BaseModel):
    """What a person made of it, and why."""

    points: int
    reason: str
    by: str = Field(description="`person` where no name was given")
    at: datetime

    @classmethod
    def of(cls, score: Score) -> Self:
        return cls(points=score.points, reason=score.reason, by=score.judge, at=datetime.fromisoformat(score.at))


class ScoredQuestionOut(BaseModel):
    """One question, as it was asked, and what came of it."""

    place: int = Field(description="From 0; what addresses name")
    number: int = Field(description="From 1; what the candidate heard")
    id: str
    version: int = Field(description="Of the question, in the bank")
    level: Level
    text: str
    state: State
    left: Literal["", "skipped", "silence", "stopped"] = Field(description="Why its last asking has no answer")
    hints: int
    hint: str = Field(description="As it was given; empty if it was not")
    path: list[Verdict] = Field(description="The verdicts that made the points in the talk")
    corrected: bool = Field(description="A correction took the place of the last answer")
    points: int | None = Field(description="What counts now; null while it is open, or was never asked")
    talk_points: int | None = Field(description="What the talk gave")
    key_points: list[KeyPointOut] = Field(description="The best of all attempts")
    attempts: list[AttemptOut]
    unfinished: list[LineOut] = Field(description="Words of an answer that nobody finished")
    overrules: list[OverruleOut] = Field(description="The oldest first; the newest counts")

    @classmethod
    def of(cls, card: QuestionCard, moments: Moments) -> Self:
        return cls(
            place=card.place,
            number=card.place + 1,
            id=card.id,
            version=card.version,
            level=card.level,
            text=card.text,
            state=card.state,
            left=card.left,
            hints=card.hints,
            hint=card.hint,
            path=list(card.path),
            corrected=card.corrected,
            points=card.points,
            talk_points=card.talk_points,
            key_points=KeyPointOut.all_of(card.key_points, moments),
            attempts=[AttemptOut.of(attempt, moments) for attempt in card.attempts],
            unfinished=[LineOut.of(line, moments) for line in card.unfinished],
            overrules=[OverruleOut.of(score) for score in card.overrules],
        )

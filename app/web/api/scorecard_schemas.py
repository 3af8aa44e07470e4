"""What REST gives of a scorecard, and what it takes to change its points. Whatever is claimed has its quote."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.dialogue.interviewing.score import Sum
from app.dialogue.interviewing.session import Consent
from app.dialogue.scoring.card import Check, CheckWhy, Disposition, Run, RunScore, Sentence, SentenceKind
from app.dialogue.scoring.later import LEAST_POINTS, LONGEST_NAME, LONGEST_REASON, MOST_POINTS, SHORTEST_REASON
from app.personas.questions import Level
from app.store.cards import StoredCard
from app.store.interviews import Channel
from app.store.quotes import Moments
from app.web.api.evidence_schemas import KeyPointOut, PlaceOut, QuoteOut
from app.web.api.schemas import Of
from app.web.api.scored_question_schemas import ScoredQuestionOut

Points = Annotated[int, Field(strict=True, ge=LEAST_POINTS, le=MOST_POINTS)]


class OverruleIn(BaseModel):
    """A person's word on a question's points. What was there before stays in its history."""

    model_config = ConfigDict(extra="forbid")

    points: Points
    reason: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=SHORTEST_REASON, max_length=LONGEST_REASON)
    ] = Field(examples=["Listened to it: she names both, the words were not recognised."])
    by: Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_NAME)] = Field(
        "", description="Who says so", examples=["Grace Hopper"]
    )


class RescoreIn(BaseModel):
    """Who is to judge the talk again."""

    model_config = ConfigDict(extra="forbid")

    judge: Literal["offline", "model"] = Field(
        "offline",
        description="`offline`: by rules, the same every time. `model`: the language model of a live provider",
    )


class SumOut(Of):
    """Points had of those there were to have."""

    points: int
    most: int
    asked: int = Field(description="Questions that have points")

    @classmethod
    def of(cls, worth: Sum) -> Self:
        return cls.model_validate(worth)


class SentenceOut(BaseModel):
    """A sentence of the summary, and all that it rests on."""

    kind: SentenceKind = Field(description="`record` and `not-heard` claim nothing that was said, and have no quotes")
    text: str
    quotes: list[QuoteOut]

    @classmethod
    def of(cls, sentence: Sentence, moments: Moments) -> Self:
        return cls(kind=sentence.kind, text=sentence.text, quotes=QuoteOut.all_of(sentence.quotes, moments))


class CheckOut(BaseModel):
    """Something that a person should listen to."""

    place: int
    key_point: str = Field(description="Empty for a line in which nothing was found")
    why: CheckWhy
    quote: QuoteOut

    @classmethod
    def of(cls, check: Check, moments: Moments) -> Self:
        quote = QuoteOut.of(check.evidence, moments)
        return cls(place=check.place, key_point=check.key_point, why=check.why, quote=quote)


class RunScoreOut(BaseModel):
    """What a rescoring made of one question."""

    place: int
    points: int
    judge: str
    judge_version: str
    gained: list[str] = Field(description="Key points that count here and did not in the talk")
    lost: list[str] = Field(description="Key points that counted in the talk and do not here")
    key_points: list[KeyPointOut]

    @classmethod
    def of(cls, score: RunScore, moments: Moments) -> Self:
        return cls(
            place=score.place,
            points=score.points,
            judge=score.judge,
            judge_version=score.version,
            gained=list(score.gained),
            lost=list(score.lost),
            key_points=KeyPointOut.all_of(score.key_points, moments),
        )


class RunOut(BaseModel):
    """A rescoring. It counts for nothing by itself: whoever agrees with it overrules."""

    id: UUID
    judge: str
    judge_version: str
    rubric: str
    at: datetime
    total: SumOut
    questions: list[RunScoreOut]

    @classmethod
    def of(cls, run: Run, moments: Moments) -> Self:
        return cls(
            id=UUID(run.id),
            judge=run.judge,
            judge_version=run.version,
            rubric=run.rubric,
            at=datetime.fromisoformat(run.at),
            total=SumOut.of(run.total),
            questions=[RunScoreOut.of(score, moments) for score in run.scores],
        )


class ConsentOut(BaseModel):
    """The candidate's word on being interviewed by a machine and recorded."""

    agreed: bool
    how: Literal["voice", "key", "text"]
    words: str = Field(description="As said or written, or the key that was pressed")
    at: str
    heard_at: PlaceOut | None

    @classmethod
    def of(cls, consent: Consent | None, moments: Moments) -> Self | None:
        if consent is None:
            return None
        heard_at = moments.of_words(consent.segments[0], consent.words) if consent.segments else None
        return cls(
            agreed=consent.agreed,
            how=consent.how,
            words=consent.words,
            at=consent.at,
            heard_at=PlaceOut.of(heard_at),
        )


class ScorecardOut(BaseModel):
    """An interview's scorecard: of one that goes on, as far as it goes."""

    interview_id: UUID
    conversation_id: UUID
    persona: str
    channel: Channel
    candidate_name: str
    role: str
    topic: str
    created_at: datetime
    ended_at: datetime | None
    disposition: Disposition
    phase: str
    consent: ConsentOut | None
    rubric: str = Field(description="Version of the table of points")
    total: SumOut = Field(description="With what people have overruled")
    talk_total: SumOut = Field(description="As the talk gave it")
    by_level: dict[Level, SumOut]
    summary: list[SentenceOut]
    checks: list[CheckOut] = Field(description="What a person should listen to")
    questions: list[ScoredQuestionOut]
    runs: list[RunOut] = Field(description="Rescorings, the oldest first")
    calls: list[UUID] = Field(description="The calls in which it was led, the first one first")

    @classmethod
    def of(cls, stored: StoredCard) -> Self:
        interview, card, moments = stored.interview, stored.card, stored.moments
        return cls(
            interview_id=interview.id,
            conversation_id=interview.conversation_id,
            persona=interview.persona,
            channel=interview.channel,
            candidate_name=interview.candidate.name,
            role=interview.candidate.role,
            topic=interview.topic,
            created_at=interview.created_at,
            ended_at=interview.ended_at,
            disposition=card.disposition,
            phase=card.phase.value,
            consent=ConsentOut.of(card.consent, moments),
            rubric=card.rubric,
            total=SumOut.of(card.total),
            talk_total=SumOut.of(card.talk_total),
            by_level={level: SumOut.of(worth) for level, worth in card.by_level.items()},
            summary=[SentenceOut.of(sentence, moments) for sentence in card.summary],
            checks=[CheckOut.of(check, moments) for check in card.checks],
            questions=[ScoredQuestionOut.of(question, moments) for question in card.questions],
            runs=[RunOut.of(run, moments) for run in card.runs],
            calls=[call.id for call in stored.calls],
        )

"""Evidence as REST gives it: the candidate's own words, and where they are to be heard."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field

from app.dialogue.judging.judgement import Coverage
from app.dialogue.scoring.card import Evidence, Line, PointCard
from app.store.quotes import Moment, Moments


class PlaceOut(BaseModel):
    """Where words are to be heard. Times in ms from the beginning of the call's recording."""

    call_id: UUID
    segment_id: UUID = Field(description="The line of the transcript that holds them")
    at_ms: int = Field(description="Where they begin")
    about: bool = Field(description="`at_ms` is reckoned from the letters before them in their line, and not measured")
    started_ms: int
    ended_ms: int
    recording: str = Field(description="The recording from there", examples=["/api/v1/calls/…/recording.wav#t=12.3"])

    @classmethod
    def of(cls, moment: Moment | None) -> Self | None:
        if moment is None:
            return None
        return cls(
            call_id=moment.call_id,
            segment_id=moment.segment_id,
            at_ms=moment.at_ms,
            about=moment.about,
            started_ms=moment.started_ms,
            ended_ms=moment.ended_ms,
            recording=f"/api/v1/calls/{moment.call_id}/recording.wav#t={moment.at_ms / 1000:.1f}",
        )


class QuoteOut(BaseModel):
    """The candidate's own words, to the letter."""

    text: str
    attempt: Literal["first", "hinted", "correction", "consent"] = Field(description="In which answer they were said")
    segment: str = Field(description="As the interview names the line: by phone `call/turn`, in writing `turn-…`")
    heard_at: PlaceOut | None = Field(description="Null for what was written, and for what is in no transcript")

    @classmethod
    def of(cls, evidence: Evidence, moments: Moments) -> Self:
        heard_at = PlaceOut.of(moments.of(evidence))
        return cls(text=evidence.text, attempt=evidence.attempt, segment=evidence.segment, heard_at=heard_at)

    @classmethod
    def all_of(cls, found: Iterable[Evidence], moments: Moments) -> list[Self]:
        return [cls.of(evidence, moments) for evidence in found]


class LineOut(BaseModel):
    """A line of an answer, whole."""

    text: str
    segment: str
    confidence: float | None = Field(description="The recogniser's, 0 to 1, where known")
    unsure: bool = Field(description="The recogniser was not sure: these words count for the candidate")
    heard_at: PlaceOut | None

    @classmethod
    def of(cls, line: Line, moments: Moments) -> Self:
        return cls(
            text=line.text,
            segment=line.segment,
            confidence=line.confidence,
            unsure=line.unsure,
            heard_at=PlaceOut.of(moments.of_words(line.segment, line.text)),
        )


class KeyPointOut(BaseModel):
    """What became of a key point."""

    id: str
    point: str
    coverage: Coverage = Field(description="`missed`: not heard. `unverified`: a person should listen")
    reason: str = Field(examples=["said", "unsure-words", "not-said"])
    counts: bool = Field(description="Whether the candidate has it")
    quote: QuoteOut | None

    @classmethod
    def of(cls, card: PointCard, moments: Moments) -> Self:
        quote = QuoteOut.of(card.evidence, moments) if card.evidence else None
        return cls(
            id=card.id,
            point=card.point,
            coverage=card.coverage,
            reason=card.reason,
            counts=card.counts,
            quote=quote,
        )

    @classmethod
    def all_of(cls, cards: Iterable[PointCard], moments: Moments) -> list[Self]:
        return [cls.of(card, moments) for card in cards]

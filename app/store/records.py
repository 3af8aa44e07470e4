"""What the runtime hands to the store: small frozen records, safe to pass between tasks.

Whatever a caller, a recogniser or a measurement brings is made storable here, so that one odd character can never
cost a line of a transcript: PostgreSQL refuses NUL in text and NaN in JSON, and no database takes a lone surrogate.
"""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from app.dialogue.interviewing.session import Session

Direction = Literal["inbound", "outbound"]
Role = Literal["agent", "caller", "system"]
FinalStatus = Literal["completed", "failed", "lost", "busy"]

_ACCENTS = re.compile("[\u0300-\u036f]")
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
_sequence = itertools.count(1)


def clean(text: str) -> str:
    """`text` without what databases refuse: NUL goes, a lone surrogate becomes U+FFFD."""
    return _LONE_SURROGATES.sub("\ufffd", text.replace("\x00", ""))


def clean_json(value: Any) -> Any:
    """A JSON value that every database stores: strings cleaned, NaN and infinities as null, keys as strings."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {clean(str(key)): clean_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [clean_json(item) for item in value]
    if value is None or isinstance(value, bool | int):
        return value
    return clean(str(value))


def fold(text: str) -> str:
    """`text` as it is searched for: no case, no Latin accents, single spaces."""
    folded = unicodedata.normalize("NFKD", clean(text))
    for _ in range(2):  # taking letters apart brings out new capitals, and lowering them new letters to take apart
        folded = unicodedata.normalize("NFKD", folded.casefold())
    return unicodedata.normalize("NFC", " ".join(_ACCENTS.sub("", folded).split()))


@dataclass(frozen=True, slots=True)
class SegmentRecord:
    """A line of the transcript, as far as it is known; recorded again under the same `id` as it grows.

    Times are ms from the stream's start. `text`: what was to be said; `heard_text`: what reached the other's ear.
    """

    call_id: UUID
    id: UUID
    seq: int
    turn: int
    role: Role
    text: str
    heard_text: str
    started_ms: int
    ended_ms: int
    interrupted: bool = False
    final: bool = True
    confidence: float | None = None
    kind: str = "speech"


@dataclass(frozen=True, slots=True)
class EventRecord:
    """Something that happened, `at_ms` from the stream's start. `detail` is JSON and holds no speech."""

    call_id: UUID
    at_ms: int
    kind: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    id: UUID = field(default_factory=uuid4)
    seq: int = field(default_factory=lambda: next(_sequence))


@dataclass(frozen=True, slots=True)
class MetricsRecord:
    """One turn's times in ms from the stream's start; recorded again as they become known, None keeps what was."""

    call_id: UUID
    turn: int
    speech_ended_ms: int | None = None
    decided_ms: int | None = None
    transcript_ms: int | None = None
    first_text_ms: int | None = None
    first_clause_ms: int | None = None
    first_audio_ms: int | None = None
    first_heard_ms: int | None = None


@dataclass(frozen=True, slots=True)
class FinishRecord:
    """How a call ended. `end_reason` is a slug; `line_quality` is JSON of measurements."""

    call_id: UUID
    status: FinalStatus
    end_reason: str
    ended_at: datetime
    duration_s: float
    recording_ms: int | None = None
    line_quality: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class UsageRecord:
    """What a provider's model has done so far at one stage on one UTC day, for a call or (None) for the house.

    All amounts are totals, recorded again under the same `id` as they grow: written twice, they count once.
    `cost_micros`: millionths of `currency`, None for both where no price is known.
    """

    id: UUID
    call_id: UUID | None
    day: date
    stage: str
    provider: str
    model: str
    requests: int = 0
    seconds: float = 0.0
    tokens_read: int = 0
    tokens_written: int = 0
    characters: int = 0
    estimated: bool = False
    cost_micros: int | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class InterviewRecord:
    """What has become of the interview that this call leads; its session names the conversation."""

    call_id: UUID
    session: Session
    at: datetime


@dataclass(frozen=True, slots=True)
class RecognisedRecord:
    """By what was heard, a human or a machine has answered this call, which we placed."""

    call_id: UUID
    who: Literal["human", "machine"]
    at: datetime


@dataclass(frozen=True, slots=True)
class MessageLeftRecord:
    """The machine that answered this call has the whole of our message."""

    call_id: UUID


@dataclass(frozen=True, slots=True)
class NoMoreCallsRecord:
    """Whoever was on this call wants to be rung no more, and said so in these `words`."""

    call_id: UUID
    words: str
    at: datetime


OutboundRecord = RecognisedRecord | MessageLeftRecord | NoMoreCallsRecord
Record = SegmentRecord | EventRecord | MetricsRecord | UsageRecord | InterviewRecord | FinishRecord | OutboundRecord

"""What is told about providers while a call runs: what failed, and what was used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from app.speech.protocols import FaultKind

Stage = Literal["transcribe", "reply", "speak"]


@dataclass(frozen=True, slots=True)
class Fault:
    """A provider could not do its work. `message`: for the operator, without speech or keys.

    `then`: `again` (the same one is asked once more), the name of the provider that took over, or `nobody`.
    `took_ms`: 0 if it was not even asked, because it is left alone after faults of that kind; told once a call.
    """

    stage: Stage
    provider: str
    kind: FaultKind
    message: str
    took_ms: int
    then: str


@dataclass(frozen=True, slots=True)
class Spent:
    """One request that a provider served, or was in the midst of.

    `seconds` of sound for `transcribe`, tokens for `reply`, `characters` for `speak`. `estimated`: tokens reckoned by
    us, because the reply was cut off before the vendor counted. `first_ms`: to its first piece; None if none came.
    """

    stage: Stage
    provider: str
    model: str
    took_ms: int
    first_ms: int | None = None
    seconds: float = 0.0
    tokens_read: int = 0
    tokens_written: int = 0
    characters: int = 0
    estimated: bool = False


class Reporter(Protocol):
    """Who is told. Neither may wait nor raise."""

    def failed(self, fault: Fault) -> None: ...

    def spent(self, spent: Spent) -> None: ...

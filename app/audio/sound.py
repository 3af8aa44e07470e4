"""A piece of audio that carries its rate and encoding, so that nothing is ever fed at the wrong rate in silence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Encoding = Literal["pcm16", "mulaw"]
_BYTES_PER_SAMPLE = {"pcm16": 2, "mulaw": 1}


@dataclass(frozen=True, slots=True)
class Sound:
    """Mono audio. `data`: little-endian signed 16-bit samples (`pcm16`) or G.711 μ-law bytes (`mulaw`)."""

    data: bytes
    rate_hz: int
    encoding: Encoding = "pcm16"

    @property
    def samples(self) -> int:
        return len(self.data) // _BYTES_PER_SAMPLE[self.encoding]

    @property
    def duration_ms(self) -> float:
        return self.samples * 1000 / self.rate_hz

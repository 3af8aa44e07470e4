"""How long anybody is waited for."""

from __future__ import annotations

from dataclasses import dataclass

IN_HOUSE = frozenset({"offline", "mock"})
"""Providers that are no vendor: they work on this machine, cost nothing, and are as slow as it is loaded."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds to a stream's first piece, between two pieces, and for all of it."""

    first_s: float
    idle_s: float
    total_s: float


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds. The numbers here are for vendors, and for callers who wait in silence meanwhile.

    A transcription has `transcribe_s`, and `transcribe_share` of the sound's own length: vendors take 0.2 s to 1 s for
    a turn and read faster than people speak. `text`: first tokens take 0.2 s to 1 s, and after 3 s of silence people
    ask whether anyone is there; 2 s without a word and the reply stands still; 30 s are more words than anyone listens
    to. `sound`: first sounds take 0.1 s to 0.5 s (1.5 s with the slowest model), and a voice that falls 2 s behind
    what was played leaves a hole. `judge_s`: nobody hears a judgement being made, so it may think.
    """

    transcribe_s: float = 3.0
    transcribe_share: float = 0.25
    text: Pace = Pace(3.0, 2.0, 30.0)
    sound: Pace = Pace(2.0, 2.0, 60.0)
    judge_s: float = 20.0

    def transcription_s(self, sound_ms: float) -> float:
        return self.transcribe_s + self.transcribe_share * sound_ms / 1000


FOR_VENDORS = Limits()

FOR_THE_HOUSE = Limits(
    transcribe_s=6.0,
    transcribe_share=1.0,
    text=Pace(3.0, 2.0, 30.0),
    sound=Pace(8.0, 5.0, 60.0),
)
"""The recogniser gives a turn 5 s and its length itself, and says then what is wrong; the voice's one thread serves
every call, 2 ms a second of speech. Behind them there is mostly nobody who could do better."""


def limits_for(provider: str) -> Limits:
    """The limits that hold for a provider of this name."""
    return FOR_THE_HOUSE if provider in IN_HOUSE else FOR_VENDORS

"""Where the time of a turn's answer went: the one way of reading its times, for pages, REST and figures."""

from __future__ import annotations

from typing import Protocol

STEPS = ("decided", "transcript", "first_text", "first_clause", "first_audio", "first_heard")
"""In the order in which they follow each other after the end of speech; `<step>_ms` holds when each was reached."""


class Times(Protocol):
    """One turn's times in ms of the recording; None for a step that did not happen (yet)."""

    @property
    def speech_ended_ms(self) -> int | None: ...
    @property
    def decided_ms(self) -> int | None: ...
    @property
    def transcript_ms(self) -> int | None: ...
    @property
    def first_text_ms(self) -> int | None: ...
    @property
    def first_clause_ms(self) -> int | None: ...
    @property
    def first_audio_ms(self) -> int | None: ...
    @property
    def first_heard_ms(self) -> int | None: ...


def steps_of(times: Times) -> dict[str, int]:
    """How many ms each step took, the sum being the whole wait; empty for a turn that was not answered aloud.

    A step that was reached before the one it follows (a transcript begun early) took no time of its own.
    """
    if times.speech_ended_ms is None or times.first_audio_ms is None:
        return {}
    reached, took = times.speech_ended_ms, {}
    for step in STEPS:
        at_ms: int | None = getattr(times, f"{step}_ms")
        if at_ms is not None:
            took[step] = max(0, at_ms - reached)
            reached = max(reached, at_ms)
    return took

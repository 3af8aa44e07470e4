"""How fast a recorded call goes through the core again, with and without the audio chain."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from app.cli.replaying import replay_files

ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Speeds:
    """Times real time, the best of `ROUNDS`; `call_s`: how long the call was; `same`: every action was the same."""

    call_s: float
    core: float
    with_audio: float
    same: bool


def speeds(timeline: Path, recording: Path) -> Speeds:
    """Of one call."""
    core_s = audio_s = float("inf")
    call_s, same = 0.0, True
    for _ in range(ROUNDS):
        for sound in (None, recording):
            began = time.perf_counter()
            outcome = replay_files(timeline, sound)
            took_s = time.perf_counter() - began
            core_s, audio_s = (min(core_s, took_s), audio_s) if sound is None else (core_s, min(audio_s, took_s))
            call_s, same = outcome.call_s, same and not outcome.differences
    return Speeds(call_s, call_s / core_s, call_s / audio_s, same)

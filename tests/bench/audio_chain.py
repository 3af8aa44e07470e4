"""The way in, measured: `python -m tests.bench.audio_chain` prints its delay, its cost and how well it hears.

Needs the recordings in `../shared/speech` for the last two; the numbers in docs/audio.md are from here.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field

import numpy as np

from app.audio import mulaw
from app.audio.ear import Ear
from app.audio.reading import FRAME_LINE_SAMPLES, HOUSE_RATE_HZ, Reading
from app.audio.segmenter import Segmenter, SpeechEnded, SpeechStarted
from tests.audio import labelled

CONDITIONS: list[tuple[str | None, float]] = [
    (None, 0.0),
    *((noise, snr) for snr in (20.0, 10.0, 5.0) for noise in ("background-1", "background-2", "background-3", "white")),
]


def impulse_delay_ms() -> float:
    """From an impulse on the line to its greatest sample at 48 kHz, conditioned."""
    line = np.zeros(50 * FRAME_LINE_SAMPLES, dtype=np.int16)
    at = 20 * FRAME_LINE_SAMPLES + 80
    line[at] = 30_000
    sound = mulaw.encode(line.tobytes())
    ear, heard = Ear(), []
    for start in range(0, len(sound), FRAME_LINE_SAMPLES):
        ear.hear(sound[start : start + FRAME_LINE_SAMPLES], start)
        heard.append(ear.conditioned.copy())
    peak = int(np.argmax(np.abs(np.concatenate(heard))))
    return (peak - at * HOUSE_RATE_HZ // 8000) * 1000 / HOUSE_RATE_HZ


def cost_us(frames: list[bytes], rounds: int = 3) -> float:
    """Microseconds a frame of `Ear.hear`, the best of `rounds`: the others shared the machine."""
    best = float("inf")
    for _ in range(rounds):
        ear, begun = Ear(), time.perf_counter()
        for number, frame in enumerate(frames):
            ear.hear(frame, number * FRAME_LINE_SAMPLES)
        best = min(best, (time.perf_counter() - begun) / len(frames) * 1e6)
    return best


def segmenter_cost_us(readings: list[Reading], rounds: int = 3) -> float:
    best = float("inf")
    for _ in range(rounds):
        segmenter, begun = Segmenter(600, 300, 60_000), time.perf_counter()
        for reading in readings:
            segmenter.push(reading)
        best = min(best, (time.perf_counter() - begun) / len(readings) * 1e6)
    return best


@dataclass(slots=True)
class Verdict:
    """How the segmenter did on one stream."""

    precision: float
    recall: float
    missed: int = 0
    pieces: int = 0
    clipped_ms: list[int] = field(default_factory=list)
    onset_ms: list[int] = field(default_factory=list)
    end_ms: list[int] = field(default_factory=list)
    false_starts: int = 0
    false_utterances: int = 0
    quiet_minutes: float = 0.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def hear(stream: labelled.Stream) -> list[Reading]:
    ear = Ear()
    return [ear.hear(frame, number * FRAME_LINE_SAMPLES) for number, frame in enumerate(stream.frames())]


def judge(stream: labelled.Stream, readings: list[Reading], silence_ms: int = 600) -> Verdict:
    """Frames of voice, and utterances, against where the speech is."""
    voiced = np.array([reading.voiced for reading in readings])
    hits = int((voiced & stream.speech).sum())
    verdict = Verdict(hits / max(1, int(voiced.sum())), hits / int(stream.speech.sum()))
    segmenter = Segmenter(silence_ms, 300, 60_000)
    started: list[SpeechStarted] = []
    ended: list[SpeechEnded] = []
    for reading in readings:
        event = segmenter.push(reading)
        if isinstance(event, SpeechStarted):
            started.append(event)
        elif isinstance(event, SpeechEnded):
            ended.append(event)
    last = segmenter.end_now()
    if isinstance(last, SpeechEnded):
        ended.append(last)
    claimed: set[int] = set()
    for first, past in stream.spans:
        begin, end = first * FRAME_LINE_SAMPLES, past * FRAME_LINE_SAMPLES
        mine = [heard for heard in ended if heard.start < end and heard.last_voice > begin]
        claimed.update(id(heard) for heard in mine)
        verdict.missed += not mine
        verdict.pieces += len(mine)
        if mine:
            verdict.clipped_ms.append(max(0, mine[0].start - begin) // 8)
            verdict.end_ms.append((mine[-1].last_voice - end) // 8)
        begun = [heard for heard in started if begin - 800 <= heard.position <= end]
        if begun:
            verdict.onset_ms.append((begun[0].position - begin) // 8)
    verdict.false_utterances = sum(id(heard) not in claimed for heard in ended)
    spans = [(a * FRAME_LINE_SAMPLES - 800, b * FRAME_LINE_SAMPLES + 3200) for a, b in stream.spans]
    verdict.false_starts = sum(not any(a <= heard.position <= b for a, b in spans) for heard in started)
    verdict.quiet_minutes = float((~stream.speech).sum()) / 3000
    return verdict


def _line(name: str, verdict: Verdict) -> str:
    onset, onset95 = np.percentile(verdict.onset_ms or [0], [50, 95])
    ends, ends95 = np.percentile(verdict.end_ms or [0], [50, 95])
    minutes = verdict.quiet_minutes
    lost = sum(ms > 0 for ms in verdict.clipped_ms)
    return (
        f"{name:22s} {verdict.precision:5.3f} {verdict.recall:5.3f} {verdict.f1:5.3f}"
        f" {verdict.false_starts / minutes:6.1f} {verdict.false_utterances / minutes:6.1f}"
        f" {verdict.missed:6d} {verdict.pieces:6d} {lost:6d}"
        f" {onset:7.0f} {onset95:5.0f} {ends:7.0f} {ends95:5.0f}"
    )


def main() -> None:
    out = sys.stdout.write
    out(f"delay of the way in (impulse, μ-law to conditioned 48 kHz): {impulse_delay_ms():.2f} ms\n")
    silent = [mulaw.SILENCE * FRAME_LINE_SAMPLES] * 5000
    rng = np.random.default_rng(1)
    hiss = rng.normal(0, 30, (5000, FRAME_LINE_SAMPLES)).astype(np.int16)
    out(f"cost of a frame: digital silence {cost_us(silent):.1f} µs")
    out(f", quiet room {cost_us([mulaw.encode(frame.tobytes()) for frame in hiss]):.1f} µs")
    if not labelled.SPEECH.is_dir():
        out(f"\nno recordings in {labelled.SPEECH.name}: the rest is left out\n")
        return
    clean = labelled.stream()
    frames = clean.frames()
    speech = [frame for frame, flag in zip(frames, clean.speech, strict=True) if flag]
    out(f", speech {cost_us(speech):.1f} µs, {len(frames) / 50:.0f} s of call {cost_us(frames):.1f} µs\n")
    out(f"cost of a segmenter's frame: {segmenter_cost_us(hear(clean)):.2f} µs\n\n")
    out(
        f"{len(clean.spans)} clips; frames: precision, recall, F1; a minute without speech: false starts, utterances;\n"
    )
    out(
        "clips missed, utterances made of them, with first sound lost; onset and end later than labelled: p50, p95 ms\n"
    )
    for noise, snr in CONDITIONS:
        stream = labelled.stream(noise, snr)
        name = "clean" if noise is None else f"{noise} {snr:.0f} dB"
        out(_line(name, judge(stream, hear(stream))) + "\n")


if __name__ == "__main__":
    main()

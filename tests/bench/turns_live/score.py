"""What a played call says about turns and interruptions, by what the caller heard and by what the server kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.audio.reading import LINE_RATE_HZ
from tests.bench.turns_live.acting import LATE_S, Event, Played
from tests.bench.turns_live.corpus import Over, Turn
from tests.bench.turns_live.vendors import STORY, where

LOUD_RMS = 60.0
JOIN_S = 0.25
"""A shorter silence is within a sentence."""
SYLLABLE_S = 0.12
TAKEN_S = 4.0
"""An interruption that has not silenced the agent by then has not."""


@dataclass
class Score:
    """Of one persona, over all its calls. Times in ms."""

    waits_ms: list[float] = field(default_factory=list)
    waits_by: dict[str, list[float]] = field(default_factory=dict)
    turns: Counter[str] = field(default_factory=Counter)
    cut_off: Counter[str] = field(default_factory=Counter)
    unanswered: int = 0
    overs: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    paused: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    taken_up_ms: list[float] = field(default_factory=list)
    clear_ms: list[float] = field(default_factory=list)
    first_words: int = 0
    first_words_lost: int = 0
    not_sounding: int = 0
    broken_calls: int = 0
    failures: list[str] = field(default_factory=list)

    def take(self, played: Played, voiced: dict[str, NDArray[np.int16]]) -> None:
        """Counts one call."""
        call = _Call(played, voiced)
        if played.trouble:
            self.broken_calls += 1
            self._fail(call, played.seconds, f"call broke off: {played.trouble}")
        ends = [event.said[0].begin_s for event in played.events[1:]] + [played.seconds]
        for event, end_s in zip(played.events, ends, strict=True):
            if isinstance(event.what, Turn):
                self._turn(call, event, event.what, end_s)
            elif not event.sounding:
                self.not_sounding += 1
            elif event.what.kind in ("interruption", "double talk"):
                self._interruption(call, event, event.what, end_s)
            else:
                self._disturbance(call, event, event.what, end_s)

    def _turn(self, call: _Call, event: Event, turn: Turn, end_s: float) -> None:
        begin_s, last_s = event.said[0].begin_s, event.said[-1].end_s
        kind = "pause" if turn.pauses else "whole"
        self.turns[kind] += 1
        lines = call.lines("caller", begin_s, last_s)
        early = [at for at in call.onsets if begin_s + 0.1 < at < last_s]
        where_s = f"{begin_s:.1f}–{last_s:.1f} s"
        if early or len(lines) > 1:
            self.cut_off[kind] += 1
            how = f"agent sounded at {early[0]:.2f}" if early else f"split in {len(lines)} turns"
            self._fail(call, begin_s, f"cut off ({how}): {turn.name} at {where_s}: {_words(event)!r}")
        after = [at for at in call.onsets if last_s - 0.02 <= at < end_s]
        if after and after[0] - last_s < LATE_S:
            self.waits_ms.append((after[0] - last_s) * 1000)
            self.waits_by.setdefault(turn.name.split(" of")[0], []).append(self.waits_ms[-1])
        elif not early:
            self.unanswered += 1
            self._fail(call, begin_s, f"no reply: {turn.name} at {where_s}: {_words(event)!r}")
        self._first_word(call, event, lines)

    def _interruption(self, call: _Call, event: Event, over: Over, end_s: float) -> None:
        [said] = event.said
        self.overs[over.kind] += 1
        cleared = [at for at in call.played.cleared if said.begin_s <= at < said.begin_s + TAKEN_S]
        lines = call.lines("caller", said.begin_s, said.end_s)
        if not cleared or not lines:
            self.missed[over.kind] += 1
            why = "no clear" if not cleared else "no turn of the caller's came of it"
            self._fail(call, said.begin_s, f"missed ({why}): {over.kind} {over.name} at {said.begin_s:.2f} s")
            return
        self.clear_ms.append((cleared[0] - said.begin_s) * 1000)
        if self.clear_ms[-1] > 400:
            self._fail(call, said.begin_s, f"slow: {over.kind} {over.name}: {self.clear_ms[-1]:.0f} ms")
        self._first_word(call, event, lines)

    def _disturbance(self, call: _Call, event: Event, over: Over, end_s: float) -> None:
        [said] = event.said
        kind = over.kind
        self.overs[kind] += 1
        cleared = [at for at in call.played.cleared if said.begin_s <= at < said.end_s + 1.5]
        self.paused[kind] += bool(cleared)
        lines = call.lines("caller", said.begin_s, said.end_s)
        if cleared and (again := [at for at in call.onsets if cleared[0] < at < end_s]):
            self.taken_up_ms.append((again[0] - said.end_s) * 1000)
        if cleared and not call.finished(said.begin_s, end_s):
            self.lost[kind] += 1
            heard = [line["text"] for line in lines]
            self._fail(
                call, said.begin_s, f"cost the sentence: {kind} {over.name} at {said.begin_s:.2f} s; took {heard}"
            )
        elif lines:
            self.answered[kind] += 1
            texts = [line["text"] for line in lines]
            self._fail(call, said.begin_s, f"answered afterwards: {kind} {over.name} at {said.begin_s:.2f} s; {texts}")

    def _first_word(self, call: _Call, event: Event, lines: list[dict[str, str]]) -> None:
        """The turn as it was taken begins with the word with which the caller began, or holds it behind an echo."""
        self.first_words += 1
        first = _plain(event.said[0].words)[0]
        echoing = call.played.plan.line.echo_db is not None
        taken = [_plain(line["text"]) for line in lines]
        if not any(first in words if echoing else words[:1] == [first] for words in taken):
            self.first_words_lost += 1
            self._fail(
                call, event.said[0].begin_s, f"first word lost: {_words(event)!r} in {[' '.join(t) for t in taken]}"
            )

    def _fail(self, call: _Call, at_s: float, what: str) -> None:
        line = call.played.plan.line
        echo = "" if line.echo_db is None else f", echo {line.echo_db:g} dB {line.echo_s * 1000:.0f} ms"
        about = f"room {line.room_db:g} dB{echo}, {line.style}"
        self.failures.append(f"call {call.played.plan.number:02} ({about}) {at_s:.2f} s: {what}")


class _Call:
    def __init__(self, played: Played, voiced: dict[str, NDArray[np.int16]]) -> None:
        self.played = played
        self.onsets = list(onsets_s(played.ear))
        self._voiced = voiced

    def lines(self, role: str, from_s: float, to_s: float) -> list[dict[str, str]]:
        """The transcript's lines that reach into this stretch by more than a syllable."""
        return [
            line
            for line in self.played.transcript
            if line["role"] == role
            and line["started_ms"] / 1000 < to_s - SYLLABLE_S
            and line["ended_ms"] / 1000 > from_s + SYLLABLE_S
        ]

    def finished(self, from_s: float, to_s: float) -> bool:
        """Did the ear hear the last word of what the agent was saying at `from_s`, after that?"""
        said = [line for line in self.played.transcript if line["role"] == "agent"]
        now = [line["text"] for line in said if line["started_ms"] / 1000 <= from_s + 0.1]
        last = _plain(now[-1] if now else STORY)[-2:]
        ear = self.played.ear[round(from_s * LINE_RATE_HZ) : round(to_s * LINE_RATE_HZ)]
        ends = [sound for text, sound in self._voiced.items() if _plain(text)[-2:] == last]
        return any(where(_loudest(sound[-2800:]), ear) is not None for sound in ends)


def onsets_s(ear: NDArray[np.int16]) -> Iterator[float]:
    """Where sounds begin that follow a silence, to 5 ms."""
    size = LINE_RATE_HZ // 200
    frames = ear[: len(ear) // size * size].reshape(-1, size).astype(float)
    loud = np.flatnonzero(np.sqrt(np.square(frames).mean(axis=1)) > LOUD_RMS) * size / LINE_RATE_HZ
    before = -1.0
    for at in loud:
        if at - before > JOIN_S:
            yield float(at)
        before = at


def _loudest(sound: NDArray[np.int16], length: int = 320) -> NDArray[np.int16]:
    power = np.convolve(np.square(sound.astype(float)), np.ones(length), "valid")
    at = int(np.argmax(power)) if len(power) else 0
    return sound[at : at + length]


def _plain(text: str) -> list[str]:
    return re.findall(r"[\w'-]+", text.lower())


def _words(event: Event) -> str:
    return " … ".join(said.words for said in event.said)

"""When has the caller finished? How long to wait after their last voice, from what is known of the pause so far.

One pure policy: evidence in, milliseconds and reasons out. It is asked whenever more is known, and the latest answer
holds, counted from the last voice. The words weigh most, for they can prove that more is to come; then what the agent's
line expects, then how the voice fell; and nobody is answered sooner than they have paused before on this call.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.call.completeness import Completeness

Expects = Literal["", "yes-no", "thought", "time"]
"""What a line of the agent's wants of the caller: a yes or no, an answer that takes thought, nothing but that they take
their time; empty where it is not known."""

YES_NO_MS = 500
"""People answer a yes/no question in one go: what follows a "yes" after half a second is a new thought."""
SHORT_ANSWER_MS = 700
"""A "yes" to a question that wanted more is often its beginning."""
QUESTION_MS = 600
"""A caller's question is complete, and they wait for the answer."""
OPEN_MS, DICTATING_MS, THINKING_MS = 1600, 2000, 2000
"""At the least, after words that prove that more is to come. Readers of telephone numbers pause 0.5 to 1.5 s between
groups."""
LAST_GROUP_MS = 1300
"""After figures on which the voice came down: the last group does, the others stay up."""
SOONEST_MS = 600
"""Nobody is answered sooner on the fall of their voice alone: people pause 200 to 500 ms wherever they like."""
FALLEN, FALLING, RISING = 75, 60, 25
"""Of a `Reading`'s finality, percent. Measured (tests/bench/voice_ends.py): of ends 75 % are above 60, half above 75;
of silences in the middle of a sentence 0 to 10 % are above 60, and 60 % below 20, where at most 6 % of ends are."""
_BY_VOICE = ((FALLEN, 0.6), (FALLING, 0.72))
"""Of the usual silence. The interviewer's 1.3 s become 0.8 and 0.9: one pause in ten that was put where nobody would
make one is above 60, so less would cut off too many of those that last a second."""
_RISING = 1.15
_HABIT = 2
_MARGIN_MS = 200
"""Beyond the caller's own pauses."""
FLUENT_PAUSES = 5
"""After so many pauses of theirs that were all short, a caller is known to be fluent."""
_FLUENT = 2.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """`usual_ms`, `longest_ms`: the persona's patience. `words`: of the turn so far; None while they are not known.

    `finality`: how the voice fell, percent, or -1. `own_pauses_ms`: the caller's latest pauses after which they went on
    although their words might have been all.
    """

    usual_ms: int
    longest_ms: int
    words: Completeness | None = None
    finality: int = -1
    expects: Expects = ""
    own_pauses_ms: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Wait:
    """`ms` after the last voice the turn is over; `why`: slugs, the weightiest first."""

    ms: int
    why: tuple[str, ...]


def wait_for(evidence: Evidence) -> Wait:
    """How long to wait. Never longer than `longest_ms`, unless the persona's usual silence is."""
    usual, longest = evidence.usual_ms, max(evidence.usual_ms, evidence.longest_ms)
    words = evidence.words
    if words is None:
        return _as_they_pause(Wait(usual, ("words-unknown",)), evidence, longest)
    if words.kind == "plain":
        return Wait(min(usual, YES_NO_MS if evidence.expects == "yes-no" else SHORT_ANSWER_MS), (words.why,))
    if words.kind == "whole":
        return Wait(min(usual, QUESTION_MS), (words.why,))
    if words.kind == "unknown":
        return _as_they_pause(_by_voice(evidence, words), evidence, longest)
    if words.why == "enough-figures" and evidence.finality >= FALLING:
        return _as_they_pause(_by_voice(evidence, words), evidence, longest)
    if words.kind == "dictating" and evidence.finality >= FALLING:
        return Wait(min(longest, max(LAST_GROUP_MS, usual)), ("voice-fell", words.why))
    least = {"open": OPEN_MS, "dictating": DICTATING_MS, "thinking": THINKING_MS}[words.kind]
    patient = 2 * usual if evidence.expects in ("thought", "time") else usual
    return _as_they_pause(Wait(min(longest, max(least, patient)), (words.why,)), evidence, longest)


def _by_voice(evidence: Evidence, words: Completeness) -> Wait:
    usual, finality = evidence.usual_ms, evidence.finality
    if evidence.expects == "yes-no":
        usual = max(min(usual, SOONEST_MS), usual * 2 // 3)
    for least, share in _BY_VOICE:
        if finality >= least:
            return Wait(max(min(usual, SOONEST_MS), round(usual * share)), ("voice-fell", words.why))
    if 0 <= finality <= RISING:
        return Wait(round(usual * _RISING), ("voice-stayed-up", words.why))
    return Wait(usual, (words.why,))


def _as_they_pause(wait: Wait, evidence: Evidence, longest: int) -> Wait:
    """No sooner than the caller's own pauses on this call, and sooner than usual for one who makes none. A single pause
    is no habit."""
    pauses = sorted(evidence.own_pauses_ms)
    if len(pauses) < _HABIT:
        return wait
    long_one = pauses[-_HABIT]
    if wait.ms < long_one + _MARGIN_MS:
        return Wait(max(wait.ms, min(longest, long_one + _MARGIN_MS)), ("own-pauses", *wait.why))
    fluent_ms = max(SOONEST_MS, round(pauses[-1] * _FLUENT))
    unproven = evidence.words is not None and evidence.words.kind == "unknown"
    if unproven and len(pauses) >= FLUENT_PAUSES and fluent_ms < wait.ms:
        return Wait(fluent_ms, ("fluent", *wait.why))
    return wait

"""When has the caller finished? How long to wait after their last voice, from what is known of the pause so far.

One pure policy: evidence in, milliseconds and reasons out. It is asked whenever more is known, and the latest answer
holds, counted from the last voice. The words weigh most, for they can prove that more is to come; then what the agent's
line expects, then how the voice fell; and nobody is answered sooner than they have paused before on this call.
"""

from __future__ import annotations

import math
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
ENOUGH_MS = 1500
"""After a number that may be whole, on which the voice did not come down."""
LAST_GROUP_MS = 1300
"""After figures on which the voice came down: the last group does, the others stay up."""
LEANING_MS = 1350
"""At the least, after a last clause that seems to lack something."""
SOONEST_MS = 600
"""Nobody is answered sooner on the fall of their voice alone: people pause 200 to 500 ms wherever they like."""
FALLING, RISING = 60, 25
"""Of a `Reading`'s finality, percent. Measured (tests/bench/voice_ends.py): of ends 75 % are above 60, half above 75;
of silences in the middle of a sentence 0 to 10 % are above 60, and 60 % below 20, where at most 6 % of ends are."""
SURE, LIKELY, UNLIKELY = 1.1, 0.1, -1.1
"""Odds of an end, as logarithms: of a voice alone that is a finality of 75, 53 and 25."""
_SHARES = ((SURE, 0.6), (LIKELY, 0.69))
"""Of the usual silence. The interviewer's 1350 ms become 810 and 930. One pause in six that was put where nobody would
make one has a voice like an end's; what it costs grows with every 100 ms less, so the lesser odds save little less."""
_UNLIKELY_SHARE = 1.1
_NO_VOICE = -0.6
"""Odds where it is not known how the voice fell: noise, a whisper, another voice."""
_LENGTH_WEIGHT, _LENGTH_MOST, _USUAL_ANSWER_MS = 0.5, 0.4, 2000
"""A question that wants thought is not answered in a second and a half, and after five seconds an end is likelier: so
much for each doubling of the voice heard, from so much on."""
_CLOSING = 0.7
_MODEL_WEIGHT = 0.7
"""Of a network's own odds (Smart Turn): it hears what finality does, and more, so they are not independent."""
_DISTRUST = 0.6
"""Taken off where the recogniser cannot have heard these words: nothing is known but the voice."""
_AS_FINAL = 0.3
_HABIT = 2
_MARGIN_MS = 200
"""Beyond the caller's own pauses."""
FLUENT_PAUSES = 5
"""After so many pauses of theirs that were all short, a caller is known to be fluent."""
_FLUENT = 3.0


@dataclass(frozen=True, slots=True)
class OwnPause:
    """One that the caller made and then went on, although their words might have been all. `odds`: those of its having
    been an end, as they were judged."""

    ms: int
    odds: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """`usual_ms`, `longest_ms`: the persona's patience. `words`: of the turn so far; None while they are not known.

    `finality`: how the voice fell, percent, or -1. `own_pauses`: the caller's latest. `voiced_ms`: voice in the turn so
    far, 0 if not known. `model`: how likely a network holds it that the turn is complete, percent, or -1.
    """

    usual_ms: int
    longest_ms: int
    words: Completeness | None = None
    finality: int = -1
    expects: Expects = ""
    own_pauses: tuple[OwnPause, ...] = ()
    voiced_ms: int = 0
    model: int = -1


@dataclass(frozen=True, slots=True)
class Wait:
    """`ms` after the last voice the turn is over; `why`: slugs, the weightiest first; `odds`: that this is an end."""

    ms: int
    why: tuple[str, ...]
    odds: float = 0.0


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
    if words.kind == "leaning":
        return _as_they_pause(Wait(max(usual, min(longest, LEANING_MS)), (words.why,)), evidence, longest)
    if words.kind == "unknown" or (words.why == "enough-figures" and evidence.finality >= FALLING):
        return _as_they_pause(_by_odds(evidence, words), evidence, longest)
    if words.kind == "dictating" and evidence.finality >= FALLING:
        return Wait(min(longest, max(LAST_GROUP_MS, usual)), ("voice-fell", words.why))
    if words.why == "enough-figures":
        return _as_they_pause(Wait(min(longest, max(ENOUGH_MS, usual)), (words.why,)), evidence, longest)
    least = {"open": OPEN_MS, "dictating": DICTATING_MS, "thinking": THINKING_MS}[words.kind]
    patient = 2 * usual if evidence.expects in ("thought", "time") else usual
    return _as_they_pause(Wait(min(longest, max(least, patient)), (words.why,)), evidence, longest)


def odds_of_end(evidence: Evidence) -> tuple[float, tuple[str, ...]]:
    """The logarithm of the odds that this is an end, where the words leave it open, and what weighed in it."""
    odds = _logit(evidence.finality) if evidence.finality >= 0 else _NO_VOICE
    voice = "voice-fell" if odds >= LIKELY else "voice-stayed-up" if odds <= UNLIKELY else ""
    why = [voice] if voice else []
    if evidence.model >= 0:
        odds = (odds if evidence.finality >= 0 else 0.0) + _MODEL_WEIGHT * _logit(evidence.model)
        why.append("model-end" if evidence.model >= 50 else "model-more")
    if evidence.words is not None and evidence.words.why == "closing-words":
        odds += _CLOSING
    if evidence.words is not None and evidence.words.why == "not-these-words":
        odds -= _DISTRUST
    if evidence.expects == "thought" and evidence.voiced_ms:
        by_length = _LENGTH_WEIGHT * math.log2(evidence.voiced_ms / _USUAL_ANSWER_MS)
        odds += max(-_LENGTH_MOST, min(_LENGTH_MOST, by_length))
    return odds, tuple(why)


def _by_odds(evidence: Evidence, words: Completeness) -> Wait:
    odds, why = odds_of_end(evidence)
    usual = evidence.usual_ms
    if evidence.expects == "yes-no":
        usual = max(min(usual, SOONEST_MS), usual * 2 // 3)
    for least, share in _SHARES:
        if odds >= least:
            return Wait(max(min(usual, SOONEST_MS), round(usual * share)), (*why, words.why), odds)
    if odds <= UNLIKELY:
        return Wait(round(usual * _UNLIKELY_SHARE), (*why, words.why), odds)
    return Wait(usual, (*why, words.why), odds)


def _logit(percent: int) -> float:
    share = min(max(percent, 3), 97) / 100
    return math.log(share / (1 - share))


def _as_they_pause(wait: Wait, evidence: Evidence, longest: int) -> Wait:
    """No sooner than the caller's own pauses on this call that seemed as much of an end, and sooner than usual for one
    who makes short ones only. A single pause is no habit."""
    if len(evidence.own_pauses) < _HABIT:
        return wait
    alike = sorted(pause.ms for pause in evidence.own_pauses if pause.odds >= wait.odds - _AS_FINAL)
    if len(alike) >= _HABIT and wait.ms < alike[-_HABIT] + _MARGIN_MS:
        ms = max(wait.ms, min(longest, alike[-_HABIT] + _MARGIN_MS))
        return Wait(ms, ("own-pauses", *wait.why), wait.odds)
    longest_own = max(pause.ms for pause in evidence.own_pauses)
    fluent_ms = max(SOONEST_MS, round(longest_own * _FLUENT), round(evidence.usual_ms * _SHARES[-1][1]))
    unproven = evidence.words is not None and evidence.words.kind == "unknown"
    if unproven and len(evidence.own_pauses) >= FLUENT_PAUSES and fluent_ms < wait.ms:
        return Wait(fluent_ms, ("fluent", *wait.why), wait.odds)
    return wait

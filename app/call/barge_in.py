"""Interruptions: a second table, alive only while the agent speaks.

A sound that may be the caller makes a CANDIDATE. If it lasts, the agent falls silent at once and the candidate is
judged (VALIDATING): by its length, or by its words. ACCEPTED gives the caller the floor; REJECTED gives it back to
the agent, who takes up the sentence where the caller stopped hearing it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.call.echo import words_of
from app.personas.schema import BargeIn


class Stage(StrEnum):
    """How far an interruption has got."""

    IDLE = "IDLE"
    CANDIDATE = "CANDIDATE"
    VALIDATING = "VALIDATING"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"


STEPS: dict[Stage, frozenset[Stage]] = {
    Stage.IDLE: frozenset({Stage.CANDIDATE, Stage.ACCEPTED}),
    Stage.CANDIDATE: frozenset({Stage.VALIDATING, Stage.IDLE, Stage.ACCEPTED}),
    Stage.VALIDATING: frozenset({Stage.ACCEPTED, Stage.REJECTED}),
    Stage.ACCEPTED: frozenset({Stage.IDLE}),
    Stage.REJECTED: frozenset({Stage.IDLE}),
}

VALIDATION_SILENCE_MS = 320
"""A pause this long ends a candidate, so that its words can be judged: the agent is silent meanwhile, so it is short.
The caller's turn still waits for the persona's own patience."""


class IllegalStepError(RuntimeError):
    """The barge-in table has no such step; nothing was changed."""


class BargeInTable:
    """The stage of the present interruption; `move` is the only way to another."""

    __slots__ = ("stage",)

    def __init__(self) -> None:
        self.stage = Stage.IDLE

    def move(self, to: Stage) -> None:
        if to not in STEPS[self.stage]:
            raise IllegalStepError(f"{self.stage} -> {to} is not in the table of interruptions")
        self.stage = to

    def settle(self) -> None:
        """Back to IDLE, from wherever the agent stopped speaking."""
        self.stage = Stage.IDLE


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who has the floor after these words. `why`: a slug; `words`: how many counted."""

    takes_floor: bool
    why: str
    words: int


def judge_words(words: list[str], manners: BargeIn, minimum_words: int) -> Verdict:
    """Do these words take the floor? A stop word does; a backchannel alone, or no word at all, does not."""
    said = f" {' '.join(words)} "
    if not words:
        return Verdict(False, "no-words", 0)
    if _has_stop_word(said, manners):
        return Verdict(True, "stop-word", len(words))
    if not _without_backchannels(said, manners):
        return Verdict(False, "backchannel", len(words))
    enough = len(words) >= minimum_words
    return Verdict(enough, "words" if enough else "few-words", len(words))


def is_interruption(text: str, manners: BargeIn) -> bool:
    """Do these words take the floor while the persona tells something?"""
    return judge_words(words_of(text), manners, manners.minimum_words).takes_floor


def has_stop_word(text: str, manners: BargeIn) -> bool:
    """Do these words tell the agent to stop?"""
    return _has_stop_word(f" {' '.join(words_of(text))} ", manners)


def _has_stop_word(said: str, manners: BargeIn) -> bool:
    return any(f" {' '.join(words_of(stop))} " in said for stop in manners.stop_words)


def _without_backchannels(said: str, manners: BargeIn) -> str:
    """What is left of ` w1 w2 … ` once every backchannel, longest first, is taken out."""
    phrases = sorted((" ".join(words_of(phrase)) for phrase in manners.backchannels), key=len, reverse=True)
    for phrase in phrases:
        while phrase and f" {phrase} " in said:
            said = said.replace(f" {phrase} ", " ")
    return said.strip()

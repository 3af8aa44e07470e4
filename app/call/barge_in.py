"""Interruptions: a second table, alive only while the agent speaks.

A sound that may be the caller makes a CANDIDATE. If it lasts, the agent falls silent at once and the candidate is
judged (VALIDATING): by its length, or by its words. ACCEPTED gives the caller the floor; REJECTED gives it back to
the agent, who takes up the sentence where the caller stopped hearing it.
"""

from __future__ import annotations

import re
from enum import StrEnum

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

_WORD = re.compile(r"[\w'-]+")


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


def is_interruption(text: str, manners: BargeIn) -> bool:
    """Do these words take the floor? A stop word does; a backchannel alone, or no word at all, does not."""
    words = _WORD.findall(text.lower())
    if not words:
        return False
    said = f" {' '.join(words)} "
    if has_stop_word(text, manners):
        return True
    if not _without_backchannels(said, manners):
        return False
    return len(words) >= manners.minimum_words


def has_stop_word(text: str, manners: BargeIn) -> bool:
    """Do these words tell the agent to stop?"""
    said = f" {' '.join(_WORD.findall(text.lower()))} "
    return any(f" {' '.join(_WORD.findall(stop))} " in said for stop in manners.stop_words)


def _without_backchannels(said: str, manners: BargeIn) -> str:
    """What is left of ` w1 w2 … ` once every backchannel, longest first, is taken out."""
    phrases = sorted((" ".join(_WORD.findall(b.lower())) for b in manners.backchannels), key=len, reverse=True)
    for phrase in phrases:
        while f" {phrase} " in said:
            said = said.replace(f" {phrase} ", " ")
    return said.strip()

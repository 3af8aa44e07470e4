"""Who may speak: the phases of a call, as one table.

A call greets (GREETING), then listens (WAIT_FOR_USER). When the caller has finished, what they said is turned into
words (VALIDATING_UTTERANCE) and answered (PROCESSING_USER) until the first sound of the answer leaves
(AI_SPEAKING); once it has been heard, or the caller has taken the floor, the call listens again. CLOSING is the
last sentence on its way to the caller's ear, ENDED is the end. Nothing but this table decides; an illegal
transition raises and changes nothing.
"""

from __future__ import annotations

from enum import StrEnum


class Phase(StrEnum):
    """Where a call stands; see the module's docstring."""

    GREETING = "GREETING"
    WAIT_FOR_USER = "WAIT_FOR_USER"
    VALIDATING_UTTERANCE = "VALIDATING_UTTERANCE"
    PROCESSING_USER = "PROCESSING_USER"
    AI_SPEAKING = "AI_SPEAKING"
    CLOSING = "CLOSING"
    ENDED = "ENDED"


_ALWAYS = {Phase.CLOSING, Phase.ENDED}

TRANSITIONS: dict[Phase, frozenset[Phase]] = {
    Phase.GREETING: frozenset({Phase.WAIT_FOR_USER, Phase.AI_SPEAKING} | _ALWAYS),
    Phase.WAIT_FOR_USER: frozenset({Phase.VALIDATING_UTTERANCE, Phase.PROCESSING_USER, Phase.AI_SPEAKING} | _ALWAYS),
    Phase.VALIDATING_UTTERANCE: frozenset({Phase.PROCESSING_USER, Phase.WAIT_FOR_USER} | _ALWAYS),
    Phase.PROCESSING_USER: frozenset({Phase.AI_SPEAKING, Phase.WAIT_FOR_USER} | _ALWAYS),
    Phase.AI_SPEAKING: frozenset({Phase.WAIT_FOR_USER} | _ALWAYS),
    Phase.CLOSING: frozenset({Phase.ENDED}),
    Phase.ENDED: frozenset(),
}


class IllegalTransitionError(RuntimeError):
    """The table does not allow this step; the phase is as it was."""


class PhaseTable:
    """The phase a call is in; `move` is the only way to another."""

    __slots__ = ("phase",)

    def __init__(self) -> None:
        self.phase = Phase.GREETING

    def move(self, to: Phase) -> None:
        """Go to `to`. Raises IllegalTransitionError, and changes nothing, where the table has no such step."""
        if to not in TRANSITIONS[self.phase]:
            raise IllegalTransitionError(f"{self.phase} -> {to} is not in the table of phases")
        self.phase = to


def diagram() -> str:
    """The table as a Mermaid state diagram; the one in docs is drawn from here."""
    lines = ["stateDiagram-v2", f"    [*] --> {Phase.GREETING}"]
    lines += [f"    {a} --> {b}" for a, targets in TRANSITIONS.items() for b in sorted(targets)]
    return "\n".join([*lines, f"    {Phase.ENDED} --> [*]"])

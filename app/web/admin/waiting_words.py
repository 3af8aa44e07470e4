"""How long the agent waited for a turn's end, and why, in the words of the call's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Detail = Mapping[str, Any]

_REASONS = {
    "short-answer": "A short answer was complete.",
    "question": "They asked something.",
    "needs-more": "Their last word needed another after it.",
    "seems-to-lack": "Their last clause seemed to lack something.",
    "closing-words": "They closed with words that people close with.",
    "not-these-words": "The recogniser's words could not be what was heard.",
    "model-end": "Smart Turn held the turn for complete.",
    "model-more": "Smart Turn held the turn for unfinished.",
    "first-half": "They had begun something that has a second half.",
    "hesitation": "They hesitated aloud.",
    "punctuation": "The sentence was not finished.",
    "figures": "They were dictating.",
    "enough-figures": "They had dictated a number.",
    "asks-for-time": "They asked for time.",
    "voice-fell": "Their voice had come down as at an end.",
    "voice-stayed-up": "Their voice had stayed up as if to go on.",
    "own-pauses": "This caller makes long pauses.",
    "fluent": "This caller makes only short pauses.",
}


def turn_ended(detail: Detail) -> tuple[str, str]:
    """What a turn's end is called, and why the agent waited as long as it did."""
    wait_ms, usual_ms = detail.get("wait_ms"), detail.get("usual_ms")
    if not isinstance(wait_ms, int) or not isinstance(usual_ms, int):
        return "The turn was over", ""
    how = "less" if wait_ms < usual_ms else "longer"
    return f"Waited {wait_ms / 1000:.1f} s, {how} than usual", _because(detail)


def pause_kept(detail: Detail) -> tuple[str, str]:
    """What a pause that was waited out is called, and why it was."""
    paused_ms = detail.get("paused_ms")
    length = f" of {paused_ms / 1000:.1f} s" if isinstance(paused_ms, int) else ""
    return f"A pause{length} was waited out", _because(detail)


def _because(detail: Detail) -> str:
    said = [_REASONS[slug] for slug in str(detail.get("why", "")).split() if slug in _REASONS]
    wanted = {"yes-no": "A yes or no was asked for.", "thought": "The question wanted thought."}
    return " ".join([*said, wanted.get(str(detail.get("expects")), "")]).strip()

"""What every flow does alike: say a line again, own up to not having understood, take a key for what it stands for."""

from __future__ import annotations

from app.dialogue.flow import Heard, Message
from app.dialogue.variety import in_turn
from app.dialogue.wording import words
from app.personas.schema import Persona

HELP_AFTER = 3
"""Turns in a row that were not understood; then advice is worth more than another excuse."""


def not_understood(persona: Persona, missed: int) -> str:
    """The line for the `missed`th turn in a row (from 1) of which no word was understood."""
    lines = persona.lines
    if missed >= HELP_AFTER:
        return lines.not_understood_help
    return in_turn((lines.not_understood, *lines.not_understood_more), missed - 1)


def last_line(persona: Persona, said: str, history: tuple[Message, ...]) -> str:
    """What the caller means by "say that again": the last line that they heard and that held anything.

    `said`: the flow's last reply, whole; it stands in for a line of which the caller heard the beginning alone.
    """
    lines = persona.lines
    small = {
        *lines.reprompts,
        *lines.not_understood_more,
        lines.not_understood,
        lines.not_understood_help,
        lines.trouble,
    }
    heard = (message for message in reversed(history) if message.role == "agent" and message.text not in small)
    last = next((message for message in heard if message.text.strip()), None)
    if last is None:
        return said or persona.greeting
    for whole in (said, persona.greeting):
        if whole and last.interrupted and words(whole)[: len(words(last.text))] == words(last.text):
            return whole
    return last.text


def as_said(persona: Persona, heard: Heard) -> str | None:
    """The caller's turn as words: what was said, or what the last known key stands for; None if no key is known."""
    if not heard.digits:
        return heard.text
    return next((persona.keys[key] for key in reversed(heard.digits) if key in persona.keys), None)

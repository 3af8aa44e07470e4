"""The personas of a house, each with its flow, and their questions; checked before anybody can ring."""

from __future__ import annotations

from pathlib import Path

from app.dialogue import flows
from app.dialogue.judging.meaning import Meaning
from app.personas.loader import load_personas, located
from app.personas.questions import Bank, load_questions
from app.runtime.casting import Casting
from app.runtime.transfer_numbers import check_transfers


class CompositionError(Exception):
    """The house cannot be put together as the settings say; one line that says what to do."""


def cast_personas(folder: Path, default: str, meaning: Meaning | None = None) -> tuple[Casting, Bank]:
    """The personas of `folder` with their flows, and their questions. Raises PersonaError or CompositionError.

    `meaning`: for the judge of the interviews."""
    personas = load_personas(folder)
    if default not in personas:
        raise CompositionError(f"DEFAULT_PERSONA: there is no persona {default!r}; there are: {', '.join(personas)}")
    bank = load_questions(folder / "questions")
    with located():
        flows.check(personas, bank, folder)
        check_transfers(personas.values(), folder)
    return Casting.of(personas, default, lambda persona: flows.find(persona.flow)(persona, bank, meaning)), bank

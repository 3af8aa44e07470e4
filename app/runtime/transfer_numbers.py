"""Whether the people whom personas put callers through to may be rung at all."""

from __future__ import annotations

from collections.abc import Iterable

from app.dialling.numbers import NumberRefusedError, checked
from app.personas.problems import PersonaError
from app.personas.schema import Persona


def check_transfers(personas: Iterable[Persona], folder: object) -> None:
    """Raises PersonaError, naming the file and the key, for an emergency service, a dear number, or what is none."""
    for persona in personas:
        if persona.transfer is None:
            continue
        try:
            checked(persona.transfer.number)
        except NumberRefusedError as error:
            raise PersonaError.at(f"{folder}/{persona.id}.yaml", "transfer.number", str(error)) from None

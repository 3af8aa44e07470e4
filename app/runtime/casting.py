"""Who leads a call, and how: each persona with its flow, with what is known of the other side in its lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self

from app.dialogue.flow import Flow
from app.personas.schema import Persona
from app.personas.variables import cleaned, spoken_to

MakeFlow = Callable[[Persona], Flow]


@dataclass(frozen=True, slots=True)
class Role:
    """A persona as it speaks on one call, with its flow. `usual`: as it speaks where nothing is known: its voice and
    its fixed lines are kept under that one, and a name that is said once is not kept at all."""

    persona: Persona
    flow: Flow
    usual: Persona


@dataclass(frozen=True, slots=True)
class Casting:
    """`personas`: as they speak where nothing is known of the other side, with their `flows`; `written`: as they are
    written, with places in their lines. `make`: the flow of a persona."""

    personas: Mapping[str, Persona]
    flows: Mapping[str, Flow]
    default: str
    written: Mapping[str, Persona]
    make: MakeFlow

    @classmethod
    def of(cls, written: Mapping[str, Persona], default: str, make: MakeFlow) -> Self:
        """All of a house. Raises what a flow raises for a persona that it cannot lead."""
        usual = {name: spoken_to(persona, {}) for name, persona in written.items()}
        return cls(usual, {name: make(persona) for name, persona in usual.items()}, default, written, make)

    def persona(self, name: str | None) -> Persona:
        """The persona of that name; the default one for a name that is not (or no longer) known."""
        return self.personas.get(name or self.default) or self.personas[self.default]

    def role(self, name: str | None, variables: Mapping[str, object]) -> Role:
        """The part that this persona plays for whom these variables are about."""
        usual = self.persona(name)
        if not any(map(cleaned, variables.values())):
            return Role(usual, self.flows[usual.id], usual)
        persona = spoken_to(self.written[usual.id], variables)
        return Role(persona, self.make(persona), usual)

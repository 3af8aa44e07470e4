"""What a running call is made of."""

from __future__ import annotations

from dataclasses import dataclass

from app.clock import Clock
from app.dialogue.flow import Beginning, Flow
from app.personas.schema import Persona
from app.runtime.books import CallBooks
from app.runtime.providers import Providers


@dataclass(frozen=True, slots=True)
class CallParts:
    """What a call is made of. `beginning`: where its flow begins, or goes on. `voice`: the persona whose voice and
    fixed lines it has, where `persona` says more than usual."""

    persona: Persona
    flow: Flow
    beginning: Beginning
    providers: Providers
    books: CallBooks
    clock: Clock
    voice: Persona | None = None

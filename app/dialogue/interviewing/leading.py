"""What a persona makes of the engine: its lines, its keys, how sure a recogniser must be, and what it knows itself."""

from __future__ import annotations

from app.dialogue.interviewing.addressing import addressed
from app.dialogue.interviewing.engine import Engine
from app.dialogue.retrieval import index
from app.dialogue.wording import Words
from app.personas.conduct import Conduct
from app.personas.schema import Persona
from app.personas.transfer import Transfer as Person

_A_QUESTION = 0.8
"""How well a turn must fit what the persona knows to be a question of the candidate's rather than an answer."""


def engine_of(persona: Persona, candidate_name: str = "", role: str = "") -> Engine:
    """The engine that leads this persona's interviews by phone."""
    conduct = persona.interview.conduct if persona.interview is not None else Conduct()
    return engine_with(persona, addressed(conduct, candidate_name, role), persona.transfer)


def engine_with(persona: Persona, conduct: Conduct, person: Person | None = None) -> Engine:
    """The persona's engine with lines of its own. `person`: who takes calls over, where there is a call."""
    knows = index(persona.knowledge, persona.name)

    def asked_back(said: Words) -> str:
        match = knows.best(said)
        return match.entry.answer if match and match.score >= _A_QUESTION else ""

    return Engine(conduct, persona.patience.unsure_below, asked_back, person)

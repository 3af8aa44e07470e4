"""An interview's lines as they are written: what speaks of voices, keys and recordings says so differently by text.

A line that a persona words itself stays as it is; only the house's own are replaced.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.dialogue.interviewing.addressing import addressed
from app.dialogue.interviewing.engine import Engine
from app.dialogue.interviewing.leading import engine_with
from app.personas.conduct import Conduct
from app.personas.schema import INTERVIEW, Persona
from app.store.interviews import Candidate

WRITTEN: Mapping[str, str] = MappingProxyType(
    {
        "disclosure": (
            "Before we begin: I am an automated interviewer, a computer and not a person. What you write is kept, and "
            "a person may check it afterwards."
        ),
        "consent": "Do you agree to this, and shall we go on? Please answer yes or no.",
        "consent_again": "I need a clear yes or no. Do you agree that this interview is automated and kept?",
        "refused": "That's all right. There will be no interview then. Goodbye.",
        "not_agreed": "You haven't agreed, so we stop here. You are welcome to come back. Goodbye.",
        "no_person_instead": (
            "I can't put you through to a person, and this interview is led by a computer. So we leave it. Please turn "
            "to the people who invited you. Goodbye."
        ),
        "no_person": "I can't put you through to a person, I'm sorry. To end the interview at any time, write stop.",
        "check": "Take your time. I'm still here. You can also write skip, or ask me to repeat the question.",
        "not_understood": "I'm sorry, I didn't understand that. Could you write it again?",
        "slower": "Of course, in shorter sentences.",
        "stop": "Would you like to end the interview here? Please answer yes or no.",
        "silence": "Nothing has come from you, so I'll stop here for now. Come back, and we go on at this question.",
        "resumed": (
            "Hello again. Our interview broke off, and we take it up where we were. I am still an automated "
            "interviewer, and what you write is still kept."
        ),
        "unknown_key": "There are no keys here. You can write: repeat the question.",
    }
)


def leads_interviews(persona: Persona) -> bool:
    """Whether its interviews can be led by text: the scored ones can, screening talks in stages cannot."""
    return persona.flow == INTERVIEW and persona.interview is not None


def engine_of(persona: Persona, candidate: Candidate) -> Engine:
    """What leads an interview of `candidate` by text. The persona must have an interview section (ValueError)."""
    if persona.interview is None:
        raise ValueError(f"the persona {persona.id!r} leads no interviews")
    return engine_with(_writing(persona), written(persona.interview.conduct, candidate))


def _writing(persona: Persona) -> Persona:
    """The persona, answering as it does in writing."""
    knows = tuple(
        entry.model_copy(update={"answer": entry.written}) if entry.written else entry for entry in persona.knowledge
    )
    return persona.model_copy(update={"knowledge": knows})


def written(conduct: Conduct, candidate: Candidate) -> Conduct:
    """The lines for an interview of `candidate` by text."""
    house = Conduct()
    own = {name: line for name, line in WRITTEN.items() if getattr(conduct, name) == getattr(house, name)}
    return addressed(conduct.model_copy(update=own), candidate.name, candidate.role)

"""A conversation without a call: what the caller does goes in, what the persona says comes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from app.dialogue import flows
from app.dialogue.flow import FlowState, Heard, Message, Plan
from app.personas.loader import load_personas
from app.personas.questions import load_questions
from app.personas.schema import Persona

FOLDER = Path(__file__).parents[2] / "personas"
PERSONAS = load_personas(FOLDER)
BANK = load_questions(FOLDER / "questions")


def answer(persona: Persona, id_: str) -> str:
    return next(entry.answer for entry in persona.knowledge if entry.id == id_)


@dataclass
class Desk:
    """One conversation with `persona`; every plan is committed, and all of it is heard."""

    persona: Persona
    seed: str = "a conversation"
    state: FlowState = None
    history: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.flow = flows.find(self.persona.flow)(self.persona, BANK)
        self.state = self.flow.start(self.seed)
        self.history.append(Message("agent", self.persona.greeting))

    def hears(self, text: str = "", digits: str = "", confidence: float | None = None) -> Plan:
        plan = self.flow.reply(self.state, Heard(text, digits, confidence), tuple(self.history))
        self.state = plan.state
        if text:
            self.history.append(Message("caller", text))
        self.history.append(Message("agent", plan.text))
        return plan

    def says(self, text: str = "", digits: str = "", confidence: float | None = None) -> str:
        """The persona's answer to it."""
        return self.hears(text, digits, confidence).text

    def answer(self, id_: str) -> str:
        return answer(self.persona, id_)

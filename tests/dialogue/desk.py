"""A conversation without a call: what the caller does goes in, what the persona says comes out; no model judges."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from app.dialogue import flows
from app.dialogue.flow import Beginning, FlowState, Heard, Message, Plan
from app.personas.loader import load_personas
from app.personas.questions import load_questions
from app.personas.schema import Persona
from app.personas.variables import spoken_to

FOLDER = Path(__file__).parents[2] / "personas"
PERSONAS = {name: spoken_to(persona, {}) for name, persona in load_personas(FOLDER).items()}
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
        self.state = self.flow.start(Beginning(self.seed))
        opening = self.flow.opening(self.state)
        first = [self.persona.greeting] if opening is None else [opening.greeting, opening.question]
        self.history += [Message("agent", text) for text in first]
        self.state = self.state if opening is None else opening.state

    def hears(self, text: str = "", digits: str = "", confidence: float | None = None) -> Plan:
        return self.takes(Heard(text, digits, confidence))

    def takes(self, heard: Heard) -> Plan:
        """The whole reply to it, as a plan."""
        plan, text = self.flow.reply(self.state, heard, tuple(self.history)), heard.text
        while plan.opinion is not None:
            rest = plan.opinion.go_on(None, "")
            plan = replace(rest, text=f"{plan.text} {rest.text}".strip())
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

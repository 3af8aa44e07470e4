"""The `assistant` flow: answers from what the persona knows, and says so when it does not know.

A turn is looked at for what it wants of the talk (to hear a line again, to end it), then for what it asks about, and
last for what is only polite. Whatever the retrieval finds is the plan's text; a language model, where there is one,
gets the same knowledge, may word the answer itself, and may end the call when the caller is done.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from app.call.completeness import completeness
from app.call.endpointing import Expects
from app.dialogue import intents
from app.dialogue.courtesy import as_said, last_line, not_understood
from app.dialogue.flow import Beginning, Flow, Heard, Message, ModelRequest, Plan, QuestionBank, Tool, Used
from app.dialogue.judging.meaning import Meaning
from app.dialogue.person import asks_for_person, may_want_person, pressed, put_through, put_through_tool, takes_calls
from app.dialogue.retrieval import index
from app.dialogue.variety import in_turn
from app.dialogue.wording import Words, words
from app.personas.schema import Knowledge, Persona

NAME = "assistant"

_MANNER = (
    "You are {name}, on the telephone. Answer in one to three short spoken sentences, without lists or markup. "
    "Use only the knowledge below; if it does not hold the answer, say that you do not know. "
    "Never say that you have done something which you cannot do. "
    "Once the caller wants nothing more, say goodbye in a few words and use the tool end_call in the same reply."
)

_LEAVING = frozenset(
    words(
        """all busy bye call care day done else end enough everything farewell finish finished go going gone got hang
        later leave leaving more must night nothing run see set soon speak stop talk thank time"""
    )
)
"""Words without which nobody takes leave in more than a `_FEW` words."""
_FEW = 3


class EndCall(BaseModel):
    """Nothing needs to be told with it; what a model tells anyway is passed over."""


@dataclass(frozen=True, slots=True)
class AssistantState:
    """`topic`: id of the entry answered last. `said`: the last reply. `offered`: it asked whether there is more.
    `missed`: turns in a row not understood. `unknown`: questions without an answer so far. `waits`:
    moments asked for."""

    topic: str | None = None
    said: str = ""
    offered: bool = False
    missed: int = 0
    unknown: int = 0
    waits: int = 0


class Assistant(Flow):
    """Answers one persona's callers."""

    def __init__(self, persona: Persona, bank: QuestionBank, meaning: Meaning | None = None) -> None:
        self._persona = persona
        self._index = index(persona.knowledge, persona.name)
        self._instructions = _instructions(persona)

    def start(self, beginning: Beginning) -> AssistantState:
        return AssistantState(**(beginning.parked or {}))

    def parked(self, state: AssistantState) -> dict[str, Any]:
        return asdict(state)

    def reply(self, state: AssistantState, heard: Heard, history: tuple[Message, ...]) -> Plan:
        if (menu := pressed(self._persona, heard, replace(state, missed=0), history)) is not None:
            return menu
        text = as_said(self._persona, heard)
        lines = self._persona.lines
        if text is None:
            return _say(lines.unknown_key, replace(state, missed=0))
        said = words(text)
        if not said or self._persona.patience.is_unsure(heard.confidence):
            missed = state.missed + 1
            return Plan(not_understood(self._persona, missed), replace(state, missed=missed))
        state = replace(state, missed=0)
        if intents.REPEAT.meant(said):
            return _say(last_line(self._persona, state.said, history), state)
        if self._ends(state, said):
            return _say(lines.goodbye, state, end=True)
        if asks_for_person(said) and (self._persona.transfer or not self._index.find(text, state.topic)):
            return put_through(self._persona, heard, "key" if heard.digits else "words", state)
        return self._answer(state, heard, text, history)

    def _ends(self, state: AssistantState, said: Words) -> bool:
        refused = state.offered and intents.REFUSED.meant(said)
        return refused or intents.GOODBYE.meant(said) or intents.NOTHING_MORE.meant(said)

    def _answer(self, state: AssistantState, heard: Heard, text: str, history: tuple[Message, ...]) -> Plan:
        lines, said = self._persona.lines, words(text)
        if intents.LISTEN.meant(said):
            return _say(lines.listening, state)
        found = self._index.find(text, state.topic)
        if found:
            model = self._request(history, text, heard.at, stays=True)
            return _say(" ".join(entry.answer for entry in found), replace(state, topic=found[-1].id), model=model)
        if intents.THANKS.meant(said):
            return _say(lines.thanks, state)
        if completeness(text, self._persona.language).kind == "thinking":
            return _say(in_turn(lines.waiting, state.waits), replace(state, waits=state.waits + 1), expects="time")
        if any(small.meant(said) for small in (intents.SOUNDS, intents.WAIT, intents.YES, intents.REFUSED)):
            return _say(lines.listening, state)
        line = in_turn((lines.unknown, *lines.unknown_more), state.unknown)
        asks = completeness(text, self._persona.language).kind == "whole"
        model = self._request(history, text, heard.at, stays=asks or not _may_leave(said))
        return _say(line, replace(state, unknown=state.unknown + 1), model=model)

    def _request(self, history: tuple[Message, ...], text: str, at: str, *, stays: bool) -> ModelRequest:
        """What a model is asked; the caller's turn is its last message, whether or not the history has it already.
        `stays`: they ask or tell something, and so are not about to hang up."""
        turn = Message("caller", text)
        messages = history if history and history[-1] == turn else (*history, turn)
        tools: tuple[Tool, ...] = (_end_call(self._persona.lines.goodbye, stays),)
        person = self._persona.transfer
        if person is not None and takes_calls(person, at):
            tools += (put_through_tool(person.line, not may_want_person(words(text))),)
        return ModelRequest(self._instructions, messages, tools)


def _may_leave(said: Words) -> bool:
    """Might a model hear in this that the caller wants to go? What is plainly said so was understood before."""
    return len(said) <= _FEW or not _LEAVING.isdisjoint(said)


@lru_cache(maxsize=64)
def _end_call(goodbye: str, spare: bool) -> Tool:
    """The one thing that a model may do here. The same tool for the same goodbye, so that plans can be compared."""

    def use(state: AssistantState, _: EndCall) -> Used:
        return Used("The call ends once the goodbye has been heard.", replace(state, said=goodbye), goodbye, end=True)

    return Tool(
        "end_call",
        "Hang up. Only when the caller has said goodbye or wants nothing more; never to get rid of a caller.",
        EndCall,
        use,
        spare,
    )


def _say(
    text: str, state: AssistantState, end: bool = False, model: ModelRequest | None = None, expects: Expects = ""
) -> Plan:
    offered = text.endswith("?") and "else" in words(text)
    return Plan(text, replace(state, said=text, offered=offered), end, model, expects=expects)


def _instructions(persona: Persona) -> str:
    known = [f"- {_title(entry)}: {entry.answer}" for entry in persona.knowledge]
    parts = (
        _MANNER.format(name=persona.name),
        persona.instructions,
        "Knowledge:\n" + "\n".join(known) if known else "",
    )
    return "\n\n".join(part for part in parts if part)


def _title(entry: Knowledge) -> str:
    return entry.ask[0]


FLOW = Assistant

"""What a flow is: a pure function from what the caller did to what the persona says next.

A flow never speaks and never waits. It is asked for a `Plan`; the plan's `state` becomes the flow's state only when the
turn is committed (its reply begins to sound), so that a reply thrown away because the caller went on leaves no trace.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from pydantic import BaseModel

from app.call.endpointing import Expects
from app.call.events import Voicemail
from app.dialogue.interviewing.asked import Banked
from app.dialogue.interviewing.session import Session
from app.dialogue.judging.meaning import Meaning
from app.personas.schema import Persona

Transfer = Literal["", "words", "key", "model"]
"""What asked for a person to take the call over; empty where nothing did."""

FlowState = Any
"""Opaque to everyone but its flow; immutable."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a conversation begins with. `seed`, the conversation's id, settles every choice for good. `kept`: the
    interview that is led in it, new or taken up again; None where none is kept. `variables`: what is known of whom the
    call is for (`app.personas.variables`). `voicemail`: what becomes of a machine that answers; empty where nobody
    needs to find out who it was that answered.

    `returned`: nobody took the call over from us, it has come back, and this is said to that. What was `before` is part
    of the talk then, and `parked` is what the flow gave of its state when the call left.
    """

    seed: str
    kept: Session | None = None
    candidate_name: str = ""
    role: str = ""
    variables: Mapping[str, object] = field(default_factory=dict)
    voicemail: Voicemail = ""
    returned: str = ""
    parked: Mapping[str, Any] | None = None
    before: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """Words as they stand in one line of the transcript; `segment` finds it again."""

    text: str
    segment: str = ""
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What the caller did in one turn: words, or keys pressed (`digits` of `0-9*#`), or nothing (`silent`: for as long
    as the last plan's `think_s`).

    `lines`: the same words by lines of the transcript, where there is one; mostly a single one. `at`: the moment, as
    ISO 8601 in UTC.
    """

    text: str = ""
    digits: str = ""
    confidence: float | None = None
    elapsed_s: float | None = None
    """Seconds since the call began, where there is a call: a flow reads no clock."""
    lines: tuple[Line, ...] = ()
    at: str = ""
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A line of the talk so far, as it was heard: what the agent queued but the caller never heard is not in it."""

    role: Literal["agent", "caller"]
    text: str
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class Used:
    """What came of using a tool. `told`: the result as the model is told it. `state`: the flow's from now on.

    `say`: the words for a caller to whom the model said nothing beside. `end`: the call is over after the reply.
    `ask_again`: the model words the reply with what it was told; else the reply is complete. `transfer`: after the
    reply a person takes the call over.
    """

    told: str
    state: FlowState
    say: str = ""
    end: bool = False
    ask_again: bool = False
    transfer: Transfer = ""


@dataclass(frozen=True, slots=True)
class Tool:
    """Something that a model may do in a talk. `arguments`: its form; `use(state, arguments)` is pure.

    It is used once the model asked for it, and what it changed holds once the turn is committed, like a plan's state.
    `spare`: for this turn, a reply without it is as good; so that one can be asked for before the turn is over, when no
    tool may be used.
    """

    name: str
    description: str
    arguments: type[BaseModel]
    use: Callable[[FlowState, Any], Used]
    spare: bool = False


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A model wants a tool. `arguments`: JSON as the model wrote it; nobody has looked at it yet."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a model is told about its call."""

    call: ToolCall
    told: str


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """What a language model is asked, when one may word the reply better than the flow's own text.

    `results`: of tools that it has already asked for in this turn.
    """

    instructions: str
    messages: tuple[Message, ...]
    tools: tuple[Tool, ...] = ()
    results: tuple[ToolResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """What a model's complete reply comes to. `state`: the flow's from now on. `say`: words to be said behind the
    model's own. `end`: the call is over after the reply. `note`: a slug of what is worth knowing of it on the call's
    page."""

    state: FlowState
    say: str = ""
    end: bool = False
    note: str = ""


Settle = Callable[[FlowState, str, tuple[str, ...]], Settled]
"""Takes the state as the plan and its tools left it, the words that were said, and the marks that stood in `<<<…>>>`
between them, which nobody heard. Pure."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a judge must say before the rest of a reply is known.

    `go_on`: takes the form as the model filled it in and the model's name, or None and "" if none did; gives the rest.
    Pure. `heavy`: without a form it takes tenths of a second of the processor, and belongs on a thread.
    """

    request: ModelRequest
    form: type[BaseModel]
    go_on: Callable[[BaseModel | None, str], Plan]
    heavy: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """What a flow says first on a call: `greeting` to its end whatever the caller does, then `question`."""

    greeting: str
    question: str
    state: FlowState
    expects: Expects = ""
    think_s: float | None = None
    slow: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer to one turn.

    `text`: the flow's own words; always there, spoken as they are when `model` is None or no model answers.
    `end`: say this, then goodbye is done: the call ends when it has been heard.
    `settle`: asked once a model's reply is complete, if it said or marked anything; not for one that broke off.
    `expects`: what the caller is to answer; empty where the flow does not know, and the words will tell.
    `think_s`: for how long they may be silent; then the flow is asked again, with `Heard.silent`. None: the persona's
    reprompts are its answer to silence.
    `opinion`: what a judge must say first; `text` may be said meanwhile, the plan that it leads to is the rest.
    `slow`: the caller wants to be spoken to slowly, from this reply on.
    `transfer`: say this, then a person takes the call over; only where the persona names one.
    """

    text: str
    state: FlowState
    end: bool = False
    model: ModelRequest | None = None
    settle: Settle | None = None
    expects: Expects = ""
    think_s: float | None = None
    opinion: Opinion | None = None
    slow: bool = False
    transfer: Transfer = ""

    def without_tools(self) -> Plan | None:
        """The same, of a model that may do nothing but speak; None if the reply would be worse for it."""
        if self.model is None or not self.model.tools:
            return self
        spare = all(tool.spare for tool in self.model.tools)
        return replace(self, model=replace(self.model, tools=())) if spare else None


class Flow(Protocol):
    """A dialogue flow for one persona. Modules in this package expose `FLOW: type[Flow]` and `NAME: str`.

    What a flow that inherits from this class leaves out is as it is for a talk that begins and ends with its call.
    """

    def __init__(self, persona: Persona, bank: QuestionBank, meaning: Meaning | None = None) -> None: ...

    def start(self, beginning: Beginning) -> FlowState:
        """The state of a conversation as a call begins."""

    def opening(self, state: FlowState) -> Opening | None:
        """What to say first; None for the persona's greeting alone."""
        return None

    def reply(self, state: FlowState, heard: Heard, history: tuple[Message, ...]) -> Plan:
        """What to say to `heard`, and the state that holds once it is being said."""

    def broke_off(self, state: FlowState, heard: Heard, history: tuple[Message, ...]) -> FlowState:
        """The call is over. `heard`: what was said and is without an answer; it may be nothing."""
        return state

    def kept(self, state: FlowState) -> Session | None:
        """What of it outlives the call."""
        return None

    def parked(self, state: FlowState) -> dict[str, Any] | None:
        """What of it (JSON) goes on if the call leaves us for a person and comes back; None: nothing."""
        return None

    def may_be_recorded(self, state: FlowState) -> bool:
        """Has the caller agreed to what needs their agreement?"""
        return True


class QuestionBank(Protocol):
    """Questions by topic, in the bank's order."""

    def questions(self, topic: str) -> tuple[str, ...]: ...

    def items(self, topic: str) -> Sequence[Banked]: ...

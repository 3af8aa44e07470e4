"""The `interview` flow: asks questions of the bank in turn, acknowledges the answers, and closes.

First the candidate is asked (by the greeting) whether they are ready; then come the questions, easier ones first. The
same conversation id always gives the same questions and the same acknowledgements. What a candidate says of the talk
itself (again, skip, a moment, stop) is told from an answer by being short: an answer may hold any of these words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from app.call.endpointing import Expects
from app.dialogue import intents
from app.dialogue.courtesy import as_said, last_line, not_understood
from app.dialogue.flow import Heard, Message, Plan, QuestionBank
from app.dialogue.retrieval import index
from app.dialogue.variety import in_turn, spread
from app.dialogue.wording import Words, words
from app.personas.problems import PersonaError
from app.personas.schema import Interview, Persona

NAME = "interview"

_UNCLEAR = 3
"""Turns in a row that are neither yes nor no, or no answer; then the interview goes on all the same."""
_ASKED_TO_REPEAT = 1
"""How often a candidate is asked to repeat an answer that was not understood."""
_FEW = 3
"""Fewer words than this are taken only from a recogniser that is sure of them; more are an answer, if an
unverified one."""
_ASIDE = 0.8
"""How well a turn must fit what the persona knows to be a question of the candidate's rather than an answer."""


@dataclass(frozen=True, slots=True)
class InterviewState:
    """`questions`: all that will be asked. `asked`: how many have been. `waits`: moments asked for so far. `unclear`:
    turns in a row that led nowhere. `missed`: turns in a row not understood. `seed`: the conversation's id."""

    seed: str
    questions: tuple[str, ...]
    phase: Literal["ready", "asking", "over"] = "ready"
    asked: int = 0
    waits: int = 0
    unclear: int = 0
    missed: int = 0
    said: str = ""

    @property
    def question(self) -> str:
        """The question that is open; empty before the first."""
        return self.questions[self.asked - 1] if self.asked else ""


class Interviewer:
    """Leads one persona's interviews. Raises PersonaError if its topic has too few questions."""

    def __init__(self, persona: Persona, bank: QuestionBank) -> None:
        if persona.interview is None:
            raise PersonaError.at(f"personas/{persona.id}.yaml", "interview", "is missing; the flow needs the section")
        self._persona = persona
        self._manner: Interview = persona.interview
        self._bank = bank.questions(self._manner.topic)
        self._index = index(persona.knowledge, persona.name)
        if len(self._bank) < self._manner.questions:
            text = f"wants {self._manner.questions}, but topic {self._manner.topic!r} of the bank has {len(self._bank)}"
            raise PersonaError.at(
                f"personas/{persona.id}.yaml", "interview.questions", f"{text}; ask fewer or add some"
            )

    def start(self, seed: str) -> InterviewState:
        return InterviewState(seed, spread(self._bank, self._manner.questions, seed))

    def reply(self, state: InterviewState, heard: Heard, history: tuple[Message, ...]) -> Plan:
        text = as_said(self._persona, heard)
        if text is None:
            return _say(self._persona.lines.unknown_key, replace(state, missed=0))
        if state.phase == "over":
            return self._end(state, self._manner.stopped)
        said = words(text)
        if len(said) < _FEW and (not said or self._persona.patience.is_unsure(heard.confidence)):
            return self._missed(state)
        state = replace(state, missed=0)
        if intents.GOODBYE.meant(said) or intents.STOP.meant(said):
            return self._end(state, self._manner.stopped)
        if state.phase == "asking":
            return self._asking(state, said)
        return self._ready(state, text, said, history)

    def _missed(self, state: InterviewState) -> Plan:
        """Nothing was understood. An answer that stays so is kept in the recording; asking for it thrice helps
        nobody."""
        missed = state.missed + 1
        if state.phase == "asking" and missed > _ASKED_TO_REPEAT:
            lead = in_turn(self._manner.acknowledgements, state.asked, state.seed, "acknowledgement")
            return self._next(replace(state, missed=0), lead)
        return Plan(not_understood(self._persona, missed), replace(state, missed=missed))

    def _ready(self, state: InterviewState, text: str, said: Words, history: tuple[Message, ...]) -> Plan:
        """Before the first question: begin, wait, or answer what the candidate asks about the interview."""
        if intents.REPEAT.meant(said) or intents.REPEAT_QUESTION.meant(said):
            return _say(last_line(self._persona, state.said, history), state)
        found = self._question_of(said, text)
        if found:
            text = f"{found} {in_turn(self._manner.ask_ready, state.unclear)}"
            return _say(text, replace(state, unclear=0), expects="yes-no")
        if intents.NO.meant(said) or intents.WAIT.meant(said):
            return self._wait(state)
        if intents.YES.meant(said) or state.unclear + 1 >= _UNCLEAR:
            return self._next(state, self._manner.opening)
        text = in_turn(self._manner.ask_ready, state.unclear)
        return _say(text, replace(state, unclear=state.unclear + 1), expects="yes-no")

    def _question_of(self, said: Words, text: str) -> str:
        """The answer to what the candidate asks before the start; a plain yes, no or wait asks nothing."""
        if any(small.plain(said) for small in (intents.YES, intents.NO, intents.WAIT)):
            return ""
        return " ".join(entry.answer for entry in self._index.find(text))

    def _asking(self, state: InterviewState, said: Words) -> Plan:
        """While a question is open: what is no remark on the talk itself is the answer."""
        if intents.REPEAT_QUESTION.meant(said) or intents.REPEAT.meant(said):
            return _say(f"{self._manner.again} {state.question}", replace(state, unclear=0), expects="thought")
        if intents.SKIP.meant(said) or intents.NOT_KNOWN.meant(said):
            return self._next(state, in_turn(self._manner.moving_on, state.asked, state.seed, "moving on"))
        if intents.WAIT.meant(said):
            return self._wait(state)
        if intents.SOUNDS.meant(said) and state.unclear + 1 < _UNCLEAR:
            return self._nudge(state)
        aside = self._aside(said)
        if aside:
            text = f"{aside} {self._manner.again} {state.question}"
            return _say(text, replace(state, unclear=0), expects="thought")
        return self._next(state, in_turn(self._manner.acknowledgements, state.asked, state.seed, "acknowledgement"))

    def _aside(self, said: Words) -> str:
        """The answer to what is plainly a question of the candidate's own; empty for anything else."""
        match = self._index.best(said)
        return match.entry.answer if match and match.score >= _ASIDE else ""

    def _wait(self, state: InterviewState) -> Plan:
        text = in_turn(self._manner.waiting, state.waits)
        return _say(text, replace(state, waits=state.waits + 1, unclear=0), expects="time")

    def _nudge(self, state: InterviewState) -> Plan:
        """After a bare "um" or "okay": room to think at first, then the question again."""
        text = f"{self._manner.again} {state.question}" if state.unclear else self._persona.lines.listening
        return _say(text, replace(state, unclear=state.unclear + 1), expects="thought")

    def _next(self, state: InterviewState, lead: str) -> Plan:
        """`lead`, then the next question, or the closing after the last."""
        if state.asked >= len(state.questions):
            return self._end(state, f"{lead} {self._manner.closing}")
        asking = replace(state, phase="asking", asked=state.asked + 1, unclear=0)
        return _say(f"{lead} {asking.question}", asking, expects="thought")

    def _end(self, state: InterviewState, text: str) -> Plan:
        return _say(text, replace(state, phase="over"), end=True)


def _say(text: str, state: InterviewState, end: bool = False, expects: Expects = "") -> Plan:
    return Plan(text, replace(state, said=text), end, expects=expects)


FLOW = Interviewer

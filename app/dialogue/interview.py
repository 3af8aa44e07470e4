"""The `interview` flow: the scored interview of `app.dialogue.interviewing`, led over a telephone.

The engine decides what an interview does; this module tells it what happened on the line, and makes plans of its steps.
What is its own is the difference between said and heard: a question of which the caller has not heard half is not what
they answer. Words over an acknowledgement belong to the answer before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pydantic import BaseModel

from app.call.endpointing import Expects
from app.dialogue.choosing import check_counts
from app.dialogue.flow import Beginning, Flow, Heard, Message, Opening, Opinion, Plan, QuestionBank
from app.dialogue.interviewing.asked import as_asked
from app.dialogue.interviewing.engine import Engine
from app.dialogue.interviewing.happening import BrokenOff, Judged, Resumed, Start, Timeout, UserTurn, Words
from app.dialogue.interviewing.leading import engine_of
from app.dialogue.interviewing.life import Phase
from app.dialogue.interviewing.session import Session, begin
from app.dialogue.interviewing.step import JudgementRequest, Piece, Step
from app.dialogue.judging import model
from app.dialogue.judging.meaning import Meaning
from app.dialogue.variety import in_turn
from app.dialogue.wording import words
from app.personas.problems import PersonaError
from app.personas.schema import Persona

NAME = STAGE = "interview"

_EXPECTS: Mapping[str, Expects] = {"quick": "yes-no", "thought": "thought", "normal": "time"}
_PUTS = frozenset({"question", "hint", "repeat"})
"""Pieces that ask for an answer."""
AGAIN_S = 1.0
"""Of silence, where there is nothing for the candidate to do: an interview that is over, or a reply that died."""
_GONE = frozenset({Phase.NEW, Phase.PAUSED, Phase.OVER})


@dataclass(frozen=True, slots=True)
class InterviewState:
    """`said`: the last reply, whole. `must_hear`: words of it that must have been heard for its question to be asked.
    `before`: the session with the answer that this reply acknowledges, for as long as more may be added to it.
    `returned`: the caller was with us just now."""

    session: Session
    candidate_name: str = ""
    role: str = ""
    said: str = ""
    must_hear: int = 0
    before: Session | None = None
    returned: bool = False

    def becomes(
        self, session: Session, pieces: tuple[Piece, ...] = (), before: Session | None = None
    ) -> InterviewState:
        """Once `pieces` are being said."""
        return replace(self, session=session, said=_text(pieces), must_hear=_must_hear(pieces), before=before)


@dataclass(frozen=True, slots=True)
class Judging:
    """What comes behind the judge's word. `said`: what the candidate hears already."""

    state: InterviewState
    asked: JudgementRequest
    said: tuple[Piece, ...]
    engine: Engine = field(compare=False)
    meaning: Meaning | None = field(default=None, compare=False)

    def __call__(self, form: BaseModel | None, name: str) -> Plan:
        """The rest of the reply. `form`: as a model, `name`, filled it in; None: nobody did."""
        asked, said = self.asked, self.said
        if isinstance(form, model.JudgementForm):
            judged = Judged(asked.number, model.read(form, asked.question, asked.answer, name))
        else:
            judged = asked.offline(self.meaning)
        step = self.engine.handle(self.state.session, judged)
        rest = step.pieces[len(said) :] if step.pieces[: len(said)] == said else step.pieces
        plan = _plan(replace(step, pieces=rest), self.state)
        return replace(plan, state=self.state.becomes(step.session, (*said, *rest), before=self.state.session))


class Interviewer(Flow):
    """Leads one persona's interviews. Raises PersonaError if its topic has too few questions. `meaning`: for the judge
    that needs nobody, beside the words."""

    def __init__(self, persona: Persona, bank: QuestionBank, meaning: Meaning | None = None) -> None:
        where = f"personas/{persona.id}.yaml"
        if persona.interview is None:
            raise PersonaError.at(where, "interview", "is missing; the flow needs the section")
        self._persona = persona
        self._meaning = meaning
        self._manner = persona.interview
        self._nameless = engine_of(persona)
        self._questions = tuple(map(as_asked, bank.items(self._manner.topic)))
        try:
            check_counts(self._questions, self._manner.counts, self._manner.topic)
        except ValueError as error:
            raise PersonaError.at(where, "interview.counts", str(error)) from None

    def start(self, beginning: Beginning) -> InterviewState:
        session = beginning.kept
        if session is None:
            manner = self._manner
            session = begin(beginning.seed, STAGE, self._questions, (), manner.counts, topic=manner.topic)
        returned = bool(beginning.returned)
        return InterviewState(session, beginning.candidate_name, beginning.role, returned=returned)

    def _engine(self, state: InterviewState) -> Engine:
        """The one that knows this candidate's name."""
        if not (state.candidate_name or state.role):
            return self._nameless
        return engine_of(self._persona, state.candidate_name, state.role)

    def opening(self, state: InterviewState) -> Opening:
        """The disclosure and the question of consent; or, on a call that takes an interview up again, that it does, and
        the question in hand."""
        session, engine = state.session, self._engine(state)
        if session.phase is Phase.OVER:
            return Opening(self._persona.greeting, engine.conduct.closing, state, think_s=AGAIN_S)
        step = engine.handle(session, Start() if session.phase is Phase.NEW else Resumed())
        pieces = step.pieces
        if step.judge is not None:  # nobody waits before a greeting: for a model, or for what words alone do not tell
            step = engine.handle(step.session, step.judge.offline())
            pieces += step.pieces
        first = [piece.text for piece in pieces if piece.to_its_end]
        rest = tuple(piece for piece in pieces if not piece.to_its_end)
        if session.consent is None and not state.returned:
            first.insert(0, self._persona.greeting)
        expects, think_s = _expected(step)
        return Opening(" ".join(first), _text(rest), state.becomes(step.session, rest), expects, think_s, step.slow)

    def reply(self, state: InterviewState, heard: Heard, history: tuple[Message, ...]) -> Plan:
        reached = _words_heard(state.said, history) >= state.must_hear
        session = state.session if reached or state.before is None else state.before
        engine = self._engine(state)
        if session.phase in _GONE:
            return Plan(engine.conduct.stopped, state, end=True)
        pending = engine.pending(session)
        if heard.silent and pending is not None:
            return self._judging(Step(session), pending, state)
        words_alone = not heard.silent and not heard.digits
        if words_alone and not reached and pending is None and session.phase is Phase.ASKING:
            return _plan(engine.again(session), state)
        happening = Timeout() if heard.silent else UserTurn(_words(heard), heard.digits, heard.at)
        step = engine.handle(session, happening)
        if step.judge is not None:
            return self._judging(step, step.judge, state)
        plan = _plan(step, state)
        return replace(plan, transfer="key" if heard.digits else "words") if step.transfer else plan

    def _judging(self, step: Step, asked: JudgementRequest, state: InterviewState) -> Plan:
        """An answer is complete. The acknowledgement is the same whatever it was worth, so it is said while the judge
        thinks."""
        session, engine = step.session, self._engine(state)
        lines = engine.conduct.acknowledgements
        pieces = step.pieces or (
            Piece("acknowledgement", in_turn(lines, session.said, session.conversation, "acknowledgement")),
        )
        waiting = replace(state.becomes(session, pieces), must_hear=0)
        request, form = model.ask(asked.question, asked.answer)
        go_on = Judging(waiting, asked, pieces, engine, self._meaning)
        opinion = Opinion(request, form, go_on, heavy=self._meaning is not None)
        return Plan(_text(pieces), waiting, think_s=AGAIN_S, opinion=opinion, slow=step.slow)

    def broke_off(self, state: InterviewState, heard: Heard, history: tuple[Message, ...]) -> InterviewState:
        session = state.session
        if state.before is not None and _words_heard(state.said, history) < state.must_hear:
            session = state.before
        if session.phase in _GONE:
            return replace(state, session=session)
        return state.becomes(self._engine(state).handle(session, BrokenOff(_words(heard))).session)

    def kept(self, state: InterviewState) -> Session:
        return state.session

    def may_be_recorded(self, state: InterviewState) -> bool:
        consent = state.session.consent
        return consent is not None and consent.agreed


def _plan(step: Step, state: InterviewState) -> Plan:
    expects, think_s = _expected(step)
    now = state.becomes(step.session, step.pieces)
    return Plan(step.text, now, step.end, expects=expects, think_s=think_s, slow=step.slow)


def _expected(step: Step) -> tuple[Expects, float | None]:
    return ("", None) if step.expected is None else (_EXPECTS[step.expected.kind], step.expected.think_s)


def _words(heard: Heard) -> tuple[Words, ...]:
    if heard.lines:
        return tuple(Words(line.text, line.segment, line.confidence) for line in heard.lines)
    return (Words(heard.text, "", heard.confidence),) if heard.text else ()


def _text(pieces: tuple[Piece, ...]) -> str:
    return " ".join(piece.text for piece in pieces)


def _must_hear(pieces: tuple[Piece, ...]) -> int:
    """Words until half of what asks for an answer has been said; nought if nothing does."""
    last = next((place for place in reversed(range(len(pieces))) if pieces[place].kind in _PUTS), None)
    if last is None:
        return 0
    return len(words(_text(pieces[:last]))) + len(words(pieces[last].text)) // 2


def _words_heard(said: str, history: tuple[Message, ...]) -> int:
    """How many words of `said` the caller has heard."""
    whole = words(said)
    for message in reversed(history):
        heard = words(message.text)
        if message.role == "agent" and heard and whole[: len(heard)] == heard:
            return len(heard)
    return 0


FLOW = Interviewer

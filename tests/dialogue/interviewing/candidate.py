"""A scripted candidate: what they do goes in, what the interviewer says comes out.

Before everything that happens the session is written down and read again; both must do the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from app.dialogue.interviewing.asked import AskedQuestion, as_asked
from app.dialogue.interviewing.engine import Engine
from app.dialogue.interviewing.happening import BrokenOff, Happening, Judged, Resumed, Start, Timeout, Words, turn
from app.dialogue.interviewing.kept import dump, load
from app.dialogue.interviewing.record import Record
from app.dialogue.interviewing.session import Session, begin
from app.dialogue.interviewing.step import JudgementRequest, Step
from app.dialogue.judging.judgement import Coverage, Judgement, PointVerdict, Quote
from app.dialogue.judging.points import Verdict
from tests.dialogue.desk import BANK

OFFERED = tuple(as_asked(question, version=3) for question in BANK.items("python"))
MODEL_ANSWERS = {question.id: question.model_answer for question in BANK.items("python")}
ANSWER = "well the way that my team handled this was with a spreadsheet that somebody filled in every Friday"
"""Words that are an answer, and no good one to any question."""


def judgement(question: AskedQuestion, verdict: Verdict) -> Judgement:
    """One with that verdict: of all key points, the first alone, or none."""
    count = {Verdict.CORRECT: len(question.key_points), Verdict.PARTIAL: 1}.get(verdict, 0)
    quote = Quote("well", 0, 0, 4)
    points = tuple(
        PointVerdict(point.id, Coverage.COVERED, "quoted", quote)
        if place < count
        else PointVerdict(point.id, Coverage.MISSED, "not-said")
        for place, point in enumerate(question.key_points)
    )
    return Judgement(question.id, verdict, points, "test", "1")


@dataclass
class Interview:
    """One interview. `asked`: the ids of the questions that were put, each as often as it was. `spoken`: all lines."""

    conversation: str = "a conversation"
    engine: Engine = field(default_factory=Engine)
    offered: tuple[AskedQuestion, ...] = OFFERED
    steps: list[Step] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.session = begin(self.conversation, "interview", self.offered, topic="python")

    @property
    def step(self) -> Step:
        return self.steps[-1]

    @property
    def record(self) -> Record:
        return self.session.record

    def kinds(self) -> list[str]:
        return [piece.kind for piece in self.step.pieces]

    def happens(self, happening: Happening) -> Step:
        kept = load(dump(self.session))
        assert kept == self.session
        before = dump(self.session)
        step = self.engine.handle(self.session, happening)
        assert dump(self.session) == before, "a session never changes"
        assert self.engine.handle(kept, happening) == step, "what was kept has the same future"
        assert sum((step.expected is not None, step.judge is not None, step.end)) == 1, "one thing comes next"
        assert step.end or step.judge or step.pieces, "nobody is left in silence"
        self.session = step.session
        self.steps.append(step)
        texts = {question.text: question.id for question in self.offered}
        self.asked += [texts[piece.text] for piece in step.pieces if piece.kind == "question"]
        return step

    def begins(self) -> Interview:
        """Started, and agreed to: the first question is open."""
        self.happens(Start())
        self.happens(turn("yes, I agree"))
        return self

    def says(self, text: str = "", verdict: Verdict | None = None, **more: object) -> str:
        """What the interviewer says to it. With a `verdict` the judge finds so; else the offline judge decides."""
        step = self.happens(turn(text, **more))  # type: ignore[arg-type]
        return self.is_judged(step.judge, verdict).text if step.judge else step.text

    def is_judged(self, request: JudgementRequest, verdict: Verdict | None = None) -> Step:
        told = Judged(request.number, judgement(request.question, verdict)) if verdict else request.offline()
        return self.happens(told)

    def presses(self, digits: str) -> str:
        return self.says(digits=digits)

    def answers(self, *verdicts: Verdict) -> None:
        """The question in hand, with what the judge finds each time."""
        for verdict in verdicts:
            self.says("I don't know" if verdict is Verdict.NOT_KNOWN else ANSWER, verdict)

    def is_silent(self) -> str:
        return self.happens(Timeout()).text

    def breaks_off(self, half: str = "") -> None:
        self.happens(BrokenOff((Words(half, "half"),) if half else ()))

    def returns(self) -> str:
        return self.happens(Resumed()).text

    def points(self) -> list[int | None]:
        return [record.points for record in self.session.records]


def ids(session: Session) -> list[str]:
    return [record.question.id for record in session.records]

"""A step in the making. The session that it started from stays as it is, so that a step which raises has done
nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from app.dialogue.interviewing.life import OF_INTERVIEW, OF_QUESTION, moved
from app.dialogue.interviewing.record import Record
from app.dialogue.interviewing.saying import in_short
from app.dialogue.interviewing.session import Over, Session
from app.dialogue.interviewing.step import Expected, JudgementRequest, Piece, PieceKind, Step
from app.dialogue.variety import in_turn
from app.personas.conduct import Conduct

QUICK_S = 8.0
"""Silence that a yes or no may take before its first word: as much as the bank gives for a question by default."""
NORMAL_S = 10.0
LONGEST_THINK_S = 120.0
"""However often more time is asked for: a line that is silent for longer is mostly one that nobody is at."""


class Draft:
    """`session`: as it is so far. `conduct`: the lines."""

    def __init__(self, session: Session, conduct: Conduct) -> None:
        self.session = session
        self.conduct = conduct
        self._pieces: list[Piece] = []
        self._expected: Expected | None = None
        self._judge: JudgementRequest | None = None
        self._end = False
        self._transfer = False

    def step(self) -> Step:
        """What came of it."""
        return Step(self.session, tuple(self._pieces), self._expected, self._judge, self._end, self._transfer)

    # what changes

    def change(self, **fields: Any) -> None:
        """Fields of the session."""
        self.session = replace(self.session, **fields)

    def phase(self, cause: str) -> None:
        """Move on. Raises OutOfOrderError if the table does not have it."""
        self.change(phase=moved(OF_INTERVIEW, self.session.phase, cause))

    @property
    def record(self) -> Record:
        return self.session.record

    def note(self, *, at: int | None = None, **fields: Any) -> None:
        """Fields of the record that the candidate is at, or of the one at `at`."""
        place = self.session.current if at is None else at
        records = self.session.records
        changed = replace(records[place], **fields)
        self.change(records=(*records[:place], changed, *records[place + 1 :]))

    def live(self, cause: str) -> None:
        """Move the question that the candidate is at. Raises OutOfOrderError if the table does not have it."""
        self.note(life=moved(OF_QUESTION, self.record.life, cause))

    # what is said

    def say(self, kind: PieceKind, text: str, *, to_its_end: bool = False) -> None:
        self._pieces.append(Piece(kind, text, to_its_end))

    def say_of(self, kind: PieceKind, lines: Sequence[str], purpose: str) -> None:
        """One of `lines`; they take turns, and the conversation settles which comes first."""
        self.say(kind, in_turn(lines, self.session.said, self.session.conversation, purpose))
        self.change(said=self.session.said + 1)

    def put(self, *, again: bool = False) -> None:
        """The question that the candidate is at, with the hint that they have had, and time to think."""
        record = self.record
        if record.hints and record.next_kind == "hinted":
            self.say("hint", self._worded(record.question.hint, again))
        self.say("repeat" if again else "question", self._worded(record.question.text, again))
        self.think()

    def _worded(self, text: str, again: bool) -> str:
        return in_short(text) if again and self.session.slow else text

    # what is expected

    def think(self) -> None:
        """An answer, for which the question gives time; twice as much whenever more was asked for."""
        think_s = self.record.question.think_s * 2**self.record.stretched
        self._expected = Expected("thought", min(think_s, max(LONGEST_THINK_S, self.record.question.think_s)))

    def quick(self) -> None:
        """A yes or a no."""
        self._expected = Expected("quick", QUICK_S)

    def normal(self) -> None:
        """That the candidate goes on with what they said they would."""
        self._expected = Expected("normal", NORMAL_S)

    def judge(self) -> None:
        """Ask for a judgement of the last attempt. The number stays as it is: a new one is made with `change`."""
        record = self.record
        self._judge = JudgementRequest(self.session.request, record.question, record.attempts[-1].said)

    def finish(self, over: Over, line: str) -> None:
        """The interview is over, for good."""
        self.phase("end")
        self.change(over=over)
        self.say("closing", line)
        self._end = True

    def break_off(self, line: str = "") -> None:
        """The talk is over, the interview is not."""
        self.phase("break off")
        if line:
            self.say("closing", line)
        self._end = True

    def hand_over(self, line: str) -> None:
        """A person takes the call over; the interview waits, should it come back."""
        self.phase("break off")
        self.say("closing", line)
        self._transfer = True

"""The answer to one event of an interview by text: what the agent says, and what it waits for then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import TypeAdapter

from app.dialogue.interviewing.life import Phase
from app.dialogue.interviewing.session import Session
from app.dialogue.interviewing.step import Expected, Piece


@dataclass(frozen=True, slots=True)
class Line:
    """Something that the agent says. `kind`: `greeting`, or what the engine calls it."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Awaited:
    """What the candidate is to do: a yes or no (`quick`), go on (`normal`), or think first (`thought`). After
    `think_s` seconds without a word a timeout may be told."""

    kind: Literal["quick", "normal", "thought"]
    think_s: float


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an interview is. `over`: how it ended, empty before. `question`: number of the one in hand, from 1; None
    before the first. `expects`: None where nothing is expected: it has not begun, is paused or over."""

    phase: str
    over: str
    question: int | None
    questions: int
    expects: Awaited | None = None

    @classmethod
    def of(cls, session: Session, expects: Awaited | None = None) -> Standing:
        """Of an interview, of which a turn has said what it expects."""
        at = session.current
        over = session.over if session.phase is Phase.OVER else ""
        return cls(session.phase.value, over, at + 1 if at >= 0 else None, len(session.records), expects)

    @property
    def is_over(self) -> bool:
        """Nothing more can come of it."""
        return self.phase == Phase.OVER.value

    @property
    def waits(self) -> bool:
        """It wants to be started, or taken up again, before anything else."""
        return self.phase in (Phase.NEW.value, Phase.PAUSED.value)


@dataclass(frozen=True, slots=True)
class Reply:
    """`lines`: to be read in order."""

    lines: tuple[Line, ...]
    standing: Standing

    def as_json(self) -> dict[str, Any]:
        """To be kept; `reply_from` gives the same again."""
        kept: dict[str, Any] = _REPLY.dump_python(self, mode="json")
        return kept


_REPLY = TypeAdapter(Reply)


def reply_from(kept: dict[str, Any]) -> Reply:
    """What was kept. Raises pydantic's ValidationError for what is none."""
    return _REPLY.validate_python(kept)


def reply_of(session: Session, pieces: Iterable[Piece], expected: Expected | None, greeting: str = "") -> Reply:
    """The answer that steps of the engine come to: all their `pieces`, and what the last of them expects."""
    lines = [Line("greeting", greeting)] if greeting else []
    lines += [Line(piece.kind, piece.text) for piece in pieces if piece.text]
    awaited = Awaited(expected.kind, expected.think_s) if expected else None
    return Reply(tuple(lines), Standing.of(session, awaited))

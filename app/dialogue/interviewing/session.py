"""An interview as a value: everything it knows of itself, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from app.dialogue.choosing import COUNTS, choose
from app.dialogue.interviewing.asked import AskedQuestion
from app.dialogue.interviewing.life import Phase
from app.dialogue.interviewing.record import Record
from app.personas.conduct import KeyMeaning
from app.personas.questions import Level

Over = Literal["", "complete", "stopped", "refused", "not-agreed"]


@dataclass(frozen=True, slots=True)
class Consent:
    """The candidate's word on being interviewed by a machine and recorded. `words`: as said, or the key. `at`: when."""

    agreed: bool
    how: Literal["voice", "key", "text"]
    words: str
    segments: tuple[str, ...] = ()
    at: str = ""


@dataclass(frozen=True, slots=True)
class Used:
    """A control that the candidate used. `question`: the id of the one in hand."""

    control: KeyMeaning
    question: str
    words: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """`place`: the question in hand, from 0; -1 before the first. `correcting`: the place of one that is reopened.
    `request`: number of the last judgement that was asked for. `unclear`: turns without a clear yes or no. `silent`:
    questions in a row that nobody answered. `said`: acknowledgements so far. `slow`: the voice may take its time."""

    conversation: str
    stage: str
    records: tuple[Record, ...]
    phase: Phase = Phase.NEW
    place: int = -1
    correcting: int | None = None
    consent: Consent | None = None
    request: int = 0
    unclear: int = 0
    silent: int = 0
    said: int = 0
    slow: bool = False
    controls: tuple[Used, ...] = ()
    over: Over = ""

    @property
    def current(self) -> int:
        """The place of the question that the candidate is at: the reopened one, if there is one."""
        return self.place if self.correcting is None else self.correcting

    @property
    def record(self) -> Record:
        """What became so far of the question that the candidate is at. Raises IndexError before the first."""
        if self.current < 0:
            raise IndexError("no question has been asked yet")
        return self.records[self.current]


def begin(
    conversation: str,
    stage: str,
    offered: Iterable[AskedQuestion],
    had: Collection[str] = (),
    counts: Mapping[Level, int] = COUNTS,
    *,
    topic: str = "",
) -> Session:
    """A fresh interview, its questions chosen for good. `had`: ids that this person was asked before. Raises what
    `choosing.choose` raises."""
    chosen = choose(offered, conversation, stage, had, counts, topic=topic)
    return Session(conversation, stage, tuple(Record(question) for question in chosen))

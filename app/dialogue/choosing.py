"""Which questions an interview asks: settled for good by the conversation, the stage and the questions' names.

Every question of a level has a place in a line that SHA-256 draws up, and the first few of the line are asked. Nothing
else counts: not the order of the files, not the machine, not the day. A question that is added later moves nobody
else's place; it is asked only where its own place is among the first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import Protocol, TypeVar

from app.personas.questions import Level

COUNTS: Mapping[Level, int] = MappingProxyType({Level.BASIC: 4, Level.MODERATE: 3, Level.ADVANCED: 3})
"""An interview of ten questions, the easier ones first."""


class Choosable(Protocol):
    """A question, as far as choosing goes."""

    @property
    def id(self) -> str: ...

    @property
    def level(self) -> Level: ...


Q = TypeVar("Q", bound=Choosable)


class TooFewQuestionsError(ValueError):
    """The bank cannot fill an interview. `missing`: how many questions each level lacks."""

    def __init__(self, wanted: Mapping[Level, int], there: Mapping[Level, int], topic: str = "") -> None:
        self.missing = {level: count - there.get(level, 0) for level, count in wanted.items()}
        self.missing = {level: count for level, count in self.missing.items() if count > 0}
        lacking = ", ".join(
            f"{there.get(level, 0)} {level.value} where {wanted[level]} are asked" for level in self.missing
        )
        what = f"topic {topic!r} has" if topic else "there are"
        super().__init__(f"{what} too few questions: {lacking}; add some, or ask fewer")


def choose(
    questions: Iterable[Q],
    conversation: str,
    stage: str,
    had: Collection[str] = (),
    counts: Mapping[Level, int] = COUNTS,
    *,
    topic: str = "",
) -> tuple[Q, ...]:
    """As many of `questions` as `counts` says for each level, easier levels first, none twice.

    `had`: ids that this person has had before; they are taken only where a level has nothing else left. `topic` is for
    the message alone. Raises TooFewQuestionsError, and ValueError for counts below nought or an id that is there twice.
    """
    offered = tuple(questions)
    check_counts(offered, counts, topic)
    known = frozenset(had)

    def place(question: Q) -> tuple[bool, bytes, str]:
        return question.id in known, _draw(conversation, stage, question.id), question.id

    of_level = {level: sorted((q for q in offered if q.level is level), key=place) for level in Level}
    return tuple(question for level in Level for question in of_level[level][: counts.get(level, 0)])


def check_counts(questions: Iterable[Choosable], counts: Mapping[Level, int] = COUNTS, topic: str = "") -> None:
    """Raises what `choose` would raise of this bank: for the start of the server, when there is time to mend it."""
    offered = tuple(questions)
    wrong = [level.value for level, count in counts.items() if count < 0]
    if wrong or not sum(counts.values()):
        raise ValueError(f"an interview cannot ask {counts.get(Level(wrong[0])) if wrong else 0} questions; ask some")
    doubled = [id_ for id_, count in Counter(question.id for question in offered).items() if count > 1]
    if doubled:
        raise ValueError(f"two questions have the id {doubled[0]!r}; give one another id")
    there = Counter(question.level for question in offered)
    if any(there[level] < count for level, count in counts.items()):
        raise TooFewQuestionsError(counts, there, topic)


def _draw(*parts: str) -> bytes:
    """A question's lot. Each part is hashed by itself, so that no two triples can be written alike."""
    return sha256(b"".join(sha256(part.encode("utf-8", "replace")).digest() for part in parts)).digest()

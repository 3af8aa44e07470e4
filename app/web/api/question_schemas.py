"""What REST takes and gives of the question bank. A question's own rules are those of its files."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.personas.questions import KeyPoint, KeyPoints, Level, Name, Question, QuestionBody
from app.store.listing import MAXIMUM_LIMIT
from app.store.question_list import QuestionFilters
from app.store.questions import Source, StoredQuestion
from app.web.api.schemas import Of, Short

Version = Annotated[int, Field(ge=1, lt=2**31)]


class QuestionQuery(BaseModel):
    """What to list; a filter that does not exist is refused."""

    model_config = ConfigDict(extra="forbid")

    topic: Short | None = Field(None, examples=["python"])
    level: Level | None = None
    active: bool | None = Field(None, description="Only those in use, or only those out of use")
    cursor: Annotated[str, StringConstraints(max_length=400)] | None = Field(
        None, description="`next_cursor` of the page before"
    )
    limit: int = Field(50, ge=1, le=MAXIMUM_LIMIT)

    def filters(self) -> QuestionFilters:
        return QuestionFilters(self.topic, self.level, self.active)


class QuestionIn(Question):
    """A new question. `id` and `topic`: small letters, digits and hyphens."""

    topic: Name


class QuestionPut(QuestionBody):
    """All of a question anew. `version`: the newest that you have read."""

    topic: Name
    version: Version


class QuestionPatch(BaseModel):
    """What is to change; what is left out stays. `version`: the newest that you have read."""

    model_config = ConfigDict(extra="forbid")

    version: Version
    topic: Name | None = None
    level: Level | None = None
    text: str | None = None
    key_points: KeyPoints | None = None
    hint: str | None = None
    model_answer: str | None = None
    think_s: float | None = None

    def onto(self, stored: StoredQuestion) -> QuestionPut:
        """The whole that comes of it. Raises pydantic's ValidationError."""
        changed = {name: getattr(self, name) for name in self.model_fields_set}
        return QuestionPut.model_validate(
            stored.question.model_dump(exclude={"id"}) | {"topic": stored.topic} | _plain(changed)
        )


def _plain(values: dict[str, object]) -> dict[str, object]:
    """`values` with key points as plain dictionaries, to be checked again with the rest."""
    points = values.get("key_points")
    if isinstance(points, tuple):
        values["key_points"] = [point.model_dump() for point in points]
    return values


class VersionOut(Of):
    """That there was a version, and where it came from."""

    version: int
    source: Source
    created_at: datetime


class QuestionOut(BaseModel):
    """One version of a question; in lists the newest."""

    id: str
    topic: str
    level: Level
    text: str = Field(description="As it is asked")
    key_points: list[KeyPoint] = Field(description="What a good answer holds, and in which wordings")
    hint: str
    model_answer: str
    think_s: float = Field(description="Silence a candidate may take before the first word, in seconds")
    version: int
    active: bool = Field(description="Whether this version is in use")
    source: Source = Field(description="Where this version comes from")
    created_at: datetime = Field(description="When this version was made")
    retired_at: datetime | None
    retired_by: Source | None = Field(description="Who took the question out of use")

    @classmethod
    def of(cls, stored: StoredQuestion) -> Self:
        return cls.model_validate(_fields(stored))


class QuestionDetail(QuestionOut):
    """A question as it is now, and which versions there are, the newest first."""

    versions: list[VersionOut]

    @classmethod
    def with_versions(cls, versions: list[StoredQuestion]) -> Self:
        """`versions`: the newest first, at least one."""
        return cls.model_validate(
            _fields(versions[0]) | {"versions": [VersionOut.model_validate(version) for version in versions]}
        )


def _fields(stored: StoredQuestion) -> dict[str, object]:
    own = ("topic", "version", "active", "source", "created_at", "retired_at", "retired_by")
    return stored.question.model_dump() | {name: getattr(stored, name) for name in own}


class QuestionPage(BaseModel):
    """Questions, by topic and id."""

    items: list[QuestionOut]
    next_cursor: str | None = Field(description="Give this as `cursor` for the questions after these; null at the end")

"""The stages of a screening talk: what each is about, and how long it may take at most."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from app.personas.part import Line, Part

STAGES = "stages"
"""The flow that needs a `stages` section."""


class Stage(Part):
    """One stage. `opening`: said when the talk comes to it; the last one's is the closing feedback, and ends the call.

    `instructions`: what a model is told in this stage. `more`: what is asked in turn while no model answers. After
    `maximum_turns` of the caller or `maximum_s` seconds the talk moves on, whatever a model thinks; the last stage has
    neither, for it is over once it has begun.
    """

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,39}$")]
    opening: Line
    instructions: str = Field(default="", max_length=4000)
    more: tuple[Line, ...] = Field(default=(), max_length=20)
    maximum_turns: int = Field(default=7, ge=1, le=50)
    maximum_s: float = Field(default=90.0, ge=5, le=3600)


def _in_order(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    """At least a stage to talk in and one to end with, and no name twice."""
    if len(stages) == 1:
        raise PydanticCustomError("persona", "there must be two at least: one to talk in and one to end with")
    for place, stage in enumerate(stages):
        if stage.name in {other.name for other in stages[:place]}:
            found = {"key": place, "name": stage.name}
            raise PydanticCustomError("persona", "another stage is called '{name}'; give it another name", found)
    return stages


Stages = Annotated[tuple[Stage, ...], AfterValidator(_in_order)]

"""A small menu of keys: what each does, whatever the flow."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from app.personas.part import Line, Part

MenuAct = Literal["transfer", "end", "repeat"]


class SayLine(Part):
    """The key has this said."""

    say: Line


_ACTS = ("transfer", "end", "repeat")


def _chosen(given: object) -> object:
    if given in _ACTS or isinstance(given, SayLine) or (isinstance(given, dict) and set(given) == {"say"}):
        return given
    raise PydanticCustomError("persona", "must be transfer, end or repeat, or a line like {say: We are open all day.}")


MenuKey = Annotated[MenuAct | SayLine, BeforeValidator(_chosen)]
"""`transfer`: put the caller through to a person. `end`: say goodbye. `repeat`: say the last line again."""


def wrong_menu(keypad: Mapping[str, MenuKey], keys: Collection[str], *, interview: bool, person: bool) -> str:
    """What is wrong with a menu; empty if nothing is. `keys`: those that stand for phrases. `person`: is there somebody
    to put the caller through to?"""
    if keypad and interview:
        return "has no place in an interview; its keys are interview.conduct.keys"
    if both := sorted({*keypad} & {*keys}):
        return f"has the key {both[0]}, and so has keys; take it out of one"
    if "transfer" in keypad.values() and not person:
        return "has a key for a person, and there is nobody; add the section transfer with its number"
    return ""

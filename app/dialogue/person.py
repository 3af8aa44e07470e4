"""A caller who would rather talk to a person: how they ask for one, and what is said to that.

Whoever asks is believed: nobody is asked twice whether they really mean it. Where there is no person to put them
through to, they are told so, and never with a model's words, which could promise one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from app.dialogue.courtesy import last_line
from app.dialogue.flow import Heard, Message, Plan, Tool, Transfer, Used
from app.dialogue.wording import Words, words
from app.personas.menu import SayLine
from app.personas.schema import Persona
from app.personas.transfer import Transfer as Person

_LONGEST = 18
"""Words; whoever goes on for longer is telling something."""
_LIVE = r"(?:(?:a|an|the|some|any|your|another) )?(?:(?:real|actual|live|living|human|proper) )*"
_ANYBODY = rf"{_LIVE}(?:person|people|human|humans|human being|being|operator)"
_SOMEBODY = (
    rf"(?:{_ANYBODY}|somebody|someone|anybody|anyone|{_LIVE}(?:agent|representative|rep|manager|colleague|boss|adviser"
    r"|advisor|supervisor|owner|receptionist|employee|(?:member of )?staff|department|support|customer service))"
)
_TALK = r"(?:talk|speak|chat|talking|speaking)(?: directly)? (?:to|with)"
_HAND = r"(?:put|patch|pass) me (?:through|over|on)|(?:transfer|connect|forward) me|(?:put|patch|pass) me to"
_WISH = (
    r"(?:(?:can|could|may|might) (?:i|you)|i (?:want|need|wish|demand)|i would (?:like|rather|prefer)|i rather|i prefer"
    r"|let me|please|get me|give me|is there|are there)"
)
_ASKS = re.compile(rf"\b{_TALK} {_SOMEBODY}\b|\b(?:{_HAND})\b|\b{_WISH} (?:have |see |get )?{_SOMEBODY}\b")
_PLAINLY = re.compile(rf"\b{_WISH} (?:please )?(?:to )?{_TALK} {_ANYBODY}\b|\b(?:{_HAND})\b|\b{_WISH} {_ANYBODY}\b")
"""The same in the midst of other business, where somebody may only be telling of people."""
_ALONE = re.compile(rf"(?:{_ANYBODY}|(?:(?:a|an|the) )?(?:agent|representative))(?: (?:now|please|thank you))*")
_ALONE_PLAINLY = re.compile(
    r"(?:(?:a|an|the) )?(?:operator|representative|human being|human|(?:(?:real|actual|live|living|human|proper) )+"
    r"(?:person|human|operator))(?: (?:now|please|thank you))*"
)
"""And there: "people" and "another person" may be the whole of an answer."""
_NOT_ASKED = re.compile(r"\b(?:not|never|no need)\b|\b(?:am i|are you|is this|is it|was i|do i|did i|were you)\b")
_ABOUT = frozenset(
    words(
        "person people human humans being somebody someone anybody anyone operator agent representative rep manager "
        "colleague boss adviser advisor supervisor owner staff employee department support service transfer connect "
        "forward through patch real live put speak talk"
    )
)
"""Without one of these words nobody asks for a person."""


class PutThrough(BaseModel):
    """Nothing needs to be told with it; what a model tells anyway is passed over."""


def asks_for_person(said: Words, *, plainly: bool = False) -> bool:
    """Whether the caller wants to be put through to a person. `plainly`: they are in the midst of an answer, which may
    be about people."""
    if not said or len(said) > _LONGEST:
        return False
    text = " ".join(said)
    if (_ALONE_PLAINLY if plainly else _ALONE).fullmatch(text):
        return True
    return bool((_PLAINLY if plainly else _ASKS).search(text)) and not _NOT_ASKED.search(text)


def may_want_person(said: Words) -> bool:
    """Might a model hear in this that they want one?"""
    return not _ABOUT.isdisjoint(said)


def takes_calls(person: Person | None, at: str) -> bool:
    """Is there somebody who may be rung at this moment (ISO 8601)?"""
    return person is not None and person.takes_calls(at)


def put_through(persona: Persona, heard: Heard, by: Transfer, state: Any) -> Plan:
    """What is said to somebody who asks for a person. `state`: any that keeps what was `said`."""
    person = persona.transfer
    if person is not None and takes_calls(person, heard.at):
        return Plan(person.line, replace(state, said=person.line), transfer=by)
    line = persona.lines.no_person if person is None else person.closed
    return Plan(line, replace(state, said=line))


def pressed(persona: Persona, heard: Heard, state: Any, history: tuple[Message, ...]) -> Plan | None:
    """What the menu's key does that was pressed last; None if none was. `state`: any that keeps what was `said`."""
    key = next((key for key in reversed(heard.digits) if key in persona.menu), None)
    if key is None:
        return None
    chosen = persona.menu[key]
    if isinstance(chosen, SayLine):
        return Plan(chosen.say, replace(state, said=chosen.say))
    if chosen == "transfer":
        return put_through(persona, heard, "key", state)
    if chosen == "end":
        return Plan(persona.lines.goodbye, replace(state, said=persona.lines.goodbye), end=True)
    line = last_line(persona, state.said, history)
    return Plan(line, replace(state, said=line))


@lru_cache(maxsize=64)
def put_through_tool(line: str, spare: bool) -> Tool:
    """What a model may do for a caller who wants a person; the same tool for the same line, so that plans can be
    compared."""

    def use(state: Any, _: PutThrough) -> Used:
        return Used(
            "They are put through once your words were heard.", replace(state, said=line), line, transfer="model"
        )

    return Tool(
        "put_through",
        "Hand the call over to a person. Only when the caller asks for one; say in the same reply that you do so.",
        PutThrough,
        use,
        spare,
    )

"""Which texts a persona says word for word on every call, in the pieces in which they reach a voice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.call.sentences import cut_text
from app.dialogue.flow import QuestionBank
from app.personas.menu import SayLine
from app.personas.part import Part
from app.personas.schema import Persona

_PLACES = frozenset("{}")
"""A text with a place for something is not fixed; what the loader knows (`{name}`) is in its place already."""

_OTHER = "All right."
"""Stands for whatever is said before or behind a line in the same breath: the cutter treats an utterance's beginning
and its end in ways of their own."""

_FIRST_NEEDED = (
    "fillers", "goodbye", "silence_goodbye", "time_up", "reprompts", "not_understood", "trouble", "closing_down",
)  # fmt: skip
_LAST_NEEDED = ("disclosure", "consent", "closing", "stopped", "silence", "resumed")


def fixed_pieces(persona: Persona, bank: QuestionBank) -> frozenset[str]:
    """Every piece of the greeting, the persona's lines, its interview with the bank's questions, its stages, its
    knowledge."""
    return frozenset(piece for text in _texts(persona, bank) for piece in _pieces(text))


def needed_pieces(persona: Persona) -> tuple[str, ...]:
    """The pieces that hold a call together when a vendor is gone, the most needed first, each once."""
    pieces = [piece for text in (persona.greeting, *_named(persona.lines, _FIRST_NEEDED)) for piece in _alone(text)]
    if persona.interview is not None:  # these are said behind an acknowledgement, too
        pieces += [piece for text in _named(persona.interview.conduct, _LAST_NEEDED) for piece in _pieces(text)]
    pieces += [piece for stage in persona.stages for piece in _alone(stage.opening)]
    return tuple(dict.fromkeys(pieces))


def _texts(persona: Persona, bank: QuestionBank) -> Iterator[str]:
    yield persona.greeting
    yield from _named(persona.lines, type(persona.lines).model_fields)
    yield from (entry.answer for entry in persona.knowledge)
    if persona.interview is not None:
        yield from _named(persona.interview.conduct, type(persona.interview.conduct).model_fields)
        yield from bank.questions(persona.interview.topic)
    for stage in persona.stages:
        yield from (stage.opening, *stage.more)
    yield from (key.say for key in persona.keypad.values() if isinstance(key, SayLine))
    if persona.transfer is not None:
        yield from (persona.transfer.line, persona.transfer.closed, persona.transfer.nobody)


def _named(section: Part, names: Iterable[str]) -> list[str]:
    """The texts under these keys of a section; what is no text, or not there, is passed over."""
    values = [getattr(section, name, ()) for name in names]
    lines = [line for value in values for line in ((value,) if isinstance(value, str) else _each(value))]
    return [line for line in lines if isinstance(line, str)]


def _each(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


def _pieces(text: str) -> list[str]:
    """As an utterance of its own, and with something before or behind it."""
    return [*_alone(text), *_among(text, before=True), *_among(text, behind=True)]


def _alone(text: str) -> list[str]:
    return [] if _PLACES & set(text) else cut_text(text)


def _among(text: str, before: bool = False, behind: bool = False) -> list[str]:
    """The text's own pieces; none where it shares a piece with what is around it."""
    pieces = _alone(" ".join([_OTHER] * before + [text] + [_OTHER] * behind))
    own = pieces[before : len(pieces) - behind]
    return own if pieces == [_OTHER] * before + own + [_OTHER] * behind else []

"""Which texts a persona says word for word on every call, in the pieces in which they reach a voice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.call.sentences import cut_text
from app.dialogue.flow import QuestionBank
from app.personas.schema import Part, Persona

_PLACES = frozenset("{}")
"""A text with a place for something is not fixed; what the loader knows (`{name}`) is in its place already."""

_BEFORE = "All right."
"""Stands for whatever is said before a line in the same breath: the cutter may treat an utterance's first piece in a
way of its own."""

_FIRST_NEEDED = (
    "fillers", "goodbye", "silence_goodbye", "time_up", "reprompts", "not_understood", "trouble", "closing_down",
)  # fmt: skip
_LAST_NEEDED = ("closing", "stopped")


def fixed_pieces(persona: Persona, bank: QuestionBank) -> frozenset[str]:
    """Every piece of the greeting, the persona's lines, its interview with the bank's questions, its knowledge."""
    return frozenset(piece for text in _texts(persona, bank) for piece in _pieces(text))


def needed_pieces(persona: Persona) -> tuple[str, ...]:
    """The pieces that hold a call together when a vendor is gone, the most needed first, each once."""
    texts = [persona.greeting, *_named(persona.lines, _FIRST_NEEDED)]
    if persona.interview is not None:
        texts += _named(persona.interview, _LAST_NEEDED)
    return tuple(dict.fromkeys(piece for text in texts if _is_fixed(text) for piece in cut_text(text)))


def _texts(persona: Persona, bank: QuestionBank) -> Iterator[str]:
    yield persona.greeting
    yield from _named(persona.lines, type(persona.lines).model_fields)
    yield from (entry.answer for entry in persona.knowledge)
    if persona.interview is not None:
        yield from _named(persona.interview, set(type(persona.interview).model_fields) - {"topic"})
        yield from bank.questions(persona.interview.topic)


def _named(section: Part, names: Iterable[str]) -> list[str]:
    """The texts under these keys of a section; what is no text, or not there, is passed over."""
    values = [getattr(section, name, ()) for name in names]
    lines = [line for value in values for line in ((value,) if isinstance(value, str) else _each(value))]
    return [line for line in lines if isinstance(line, str)]


def _each(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


def _pieces(text: str) -> list[str]:
    """As an utterance of its own, and behind something else."""
    if not _is_fixed(text):
        return []
    first, *behind = cut_text(f"{_BEFORE} {text}")
    return cut_text(text) + (behind if first == _BEFORE else [])


def _is_fixed(text: str) -> bool:
    return not _PLACES & set(text)

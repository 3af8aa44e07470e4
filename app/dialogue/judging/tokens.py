"""An answer as words that know where they stand: each compares like `wording.words`, and points back to its letters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.dialogue.judging.forms import base
from app.dialogue.judging.judgement import Said
from app.dialogue.wording import words

LONGEST = 24_000
"""Characters of an answer that are looked at: more than twenty minutes of speech."""
MOST = 4_000
"""Words that are looked at, whatever their length."""

_SIGNS = {
    "===": "triple equals", "!==": "triple equals", "==": "double equals", "=>": "arrow", "&": "and", "+": "plus",
    "%": "percent", "@": "at",
}  # fmt: skip
_WORD = re.compile(r"!==|===|==|=>|[&+%@]|[^\W_]+(?:['’][^\W_]+)*|[.?!]+(?=\s|$)|[;:,–—()\[\]{}\n]")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_PAUSES = frozenset(";:,–—()[]{}\n")


@dataclass(frozen=True, slots=True)
class Token:
    """One word. `stem`: as it compares. `part`, `begin`, `end`: its letters. `sentence`: counted through the answer.
    `clause`: likewise; only punctuation ends one here."""

    word: str
    stem: str
    part: int
    begin: int
    end: int
    sentence: int
    clause: int


def tokens(answer: Sequence[Said]) -> tuple[Token, ...]:
    """The words of all parts, in order. A recogniser's segments may break in mid-sentence, so a part ends a clause and
    no sentence."""
    found: list[Token] = []
    sentence = clause = 0
    room = LONGEST
    for part, said in enumerate(answer):
        text = said.text[:room]
        room -= len(text)
        for match in _WORD.finditer(text):
            sign = match.group()
            if sign[0] in ".?!" and sign not in _SIGNS:
                sentence, clause = sentence + 1, clause + 1
            elif sign in _PAUSES:
                clause += 1
            else:
                spoken = _spoken(sign)
                found += [Token(w, s, part, match.start(), match.end(), sentence, clause) for w, s in spoken]
            if len(found) >= MOST:
                return tuple(found[:MOST])
        clause += 1
    return tuple(found)


def stems_of(text: str) -> tuple[str, ...]:
    """`text` as its stems alone: for what is written in a bank."""
    return tuple(token.stem for token in tokens((Said(text),)))


@lru_cache(maxsize=8192)
def _spoken(sign: str) -> tuple[tuple[str, str], ...]:
    """The word as written, as the words that it stands for, with their stems."""
    if sign in _SIGNS:
        plain = _SIGNS[sign]
    elif len(sign) > 60:
        plain = sign[:60]
    else:
        plain = " ".join(_HUMP.split(sign))
    return tuple((word, base(word)) for word in words(plain))

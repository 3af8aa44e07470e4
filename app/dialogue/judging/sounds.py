"""Words that a recogniser wrote for others that sound alike: "clothes sure" for closure, "a sink" for async.

A word sounds like another if the consonants agree, those a telephone cannot tell apart taken as one, and enough letters
do. A single common word is never taken for another: "last" is no "list".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import takewhile

from rapidfuzz.distance import Indel

from app.dialogue.judging.lexicon import COMMON
from app.dialogue.judging.mishearings import MISHEARD
from app.dialogue.wording import SHORT_WORDS

_ALIKE = (
    (r"ph", "f"), (r"tch|ch|sh|sch|dge", "s"), (r"tion|sion|cian", "sn"), (r"ck|qu|q", "k"), (r"th", "t"),
    (r"x", "ks"), (r"c(?=[eiy])|[zj]|g(?=[eiy])", "s"), (r"c|g", "k"), (r"d", "t"), (r"b", "p"), (r"v|w(?=r)", "f"),
    (r"gh|kh", "k"),
)  # fmt: skip
_SOUNDS = tuple((re.compile(pattern), sound) for pattern, sound in _ALIKE)
_SILENT = re.compile(r"[aeiouyhw]")
_TWICE = re.compile(r"(.)\1+")
_SAME_START = {sign: group for group in ("ckqszx", "pfv", "bp", "gj", "dt", "aeiouyhw") for sign in group} | {
    "p": "pfvb",
    "c": "ckqszx",
}
"""Letters that a word may begin with, and those that a mishearing of it may begin with."""
_LONGEST_SPELT = 5
"""Letters of a short name that may be written one by one: "t c p"."""
_LONGEST_JOIN = 3
_SHORTEST_APART = 7
"""Letters of a word that may be heard as several, unless it is listed: "to ring" is no "train"."""
_COMMON_ALIKE = 0.74
"""Likeness of letters from which a word that is none of the common ones is heard as one of these: "reeds"."""
_MOST_FOR_ONE = 18
"""Letters; a longer run of words is no single word."""


@lru_cache(maxsize=16384)
def consonants(letters: str) -> str:
    """What is heard of `letters` on a bad line."""
    for pattern, sound in _SOUNDS:
        letters = pattern.sub(sound, letters)
    return _TWICE.sub(r"\1", _SILENT.sub("", letters))


@lru_cache(maxsize=16384)
def _near(code: str) -> frozenset[str]:
    """`code` and, if it is long enough to spare one, all that it becomes by leaving out one sound."""
    if len(code) < 4:
        return frozenset((code,))
    return frozenset((code, *(code[:place] + code[place + 1 :] for place in range(len(code)))))


class Ear:
    """Knows the words that a question waits for; finds them in what a recogniser made of them."""

    __slots__ = ("_codes", "_initials", "_known", "_spelt", "_starts", "_told", "_wanted")

    def __init__(self, expected: Collection[str], asked: Collection[str] = ()) -> None:
        """`expected`: words as they are written in the bank, not their stems; `asked`: those of the question."""
        wanted = sorted({word for word in expected if len(word) > 3 and word.isalpha() and word not in SHORT_WORDS})
        self._initials = frozenset(sign for word in wanted for sign in _SAME_START.get(word[0], word[0]))
        self._wanted = frozenset(wanted)
        self._known = self._wanted | COMMON | frozenset(asked)
        self._spelt = frozenset(word for word in (*expected, *asked) if 1 < len(word) <= _LONGEST_SPELT)
        self._codes: dict[str, list[str]] = {}
        for word in wanted:
            for code in _near(consonants(word)):
                if len(code) > 1:
                    self._codes.setdefault(code, []).append(word)
        self._told: Mapping[tuple[str, ...], str] = MISHEARD
        self._starts = frozenset(phrase[0] for phrase in self._told)

    def find(self, said: Sequence[str]) -> dict[int, tuple[tuple[str, int], ...]]:
        """For the place of a word, what it and those after it may have been: (the word meant, how many were heard)."""
        found: dict[int, tuple[tuple[str, int], ...]] = {}
        for place, word in enumerate(said):
            heard = tuple(self._at(said, place, word))
            if heard:
                found[place] = heard
        return found

    def _at(self, said: Sequence[str], place: int, word: str) -> Iterable[tuple[str, int]]:
        if word in self._starts:
            for length in range(1, min(4, len(said) - place + 1)):
                told = self._told.get(tuple(said[place : place + length]))
                if told:
                    yield told, length
        yield from self._spelt_out(said, place)
        if word[0] not in self._initials:
            return
        letters = ""
        for length in range(1, _LONGEST_JOIN + 1):
            if place + length > len(said) or len(letters) > _MOST_FOR_ONE:
                return
            letters += said[place + length - 1]
            if length > 1 and self._is_one(said[place : place + length], letters):
                continue
            if length > 1 and any(len(part) > 4 and part in self._known for part in said[place : place + length]):
                continue
            for meant in self._alike(letters, length):
                yield meant, length

    def _spelt_out(self, said: Sequence[str], place: int) -> Iterable[tuple[str, int]]:
        run = list(takewhile(lambda one: len(one) == 1, said[place : place + _LONGEST_SPELT]))
        for length in range(len(run), 1, -1):
            if "".join(run[:length]) in self._spelt:
                yield "".join(run[:length]), length

    def _is_one(self, parts: Sequence[str], letters: str) -> bool:
        """Whether one word, common or waited for, is all that is heard of these: "a class" is no "closes"."""
        code = consonants(letters)
        return any(
            (part in COMMON or part in self._wanted) and len(consonants(part)) >= len(code) - 1 for part in parts
        )

    def _alike(self, letters: str, length: int) -> tuple[str, ...]:
        if not 4 <= len(letters) <= _MOST_FOR_ONE or (length == 1 and letters in COMMON):
            return ()
        return self._heard_as(letters, length > 1)

    def _heard_as(self, letters: str, joined: bool) -> tuple[str, ...]:
        code = consonants(letters)
        if len(code) < 2:
            return ()
        near: dict[str, None] = {}
        for one in _near(code):
            for word in self._codes.get(one, ()):
                near[word] = None
        return tuple(word for word in near if _may_be(letters, code, word, joined))


_AGAINST = ("im", "in", "un", "non", "ir", "a", "de", "dis", "anti", "pre", "re", "sub", "inter", "multi")


@lru_cache(maxsize=16384)
def _may_be(letters: str, code: str, word: str, joined: bool) -> bool:
    """Whether `letters` are so near to `word` that they may be a mishearing of it. Its opposite never is."""
    if letters == word:
        return joined
    if joined and len(word) < _SHORTEST_APART:
        return False
    if word in COMMON:
        return not joined and code == consonants(word) and Indel.normalized_similarity(letters, word) >= _COMMON_ALIKE
    short, long = sorted((letters, word), key=len)
    if any(long == prefix + short for prefix in _AGAINST):
        return False
    same_sounds = code == consonants(word)
    if letters[0] != word[0] and not (same_sounds and len(code) > 2):
        return False
    alike = Indel.normalized_similarity(letters, word)
    if same_sounds:
        return alike >= (0.74 if joined or len(code) < 3 else 0.55)
    return len(word) > 5 and alike >= 0.77

"""Text into the pieces of words that BERT's family of networks reads.

Lower case without accents, cut at everything that is no letter and no figure; each word then into the longest pieces
that the vocabulary has.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

_LONGEST_WORD = 100
"""Letters; what is longer is no word, and becomes the one piece that stands for all that is unknown."""


class WordPieces:
    """`vocabulary`: the pieces in the order of their numbers; "##" begins those that go on with a word."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._numbers: Mapping[str, int] = {piece: number for number, piece in enumerate(vocabulary)}
        self._begin, self._end, self._unknown = (self._numbers[mark] for mark in ("[CLS]", "[SEP]", "[UNK]"))
        self._of = lru_cache(maxsize=8192)(self._pieces)

    def numbers(self, text: str, most: int) -> tuple[int, ...]:
        """The numbers of the pieces of `text`, of at most `most` of them, between the marks of begin and end."""
        found: list[int] = []
        for word in _words(text):
            found += self._of(word)
            if len(found) >= most:
                break
        return (self._begin, *found[:most], self._end)

    def _pieces(self, word: str) -> tuple[int, ...]:
        if len(word) > _LONGEST_WORD:
            return (self._unknown,)
        found: list[int] = []
        begin = 0
        while begin < len(word):
            end = len(word)
            while end > begin and ("##" if begin else "") + word[begin:end] not in self._numbers:
                end -= 1
            if end == begin:
                return (self._unknown,)
            found.append(self._numbers[("##" if begin else "") + word[begin:end]])
            begin = end
        return tuple(found)


def _words(text: str) -> Iterator[str]:
    """Words and single signs, in order."""
    plain = unicodedata.normalize("NFD", text.lower())
    word: list[str] = []
    for letter in plain:
        kind = unicodedata.category(letter)
        if kind == "Mn" or (kind[0] == "C" and letter not in "\t\n\r") or letter == "�":
            continue
        if letter.isspace() or _is_sign(letter, kind):
            if word:
                yield "".join(word)
                word = []
            if not letter.isspace():
                yield letter
        else:
            word.append(letter)
    if word:
        yield "".join(word)


def _is_sign(letter: str, kind: str) -> bool:
    """Punctuation, what is beside it on a keyboard, and the writing that has no spaces between words."""
    return kind[0] == "P" or letter in "$+<=>^`|~" or "一" <= letter <= "鿿" or "㐀" <= letter <= "䶿"

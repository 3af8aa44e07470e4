"""When each word of a text ends in its speech, read off the times of its characters."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from typing import Any

_WORD = re.compile(r"\S+")
_FIELDS = ("characters", "character_start_times_seconds", "character_end_times_seconds")
_LONGEST_S = 600.0
_BACK_S = 0.1
"""Times of one count may overlap so much where two stretches of sound meet."""


class SpokenWords:
    """Follows the characters of `text` as the vendor tells of them, and tells the ends of words.

    Characters that do not spell the text, or times that cannot be, end it: from then on nothing more is known.
    Blanks do not count, since the vendor leaves some out.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = deque((_last_letter(word), word.end()) for word in _WORD.finditer(text))
        self._at = 0
        self._end_s = 0.0
        self._letter_s = 0.0
        self._told_ms = -1
        self._apart = False
        self._lost = False

    def take(self, alignment: Any, before_s: float) -> tuple[tuple[int, int], ...]:
        """Ends of words (ms from the speech's start, characters of the text) that are newly known, both rising.

        `alignment`: the vendor's, of a stretch of sound that `before_s` of sound came before. Its times may count from
        the speech's start or from the stretch's, which is not documented: those that go back count anew.
        """
        if alignment is None or self._lost:
            return ()
        letters = _letters(alignment)
        if letters is None:
            self._lost = True
            return ()
        if not letters:
            return ()
        if letters[0][1] < self._end_s - _BACK_S:
            self._apart = True
        offset_s = max(self._end_s, before_s) if self._apart else 0.0
        found: list[tuple[int, int]] = []
        for signs, _, end_s in letters:
            for sign in signs:
                if not sign.isspace() and not self._step(sign, end_s + offset_s, found):
                    self._lost = True
                    return ()
        self._end_s = letters[-1][2] + offset_s
        return tuple(found)

    def _step(self, sign: str, end_s: float, found: list[tuple[int, int]]) -> bool:
        """Is `sign` the text's next one? If so, it ends at `end_s`, and a word perhaps with it."""
        while self._at < len(self._text) and self._text[self._at].isspace():
            self._at += 1
        if self._at >= len(self._text) or self._text[self._at] != sign:
            return False
        letter, end = self._words[0]
        if self._at == letter:
            self._letter_s = end_s
        self._at += 1
        if self._at == end:
            self._words.popleft()
            self._told_ms = max(round(self._letter_s * 1000), self._told_ms + 1)
            found.append((self._told_ms, end))
        return True


def _last_letter(word: re.Match[str]) -> int:
    """A word has been heard with its last letter: the times of signs behind it hold the pause as well."""
    signs = word.group()
    letters = [place for place, sign in enumerate(signs) if sign.isalnum()]
    return word.start() + (letters[-1] if letters else len(signs) - 1)


def _letters(alignment: Any) -> list[tuple[str, float, float]] | None:
    """(character, start in s, end in s); None if it is anything else, or its times go back or cannot be."""
    if not isinstance(alignment, Mapping):
        return None
    signs, starts, ends = (alignment.get(field) for field in _FIELDS)
    if not (isinstance(signs, list) and isinstance(starts, list) and isinstance(ends, list)):
        return None
    if not len(signs) == len(starts) == len(ends) or not all(isinstance(sign, str) for sign in signs):
        return None
    before_s = 0.0
    for start_s, end_s in zip(starts, ends, strict=True):
        if not (_is_time(start_s) and _is_time(end_s) and before_s - _BACK_S <= start_s <= end_s):
            return None
        before_s = end_s
    return list(zip(signs, starts, ends, strict=True))


def _is_time(given: Any) -> bool:
    return type(given) in (int, float) and 0 <= given <= _LONGEST_S  # NaN is in no range

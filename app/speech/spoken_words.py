"""Where words end in what espeak-ng spoke, read off the events that come with its samples."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Begun:
    """A word (or a part of one, as espeak-ng sees it), or the pause behind a clause, began `at_ms`.

    `place`: in characters from the text's start; None for a pause.
    """

    at_ms: int
    place: int | None


def word_ends(
    text: str, begun: Sequence[Begun], length_ms: int, heard_ms: Callable[[int], int]
) -> list[tuple[int, int]]:
    """(ms, characters of `text`) where words end, both rising; those of which espeak-ng said nothing, such as a dash,
    are left out.

    `text`: as it was given; `begun`: in the order they came, places as in the text that was spoken, whose blanks are
    single. `heard_ms`: where a moment of what was made is in what is heard. A word ends where another begins, or a
    pause.
    """
    words = [match.span() for match in _WORD.finditer(text)]
    lengths = [end - begin + 1 for begin, end in words]
    starts = list(accumulate(lengths[:-1], initial=0)) if words else []
    found: list[tuple[int, int]] = []
    word, paused_ms = -1, None
    for event in begun:
        if event.place is None:
            paused_ms = event.at_ms
            continue
        now = bisect_right(starts, event.place) - 1
        if now > word >= 0:
            _note(found, heard_ms(event.at_ms if paused_ms is None else paused_ms), words[word][1])
        word, paused_ms = max(now, word), None
    if word >= 0:
        _note(found, heard_ms(length_ms if paused_ms is None else paused_ms), words[word][1])
    return found


def _note(found: list[tuple[int, int]], ms: int, end: int) -> None:
    found.append((max(ms, found[-1][0] + 1) if found else max(ms, 1), end))

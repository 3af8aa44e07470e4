"""A voice for the stage: how it speaks a text, how it hands the speech over, and where it dies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.call import events as ev

MS_PER_CHAR = 50

Ends = tuple[tuple[int, int], ...]
"""(ms, characters) where the words of a text end."""


@dataclass
class Actor:
    """`bit_ms`: speech comes in bits of so much, one every `every_s`; 0: all at once.

    `dies`: for the pieces to come, in turn, after how many ms the voice breaks off; None for one that it speaks whole.
    """

    ms_per_char: int = MS_PER_CHAR
    pause_ms: int = 0
    tells_words: bool = False
    bit_ms: int = 0
    every_s: float = 0.0
    dies: list[int | None] = field(default_factory=list)

    def ends(self, text: str) -> Ends:
        """Where its words end: letters take their time, and so does a pause behind a comma."""
        words = [found.end() for found in re.finditer(r"\S+", text)]
        return tuple(
            (chars * self.ms_per_char + text.count(",", 0, chars - 1) * self.pause_ms, chars) for chars in words
        )

    def length_ms(self, text: str) -> int:
        return len(text) * self.ms_per_char + text.count(",", 0, -1) * self.pause_ms

    def speaks(self, piece: int, text: str) -> Iterator[tuple[float, ev.Event]]:
        """What is told of the piece, each with the seconds since its first sound."""
        dies_ms = self.dies.pop(0) if self.dies else None
        whole_ms = self.length_ms(text)
        made_ms = whole_ms if dies_ms is None else min(dies_ms, whole_ms)
        ready_ms, at = 0, 0.0
        while ready_ms < made_ms:
            before_ms, ready_ms = ready_ms, min(ready_ms + (self.bit_ms or made_ms), made_ms)
            ends = tuple(end for end in self.ends(text) if before_ms < end[0] <= ready_ms) if self.tells_words else ()
            final = dies_ms is None and ready_ms == whole_ms
            yield at, ev.SpeechReady(piece, ready_ms, final, ends)
            at += self.every_s
        if dies_ms is not None:
            yield at + 0.1, ev.ProviderFailed("speak", piece, "broken")


def spoken(text: str, ends: Ends, start_ms: int, end_ms: int) -> list[str]:
    """The words that can be understood in this stretch of the text's speech."""
    begins = (0, *(ms for ms, _ in ends))
    words = zip(text.split(), begins, ends, strict=False)
    return [word for word, begin_ms, (ms, _) in words if start_ms <= begin_ms and ms <= end_ms]

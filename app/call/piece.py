"""A sentence of the agent's and its speech: how much of it is made, sent and heard, and which of its words that is."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

MS_PER_CHAR = 65
"""Speaking rate assumed until the voice's own is known: 15 characters a second."""
_ENOUGH_CHARS = 20
"""Fewer characters of finished speech say little of a voice's pace: the silence around them weighs too much."""
_PACES = (25, 160)
"""Milliseconds a character that any voice may take; what was measured beyond is a fault, not a pace."""
_LONGEST_WORD_MS = 1000
"""Sound of this length without the end of a word: the voice has ceased to tell where words end."""
_CLAUSE_MARKS = ",;:–—.!?…।॥"


class Pace:
    """How fast the voice of this call speaks, by what it has finished."""

    __slots__ = ("_chars", "_ms")

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Another voice speaks from now on."""
        self._chars = self._ms = 0

    def finished(self, chars: int, ms: int) -> None:
        """A text of `chars` took `ms`, all of it."""
        if _PACES[0] * chars <= ms <= _PACES[1] * chars:
            self._chars += chars
            self._ms += ms

    def ms_of(self, chars: int) -> int:
        """How long a text of `chars` takes."""
        known = self._chars >= _ENOUGH_CHARS
        return chars * self._ms // self._chars if known else chars * MS_PER_CHAR


@dataclass(slots=True)
class Piece:
    """A sentence of an agent's utterance and its speech, in milliseconds: made (`ready`), sent, heard.

    `ends`: (ms, characters of `text`) where words end, as far as the voice tells; rising, each at the end of a word.
    `filler`: it bridges the wait for a reply and is none of its words. `retaken`: it begins where the agent took up
    what it had been stopped in.
    """

    number: int
    text: str
    filler: bool = False
    requested: bool = False
    ready_ms: int = 0
    final: bool = False
    sent_ms: int = 0
    heard_ms: int = 0
    known_chars: int = 0
    ends: list[tuple[int, int]] = field(default_factory=list)
    takeovers: int = 0
    retaken: bool = False
    pace: Pace = field(default_factory=Pace)

    @property
    def sent(self) -> bool:
        return self.final and self.sent_ms >= self.ready_ms

    @property
    def heard(self) -> bool:
        return self.final and self.heard_ms >= self.ready_ms

    def words_end(self, ends: tuple[tuple[int, int], ...]) -> None:
        """The voice has told where more words end. What does not rise, or is not of this text, is no news."""
        for ms, chars in ends:
            last_ms, last_chars = self.ends[-1] if self.ends else (0, 0)
            end = self._word_end(chars)
            if ms > last_ms and end > last_chars:
                self.ends.append((ms, end))

    def _word_end(self, chars: int) -> int:
        """The end of the last whole word in so many characters; the marks behind a word are part of it."""
        if chars <= 0 or chars > len(self.text):
            return 0
        space = self.text.find(" ", chars)
        end = space if space >= 0 else len(self.text)
        if any(char.isalnum() for char in self.text[chars:end]):
            return self._whole_words(chars)
        return end

    def _whole_words(self, chars: int) -> int:
        return len(self.text) if chars >= len(self.text) else max(self.text.rfind(" ", 0, chars + 1), 0)

    def heard_chars(self) -> int:
        """Characters of `text` that were heard, cut back to a whole word."""
        if self.heard:
            return len(self.text)
        return max(self.known_chars, self.chars_at(self.heard_ms))

    def again(self) -> None:
        """It is sent again from its start; what was heard of it once stays heard."""
        self.known_chars = self.heard_chars()
        self.sent_ms = self.heard_ms = 0

    def worth_keeping(self) -> tuple[int, int]:
        """(ms, characters) of a speech that broke off, from which on another voice takes over.

        What was sent can't be taken back; what was not is dear only where it leads to a better place to change voices:

        * Nothing was sent: none of it. The sentence is spoken anew from its start, and nothing is said twice or lost.
        * The voice told its words: up to the last clause that ends in what was not sent yet, else to the last whole
          word. A word that is torn is said anew by the other voice.
        * It did not: up to what was sent, and not a moment more, since an estimate errs the less the less it spans.
          Whole words alone are counted, so that rather a word is said twice than a word, which may be a "not", never.
        """
        if not self.sent_ms:
            return 0, 0
        told = [end for end in self.ends if end[0] <= self.ready_ms]
        if not told or told[-1][0] < self.sent_ms - _LONGEST_WORD_MS:
            return self.sent_ms, self.chars_at(self.sent_ms)
        clauses = [end for end in told if end[0] >= self.sent_ms and self.text[end[1] - 1] in _CLAUSE_MARKS]
        ms, chars = (clauses or told)[-1]
        return max(ms, self.sent_ms), chars

    def rest(self, number: int, chars: int) -> Piece:
        """What follows the first `chars` of its text, as piece `number`, to be spoken anew."""
        return Piece(number, self.text[chars:].strip(), self.filler, pace=self.pace)

    def hand_over(self, number: int, made: tuple[int, int]) -> Piece | None:
        """Keep `made` (ms, characters) of it; the rest of its text as piece `number`, None if there is none."""
        ms, chars = made
        rest = self.rest(number, chars)
        rest.takeovers = self.takeovers + 1
        rest.known_chars = max(0, self.known_chars - (len(self.text) - len(rest.text)))
        self.text = self.text[:chars].rstrip()
        self.known_chars = min(self.known_chars, len(self.text))
        self.ends = [end for end in self.ends if end[1] <= len(self.text)]
        self.ready_ms, self.final = ms, True
        return rest if rest.text else None

    def break_off(self) -> None:
        """No more of its speech will come: its text is what was made of it, in whole words."""
        if self.ends or self.ready_ms < self.pace.ms_of(len(self.text)):
            self.text = self.text[: self.chars_at(self.ready_ms)]
            self.known_chars = min(self.known_chars, len(self.text))
        self.final = True

    def chars_at(self, ms: int) -> int:
        """Characters in whole words that are spoken after `ms`: as the voice told it, and estimated from the last
        word of which it told."""
        at = bisect_right(self.ends, (ms, len(self.text)))
        known_ms, known_chars = self.ends[at - 1] if at else (0, 0)
        if at < len(self.ends) or ms <= known_ms:
            return known_chars
        chars = len(self.text) - known_chars
        rest_ms = self.ready_ms - known_ms
        if not self.final:
            rest_ms = max(rest_ms, self.pace.ms_of(chars))
        said = known_chars + chars * (ms - known_ms) // max(1, rest_ms)
        return max(self.text.rfind(" ", 0, said + 1), known_chars)

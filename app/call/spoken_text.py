"""The text that comes out of a cleaner: single spaces, lines that end as sentences, rows read out with commas."""

from __future__ import annotations

_ENDED_BY_A_POINT = ")”\"'%€$£’"


class SpokenText:
    """Takes what may be spoken, bit by bit; `take` gives it out.

    `line_start`: nothing of this line has been said yet. `item`: the line is an item, a heading or a table's row
    (`row` too): it ends in a full stop, and white space within it waits for the next word.
    """

    __slots__ = ("_comma", "_gap", "_out", "item", "last", "line_start", "row")

    def __init__(self) -> None:
        self._out: list[str] = []
        self.last = ""
        self.line_start, self.item, self.row = True, False, False
        self._gap, self._comma = False, False

    def take(self) -> str:
        """What was said since."""
        said, self._out = "".join(self._out), []
        return said

    def say(self, text: str) -> None:
        if not text:
            return
        if self._comma:
            self._put(", " if self.last.isalnum() or self.last in _ENDED_BY_A_POINT else " ")
        elif self._gap:
            self._put(" ")
        self._gap, self._comma, self.line_start = False, False, False
        self._put(text)

    def blank(self) -> None:
        """White space within a line."""
        if self.last and not self.last.isspace():
            if self.item:
                self._gap = True
            else:
                self._put(" ")

    def cell(self) -> None:
        """The border between two cells of a row."""
        self.item = self.row = True
        self._comma = bool(self.last) and self.last != "\n"

    def newline(self) -> None:
        """The line is over."""
        self.end()
        if self.last and self.last != "\n":
            self._put("\n")
        self.line_start = True

    def end(self) -> None:
        """The line, and maybe the text, is over."""
        if self.item and self.last and (self.last.isalnum() or self.last in _ENDED_BY_A_POINT):
            self._put(".")
        self.item, self.row, self._gap, self._comma = False, False, False, False

    def _put(self, text: str) -> None:
        self._out.append(text)
        self.last = text[-1]

"""What stands at the beginning of a line to give it a shape on paper: headings, items, numbers, rules, quotations."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.call.asides import LATER
from app.call.spoken_text import SpokenText

_SAME = re.compile(r"(.)\1{0,7}")
_NUMBER = re.compile(r"(\d{1,2})[.)]?")
_BULLETS = "-+•‣◦·●–—"
_RULES = "-="
_RULE_LENGTH = 3
_HEADING_DEPTH = 6


@dataclass(slots=True)
class LineOpeners:
    """`number`: the last item's. `ruled`: this line is a rule so far."""

    number: int = 0
    ruled: bool = False

    def skip(self, text: str, at: int, out: SpokenText, *, last: bool) -> int | None:
        """The end of what opens the line at `at`; None if it is nothing of the kind, `LATER` if it may become so."""
        char = text[at]
        if char.isdecimal():
            return self._numbered(text, at, out, last=last)
        if char not in _BULLETS + _RULES + "#>*":
            return None
        same = _SAME.match(text, at)
        end = same.end() if same else at + 1
        if char in _RULES and (self.ruled or end - at >= _RULE_LENGTH):
            self.ruled = True
            return end
        if end == len(text) and not last:
            return LATER
        follows_blank = not text[end : end + 1].strip()
        if char == ">":
            return end if follows_blank else None
        if char == "#":
            heading = follows_blank and end - at <= _HEADING_DEPTH
            out.item = out.item or heading
            return end if heading else None
        if char == "*" and follows_blank and end - at >= _RULE_LENGTH:
            return end
        if char != "=" and follows_blank and end - at == 1:
            out.item = True
            return end
        return None

    def _numbered(self, text: str, at: int, out: SpokenText, *, last: bool) -> int | None:
        """ "1. " or the number that follows the last one; any other is meant to be said."""
        found = _NUMBER.match(text, at)
        if found is None:
            return None
        end = found.end()
        if end == len(text) and not last:
            return LATER
        number = int(found.group(1))
        if text[end - 1].isdecimal() or text[end : end + 1].strip() or number not in (1, self.number + 1):
            return None
        self.number, out.item = number, True
        return end

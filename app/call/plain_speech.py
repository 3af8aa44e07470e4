"""Makes of a model's growing text what may be said aloud: no markdown, no emoji, no stage directions.

The text may come in pieces of any size: what comes out is the same. A construct is held back only as long as it may
still turn out to be one, and never for more than some six hundred characters; plain words pass at once. What is
meant for no one's ears (a block of code, a model's thinking) is dropped as it comes, even if it never ends.
"""

from __future__ import annotations

import html
import re

from app.call.asides import LATER, aside_end
from app.call.line_openers import LineOpeners
from app.call.markup import Found, angle, square
from app.call.spoken_text import SpokenText
from app.call.unspoken import CONTROLS, EMOJI, JOINER, UNSPOKEN

_SPECIAL = r"\\`*_~<&\[(!|"
_WORDS = re.compile(rf"[^\s{_SPECIAL}{EMOJI}{CONTROLS}{JOINER}]+")
_WORDS_OF_ROW = re.compile(rf"[^\s{_SPECIAL}{EMOJI}{CONTROLS}{JOINER}:-]+")
_ADDRESS = re.compile(rf"[^\s<>\"()\[\]*`|\\{EMOJI}{CONTROLS}{JOINER}]+")
_SCHEME = re.compile(r"(?<![^\W_])https?://", re.IGNORECASE)
_SCHEME_SO_FAR = re.compile(r"(?<![^\W_])h(?:t(?:t(?:p(?:s?(?::/?)?)?)?)?)?\Z", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_LINES = re.compile(r"[\n\v\f\x85\u2028\u2029]")
_EMPHASIS = re.compile(r"\*{1,8}|_{1,8}")
_LONGEST_EMPHASIS = 8
_DASHES = re.compile(r"[:-]{1,80}")
_TASK = re.compile(r"\[[ xX]\]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,9});")
_ENTITY_SO_FAR = re.compile(r"&#?[A-Za-z0-9]{0,10}\Z")
_ESCAPABLE = frozenset("\\`*_{}[]()#+-.!|<>~\"'$&=")
_FENCE = re.compile("```")
_WAVY_FENCE = re.compile("~~~")
_KEEP = 32
"""Characters of a skipped block that may be the beginning of its end."""


class PlainSpeech:
    """The cleaner of one reply: `feed` it, and `flush` it at the end. `marks`: what stood in `<<<…>>>`, in order; they
    are for whoever asked the model to write them."""

    __slots__ = ("_address", "_before", "_dropped", "_lines", "_opened", "_out", "_rest", "_until", "marks")

    def __init__(self) -> None:
        self.marks: list[str] = []
        self._begin()

    def _begin(self) -> None:
        self._rest = ""
        self._out = SpokenText()
        self._lines = LineOpeners()
        self._before = ""
        self._dropped = False
        self._opened: set[str] = set()
        self._address = False
        self._until: re.Pattern[str] | None = None

    def feed(self, delta: str) -> str:
        """What can be said now; maybe nothing yet."""
        self._run(self._rest + delta, last=False)
        return self._out.take()

    def flush(self) -> str:
        """What is left, and the end of the text. What is fed from then on is another."""
        self._run(self._rest, last=True)
        self._out.end()
        said = self._out.take()
        self._begin()
        return said

    def _run(self, text: str, *, last: bool) -> None:
        at = 0
        while at < len(text):
            end = self._step(text, at, last)
            if end == LATER:
                break
            self._before = text[end - 1]
            at = end
        self._rest = text[at:]

    def _step(self, text: str, at: int, last: bool) -> int:
        """Deals with what begins at `at`; returns its end, or `LATER`."""
        if self._until is not None:
            return self._skip(text, at, self._until, last)
        char = text[at]
        if UNSPOKEN.match(char) or (char == JOINER and self._dropped):
            self._dropped = True
            return at + 1
        self._dropped = False
        if self._address and (found := _ADDRESS.match(text, at)):
            self._out.say(found.group())
            return found.end()
        self._address = False
        if char.isspace():
            return self._white_space(text, at)
        if self._out.row and char in ":-":
            return self._cell_rule(text, at, last)
        if self._out.line_start and (end := self._lines.skip(text, at, self._out, last=last)) is not None:
            return end
        return self._inline(text, at, last)

    def _skip(self, text: str, at: int, until: re.Pattern[str], last: bool) -> int:
        found = until.search(text, at)
        if found:
            self._until = None
            return found.end()
        kept = len(text) if last else len(text) - _KEEP
        return kept if kept > at else LATER

    def _white_space(self, text: str, at: int) -> int:
        found = _SPACE.match(text, at)
        end = found.end() if found else at + 1
        if text[at] not in "\n\v\f\x85\u2028\u2029":
            self._out.blank()
        if _LINES.search(text, at, end):
            self._newline()
        return end

    def _newline(self) -> None:
        self._out.newline()
        self._opened.clear()
        self._lines.ruled = False

    def _cell_rule(self, text: str, at: int, last: bool) -> int:
        """Under the head of a table: `|---|:--|`."""
        found = _DASHES.match(text, at)
        end = found.end() if found else at + 1
        if end == len(text) and end - at < 80 and not last:
            return LATER
        if "--" not in text[at:end]:
            self._out.say(text[at:end])
        return end

    def _inline(self, text: str, at: int, last: bool) -> int:
        char = text[at]
        if char in "*_":
            return self._emphasis(text, at, last)
        if char in "`~":
            return self._ticks(text, at, last)
        if char == "<":
            return self._becomes(angle(text, at, last=last))
        if char == "[":
            return self._square(text, at, last)
        if char == "(":
            end = aside_end(text, at + 1, ")", last=last)
            return self._literal(text, at) if end is None else end
        if char == "!":
            return self._bang(text, at, last)
        if char == "&":
            return self._entity(text, at, last)
        if char == "\\":
            return self._escape(text, at, last)
        if char == "|":
            return self._pipe(text, at)
        return self._words(text, at, last)

    def _becomes(self, found: Found | int) -> int:
        if isinstance(found, int):
            return found
        self._out.say(UNSPOKEN.sub("", found.text))
        if found.newline:
            self._newline()
        self._until = found.until
        if found.mark:
            self.marks.append(found.mark)
        return found.end

    def _literal(self, text: str, at: int, length: int = 1) -> int:
        self._out.say(text[at : at + length])
        return at + length

    def _words(self, text: str, at: int, last: bool) -> int:
        """A run of plain characters, up to an address: of that, the scheme is not spoken."""
        found = (_WORDS_OF_ROW if self._out.row else _WORDS).match(text, at)
        if found is None:
            return self._literal(text, at)
        end = found.end()
        inside = self._before.isalnum()
        scheme = _SCHEME.search(text, at + inside, end)
        if scheme:
            self._out.say(text[at : scheme.start()])
            self._address = True
            return scheme.end()
        if end == len(text) and not last:
            begun = _SCHEME_SO_FAR.search(text, max(at, end - 7), end)
            if begun and not (begun.start() == at and inside):
                end = begun.start()
        if end == at:
            return LATER
        self._out.say(text[at:end])
        return end

    def _emphasis(self, text: str, at: int, last: bool) -> int:
        found = _EMPHASIS.match(text, at)
        run = found.group() if found else text[at]
        end, mark = at + len(run), run[0]
        if len(run) == _LONGEST_EMPHASIS:
            return end
        if end == len(text) and not last:
            return LATER
        before, after = self._before, text[end : end + 1]
        free_before, free_after = not before.strip(), not after.strip()
        if free_before and free_after:  # "2 * 3"
            return end if mark == "_" or len(run) > 2 else self._literal(text, at, len(run))
        within = before.isalnum() and after.isalnum() and run not in self._opened
        if within and (len(run) == 1 or mark == "_" or (before + after).isdigit()):  # "2*3", "snake_case"
            return self._literal(text, at, len(run))
        if run in self._opened and not free_before:
            self._opened.discard(run)
            return end
        if free_after:  # "a 5* hotel": nothing was opened
            return self._literal(text, at) if run == "*" else end
        aside = aside_end(text, end, run, last=last)
        if aside is None:
            self._opened.add(run)
            return end
        return aside

    def _ticks(self, text: str, at: int, last: bool) -> int:
        """Code is dropped if it is a block; a few words of it are spoken. `~~` strikes out, `~5` is "about 5"."""
        tick, end = text[at], at + 1
        while end < at + 3 and text[end : end + 1] == tick:
            end += 1
        if end - at == 3:
            if tick == "`" or self._out.line_start:
                self._until = _FENCE if tick == "`" else _WAVY_FENCE
            return end
        if end == len(text) and not last:
            return LATER
        return self._literal(text, at) if tick == "~" and end - at == 1 else end

    def _square(self, text: str, at: int, last: bool) -> int:
        if self._out.line_start and self._out.item and (task := _TASK.match(text, at)):
            end = task.end()
            if end == len(text) and not last:
                return LATER
            if not text[end : end + 1].strip():
                return end
        return self._becomes(square(text, at, self._before, last=last))

    def _bang(self, text: str, at: int, last: bool) -> int:
        """A picture's `![…]`, or an exclamation mark."""
        if self._before.strip() or text[at + 1 : at + 2].strip(" [") or (at + 1 == len(text) and last):
            return self._literal(text, at)
        if at + 1 == len(text):
            return LATER
        return at + 1 if text[at + 1] == "[" else self._literal(text, at)

    def _entity(self, text: str, at: int, last: bool) -> int:
        found = _ENTITY.match(text, at)
        if found is None:
            return LATER if not last and _ENTITY_SO_FAR.match(text, at) else self._literal(text, at)
        char = UNSPOKEN.sub("", html.unescape(found.group()))
        if char.isspace():
            self._out.blank()
        else:
            self._out.say(char)
        return found.end()

    def _escape(self, text: str, at: int, last: bool) -> int:
        after = text[at + 1 : at + 2]
        if not after and not last:
            return LATER
        return self._literal(text, at + 1) if after in _ESCAPABLE else self._literal(text, at)

    def _pipe(self, text: str, at: int) -> int:
        if not self._out.row and not self._out.line_start:
            return self._literal(text, at)
        self._out.cell()
        return at + 1

"""Marks of HTML, of chat templates and of markdown's links: what of them may be spoken, and what must be skipped.

Every function looks at the construct that begins at `at`, and gives back what becomes of it, or `LATER` if that can't
be told before more of the text is there; `last`: no more will come. Nothing waits for more than a few hundred
characters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.call.asides import LATER, aside_end

LONGEST_MARK = 80
_MARK_WIDTH = len("<<<")
LONGEST_TAG = 200
LONGEST_LINK_TEXT = 200
LONGEST_LINK = 610

_VALUE = r"""\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+)"""
_NAME = r"</?!?[A-Za-z][\w:.=+@/%?&#~-]*"
_TAG = re.compile(rf"{_NAME}(?:\s+[\w:.-]+{_VALUE})*\s*/?>")
_TAG_SO_FAR = re.compile(
    rf"""{_NAME}(?:\s+[\w:.-]+{_VALUE})*(?:\s+[\w:.-]*(?:\s*=\s*(?:"[^"]*"?|'[^']*'?|[^\s"'<>]*))?)?\s*/?\Z"""
)
_TAG_NAME = re.compile(r"</?!?([A-Za-z][\w.-]*)")
_ADDRESS = re.compile(r"<(?:https?://|mailto:)?([^<>\s=]*(?:@|(?<=.)\.)[^<>\s]*)>", re.IGNORECASE)
_LINK = re.compile(r"\([^()\n]{0,400}(?:\([^()\n]{0,100}\)[^()\n]{0,100})?\)")
_REFERENCE = re.compile(r"\[[^\[\]\n]{0,60}\]")
_FOOTNOTE = re.compile(r"\^?\d{1,3}")
_SHOUTED = re.compile(r"[A-Z][A-Z0-9]*(?:[_ ][A-Z0-9]+)+")
_MARKS = re.compile(r"[*`~]|(?<!\w)_|_(?!\w)")

_THINKING = ["think", "thinking", "thought", "thoughts", "reasoning", "reflection", "scratchpad", "analysis"]
_TOOLS = ["tool", "tool_call", "tool_calls", "function", "function_call", "function_calls", "invoke"]
_UNHEARD = frozenset((*_THINKING, *_TOOLS, "script", "style", "svg"))
"""What is between such a tag and its end is not meant for the caller."""
_BREAKS = frozenset(["br", "p", "div", "li", "ul", "ol", "tr", "table", "hr", "h1", "h2", "h3", "h4", "h5", "h6"])


@dataclass(frozen=True, slots=True)
class Found:
    """What goes on at `end`, having said `text`. `until`: all up to this is skipped. `newline`: the line is over.
    `mark`: what stood between `<<<` and `>>>`."""

    end: int
    text: str = ""
    until: re.Pattern[str] | None = None
    newline: bool = False
    mark: str = ""


def angle(text: str, at: int, *, last: bool) -> Found | int:
    """`<tag>`, `<think>…</think>`, `<|special|>`, `<<<MARK>>>`, `<!-- … -->`, `<me@example.com>`; else a `<`."""
    ahead = text[at + 1 : at + 2]
    if ahead == "|":
        return _fenced(text, at, 2, "|>", last=last)
    if ahead == "<":
        end = at + 2
        while end < at + 4 and text[end : end + 1] == "<":
            end += 1
        if end == len(text) and end < at + 4 and not last:
            return LATER
        return _fenced(text, at, end - at, ">" * (end - at), last=last)
    comment = text[at : at + 4]
    if comment == "<!--":
        return Found(at + 4, until=re.compile("-->"))
    if not last and len(comment) < 4 and "<!--".startswith(comment):
        return LATER
    return _tag(text, at, last=last)


def _fenced(text: str, at: int, width: int, closer: str, *, last: bool) -> Found | int:
    """No one says such marks: what opens one is dropped even if nothing closes it."""
    stop = at + width + LONGEST_MARK
    close = text.find(closer, at + width, stop)
    line = text.find("\n", at, stop if close < 0 else close)
    if line < 0 and close >= 0:
        return Found(close + len(closer), mark=text[at + width : close] if width == _MARK_WIDTH else "")
    if line < 0 and len(text) <= stop:
        return Found(len(text)) if last else LATER
    return Found(at + width)


def _tag(text: str, at: int, *, last: bool) -> Found | int:
    stop = at + LONGEST_TAG
    close = text.find(">", at, stop)
    if close < 0:
        so_far = text[at:stop]
        open_still = so_far in ("<", "</") or _TAG_SO_FAR.match(so_far)
        if not open_still or len(text) >= stop:
            return Found(at + 1, "<")
        if not last:
            return LATER
        return Found(len(text)) if len(so_far) > 1 and " " not in so_far else Found(at + 1, "<")
    tag = text[at : close + 1]
    if not _TAG_SO_FAR.match(tag[:-1]):
        return Found(at + 1, "<")
    address = _ADDRESS.fullmatch(tag)
    if address and ("@" in tag or "://" in tag):
        return Found(close + 1, address.group(1))
    name = _TAG_NAME.match(tag)
    if name is None or not _TAG.fullmatch(tag):
        return Found(at + 1, "<")
    low = name.group(1).lower()
    if low in _UNHEARD and not tag.startswith("</") and not tag.endswith("/>"):
        return Found(close + 1, until=re.compile(rf"</{re.escape(low)}\s{{0,4}}>", re.IGNORECASE))
    return Found(close + 1, newline=low in _BREAKS)


def square(text: str, at: int, before: str, *, last: bool) -> Found | int:
    """`[text](address)` and `[text][reference]` are their text; footnotes, marks and stage directions nothing; else a
    `[`. `before`: the character before it."""
    literal = Found(at + 1, "[")
    if at + 1 == len(text):
        return literal if last else LATER
    if text[at + 1] == "[":
        return _double_square(text, at, last=last)
    stop = at + 1 + LONGEST_LINK_TEXT
    close = text.find("]", at + 1, stop)
    inner = text[at + 1 : stop if close < 0 else close]
    if "[" in inner or "\n" in inner:
        return literal
    if close < 0:
        return LATER if len(text) < stop and not last else literal
    linked = _linked(text, inner, close + 1, last=last)
    if linked is not None:
        return linked
    noted = _FOOTNOTE.fullmatch(inner) and (inner[0] == "^" or not (not before or before.isspace()))
    aside = aside_end(text, at + 1, "]", last=True)
    return Found(close + 1) if noted or _SHOUTED.fullmatch(inner) or aside == close + 1 else literal


def _double_square(text: str, at: int, *, last: bool) -> Found | int:
    stop = at + 2 + LONGEST_MARK
    close = text.find("]]", at + 2, stop)
    line = text.find("\n", at, stop if close < 0 else close)
    if close >= 0 and line < 0:
        return Found(close + 2)
    return LATER if line < 0 and len(text) < stop and not last else Found(at + 1, "[")


def _linked(text: str, inner: str, after: int, *, last: bool) -> Found | int | None:
    """None if no address follows."""
    if after == len(text):
        return None if last else LATER
    pattern = {"(": _LINK, "[": _REFERENCE}.get(text[after])
    if pattern is None:
        return None
    found = pattern.match(text, after)
    if found:
        return Found(found.end(), " ".join(_MARKS.sub("", inner).split()))
    open_still = len(text) < after + LONGEST_LINK and "\n" not in text[after:]
    return LATER if open_still and not last else None

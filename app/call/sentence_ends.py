"""Where a sentence of a growing text ends, and where one is only seen to end: after "Dr.", in "3.5", in "U.S. law".

Whether a mark ends a sentence may depend on what comes behind it, which may not be there yet. The answer is `LATER`
then; nothing but a few letters more is ever needed.
"""

from __future__ import annotations

import re

LATER = -1
"""Not to be told before more of the text is there."""

_CLOSERS = "\"')\\]}”’»」』）】"
_OPENERS = "\"'([{“‘«„"
_MARK = re.compile(rf"[.!?…؟۔]+[{_CLOSERS}]*|[।॥]+[{_CLOSERS}]*|[。！？．]+[{_CLOSERS}]*|\n")
_AT_ONCE = "।॥"
_WITHOUT_SPACE = "。！？．"
_SAYABLE = re.compile(r"[^\W_]")
_WORD = re.compile(r"[^\W\d_]+(?:['’]\w+)?")
_NUMBER = re.compile(r"[\d.,:/]*\d")
_LETTERS = re.compile(r"[^\W\d_](?:\.[^\W\d_])*")
_LOOK_AHEAD = 40
"""Characters behind a mark that may settle what it is; longer words settle nothing."""
_LONGEST_TOKEN = 24


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BEFORE_NAMES = _listed("Mr Mrs Ms Mx Dr Prof St Mt Ft Gen Col Capt Lt Sgt Rev Hon Gov Sen Messrs Fr Herr Smt Shri")
_INSIDE = _listed("vs e.g i.e eg ie cf approx incl excl z.b bzw ca resp")
_BEFORE_NUMBERS = _listed("no nos nr fig vol p pp ch sec art ext tel")
_EITHER = _listed("jr sr inc ltd co corp bros dept ave rd blvd est")
_AFTER_TIMES = _listed("a.m p.m etc")
_STARTERS = _listed(
    "a an and another are as at because but by can could did do does each every feel first for from has have he "
    "her here his how however i if i'd i'll i'm in is it it's its just let let's many may maybe my next no now "
    "of oh okay on once one or our please she should so some sorry sure thank thanks that that's the their then "
    "there there's these they they're this those to today tomorrow we we'd we'll we're we've welcome well what "
    "when where which while who why will with would yes yet you you'd you'll you're your"
)
"""Words that begin a sentence far more often than a name."""
_CALENDAR = _listed(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december januar februar märz mai juni juli oktober dezember est edt cst cdt mst "
    "mdt pst pdt gmt utc ist cet cest bst eastern pacific central mountain"
)
"""What goes on behind "8 a.m." or "3." though it has a capital: days, months, times of a region."""


def sentence_end(text: str, start: int, limit: int, *, last: bool) -> int | None:
    """The end of the first sentence with a word in it that begins at `start` and ends before `limit`.

    `last`: no more text will come. None if there is none as yet; `LATER` if there may be one.
    """
    sayable = _SAYABLE.search(text, start, limit)
    if sayable is None:
        return None
    for found in _MARK.finditer(text, sayable.end(), limit):
        end = found.end()
        verdict = _ends(text, start, found, last=last)
        if verdict is None:
            return LATER
        if verdict:
            return end
    return None


def _ends(text: str, start: int, found: re.Match[str], *, last: bool) -> bool | None:
    """Whether the mark ends a sentence; None if that can't be told yet."""
    mark, end = found.group(), found.end()
    if mark == "\n" or mark[0] in _AT_ONCE:
        return True
    if end == len(text):
        return True if last else None
    if mark[0] in _WITHOUT_SPACE:
        return True
    if not text[end].isspace():
        return False
    bare = mark.rstrip(_CLOSERS.replace("\\", ""))
    if bare != mark or bare in ("…", "..") or bare.startswith("..."):
        return _unless_it_goes_on(text, end, last=last)
    if bare != ".":
        return True
    return _full_stop(text, start, found.start(), end, last=last)


def _full_stop(text: str, start: int, dot: int, end: int, *, last: bool) -> bool | None:
    """A single full stop with white space behind it: what stands before it decides."""
    token = text[max(start, dot - _LONGEST_TOKEN) : dot].rsplit(maxsplit=1)[-1].lstrip(_OPENERS)
    low = token.lower()
    if token in _BEFORE_NAMES or low in _INSIDE:
        return False
    if low in _BEFORE_NUMBERS:
        follows = _following(text, end)
        return (last or None) if not follows else not follows[0].isdigit()
    if low in _AFTER_TIMES:
        return _unless_it_goes_on(text, end, last=last)
    if _NUMBER.fullmatch(token):
        if dot - len(token) == start:
            return False  # "1. First": an item's number
        return True if len(token) > 2 and token.isdigit() else _unless_it_goes_on(text, end, last=last)
    if low in _EITHER or _LETTERS.fullmatch(token):
        return _if_a_sentence_begins(text, end, last=last)
    return True


def _following(text: str, end: int) -> str:
    return text[end : end + _LOOK_AHEAD].lstrip().lstrip(_OPENERS)


def _next_word(text: str, end: int, *, last: bool) -> str | None:
    """The word behind, empty if there is none; None if it is not complete yet."""
    follows = _following(text, end)
    known = last or len(text) > end + _LOOK_AHEAD
    if not follows:
        return "" if known else None
    word = _WORD.match(follows)
    if word is None:
        return ""
    if word.end() == len(follows) and not known:
        return None
    return "" if follows[word.end() : word.end() + 1] == "." and word.end() == 1 else word.group()


def _unless_it_goes_on(text: str, end: int, *, last: bool) -> bool | None:
    """An end, unless a small letter, a digit, a day or a month follows."""
    follows = _following(text, end)
    if follows and (follows[0].islower() or follows[0].isdigit()):
        return False
    word = _next_word(text, end, last=last)
    return None if word is None else word.lower() not in _CALENDAR


def _if_a_sentence_begins(text: str, end: int, *, last: bool) -> bool | None:
    """An end only if the word behind is one that begins sentences, or nothing follows."""
    word = _next_word(text, end, last=last)
    if word is None:
        return None
    if not _following(text, end):
        return True
    return word[:1].isupper() and word.lower() in _STARTERS

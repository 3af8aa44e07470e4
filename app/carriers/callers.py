"""What kind of caller an address is: carriers write a withheld number as a word, or as a word keyed on a telephone."""

from __future__ import annotations

import re

from app.carriers.protocol import CallerKind

_NUMBER = re.compile(r"\+?[0-9]{2,16}")
_WITHHELD_WORDS = ("", "anonymous", "unknown", "restricted", "private", "unavailable")
_WITHHELD_SPELLED = ("+266696687", "+8656696", "+7378742833", "+86282452253")
"""ANONYMOUS, UNKNOWN, RESTRICTED, UNAVAILABLE."""


def caller_kind(address: str) -> CallerKind:
    """`address` as the carrier tells it."""
    lowered = address.lower()
    if lowered in _WITHHELD_WORDS or lowered in _WITHHELD_SPELLED:
        return "anonymous"
    if lowered.startswith(("sip:", "sips:")):
        return "sip"
    if lowered.startswith("client:"):
        return "client"
    return "number" if _NUMBER.fullmatch(address) else "other"

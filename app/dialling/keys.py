"""Keys that are sent once somebody answers: to an extension, past a company's menu."""

from __future__ import annotations

import re

MOST_KEYS = 32
"""The carrier takes no more (WIRE facts B.4)."""
KEYS_PATTERN = rf"^[0-9*#wW]{{0,{MOST_KEYS}}}$"
WRONG_KEYS = f"These are up to {MOST_KEYS} keys of 0-9, * and #; w waits for half a second, W for a whole one."


def checked_keys(text: str) -> str:
    """`text` if these are keys that can be sent; it may be empty. Raises ValueError with a sentence."""
    if not re.fullmatch(KEYS_PATTERN, text):
        raise ValueError(WRONG_KEYS)
    return text

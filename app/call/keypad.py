"""Keys pressed on the telephone, gathered into one input."""

from __future__ import annotations

KEYS = frozenset("0123456789*#")
PAUSE_S = 1.5
"""Digits this far apart belong to different inputs; `#` and `*` end one at once."""
LONGEST = 32
"""Digits; more in one go are cut off (the longest that Twilio itself sends)."""


class Keypad:
    """Gathers keys; `press` says whether the input is complete, `take` gives it out."""

    __slots__ = ("_keys",)

    def __init__(self) -> None:
        self._keys = ""

    def press(self, key: str) -> bool:
        """True once the input is complete. Keys that a telephone does not have are ignored."""
        if key not in KEYS:
            return False
        self._keys = (self._keys + key)[-LONGEST:]
        return key in "*#" or len(self._keys) >= LONGEST

    @property
    def pressed(self) -> bool:
        """Are there keys that nobody has taken?"""
        return bool(self._keys)

    def take(self) -> str:
        keys, self._keys = self._keys, ""
        return keys

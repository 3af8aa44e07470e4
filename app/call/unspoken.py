"""Characters that no voice can say: emoji and what holds them together, controls, halves of characters."""

from __future__ import annotations

import re

EMOJI = (
    "\u231a\u231b\u2328\u23cf\u23e9-\u23fa\u24c2"  # watches, keys, the buttons of a player
    "\u2190-\u21ff\u2500-\u27bf\u2900-\u297f\u2b00-\u2bff"  # arrows, boxes, shapes, symbols, dingbats
    "\u3030\u303d\u3297\u3299\u20e3\ufe0e\ufe0f"  # what is left of them; the keycap; emoji or text
    "\U0001f000-\U0001fbff"  # pictures, flags' letters, shades of skin
    "\U000e0000-\U000e0fff"  # the names of flags
)
CONTROLS = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff\ue000-\uf8ff\ufff0-\uffff\U000f0000-\U0010ffff"
)
"""Controls but white space; invisible marks; halves of characters, private ones, and those that are none."""

JOINER = "\u200d"
"""Holds emoji together, but belongs to the spelling of Indian words as well."""

UNSPOKEN = re.compile(f"[{EMOJI}{CONTROLS}]")
"""One such character. A joiner is one only behind another."""

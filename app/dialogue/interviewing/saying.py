"""How things are said: a question in shorter sentences for whoever asked to hear it slower."""

from __future__ import annotations

import re

_SHORTEST = 3
"""Words; a shorter piece is not worth a sentence of its own."""
_SEAMS = re.compile(
    r"(?<=[.?!;:])\s+|(?<=,)\s+(?=(?:and|or|but|when|while|which|because|what|how|why|where|if)\b)", re.IGNORECASE
)


def in_short(text: str) -> str:
    """`text`, every word of it in its order, in sentences as short as its seams allow: a comma is one where a clause
    follows, and not within "map, filter and reduce"."""
    kept: list[str] = []
    for part in filter(None, _SEAMS.split(text.strip())):
        if kept and min(len(part.split()), len(kept[-1].split())) < _SHORTEST:
            kept[-1] = f"{kept[-1]} {part}"
        else:
            kept.append(part)
    return " ".join(_sentence(part, last=place == len(kept) - 1) for place, part in enumerate(kept))


def _sentence(part: str, *, last: bool) -> str:
    if not last:
        part = part.rstrip(",;:")
        part = part if part.endswith((".", "?", "!")) else f"{part}."
    return part[:1].upper() + part[1:]

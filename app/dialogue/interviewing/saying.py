"""How things are said: a question in shorter sentences for whoever asked to hear it slower."""

from __future__ import annotations

import re

_SHORTEST = 4
"""Words; a shorter piece is not worth a sentence of its own."""
_SEAMS = re.compile(
    r"(?<=[.?!;:,])\s+"
    r"|\s+(?=(?:and|or|but|when|while|which|because|so that|what|how|why|where|before|after|instead)\b)",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"[,;:]$")


def in_short(text: str) -> str:
    """`text`, every word of it in its order, in sentences as short as its seams allow. What it ends with stays its
    end; the voice pauses where a sentence ends."""
    parts = [part for part in _SEAMS.split(text.strip()) if part]
    kept: list[str] = []
    for part in parts:
        if kept and (len(part.split()) < _SHORTEST or len(kept[-1].split()) < _SHORTEST):
            kept[-1] = f"{kept[-1]} {part}"
        else:
            kept.append(part)
    sentences = [_sentence(part, last=place == len(kept) - 1) for place, part in enumerate(kept)]
    return " ".join(sentences)


def _sentence(part: str, *, last: bool) -> str:
    if not last:
        part = _CLOSING.sub("", part)
        part = part if part.endswith((".", "?", "!")) else f"{part}."
    return part[:1].upper() + part[1:]

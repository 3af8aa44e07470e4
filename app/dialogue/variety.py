"""Choices that look free and are settled for good by the conversation's id.

`hash()` differs from process to process and would make a replayed call answer differently; SHA-256 does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from itertools import pairwise


def number(seed: str, purpose: str) -> int:
    """A whole number, 0 or more, that is the same for the same `seed` and `purpose` everywhere and always."""
    return int.from_bytes(sha256(f"{purpose}\0{seed}".encode("utf-8", "replace")).digest()[:8], "big")


def in_turn(options: Sequence[str], count: int, seed: str | None = None, purpose: str = "") -> str:
    """The option for the `count`th time (from 0): each once before one comes again. The first is the first option or,
    with a `seed`, one that the seed settles. `options`: at least one."""
    first = number(seed, purpose) if seed is not None else 0
    return options[(first + count) % len(options)]


def spread(options: Sequence[str], wanted: int, seed: str) -> tuple[str, ...]:
    """`wanted` of `options` (all, if there are fewer), none twice, in their order, taken evenly from start to end: from
    questions sorted by difficulty, every conversation gets the easy and the hard."""
    wanted = min(wanted, len(options))
    bounds = [place * len(options) // wanted for place in range(wanted + 1)] if wanted else []
    parts = [options[start:end] for start, end in pairwise(bounds)]
    return tuple(part[number(seed, f"part {place}") % len(part)] for place, part in enumerate(parts))

"""What calls leave in files, made small and back again, to the bit.

A recording's samples came as μ-law and are half as many bytes as such; with one side after the other instead of in
turns, whoever is silent costs nearly nothing. Anything else is compressed as it is.
"""

from __future__ import annotations

import zlib

import numpy as np

from app.audio.mulaw import decode, encode
from app.store.pieces import Kind

LEVEL = 6
_STEREO_16_BIT = 4
_LANES, _PLAIN = b"\x01", b"\x00"
"""The first byte of every piece: what was done to it."""


def pack(kind: Kind, raw: bytes) -> bytes:
    """`raw` made small. A recording's is interleaved 16-bit stereo at any position that is a whole sample's."""
    if kind == "recording" and len(raw) % _STEREO_16_BIT == 0:
        lanes = np.frombuffer(raw, dtype="<i2").reshape(-1, 2)
        coded = b"".join(encode(np.ascontiguousarray(lanes[:, side]).tobytes()) for side in (0, 1))
        if _interleaved(coded) == raw:
            return _LANES + zlib.compress(coded, LEVEL)
    return _PLAIN + zlib.compress(raw, LEVEL)


def unpack(packed: bytes) -> bytes:
    """What was packed. Raises ValueError for anything else."""
    try:
        data = zlib.decompress(packed[1:])
    except zlib.error:
        raise ValueError("a stored piece of a call cannot be read") from None
    return _interleaved(data) if packed[:1] == _LANES else data


def _interleaved(coded: bytes) -> bytes:
    half = len(coded) // 2
    both = np.empty((half, 2), dtype="<i2")
    for side in (0, 1):
        both[:, side] = np.frombuffer(decode(coded[side * half : (side + 1) * half]), dtype="<i2")
    return both.tobytes()

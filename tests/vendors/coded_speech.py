"""Speech that a test can read back: each word is a tone of its own level, as long as the word has letters.

A voice that speaks so, and whose μ-law reaches the caller untouched, shows word by word what the caller really heard.
"""

from __future__ import annotations

import re
from itertools import groupby
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from app.audio.mulaw import decode

MS_PER_CHAR = 40
_BYTES_PER_CHAR = 8 * MS_PER_CHAR
_HALF_WAVE = 10
"""Bytes: 400 Hz at 8 kHz."""
_QUIET = 0xFF
_LOUDEST, _LEVELS = 0x10, 60
_SALT = 8
"""With it no two words that follow each other, or the next but one, sound alike in what these tests' personas say."""
_SIGN = 0x80
_BY_LEVEL = {abs(int(level)): code for code, level in enumerate(np.frombuffer(decode(bytes(range(128))), "<i2"))}
_SHORTEST_SHARE = 0.5
"""Of a word's length: less of it was not heard."""


def code(word: str) -> int:
    """The word's level, as a μ-law code without its sign."""
    return _LOUDEST + crc32(f"{_SALT}{bare(word)}".encode()) % _LEVELS


def bare(word: str) -> str:
    """A word without case and punctuation."""
    return re.sub(r"[^\w]", "", word).lower()


def speak(text: str) -> bytes:
    """8 kHz μ-law; a letter, a space and a punctuation mark are 40 ms each."""
    return b"".join(_sounding(part) for part in re.findall(r"\w+|\W+", text))


def _sounding(part: str) -> bytes:
    length = len(part) * _BYTES_PER_CHAR
    if not bare(part):
        return bytes([_QUIET]) * length
    level = code(part)
    wave = bytes([level | _SIGN]) * _HALF_WAVE + bytes([level]) * _HALF_WAVE
    return (wave * (length // len(wave) + 1))[:length]


def levels_heard(ear: NDArray[np.int16]) -> list[tuple[int, float]]:
    """(code, ms) of each tone in what was heard, in order; tones of other kinds are left out.

    A tone with a gap in it, on a line that ran dry for a moment, is one tone.
    """
    codes = [_BY_LEVEL.get(abs(int(sample)), -1) for sample in ear]
    runs = [(level, len(list(run)) / 8) for level, run in groupby(codes)]
    tones = [(level, ms) for level, ms in runs if _LOUDEST <= level < _LOUDEST + _LEVELS and ms >= 1]
    joined = [(level, sum(ms for _, ms in run)) for level, run in groupby(tones, key=lambda tone: tone[0])]
    return [(level, ms) for level, ms in joined if ms >= MS_PER_CHAR / 2]


def words_of(text: str) -> list[str]:
    """The words that `speak` makes tones of."""
    return [part for part in re.findall(r"\w+", text) if bare(part)]


def agrees(ear: NDArray[np.int16], text: str) -> str:
    """Empty if what was heard is `text`, word for word; else one line that says where they part.

    The last word may be longer or shorter than it should be by half: a transcript holds whole words alone.
    """
    heard = levels_heard(ear)
    said = words_of(text)
    for place, (word, (level, ms)) in enumerate(zip(said, heard, strict=False)):
        if level != code(word):
            return f"word {place + 1} of the transcript, {word!r}, is not what was heard there ({ms:.0f} ms)"
        if ms < len(word) * MS_PER_CHAR * _SHORTEST_SHARE:
            return f"word {place + 1} of the transcript, {word!r}, was heard for {ms:.0f} ms alone"
    if len(said) > len(heard):
        return f"{said[len(heard)]!r} and what follows it was never heard"
    rest = sum(ms for _, ms in heard[len(said) :])
    return (
        "" if rest <= TOLERATED_MS else f"{rest:.0f} ms behind {said[-1] if said else 'nothing'!r} are in no transcript"
    )


TOLERATED_MS = 600
"""Of sound behind the last word told: one word that was not heard to its end, and as much as a mark is late."""

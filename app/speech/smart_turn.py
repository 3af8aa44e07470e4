"""Has the caller finished? Asked of a network that heard many people: Smart Turn v3, where the operator has its file.

It is an option. The file (BSD licence, 8 MB, `smart-turn-v3.2-cpu.onnx` from pipecat-ai/smart-turn-v3) is not shipped
and never fetched; `SMART_TURN_MODEL` says where it is. What it hears: the last 8 s of the turn up to the pause, silence
before it if there is less, as Whisper's features; what it says: how likely the turn is complete. It knows 23 languages
and no words, and costs tens of milliseconds of a core, so it works on a thread of its own, one pause after the other.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.audio.log_mel import BANDS, RATE_HZ, log_mel
from app.audio.resample import whole
from app.audio.sound import Sound
from app.speech.protocols import Finding, ProviderError

SETTING = "SMART_TURN_MODEL"
HEARD_S = 8
_INPUT = "input_features"
_SHAPE = (BANDS, HEARD_S * 100)
_MOST_WAITING = 4
"""More judgements than this at once would come too late to be of use: the later ones are refused."""
_FETCH = f"set {SETTING} to the file smart-turn-v3.2-cpu.onnx from huggingface.co/pipecat-ai/smart-turn-v3, or unset it"


class SmartTurn:
    """One for the process. `model`: the ONNX file; it is read at the first `warm`, `judge` or `check`."""

    def __init__(self, model: Path) -> None:
        self._model = model
        self._session: Any = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="smart-turn")
        self._waiting = 0

    async def warm(self) -> None:
        """Read the model, so that the first pause does not wait for it. Raises ProviderError."""
        await self._on_thread(self._load)

    async def judge(self, sound: Sound) -> float:
        """How likely the turn is complete, 0 to 1; above 0.5 the model's makers take it as complete.

        `sound`: the turn from its beginning to the pause, at any rate. Raises ProviderError: no such file, or not that
        model (`failed`), an answer that is none (`rubbish`), too many pauses at once (`busy`). Cancelled while it
        waits for the thread, it costs nothing.
        """
        if self._waiting >= _MOST_WAITING:
            raise ProviderError(f"Smart Turn has {self._waiting} pauses to judge already", "busy")
        complete: float = await self._on_thread(self._judge, sound)
        return complete

    async def check(self) -> Finding:
        """Can it judge? Silence is tried. Never raises."""
        try:
            await self.judge(Sound(bytes(2 * RATE_HZ), RATE_HZ))
        except ProviderError as error:
            return Finding(SETTING, False, str(error), _FETCH)
        return Finding(SETTING, True, f"{self._model.name} judges pauses")

    async def aclose(self) -> None:
        """Let go of the thread; what waits for it is cancelled."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _on_thread(self, work: Any, *given: Any) -> Any:
        try:
            begun = self._thread.submit(work, *given)
        except RuntimeError:
            raise ProviderError("Smart Turn has been closed", "failed") from None
        self._waiting += 1
        try:
            return await asyncio.wrap_future(begun)
        finally:
            self._waiting -= 1

    def _load(self) -> None:
        if self._session is None:
            self._session = _session(self._model)

    def _judge(self, sound: Sound) -> float:
        self._load()
        try:
            said = self._session.run(None, {_INPUT: features(sound)[np.newaxis]})[0]
        except Exception as error:  # onnxruntime's own kinds have no common parent
            raise ProviderError(f"Smart Turn failed ({type(error).__name__})", "failed") from None
        complete = float(said.flat[0]) if said.size == 1 else float("nan")
        if not 0.0 <= complete <= 1.0:
            raise ProviderError("Smart Turn's answer is no probability: this is not Smart Turn v3", "rubbish")
        return complete


def features(sound: Sound) -> NDArray[np.float32]:
    """What the model is shown, shape (80, 800): the last 8 s of `sound`, with silence before it if it is shorter."""
    count = HEARD_S * RATE_HZ
    heard = np.frombuffer(whole(sound, RATE_HZ).data, dtype="<i2")[-count:].astype(np.float32) / 32768
    return log_mel(np.pad(heard, (count - len(heard), 0)))


def _session(model: Path) -> Any:
    try:
        import onnxruntime
    except ImportError:
        raise ProviderError(f"{SETTING} needs the package onnxruntime: install it", "failed") from None
    if not model.is_file():
        raise ProviderError(f"{SETTING}: there is no file {model}", "failed")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # as above
        raise ProviderError(f"{SETTING}: {model} cannot be read as ONNX ({type(error).__name__})", "failed") from None
    asked = session.get_inputs()
    fits = len(asked) == 1 and asked[0].name == _INPUT and len(asked[0].shape) == 1 + len(_SHAPE)
    if not fits or any(isinstance(n, int) and n != m for n, m in zip(asked[0].shape[1:], _SHAPE, strict=True)):
        raise ProviderError(
            f"{SETTING}: {model} is not Smart Turn v3: it does not take {_INPUT} of 80 by 800", "failed"
        )
    return session

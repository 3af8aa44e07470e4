"""The network that may be asked whether a turn is complete: what it is shown, and what is said when it cannot judge."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import numpy as np
import pytest

from app.audio.sound import Sound
from app.speech import smart_turn
from app.speech.protocols import ProviderError
from app.speech.smart_turn import SETTING, SmartTurn, features
from tests.speech import onnx_file


def spoken(seconds: float, hz: float = 300.0) -> Sound:
    wave = 8000 * np.sin(2 * np.pi * hz * np.arange(int(seconds * 8000)) / 8000)
    return Sound(wave.astype("<i2").tobytes(), 8000)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    file = tmp_path / "smart-turn.onnx"
    file.write_bytes(onnx_file.judge())
    return file


def test_it_is_shown_the_last_8_s_and_silence_before_less() -> None:
    short = features(spoken(1.0))
    assert short.shape == (80, 800)
    assert short[:, 705:].max() - short[:, :695].max() > 1
    last = Sound(spoken(5.0).data + spoken(8.0, 900.0).data, 8000)
    assert np.allclose(features(last)[:, 20:], features(spoken(8.0, 900.0))[:, 20:], atol=0.05)
    assert np.isfinite(features(Sound(b"", 8000))).all()


async def test_a_judgement_is_the_networks_own_number(model: Path) -> None:
    judge = SmartTurn(model)
    sound = spoken(2.0)
    mean = float(features(sound).mean())
    assert await judge.judge(sound) == pytest.approx(1 / (1 + np.exp(-mean)), abs=1e-5)
    assert await judge.judge(Sound(bytes(80_000), 8000, "mulaw")) != await judge.judge(sound)
    await judge.aclose()


async def test_it_is_found_well_and_judges_off_the_event_loop(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = []

    def note(_: Sound) -> np.ndarray:
        threads.append(threading.current_thread())
        return blank()

    monkeypatch.setattr(smart_turn, "features", note)
    judge = SmartTurn(model)
    await judge.warm()
    found = await judge.check()
    assert (found.ok, found.about) == (True, SETTING)
    assert threads
    assert threading.main_thread() not in threads
    await judge.aclose()


def blank() -> np.ndarray:
    return np.zeros((80, 800), dtype=np.float32)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "there is no file"),
        (b"this is no model", "cannot be read as ONNX"),
        (onnx_file.judge("input_values", (16_000,)), "is not Smart Turn v3"),
        (onnx_file.judge(shape=(80, 3000)), "is not Smart Turn v3"),
        (onnx_file.judge(probability=False), "is no probability"),
    ],
    ids=["no file", "rubbish", "version 2", "a Whisper", "another answer"],
)
async def test_what_is_not_that_model_is_said_to_be_none(tmp_path: Path, content: bytes | None, why: str) -> None:
    file = tmp_path / "model.onnx"
    if content is not None:
        file.write_bytes(content)
    judge = SmartTurn(file)
    with pytest.raises(ProviderError, match=why):
        await judge.judge(Sound(bytes(16_000), 8000))
    found = await judge.check()
    assert not found.ok
    assert why in found.says
    assert SETTING in found.mend
    await judge.aclose()


async def test_a_file_that_comes_later_is_found_without_a_new_start(tmp_path: Path) -> None:
    judge = SmartTurn(tmp_path / "later.onnx")
    assert not (await judge.check()).ok
    (tmp_path / "later.onnx").write_bytes(onnx_file.judge())
    assert (await judge.check()).ok
    await judge.aclose()


async def test_of_many_pauses_at_once_the_later_are_refused_and_the_cancelled_cost_nothing(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free, worked = threading.Event(), []

    def wait(sound: Sound) -> np.ndarray:
        free.wait(10)
        worked.append(sound)
        return blank()

    monkeypatch.setattr(smart_turn, "features", wait)
    judge = SmartTurn(model)
    waiting = [asyncio.create_task(judge.judge(spoken(0.1))) for _ in range(4)]
    await asyncio.sleep(0)
    with pytest.raises(ProviderError) as refused:
        await judge.judge(spoken(0.1))
    assert refused.value.kind == "busy"
    waiting[3].cancel()
    await asyncio.sleep(0)
    free.set()
    done = await asyncio.gather(*waiting, return_exceptions=True)
    assert [isinstance(one, float) for one in done] == [True, True, True, False]
    assert await judge.judge(spoken(0.1)) == done[0]
    assert len(worked) == 4
    await judge.aclose()
    with pytest.raises(ProviderError, match="closed"):
        await judge.judge(spoken(0.1))

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import numpy as np

from app.runtime.archive import Archive
from app.runtime.disk import WavFile
from app.runtime.files import CallFiles
from app.web.admin.waveform import COLUMNS, LANE, Waveform, Waveforms, draw, peaks


def wav(path: Path, samples: np.ndarray) -> Path:
    WavFile(path).append(samples.astype("<i2").tobytes())
    return path


def drawn_from(path: Path) -> Waveform | None:
    with path.open("rb") as file:
        return draw(file)


def heights(path: str) -> list[int]:
    return [int(height) for height in re.findall(r"v(\d+)", path)]


def test_each_column_is_as_high_as_its_loudest_sample() -> None:
    samples = np.zeros((1000, 2), dtype=np.int16)
    samples[250, 0], samples[999, 1] = -32768, 32767
    highest = peaks(samples, 10)
    assert highest.shape == (10, 2)
    assert highest[2, 0] == 32768
    assert highest[9, 1] == 32767
    assert highest.sum() == 32768 + 32767


def test_the_caller_is_above_and_the_agent_below(tmp_path: Path) -> None:
    samples = np.zeros((8000, 2))
    samples[:4000, 0] = 32000
    samples[4000:, 1] = 400
    drawn = drawn_from(wav(tmp_path / "a.wav", samples))
    assert drawn is not None
    assert drawn.duration_ms == 1000
    caller, agent = heights(drawn.caller), heights(drawn.agent)
    assert len(caller) == len(agent) == COLUMNS
    assert caller[0] == LANE - 2
    assert caller[-1] == 2
    assert 2 < agent[-1] < LANE // 2  # quiet, and yet to be seen
    assert agent[0] == 2


def test_a_recording_of_a_few_samples_and_one_of_an_hour_fit(tmp_path: Path) -> None:
    short = drawn_from(wav(tmp_path / "short.wav", np.full((3, 2), 5000)))
    assert short is not None
    long = drawn_from(wav(tmp_path / "long.wav", np.random.default_rng(1).integers(-32768, 32767, (8000 * 600, 2))))
    assert long is not None
    assert long.duration_ms == 600_000
    assert len(long.caller) + len(long.agent) < 20_000


def test_what_is_no_recording_has_no_picture(tmp_path: Path) -> None:
    for name, content in (("empty", b""), ("text", b"hello " * 20), ("cut", b"RIFF")):
        (tmp_path / name).write_bytes(content)
        assert drawn_from(tmp_path / name) is None
    silent = tmp_path / "header.wav"
    WavFile(silent).append(b"")
    assert drawn_from(silent) is None


async def test_a_recording_is_drawn_again_only_when_it_has_grown(tmp_path: Path) -> None:
    files, waveforms, call = CallFiles(tmp_path), Waveforms(), uuid4()
    file, archive = WavFile(files.recording(call)), Archive(cast("Any", None), files, shared=False)
    assert await waveforms.of(call, archive) is None
    file.append(np.full((80, 2), 900, dtype="<i2").tobytes())
    first = await waveforms.of(call, archive)
    assert first is not None
    assert await waveforms.of(call, archive) is first
    file.append(np.full((80, 2), 900, dtype="<i2").tobytes())
    grown = await waveforms.of(call, archive)
    assert grown is not None
    assert grown.duration_ms == 20

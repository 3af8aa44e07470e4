"""A script is checked before anyone is rung, and what is wrong with it is said plainly."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from app.phone.script import ScriptError, Step, from_options, load


def write(folder: Path, text: str) -> Path:
    path = folder / "script.yaml"
    path.write_text(text)
    return path


def beep(path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\x00\x40" * 80)


def test_every_kind_of_step(tmp_path: Path) -> None:
    beep(tmp_path / "a.wav")
    script = """
- say: Hello
- {wav: a.wav, interrupt_after_s: 1.5}
- digits: "12#"
- wait_ms: 500
- expect_end: 20
- expect_end: true
- hang_up: true
"""
    steps = load(write(tmp_path, script))
    assert steps[0] == Step(say="Hello")
    assert steps[1] == Step(wav=tmp_path / "a.wav", interrupt_after_s=1.5), "files are looked for beside the script"
    assert [steps[4].end_within_s, steps[5].end_within_s] == [20, 30]
    assert len(steps) == 7


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("", "list of steps"),
        ("say: Hello", "list of steps"),
        ("- say: [", "not YAML"),
        ("- sing: Hello", "step 1, sing: Extra inputs"),
        ("- say: Hello\n- {say: a, digits: '1'}", "step 2: a step does exactly one .* has 2"),
        ("- {}", "step 1: .* has 0"),
        ("- say: ''", "step 1, say"),
        ("- digits: '1x'", "step 1, digits"),
        ("- digits: 12", "step 1, digits"),
        ("- {wait_ms: 5, interrupt_after_s: 1}", "goes with say, wav or digits"),
        ("- hang_up: false", "can only be true"),
        ("- expect_end: -1", "seconds up to 3600"),
        ("- wav: missing.wav", "step 1: .*missing.wav: cannot be read"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, script: str, complaint: str) -> None:
    with pytest.raises(ScriptError, match=complaint):
        load(write(tmp_path, script))


def test_a_missing_script_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match=r"nowhere\.yaml: cannot be read"):
        load(tmp_path / "nowhere.yaml")


def test_options_become_steps(tmp_path: Path) -> None:
    beep(tmp_path / "a.wav")
    steps = from_options(["one", "two"], [tmp_path / "a.wav"], "1", 2.0)
    assert [(step.say, step.digits, step.interrupt_after_s) for step in steps] == [
        ("one", None, None),
        ("two", None, 2.0),
        (None, None, 2.0),
        (None, "1", 2.0),
    ]
    assert from_options(["one"], [], None, 2.0)[0].interrupt_after_s == 2.0
    assert from_options([], [], None, None) == ()
    with pytest.raises(ScriptError, match="step 1, digits"):
        from_options([], [], "nine", None)
    with pytest.raises(ScriptError, match="step 1"):
        from_options([], [tmp_path / "b.wav"], None, None)

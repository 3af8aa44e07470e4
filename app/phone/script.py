"""What a caller does on a call, step by step: from a YAML file, or from options of the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from app.phone.sounds import SoundFileError, read_wav

EXPECT_END_S = 30.0


class ScriptError(ValueError):
    """A script that cannot be played; the message names the step and what is wrong."""


class Step(BaseModel):
    """One of `say`, `wav`, `digits`, `wait_ms`, `hang_up`, `expect_end`.

    `interrupt_after_s`, with what is said or pressed: so long after the agent starts to speak, instead of when it has
    finished. `expect_end`: the agent must end the call within 30 s (`true`) or so many seconds.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    say: str | None = Field(default=None, min_length=1, max_length=2000)
    wav: Path | None = None
    digits: str | None = Field(default=None, pattern=r"^[0-9*#A-D]{1,32}$")
    wait_ms: int | None = Field(default=None, ge=0, le=600_000)
    hang_up: bool | None = None
    expect_end: bool | float | None = Field(default=None)
    interrupt_after_s: float | None = Field(default=None, ge=0, le=120)

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        named = [name for name in _ACTIONS if getattr(self, name) is not None]
        if len(named) != 1:
            raise ValueError(f"a step does exactly one of {', '.join(_ACTIONS)}; this one has {len(named)}")
        if self.interrupt_after_s is not None and named[0] not in ("say", "wav", "digits"):
            raise ValueError(f"interrupt_after_s goes with say, wav or digits, not with {named[0]}")
        if self.hang_up is False or self.expect_end is False:
            raise ValueError(f"{named[0]} can only be true: leave the step out instead")
        if self.expect_end is not None and not 0 < self.expect_end <= 3600:
            raise ValueError("expect_end is true, or seconds up to 3600")
        return self

    @property
    def end_within_s(self) -> float:
        """For `expect_end`."""
        return EXPECT_END_S if self.expect_end is True else float(self.expect_end or EXPECT_END_S)


_ACTIONS = ("say", "wav", "digits", "wait_ms", "hang_up", "expect_end")
_STEPS = TypeAdapter(tuple[Step, ...])


def load(path: Path) -> tuple[Step, ...]:
    """A script from YAML: a list of steps; WAV files are looked for beside it. Raises ScriptError."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ScriptError(f"{path}: cannot be read ({error.strerror}).") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ScriptError(f"{path}: not YAML ({' '.join(str(error).split())}).") from None
    if not isinstance(raw, list) or not raw:
        raise ScriptError(f'{path}: must be a list of steps, as in "- say: Hello".')
    try:
        steps = _STEPS.validate_python(raw)
    except ValidationError as error:
        raise ScriptError(f"{path}: {_first(error)}") from None
    return _checked(tuple(_beside(step, path.parent) for step in steps))


def from_options(
    say: list[str], wav: list[Path], digits: str | None, interrupt_after_s: float | None
) -> tuple[Step, ...]:
    """What is said, then files, then keys. With `interrupt_after_s` all but the first talk over the agent.

    A single utterance talks over the greeting. Raises ScriptError.
    """
    raw: list[dict[str, object]] = [{"say": text} for text in say]
    raw += [{"wav": path} for path in wav]
    if digits:
        raw.append({"digits": digits})
    if interrupt_after_s is not None:
        for step in raw[1:] or raw:
            step["interrupt_after_s"] = interrupt_after_s
    try:
        return _checked(_STEPS.validate_python(raw))
    except ValidationError as error:
        raise ScriptError(_first(error)) from None


def _beside(step: Step, folder: Path) -> Step:
    return step if step.wav is None else step.model_copy(update={"wav": folder / step.wav})


def _checked(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Files are read before the call, not in the middle of it."""
    for number, step in enumerate(steps, 1):
        if step.wav is not None:
            try:
                read_wav(step.wav)
            except SoundFileError as error:
                raise ScriptError(f"step {number}: {error}") from None
    return steps


def _first(error: ValidationError) -> str:
    fault = error.errors()[0]
    where = fault["loc"]
    step = f"step {int(where[0]) + 1}" if where else "the script"
    key = f", {where[1]}" if len(where) > 1 else ""
    return f"{step}{key}: {fault['msg'].removeprefix('Value error, ')}."

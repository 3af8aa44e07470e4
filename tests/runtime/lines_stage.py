"""A voice, a clock and a folder for fixed lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.audio.sound import Sound
from app.personas.schema import Persona
from app.runtime import fixed_lines
from app.runtime.fixed_lines import FixedLines
from app.runtime.line_files import KeptLine
from app.runtime.reporting import Fault, Spent
from app.speech.protocols import FaultKind, ProviderError, SpeechPart, WordEnds
from tests.stories.stage import GREETING, persona

SPEECH = (Sound(b"\x10" * 160, 8000, "mulaw"), WordEnds(((10, 6), (20, 24))), Sound(b"\x20" * 160, 8000, "mulaw"))
LINE = KeptLine(Sound(b"\x10" * 160 + b"\x20" * 160, 8000, "mulaw"), WordEnds(((10, 6), (20, 24))))


class StillClock:
    """Time stands still until it is told to go on."""

    def __init__(self) -> None:
        self.at_s = 1_000.0

    def now(self) -> float:
        return self.at_s

    def utc(self) -> datetime:
        return datetime.fromtimestamp(1_700_000_000 + self.at_s, UTC)


class Bank:
    def questions(self, topic: str) -> tuple[str, ...]:
        return ("Why? Tell me, in a sentence.",) if topic == "general" else ()


class Voice:
    """Says SPEECH for anything; `fails`: after its first piece. `said`: the texts it was asked for."""

    name = "vendor"

    def __init__(self, key: str = "ada", fails: FaultKind | None = None, refuses: bool = False) -> None:
        self.key, self.fails, self.refuses = key, fails, refuses
        self.said: list[str] = []
        self.asked = asyncio.Event()
        self.at_once = 0

    def refuse(self, _: Persona) -> str | None:
        return "no such voice" if self.refuses else None

    def model(self, _: Persona) -> str:
        return "flash"

    def voice_key(self, _: Persona) -> str:
        return self.key

    async def speak(self, text: str, _: Persona) -> AsyncIterator[SpeechPart]:
        self.said.append(text)
        self.asked.set()
        self.at_once += 1
        assert self.at_once == 1, "two requests at a time"
        try:
            for part in SPEECH:
                await asyncio.sleep(0)
                yield part
                if self.fails is not None:
                    raise ProviderError("out of order", self.fails)
        finally:
            self.at_once -= 1

    async def warm(self) -> None: ...

    async def check(self, _: object) -> tuple[()]:
        return ()

    async def aclose(self) -> None: ...


class Told:
    """A reporter."""

    def __init__(self) -> None:
        self.spends: list[Spent] = []

    def failed(self, fault: Fault) -> None: ...

    def spent(self, spent: Spent) -> None:
        self.spends.append(spent)


def lines(folder: Path, clock: StillClock | None = None) -> FixedLines:
    return FixedLines(folder / "lines", Bank(), clock or StillClock())


def files(folder: Path) -> list[Path]:
    return sorted((folder / "lines").iterdir())


async def keep(fixed: FixedLines, voice: Voice, text: str = GREETING) -> None:
    """As a call would: nothing kept, the voice asked, what it said kept."""
    assert await fixed.kept(voice, text, persona()) is None
    fixed.keep(voice, text, persona(), SPEECH)
    await settle(fixed)


async def settle(fixed: FixedLines) -> None:
    await asyncio.gather(*fixed._tasks)


def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine must not look like a late voice or a slow disk: who waits in vain waits for a minute."""
    for limit in ("WAIT_S", "LONGEST_WAIT_S", "READ_WITHIN_S"):
        monkeypatch.setattr(fixed_lines, limit, 60.0)

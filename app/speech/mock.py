"""`AI_MODE=mock`: canned text and tones, at once and for almost no work; for tests and load."""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import AsyncIterator, Sequence
from functools import lru_cache

import numpy as np

from app.audio.mulaw import encode
from app.audio.reading import LINE_RATE_HZ
from app.audio.sound import Sound
from app.dialogue.flow import ModelRequest, Plan
from app.personas.schema import Persona
from app.speech.protocols import Finding, Form, Provider, ProviderContext, ProviderError, Tokens, Transcript

TRANSCRIPTS = ("what are your opening hours", "tell me more about that", "thank you very much")
"""What callers are taken to say, in turn, unless `MOCK_TRANSCRIPTS` (`a|b|c`) says otherwise."""
CANNED_REPLY = "This is a canned reply."
MS_PER_CHAR = 60
SHORTEST_MS = 300
_REMEMBERED = 64
"""Sounds, of all calls: a turn is over within seconds."""
_TONE_HZ, _LEVEL = 440.0, 3000


class MockSpeechToText:
    """Gives its transcripts in turn, whatever the sound; more of a sound that it has heard is the same turn."""

    name = "mock"

    def __init__(self, context: ProviderContext) -> None:
        script = context.settings.get("MOCK_TRANSCRIPTS", "")
        self._texts = itertools.cycle(script.split("|") if script else TRANSCRIPTS)
        self._heard: deque[tuple[bytes, str]] = deque(maxlen=_REMEMBERED)

    async def warm(self) -> None:
        """Nothing to do."""

    async def transcribe(self, sound: Sound, persona: Persona) -> Transcript:
        """The next canned text; that of the turn, if this is a turn that was asked about before it was over."""
        text = next((text for begun, text in self._heard if _goes_on(begun, sound.data)), None)
        text = next(self._texts) if text is None else text
        self._heard.append((sound.data, text))
        return Transcript(text, 1.0)

    async def check(self, personas: Sequence[Persona]) -> Sequence[Finding]:
        """Nothing can be set wrongly."""
        return ()

    async def aclose(self) -> None:
        """Nothing to do."""


class MockLanguageModel:
    """Gives the flow's own words, or canned ones where it has none."""

    name = "mock"
    model_name = ""

    def __init__(self, _: ProviderContext) -> None: ...

    async def warm(self) -> None:
        """Nothing to do."""

    async def reply(self, plan: Plan, persona: Persona) -> AsyncIterator[str]:
        """All of it in one piece."""
        yield plan.text or CANNED_REPLY

    async def judge(self, request: ModelRequest, form: type[Form]) -> tuple[Form, Tokens | None]:
        """It can't: what it says is canned."""
        raise ProviderError("the mock model judges nothing", "unfit")

    async def check(self, personas: Sequence[Persona]) -> Sequence[Finding]:
        """Nothing can be set wrongly."""
        return ()

    async def aclose(self) -> None:
        """Nothing to do."""


class MockTextToSpeech:
    """Speaks tones whose length follows the text's."""

    name = "mock"

    def __init__(self, _: ProviderContext) -> None: ...

    async def warm(self) -> None:
        """Make the longest tone once."""
        _tone()

    def refuse(self, persona: Persona) -> str | None:
        """Every voice will do."""
        return None

    def model(self, persona: Persona) -> str:
        """Nobody charges for it."""
        return ""

    def voice_key(self, persona: Persona) -> str:
        """Made anew each time."""
        return ""

    async def speak(self, text: str, persona: Persona) -> AsyncIterator[Sound]:
        """A tone of 60 ms a character, 300 ms at least, 8 kHz μ-law."""
        samples = max(len(text) * MS_PER_CHAR, SHORTEST_MS) * LINE_RATE_HZ // 1000
        tone = _tone()
        whole, rest = divmod(samples, len(tone))
        yield Sound(tone * whole + tone[:rest], LINE_RATE_HZ, "mulaw")

    async def check(self, personas: Sequence[Persona]) -> Sequence[Finding]:
        """Nothing can be set wrongly."""
        return ()

    async def aclose(self) -> None:
        """Nothing to do."""


def _goes_on(begun: bytes, sound: bytes) -> bool:
    return len(begun) < len(sound) and sound.startswith(begun)


@lru_cache(maxsize=1)
def _tone() -> bytes:
    """A second of it; whole periods, so that seconds join without a click."""
    phase = np.arange(LINE_RATE_HZ) * (2 * math.pi * _TONE_HZ / LINE_RATE_HZ)
    return encode((np.sin(phase) * _LEVEL).astype("<i2").tobytes())


PROVIDER = Provider("mock", MockSpeechToText, MockLanguageModel, MockTextToSpeech, ("MOCK_TRANSCRIPTS",))

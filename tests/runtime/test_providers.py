"""Providers in order of fallback, each within its limits."""

from __future__ import annotations

from typing import Any

import pytest

from app.audio.sound import Sound
from app.runtime.providers import Providers
from app.speech.protocols import ProviderError, Transcript
from tests.stories.stage import persona

SOUND = Sound(b"\xff" * 160, 8000, "mulaw")


class Ear:
    def __init__(self, name: str, text: str | None) -> None:
        self.name, self.text = name, text

    async def transcribe(self, sound: Sound, who: object) -> Transcript:
        if self.text is None:
            raise ProviderError("out of order")
        return Transcript(self.text)


async def test_a_transcription_falls_back() -> None:
    ears: list[Any] = [Ear("one", None), Ear("two", "hello")]
    assert await Providers(ears, [], []).for_call(persona()).transcribe(SOUND) == Transcript("hello")
    with pytest.raises(ProviderError):
        await Providers(ears[:1], [], []).for_call(persona()).transcribe(SOUND)

"""Slow work ends in an event, whatever a provider does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
import pytest
from structlog.testing import capture_logs

from app.audio import mulaw
from app.audio.sound import Sound
from app.call.events import Event, ProviderFailed, SpeechReady
from app.runtime import work
from app.runtime.call_providers import CallProviders
from app.runtime.spoken import SpokenPieces
from app.speech.protocols import ProviderError, Transcript, WordEnds

SOUND = Sound(b"\xff" * 160, 8000, "mulaw")


class Faulty:
    """A provider with a fault in its code, after it has given `pieces`."""

    def __init__(self, fault: BaseException, *pieces: str) -> None:
        self.fault, self.pieces = fault, pieces

    async def transcribe(self, sound: Sound) -> Transcript:
        raise self.fault

    async def speak(self, text: str) -> AsyncIterator[Sound]:
        for _ in self.pieces:
            yield SOUND
        raise self.fault


async def events_of(what: str, part: Faulty) -> list[Event]:
    providers: CallProviders = part  # type: ignore[assignment]
    told: list[Event] = []
    if what == "transcribe":
        await work.transcribe(1, SOUND, providers, told.append)
    else:
        await work.speak(1, "Hello.", providers, SpokenPieces(), told.append)
    return told


@pytest.mark.parametrize("what", ["transcribe", "speak"])
async def test_a_fault_is_told_as_a_failure(what: str) -> None:
    with capture_logs() as logs:
        assert await events_of(what, Faulty(KeyError("said"))) == [ProviderFailed(what, 1, "fault")]  # type: ignore[arg-type]
    (line,) = logs
    assert (line["event"], line["work"], line["error"]) == ("work_failed", what, "KeyError")
    assert "said" not in str(line), "a message may quote what was said"


async def test_speech_that_breaks_off_ends_in_a_failure() -> None:
    *begun, last = await events_of("speak", Faulty(ValueError(), "a"))
    assert all(isinstance(event, SpeechReady) and not event.final for event in begun)
    assert last == ProviderFailed("speak", 1, "fault")


@pytest.mark.parametrize("what", ["transcribe", "speak"])
async def test_work_that_is_cancelled_says_nothing_more(what: str) -> None:
    with pytest.raises(asyncio.CancelledError):
        await events_of(what, Faulty(asyncio.CancelledError()))


class Voice:
    """Gives `parts`."""

    def __init__(self, *parts: Any) -> None:
        self.parts = parts

    async def speak(self, text: str) -> AsyncIterator[Any]:
        for part in self.parts:
            if isinstance(part, Exception):
                raise part
            yield part


async def spoken(*parts: Any) -> tuple[list[Event], SpokenPieces]:
    told: list[Event] = []
    pieces = SpokenPieces()
    voice: CallProviders = Voice(*parts)  # type: ignore[assignment]
    await work.speak(1, "Hello there.", voice, pieces, told.append)
    return told, pieces


async def test_where_words_end_is_told_with_the_sound_that_follows() -> None:
    tenth = Sound(b"\xff" * 800, 8000, "mulaw")
    told, _ = await spoken(WordEnds(((60, 5),)), tenth, tenth, WordEnds(((150, 11),)), WordEnds(((190, 12),)), tenth)
    assert told == [
        SpeechReady(1, 100, final=False, word_ends=((60, 5),)),
        SpeechReady(1, 200, final=False),
        SpeechReady(1, 300, final=False, word_ends=((150, 11), (190, 12))),
        SpeechReady(1, 300, final=True),
    ]
    told, _ = await spoken(tenth, WordEnds(((90, 5),)))
    assert told == [SpeechReady(1, 100, final=False), SpeechReady(1, 100, final=True, word_ends=((90, 5),))]


@pytest.mark.parametrize("kind", ["broken", "quota", "unfit"])
async def test_why_a_sentence_could_not_be_spoken_is_told(kind: Any) -> None:
    tenth = Sound(b"\xff" * 800, 8000, "mulaw")
    told, _ = await spoken(tenth, ProviderError("out of order", kind))
    assert told == [SpeechReady(1, 100, final=False), ProviderFailed("speak", 1, kind)]


@pytest.mark.parametrize("rate_hz", [8000, 16_000, 22_050, 24_000, 44_100])
async def test_encoding_for_the_line_moves_no_word(rate_hz: int) -> None:
    """A beep of 20 ms, a second into the speech, is a second into what is sent."""
    samples = np.zeros(2 * rate_hz, dtype=np.int16)
    beep = np.arange(rate_hz // 50)
    wave = 20_000 * np.hanning(len(beep)) * np.sin(2 * np.pi * 1000 * beep / rate_hz)
    samples[rate_hz : rate_hz + len(beep)] = wave.astype(np.int16)
    step = rate_hz // 25
    told, pieces = await spoken(
        *(Sound(samples[at : at + step].tobytes(), rate_hz) for at in range(0, len(samples), step))
    )
    assert told[-1] == SpeechReady(1, 2000, final=True)
    sent = np.frombuffer(mulaw.decode(pieces.cut(1, 0, 2000)), dtype="<i2").astype(float) ** 2
    middle_ms = float((np.arange(len(sent)) * sent).sum() / sent.sum()) / 8
    assert middle_ms == pytest.approx(1010, abs=1)

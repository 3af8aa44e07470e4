"""Slow work ends in an event, whatever a provider does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from app.audio.sound import Sound
from app.call.events import Event, ProviderFailed, ReplyDelta, ReplyEnded, SpeechReady
from app.dialogue.flow import Plan
from app.runtime import work
from app.runtime.call_providers import CallProviders
from app.runtime.spoken import SpokenPieces
from app.speech.protocols import Transcript

SOUND = Sound(b"\xff" * 160, 8000, "mulaw")
PLAN = Plan("The flow's own words.", None, end=True)


class Faulty:
    """A provider with a fault in its code, after it has given `pieces`."""

    def __init__(self, fault: BaseException, *pieces: str) -> None:
        self.fault, self.pieces = fault, pieces

    async def transcribe(self, sound: Sound) -> Transcript:
        raise self.fault

    async def reply(self, plan: Plan) -> AsyncIterator[str]:
        for piece in self.pieces:
            yield piece
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
    elif what == "reply":
        await work.reply(1, PLAN, providers, told.append)
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


async def test_a_reply_that_fails_before_a_word_is_the_flows_own() -> None:
    assert await events_of("reply", Faulty(TypeError())) == [ReplyDelta(1, PLAN.text), ReplyEnded(1, end=True)]
    assert await events_of("reply", Faulty(TypeError(), " ")) == [
        ReplyDelta(1, " "),
        ReplyDelta(1, PLAN.text),
        ReplyEnded(1, end=True),
    ]


async def test_a_reply_that_breaks_off_ends_where_it_broke() -> None:
    assert await events_of("reply", Faulty(TypeError(), "Well,")) == [ReplyDelta(1, "Well,"), ReplyEnded(1, end=True)]


@pytest.mark.parametrize("what", ["transcribe", "reply", "speak"])
async def test_work_that_is_cancelled_says_nothing_more(what: str) -> None:
    with pytest.raises(asyncio.CancelledError):
        await events_of(what, Faulty(asyncio.CancelledError()))

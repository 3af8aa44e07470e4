"""What is told of what was used: by whom, how much, and how long it took. In virtual time."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

import pytest

from app.dialogue.flow import Message, ModelRequest, Plan
from app.runtime.reporting import Spent
from app.speech.protocols import Tokens, Transcript
from tests.runtime.acting import TURN, Actor, Cast, everything, fails, outcome, sound
from tests.runtime.virtual_time import run

ASKED = Plan(
    "Own words.", None, model=ModelRequest("i" * 40, (Message("caller", "c" * 20), Message("agent", "a" * 20)))
)
"""80 characters: some 20 tokens."""


def test_a_transcription_uses_the_seconds_of_its_sound() -> None:
    async def story() -> None:
        cast = Cast(Actor("groq", [0.2, Transcript("hello", model="whisper")]))
        await cast.call.transcribe(TURN)
        assert cast.notes.used == [Spent("transcribe", "groq", "whisper", 200, 200, seconds=2.0)]

    run(story())


def test_a_speech_uses_the_characters_of_its_text() -> None:
    async def story() -> None:
        cast = Cast(Actor("elevenlabs", [0.15, sound(1), 0.5, sound(1)]))
        await everything(cast.call.speak("Hello there."))
        assert cast.notes.used == [Spent("speak", "elevenlabs", "elevenlabs-voice", 650, 150, characters=12)]

    run(story())


def test_a_reply_uses_the_tokens_that_the_vendor_counted_and_nobody_else_sees_them() -> None:
    async def story() -> None:
        cast = Cast(Actor("groq", [0.25, "Well, ", 0.5, "yes.", Tokens("gpt", 31, 7)]))
        assert await everything(cast.call.reply(ASKED)) == ["Well, ", "yes."]
        used = Spent("reply", "groq", "gpt", 750, 250, tokens_read=31, tokens_written=7)
        assert cast.notes.used == [used]

    run(story())


@pytest.mark.parametrize("cut", ["cancelled", "left", "broken"])
def test_a_reply_that_is_cut_off_before_the_count_is_reckoned(cut: str) -> None:
    async def story() -> None:
        full: list[Any] = ["w" * 40, Tokens("gpt", 20, 10)]
        ends: list[Any] = [fails()] if cut == "broken" else [600.0]
        cast = Cast(Actor("groq", full, [0.5, "w" * 40, 1.0, *ends]))
        await everything(cast.call.reply(ASKED))
        if cut == "broken":
            assert (await outcome(lambda: everything(cast.call.reply(ASKED))))[0] == "broken"
        elif cut == "left":
            async with aclosing(cast.call.reply(ASKED)) as pieces:
                await anext(pieces)
                await asyncio.sleep(1.0)
        else:
            task = asyncio.ensure_future(everything(cast.call.reply(ASKED)))
            await asyncio.sleep(1.5)
            task.cancel()
            await asyncio.wait({task})
        reckoned = Spent(
            "reply", "groq", "gpt", 1500, 500, tokens_read=20, tokens_written=10, estimated=True
        )  # the model is known from before
        assert cast.notes.used[1:] == [reckoned]

    run(story())


def test_a_reply_that_a_vendor_never_counts_has_its_models_name_and_with_it_a_price() -> None:
    async def story() -> None:
        actor = Actor("vendor", ["w" * 40])
        actor.model_name = "gpt"
        cast = Cast(actor)
        await everything(cast.call.reply(ASKED))
        [used] = cast.notes.used
        assert (used.model, used.tokens_written, used.estimated) == ("gpt", 10, True)

    run(story())


def test_what_is_cancelled_before_its_first_piece_was_used_too() -> None:
    async def story() -> None:
        cast = Cast(Actor("vendor", [600.0]))
        for ask in (cast.call.transcribe(TURN), everything(cast.call.speak("Hello there."))):
            task = asyncio.ensure_future(ask)
            await asyncio.sleep(1.0)
            task.cancel()
            await asyncio.wait({task})
        assert cast.notes.used == [
            Spent("transcribe", "vendor", "", 1000, None, seconds=2.0),
            Spent("speak", "vendor", "vendor-voice", 1000, None, characters=12),
        ]

    run(story())


@pytest.mark.parametrize("kind", ["key", "quota", "busy", "refused", "unreachable", "failed", "unfit"])
def test_what_was_not_served_is_not_used(kind: Any) -> None:
    async def story() -> None:
        cast = Cast(Actor("one", [fails(kind)]), Actor("two", ["Yes."]))
        await everything(cast.call.reply(ASKED))
        assert [used.provider for used in cast.notes.used] == ["two"]

    run(story())


def test_what_came_too_late_or_was_rubbish_is_charged_for_all_the_same() -> None:
    async def story() -> None:
        cast = Cast(Actor("one", [600.0], [Tokens("gpt", 20, 0)]), Actor("two", ["Yes."]))
        await everything(cast.call.reply(ASKED))
        await everything(cast.call.reply(ASKED))
        late, _, empty, _ = cast.notes.used
        assert (late.provider, late.took_ms, late.first_ms, late.estimated) == ("one", 3000, None, True)
        assert (empty.model, empty.tokens_read, empty.estimated) == ("gpt", 20, False)

    run(story())


def test_this_machines_own_words_are_no_tokens() -> None:
    async def story() -> None:
        cast = Cast(Actor("offline", ["Own ", 600.0]))
        async with aclosing(cast.call.reply(ASKED)) as pieces:
            await anext(pieces)
        assert cast.notes.used == [Spent("reply", "offline", "", 0, 0)]

    run(story())

"""A call keeps the voice that it has, and its fixed lines come from disk. In virtual time, but for the disk."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from app.audio.sound import Sound
from app.clock import SystemClock
from app.runtime.breaker import FIRST_REST_S, IN_A_ROW
from app.runtime.fixed_lines import FixedLines
from app.speech.protocols import ProviderError, WordEnds
from tests.runtime.acting import Actor, Cast, everything, fails, outcome, sound
from tests.runtime.virtual_time import run
from tests.stories.stage import GREETING

A, B, C = (Sound(bytes([byte]) * 800, 8000, "mulaw") for byte in (1, 2, 3))


async def spoken(cast: Cast, text: str = "Hello there.") -> list[Any]:
    return await everything(cast.call.speak(text))


def test_a_voice_that_took_over_stays_though_the_first_is_well_again() -> None:
    async def story() -> None:
        one = Actor("one", [A], [fails()], [A])
        cast = Cast(one, Actor("two", [B]))
        assert [await spoken(cast) for _ in range(4)] == [[A], [B], [B], [B]]
        cast.call = cast.new_call()
        assert await spoken(cast) == [A], "the next caller has the first voice"

    run(story())


def test_a_voice_that_broke_off_does_not_go_on_with_the_rest_as_long_as_there_is_another() -> None:
    async def story() -> None:
        one, two = Actor("one", [A, fails()], [A]), Actor("two", [B], [B, 600.0], [B])
        cast = Cast(one, two)
        with pytest.raises(ProviderError) as told:
            await spoken(cast)
        assert told.value.kind == "broken"
        assert cast.notes.told == [("one", "failed", "two")]
        assert await spoken(cast) == [B]
        assert (await outcome(lambda: spoken(cast)))[0] == "broken"
        assert await spoken(cast) == [A], "both have failed: in their order again"

    run(story())


def test_the_only_voice_is_asked_again() -> None:
    async def story() -> None:
        cast = Cast(Actor("one", [A, fails()], [A]))
        assert (await outcome(lambda: spoken(cast)))[0] == "broken"
        assert await spoken(cast) == [A]
        assert cast.notes.told == [("one", "failed", "nobody")]

    run(story())


def test_a_call_that_began_while_the_first_voice_rested_keeps_the_second() -> None:
    async def story() -> None:
        cast = Cast(Actor("one", *[[fails()]] * IN_A_ROW, [A]), Actor("two", [B]))
        for _ in range(IN_A_ROW):
            cast.call = cast.new_call()
            await spoken(cast)
        cast.call = cast.new_call()
        assert await spoken(cast) == [B]
        await asyncio.sleep(FIRST_REST_S)
        assert cast.states("speak")["one"] == "half-open"
        assert await spoken(cast) == [B]

    run(story())


def test_a_voice_that_cannot_speak_the_persona_is_not_asked() -> None:
    async def story() -> None:
        one = Actor("one", [A], refusal="personas/tester.yaml: voice.one: there is no such voice")
        cast = Cast(one, Actor("two", [B]))
        assert await spoken(cast) == [B]
        assert (one.asked, cast.notes.faults) == ([], [])
        assert (await outcome(lambda: spoken(Cast(one))))[0] == "unfit"

    run(story())


def test_words_without_sound_are_a_fault_and_signs_without_sound_are_none() -> None:
    async def story() -> None:
        cast = Cast(Actor("one", []), Actor("two", [B]))
        assert await spoken(cast, "…") == []
        assert await spoken(cast, "Hello.") == [B]
        assert cast.notes.told == [("one", "rubbish", "two")]

    run(story())


def test_where_words_end_is_told_by_the_voice_that_is_heard() -> None:
    async def story() -> None:
        one = Actor("one", [WordEnds(((900, 5),)), fails()])
        ends = WordEnds(((400, 5),))
        assert await spoken(Cast(one, Actor("two", [ends, B]))) == [ends, B]

    run(story())


# fixed lines, on a real disk


@pytest.fixture
def lines(tmp_path: Path) -> FixedLines:
    return FixedLines(tmp_path / "lines", None, SystemClock())  # type: ignore[arg-type]


async def keep(lines: FixedLines, actor: Actor) -> None:
    """Have `actor` speak the greeting once, to be kept."""
    assert await spoken(Cast(actor, lines=lines), GREETING)
    await asyncio.gather(*lines._tasks)


async def test_a_fixed_line_is_asked_for_once_and_costs_nothing_afterwards(lines: FixedLines) -> None:
    one = Actor("one", [WordEnds(((50, 5),)), A, A])
    await keep(lines, one)
    cast = Cast(one, lines=lines)
    assert await spoken(cast, GREETING) == [WordEnds(((50, 5),)), Sound(A.data * 2, 8000, "mulaw")]
    assert (len(one.asked), cast.notes.used) == (1, [])
    await spoken(cast, "What is said but once.")
    assert len(one.asked) == 2
    await lines.aclose()


async def test_a_kept_line_is_heard_in_its_voice_even_while_the_vendor_is_down(lines: FixedLines) -> None:
    one, two = Actor("one", [A], [fails("quota")]), Actor("two", [B])
    await keep(lines, one)
    cast = Cast(one, two, lines=lines)
    assert await spoken(Cast(one, two), "Anything.") == [B]
    for _ in range(IN_A_ROW):
        await everything(cast.new_call().speak("Anything."))
    assert cast.states("speak")["one"] == "open"
    assert await spoken(cast, GREETING) == [A]
    await lines.aclose()


async def test_a_call_that_has_changed_its_voice_hears_its_fixed_lines_in_the_new_one(lines: FixedLines) -> None:
    one, two = Actor("one", [A], [fails()]), Actor("two", [B])
    await keep(lines, one)
    cast = Cast(one, two, lines=lines)
    assert await spoken(cast, "Anything.") == [B]
    assert await spoken(cast, GREETING) == [B]
    await asyncio.gather(*lines._tasks)
    asked = len(two.asked)
    assert await spoken(cast, GREETING) == [B]
    assert len(two.asked) == asked, "kept, in that voice"
    await lines.aclose()


async def test_what_another_voice_said_instead_is_kept_as_that_ones(lines: FixedLines) -> None:
    one, two = Actor("one", [fails()], [A]), Actor("two", [B])
    await keep_by_both(lines, one, two)
    assert await spoken(Cast(one, lines=lines), GREETING) == [A]
    asked = len(two.asked)
    assert await spoken(Cast(two, lines=lines), GREETING) == [B]
    assert len(two.asked) == asked
    await lines.aclose()


async def keep_by_both(lines: FixedLines, one: Actor, two: Actor) -> None:
    assert await spoken(Cast(one, two, lines=lines), GREETING) == [B]
    await asyncio.gather(*lines._tasks)


@pytest.mark.parametrize("ending", [[fails()], [60.0]])
async def test_half_a_line_is_never_kept(lines: FixedLines, ending: list[Any]) -> None:
    one = Actor("one", [A, *ending], [A, A])
    stream = Cast(one, lines=lines).call.speak(GREETING)
    assert await anext(stream) == A
    await stream.aclose()
    assert await spoken(Cast(one, lines=lines), GREETING) == [A, A]
    assert len(one.asked) == 2
    await lines.aclose()


def test_sound_of_no_length_is_no_sound() -> None:
    async def story() -> None:
        cast = Cast(Actor("one", [sound(0), fails()]), Actor("two", [B]))
        assert await spoken(cast) == [B]

    run(story())


def test_what_is_found_out_while_lines_are_prepared_spares_the_calls_and_the_other_way_round() -> None:
    async def story() -> None:
        one = Actor("one", [fails("busy", 60)], [A])
        cast = Cast(one, Actor("two", [B]))
        voice = cast.providers.first_voice
        assert voice is not None
        kind, _ = await outcome(lambda: everything(voice.speak(GREETING, cast.call.persona)))
        assert kind == "busy"
        assert await spoken(cast) == [B]
        assert (await outcome(lambda: everything(voice.speak(GREETING, cast.call.persona))))[0] == "busy"
        assert len(one.asked) == 1, "its rest is kept by everybody"
        await asyncio.sleep(60)
        assert await everything(voice.speak(GREETING, cast.call.persona)) == [A]
        assert cast.states("speak")["one"] == "closed"
        assert voice.voice_key(cast.call.persona) == one.voice_key(cast.call.persona), "kept under the same name"

    run(story())


def test_a_house_without_voices_has_none_to_prepare() -> None:
    assert Cast().providers.first_voice is None

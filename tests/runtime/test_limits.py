"""Nobody is waited for beyond a limit: nothing at all, a stall, and a trickle all run into one. In virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.runtime.breaker import (
    ASKED_REST_S,
    FIRST_REST_S,
    IN_A_ROW,
    KEY_REST_S,
    LONGEST_REST_S,
    QUOTA_REST_S,
)
from app.runtime.limits import FOR_THE_HOUSE, FOR_VENDORS, Limits, limits_for
from app.speech.protocols import WordEnds
from tests.runtime.acting import PLAN, TURN, Actor, Cast, everything, outcome, sound
from tests.runtime.virtual_time import run

LONG = "A sentence that takes a while to say, because it has so very many words in it. " * 10


def took(script: list[Any], stage: str, *, name: str = "vendor", text: str = LONG) -> tuple[str, float]:
    """How it ends and after how many seconds, with nobody behind it; the source is closed then, too."""

    async def story() -> tuple[str, float]:
        one = Actor(name, script)
        call = Cast(one).call
        asks = {
            "transcribe": lambda: call.transcribe(TURN),
            "reply": lambda: everything(call.reply(PLAN)),
            "speak": lambda: everything(call.speak(text)),
        }
        ended = await outcome(asks[stage])
        assert one.closed == [asyncio.get_running_loop().time()]
        return ended

    return run(story())


def test_nothing_at_all_is_left_at_the_limit_of_the_first_piece() -> None:
    assert took([600.0], "transcribe") == ("late", 3.5), "3 s, and a quarter of the sound's two"
    assert took([600.0], "reply") == ("late", 3.0)
    assert took([600.0], "speak") == ("late", 2.0)


def test_what_the_caller_would_not_notice_does_not_stop_the_clock_for_long() -> None:
    assert took([" ", 600.0], "reply") == ("late", 2.0)
    assert took([WordEnds(((100, 1),)), 600.0], "speak") == ("late", 2.0)


def test_a_stream_that_stalls_is_left_at_the_limit_between_pieces() -> None:
    assert took([0.5, "Well, ", 1.9, "then", 600.0], "reply") == ("broken", 4.4)
    assert took([0.5, sound(30), 1.9, sound(1), 600.0], "speak") == ("broken", 4.4)


def test_one_byte_a_second_runs_into_a_limit() -> None:
    trickle: list[Any] = [step for _ in range(600) for step in ("a", 1.0)]
    assert took(trickle, "reply") == ("broken", 30.0)
    grains: list[Any] = [step for _ in range(600) for step in (sound(0.02), 1.0)]
    assert took(grains, "speak") == ("broken", 2.06)


def test_a_voice_may_be_as_slow_as_it_is_heard() -> None:
    steady: list[Any] = [step for _ in range(50) for step in (sound(1.0), 1.0)]
    assert took(steady, "speak") == ("", 50.0)
    falls_behind: list[Any] = [step for _ in range(50) for step in (sound(1.0), 1.5)]
    kind, after_s = took(falls_behind, "speak")
    assert kind == "broken"
    assert 6 <= after_s <= 7.5, "when 2 s are missing"


def test_sound_and_words_without_end_are_cut_off() -> None:
    endless: list[Any] = [step for _ in range(6000) for step in (sound(2.0), 0.1)]
    kind, after_s = took(endless, "speak", text="Hello.")
    assert (kind, after_s <= 1) == ("broken", True)
    talk: list[Any] = [step for _ in range(6000) for step in ("and ", 0.1)]
    kind, after_s = took(talk, "reply")
    assert (kind, round(after_s)) == ("broken", 30)


def test_this_machine_is_given_longer_for_its_own_work() -> None:
    assert took([600.0], "transcribe", name="offline") == ("late", 8.0)
    assert took([600.0], "speak", name="offline") == ("late", 8.0)
    assert (limits_for("offline"), limits_for("mock"), limits_for("groq")) == (
        FOR_THE_HOUSE,
        FOR_THE_HOUSE,
        FOR_VENDORS,
    )


@pytest.mark.parametrize("turn_s", [0.5, 10.0, 30.0])
def test_the_house_waits_for_its_recogniser_until_that_gives_up_by_itself(turn_s: float) -> None:
    assert FOR_THE_HOUSE.transcription_s(turn_s * 1000) > 5.0 + turn_s


def test_a_transcription_may_take_longer_the_longer_the_turn() -> None:
    assert Limits().transcription_s(0) == 3.0
    assert Limits().transcription_s(20_000) == 8.0


def test_the_documents_numbers_are_the_ones_in_force() -> None:
    page = (Path(__file__).parents[2] / "docs" / "fallback.md").read_text()
    vendors, house = FOR_VENDORS, FOR_THE_HOUSE

    def row(what: str, figure: Callable[[Limits], str]) -> str:
        return f"| {what} | {figure(vendors)} | {figure(house)} |"

    for line in (
        row("a transcription", lambda limits: f"{limits.transcribe_s:g} + {limits.transcribe_share:g} of the sound"),
        row("first text of a reply", lambda limits: f"{limits.text.first_s:g}"),
        row("between two pieces of text", lambda limits: f"{limits.text.idle_s:g}"),
        row("all of a reply", lambda limits: f"{limits.text.total_s:g}"),
        row("first sound", lambda limits: f"{limits.sound.first_s:g}"),
        row("between two pieces of sound", lambda limits: f"{limits.sound.idle_s:g}"),
        row("all of a sentence's sound", lambda limits: f"{limits.sound.total_s:g}"),
        row("a judgement, which nobody waits for on the line", lambda limits: f"{limits.judge_s:g}"),
        f"| opens | after {IN_A_ROW} failures in a row; at once for a key ({KEY_REST_S / 3600:g} h), "
        f"a quota ({QUOTA_REST_S / 60:g} min), or a `Retry-After` "
        f"(as long as it says, {ASKED_REST_S / 3600:g} h at most) |",
        f"| rests | {FIRST_REST_S:g} s, then twice as long each time, {LONGEST_REST_S / 60:g} min at most |",
    ):
        assert line in page

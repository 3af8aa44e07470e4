"""Providers in order of fallback: who is asked, who takes over, and who is told. All in virtual time."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from typing import Any

import pytest
from structlog.testing import capture_logs

from app.dialogue.flow import ModelRequest, Plan, ToolCall, ToolResult
from app.speech.protocols import FaultKind, ProviderError, Tokens, Transcript
from tests.runtime.acting import PLAN, TURN, Actor, Cast, everything, fails, outcome, sound
from tests.runtime.virtual_time import run

EARLY: dict[str, list[Any]] = {
    "no key": [fails("key")],
    "used up": [fails("quota")],
    "busy": [fails("busy", 60)],
    "refused": [fails("refused")],
    "failed": [1.0, fails("failed")],
    "unreachable, after a while": [0.3, fails("unreachable")],
    "rubbish": [fails("rubbish")],
    "nothing at all": [600.0],
    "nothing in it": [],
    "a fault in its code": [KeyError("what was said")],
    "its own time limit": [TimeoutError()],
}


@pytest.mark.parametrize("script", EARLY.values(), ids=EARLY)
@pytest.mark.parametrize("stage", ["transcribe", "reply", "speak"])
def test_one_that_cannot_is_left_for_the_next_with_the_same_request(script: list[Any], stage: str) -> None:
    async def story() -> None:
        given: Any = sound(1) if stage == "speak" else "hello"
        one, two = Actor("one", script if script or stage != "transcribe" else [fails()]), Actor("two", [given])
        cast = Cast(one, two)
        if stage == "transcribe":
            assert (await cast.call.transcribe(TURN)).text == "hello"
        else:
            assert await everything(cast.call.reply(PLAN) if stage == "reply" else cast.call.speak("Hi.")) == [given]
        assert (len(one.asked), len(one.closed), len(two.asked)) == (1, 1, 1)
        assert [(provider, then) for provider, _, then in cast.notes.told] == [("one", "two")]

    run(story())


def test_what_is_said_of_a_fault_never_quotes_anyone() -> None:
    async def story() -> None:
        cast = Cast(Actor("one", [KeyError("what was said")]))
        with capture_logs() as logs, pytest.raises(ProviderError) as told:
            await cast.call.transcribe(TURN)
        assert "what was said" not in f"{logs} {cast.notes.faults} {told.value}"
        assert any(line["event"] == "provider_fault" and line["error"] == "KeyError" for line in logs)

    run(story())


def test_none_that_can_is_an_error_of_the_last_ones_kind() -> None:
    async def story() -> None:
        cast = Cast(Actor("one", [fails("failed")]), Actor("two", [fails("quota")]))
        assert await outcome(lambda: everything(cast.call.reply(PLAN))) == ("quota", 0)
        assert cast.notes.told == [("one", "failed", "two"), ("two", "quota", "nobody")]
        assert (await outcome(lambda: Cast().call.transcribe(TURN)))[0] == "unfit"

    run(story())


@pytest.mark.parametrize("kind", ["unreachable", "broken"])
def test_a_connection_that_fails_at_once_is_tried_once_more(kind: FaultKind) -> None:
    async def story() -> None:
        one = Actor("one", [0.2, fails(kind)], ["hello"])
        cast = Cast(one, Actor("two", ["other"]))
        assert await everything(cast.call.reply(PLAN)) == ["hello"]
        assert cast.notes.told == [("one", kind, "again")]
        assert cast.notes.faults[0].took_ms == 200
        worse = Actor("one", [0.1, fails(kind)])
        cast = Cast(worse, Actor("two", ["other"]))
        assert await everything(cast.call.reply(PLAN)) == ["other"]
        assert cast.notes.told == [("one", kind, "again"), ("one", kind, "two")]
        assert len(worse.asked) == 2, "once more, and no more"

    run(story())


@pytest.mark.parametrize("kind", ["key", "quota", "busy", "refused", "failed", "late", "rubbish"])
def test_nothing_else_is_ever_tried_again(kind: FaultKind) -> None:
    async def story() -> None:
        one = Actor("one", [fails(kind)], ["hello"])
        assert await everything(Cast(one, Actor("two", ["other"])).call.reply(PLAN)) == ["other"]
        assert len(one.asked) == 1

    run(story())


BREAKS: dict[str, tuple[list[Any], str]] = {
    "raises": ([fails("failed")], "failed"),
    "stalls": ([600.0], "late"),
    "loses its connection at once": ([fails("unreachable")], "unreachable"),
}


@pytest.mark.parametrize(("breaks", "kind"), BREAKS.values(), ids=BREAKS)
def test_a_reply_that_breaks_off_is_not_begun_again_by_anyone(breaks: list[Any], kind: str) -> None:
    async def story() -> None:
        one, two = Actor("one", ["Well, ", *breaks]), Actor("two", ["Other words."])
        cast = Cast(one, two)
        source = cast.call.reply(PLAN)
        assert await anext(source) == "Well, "
        with pytest.raises(ProviderError) as told:
            await anext(source)
        assert told.value.kind == "broken"
        assert cast.notes.told == [("one", kind, "nobody")]
        assert (len(one.asked), two.asked) == (1, [])

    run(story())


def test_what_nobody_notices_may_still_be_left() -> None:
    async def story() -> None:
        blank, count = Actor("one", [" ", "\n", fails()]), Tokens("m", 1, 1)
        assert await everything(Cast(blank, Actor("two", [" ", "Yes", " "])).call.reply(PLAN)) == [" ", "Yes", " "]
        counted = Actor("one", [count, fails()])
        assert await everything(Cast(counted, Actor("two", ["Yes"])).call.reply(PLAN)) == ["Yes"]

    run(story())


def test_a_tool_call_is_an_answer_and_silence_after_its_result_is_one_too() -> None:
    async def story() -> None:
        call = ToolCall("c1", "book", "{}")
        assert await everything(Cast(Actor("one", [call])).call.reply(PLAN)) == [call]
        told = Plan("Done.", None, model=ModelRequest("Be kind.", (), results=(ToolResult(call, "booked"),)))
        assert await everything(Cast(Actor("one", [])).call.reply(told)) == []

    run(story())


def test_a_plan_that_asks_for_no_model_asks_nobody() -> None:
    async def story() -> None:
        one = Actor("one", [fails()])
        cast = Cast(one)
        assert await everything(cast.call.reply(Plan("My own words.", None))) == ["My own words."]
        assert (one.asked, cast.notes.used, cast.notes.faults) == ([], [], [])

    run(story())


def test_a_judgement_goes_along_the_models() -> None:
    async def story() -> None:
        cast = Cast(Actor("one", [fails("unfit")]), Actor("two", [fails("rubbish")]), Actor("three", [0.5, PLAN]))
        assert await cast.call.judge(ModelRequest("Judge.", ()), Any) is PLAN  # type: ignore[arg-type, comparison-overlap]
        assert cast.notes.told == [("two", "rubbish", "three")], "being unfit is no fault"
        assert [(used.model, used.tokens_read, used.tokens_written) for used in cast.notes.used[-1:]] == [
            ("three-1", 7, 3)
        ]

    run(story())


# leaving


@pytest.mark.parametrize("leaves", ["cancelled", "closed"])
@pytest.mark.parametrize("stage", ["reply", "speak"])
def test_leaving_closes_the_source_in_the_same_turn(leaves: str, stage: str) -> None:
    async def story() -> None:
        piece: Any = "Well" if stage == "reply" else sound(1)
        one = Actor("one", [0.1, piece, 1.5, piece])
        cast = Cast(one, Actor("two", [piece]))
        stream = cast.call.reply(PLAN) if stage == "reply" else cast.call.speak("Well, well.")
        if leaves == "closed":
            async with aclosing(stream):
                await anext(stream)
        else:
            task = asyncio.ensure_future(everything(stream))
            await asyncio.sleep(0.1 + 0.9)
            task.cancel()
            await asyncio.sleep(0)
            assert one.closed, "one turn of the loop, no more"
            with suppress(asyncio.CancelledError):
                await task
        assert one.closed == [asyncio.get_running_loop().time()]
        assert (cast.notes.faults, cast.states(stage)["one"]) == ([], "closed")

    run(story())


def test_a_transcription_that_is_cancelled_is_given_up() -> None:
    async def story() -> None:
        one = Actor("one", [2.0, "hello"])
        cast = Cast(one, Actor("two", ["other"]))
        task = asyncio.ensure_future(cast.call.transcribe(TURN))
        await asyncio.sleep(1)
        task.cancel()
        await asyncio.sleep(0)
        assert one.closed == [1.0]
        await asyncio.wait({task})

    run(story())


def test_a_transcript_is_given_as_it_came() -> None:
    async def story() -> None:
        given = Transcript("hello", 0.7, "ear-1")
        assert await Cast(Actor("one", [given])).call.transcribe(TURN) is given
        assert await Cast(Actor("one", [Transcript("")])).call.transcribe(TURN) == Transcript("")

    run(story())


def test_settings_are_checked_by_every_part() -> None:
    async def story() -> None:
        found = await Cast(Actor("one"), Actor("two")).providers.check([])
        assert [finding.about for finding in found] == ["ONE_API_KEY", "TWO_API_KEY"] * 3

    run(story())

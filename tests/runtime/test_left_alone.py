"""Who keeps failing is left alone by all calls, and connections are opened ahead of need. All in virtual time."""

from __future__ import annotations

import asyncio

from structlog.testing import capture_logs

from app.runtime.breaker import FIRST_REST_S, IN_A_ROW, KEY_REST_S
from tests.runtime.acting import PLAN, TURN, Actor, Cast, everything, fails, outcome
from tests.runtime.virtual_time import run


def test_one_that_keeps_failing_is_left_alone_by_all_calls_and_comes_back() -> None:
    async def story() -> None:
        one = Actor("one", *[[fails()]] * (IN_A_ROW + 1), ["back"])
        two = Actor("two", ["other"])
        cast = Cast(one, two)
        with capture_logs() as logs:
            for _ in range(IN_A_ROW + 4):
                assert await everything(cast.new_call().reply(PLAN)) == ["other"]
            assert len(one.asked) == IN_A_ROW
            assert cast.states("reply") == {"one": "open", "two": "closed"}
            assert cast.states("speak") == {"one": "closed", "two": "closed"}, "each stage has its own"
            await asyncio.sleep(FIRST_REST_S)
            assert cast.states("reply")["one"] == "half-open"
            assert await everything(cast.new_call().reply(PLAN)) == ["other"]
            await asyncio.sleep(2 * FIRST_REST_S)
            assert await everything(cast.new_call().reply(PLAN)) == ["back"]
        assert cast.states("reply")["one"] == "closed"
        changes = [line["event"] for line in logs if line["event"].startswith(("provider_rests", "provider_is"))]
        assert changes == ["provider_rests", "provider_rests", "provider_is_back"], (
            "told when it changes, and only then"
        )

    run(story())


def test_no_request_is_sent_while_a_vendor_wants_its_rest_not_even_to_warm_it() -> None:
    async def story() -> None:
        one = Actor("one", [fails("busy", 60)], ["back"])
        cast = Cast(one)
        assert await outcome(lambda: everything(cast.call.reply(PLAN))) == ("busy", 0)
        for _ in range(59):
            assert await outcome(lambda: everything(cast.call.reply(PLAN))) == ("busy", 0), "failing takes no time"
            await asyncio.sleep(1)
        warmed = len(one.warmed)
        cast.providers._prepare(cast.providers._minds)
        await asyncio.sleep(1)
        assert (len(one.asked), len(one.warmed)) == (1, warmed)
        assert await everything(cast.call.reply(PLAN)) == ["back"]
        assert cast.notes.told == [("one", "busy", "nobody")], "the page is told once, not for every sentence"

    run(story())


def test_every_call_is_told_once_that_someone_rests() -> None:
    async def story() -> None:
        cast = Cast(Actor("one", [fails("key")]), Actor("two", ["other"]))
        for _ in range(3):
            call = cast.new_call()
            for _ in range(4):
                await everything(call.reply(PLAN))
        assert cast.notes.told == [("one", "key", "two")] * 3
        assert "left alone" in cast.notes.faults[1].message
        assert [fault.took_ms for fault in cast.notes.faults] == [1, 0, 0], "0: not asked at all"
        await asyncio.sleep(KEY_REST_S - 1)
        assert cast.states("reply")["one"] == "open"

    run(story())


def test_only_one_call_tries_one_that_may_be_back() -> None:
    async def story() -> None:
        one = Actor("one", *[[fails()]] * IN_A_ROW, [1.0, "back"])
        cast = Cast(one, Actor("two", [0.5, "other"]))
        for _ in range(IN_A_ROW):
            await everything(cast.new_call().reply(PLAN))
        await asyncio.sleep(FIRST_REST_S)
        asked = len(one.asked)
        replies = await asyncio.gather(*(everything(cast.new_call().reply(PLAN)) for _ in range(20)))
        assert len(one.asked) == asked + 1
        assert sorted(replies) == [["back"], *[["other"]] * 19]

    run(story())


def test_a_caller_who_leaves_the_probe_lets_the_next_one_try() -> None:
    async def story() -> None:
        one = Actor("one", *[[fails()]] * IN_A_ROW, [600.0], ["back"])
        cast = Cast(one, Actor("two", ["other"]))
        for _ in range(IN_A_ROW):
            await everything(cast.new_call().reply(PLAN))
        await asyncio.sleep(FIRST_REST_S)
        probe = asyncio.ensure_future(everything(cast.new_call().reply(PLAN)))
        await asyncio.sleep(1)
        probe.cancel()
        await asyncio.wait({probe})
        assert await everything(cast.new_call().reply(PLAN)) == ["back"]

    run(story())


def test_a_turn_that_is_not_for_it_harms_no_provider() -> None:
    async def story() -> None:
        one = Actor("one", [fails("unfit")])
        cast = Cast(one, Actor("two", ["hello"]))
        for _ in range(10):
            assert (await cast.call.transcribe(TURN)).text == "hello"
        assert (len(one.asked), cast.states("transcribe")["one"], cast.notes.faults) == (10, "closed", [])

    run(story())


def test_one_that_refuses_a_call_is_asked_last_in_that_call_alone() -> None:
    async def story() -> None:
        one = Actor("one", [fails("refused")])
        cast = Cast(one, Actor("two", ["other"]))
        for _ in range(10):
            await everything(cast.call.reply(PLAN))
        assert len(one.asked) == 2
        await everything(cast.new_call().reply(PLAN))
        assert len(one.asked) == 3, "another persona may be served"

    run(story())


# opening connections


def test_preparing_never_waits_and_asks_each_part_once_at_a_time_and_not_too_often() -> None:
    async def story() -> None:
        one, two = Actor("one"), Actor("two")
        one.warm_s = 3.0
        cast = Cast(one, two)
        cast.providers.prepare()
        assert one.warmed == [], "it is done in the background"
        for _ in range(50):
            cast.providers.prepare()
            cast.call.prepare()
        await asyncio.sleep(5)
        assert (len(one.warmed), len(two.warmed)) == (3, 3), "three parts of each, once"
        await asyncio.sleep(10)
        cast.call.prepare()
        await asyncio.sleep(5)
        assert (len(one.warmed), len(two.warmed)) == (5, 5), "for the reply: who words it and who speaks it"

    run(story())


def test_no_connection_is_being_opened_when_the_house_is_closed() -> None:
    async def story() -> None:
        one = Actor("one")
        one.warm_s = 600.0
        cast = Cast(one)
        cast.providers.prepare()
        await asyncio.sleep(1)
        await cast.providers.aclose()
        assert asyncio.get_running_loop().time() == 1

    run(story())


def test_one_that_cannot_get_ready_is_logged_and_hinders_nobody() -> None:
    class Cold(Actor):
        async def warm(self) -> None:
            raise OSError("no network")

    async def story() -> None:
        two = Actor("two")
        two.warm_s = 600.0
        cast = Cast(Cold("one"), two)
        with capture_logs() as logs:
            cast.providers.prepare()
            await asyncio.sleep(10)
        assert len(two.warmed) == 3
        assert {(line["provider"], line["error"]) for line in logs} == {("one", "OSError"), ("two", "TimeoutError")}
        two.warm_s = 0.0
        with capture_logs():
            await cast.providers.warm()
        assert len(two.warmed) == 6

    run(story())

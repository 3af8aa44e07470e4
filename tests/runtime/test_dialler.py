"""Whole lives of scheduled calls, against a carrier that answers, refuses, fails, and tells late or never."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from app.carriers.placing import PlacingError, Report
from app.dialling.plan import Plan
from app.runtime import dialler as dialler_module
from app.store import attempts as attempts_module
from app.store.campaigns import stopped_campaigns
from app.store.claiming import claim
from app.store.engine import Database
from app.store.scheduling import cancel_call
from tests.carriers.twilio_calls import Behaviour
from tests.runtime.dialling_stage import Stage, a_stage, by_turns
from tests.store.outbound_samples import attempts, call_of, scheduled
from tests.store.samples import at

TO = "+14155550123"
IN_ORDER = ("initiated", "ringing", "in-progress", "verdict", "completed")


@pytest.fixture
async def stage(db: Database) -> AsyncIterator[Stage]:
    async with a_stage(db) as stage:
        yield stage


def talks(**given: Any) -> Behaviour:
    return Behaviour(**({"told": IN_ORDER, "answered_by": "human"} | given))


ENDS = {
    "a person answers": ([talks()], "completed", "answered", ["person"], 1),
    "messages in reverse": ([talks(told=IN_ORDER[::-1])], "completed", "answered", ["person"], 1),
    "messages doubled": ([talks(told=(*IN_ORDER, *IN_ORDER))], "completed", "answered", ["person"], 1),
    "only the last message": ([talks(told=("completed", "verdict"))], "completed", "answered", ["person"], 1),
    "no message at all": ([talks(told=())], "completed", "answered", ["person"], 1),
    "busy, then a person": ([Behaviour(ends="busy", told=("busy",)), talks()], "completed", "answered", 0, 2),
    "busy and silent, then a person": ([Behaviour(ends="busy"), talks()], "completed", "answered", 0, 2),
    "nobody three times": ([Behaviour(ends="no-answer")], "failed", "no-answer-every-time", ["no-answer"] * 3, 3),
    "a machine, then a person": (
        [talks(answered_by="machine_start"), talks()],
        "completed",
        "answered",
        ["machine", "person"],
        2,
    ),
    "a machine whose verdict comes last": (
        [talks(answered_by="machine_start", told=("completed", "verdict")), talks()],
        "completed",
        "answered",
        ["machine", "person"],
        2,
    ),
    "a fax": ([talks(answered_by="fax")], "failed", "fax", ["fax"], 1),
    "a bad number": ([Behaviour(21211)], "failed", "refused-by-carrier", ["refused"], 0),
    "throttled twice": ([Behaviour(429), Behaviour(429), talks()], "completed", "answered", 0, 1),
    "an error, and it did not ring": ([Behaviour(500, rings=False), talks()], "completed", "answered", 0, 1),
    "an error, and it rang": ([Behaviour(500, told=IN_ORDER, answered_by="human")], "completed", "answered", 0, 1),
    "an error, it rang, and is silent": ([Behaviour(500)], "completed", "answered", ["person"], 1),
    "errors for ever": ([Behaviour(500, rings=False)], "failed", "failed-every-time", ["failed"] * 3, 0),
    "an answer without a name": ([Behaviour("empty")], "completed", "answered", ["person"], 1),
    "the line fails": ([Behaviour(ends="failed", told=("failed",)), talks()], "completed", "answered", 0, 2),
}


@pytest.mark.parametrize("story", list(ENDS))
async def test_each_call_ends_as_it_should(stage: Stage, story: str) -> None:
    met, status, reason, dispositions, rung = ENDS[story]
    stage.rest.behave = by_turns(*met)
    id_ = await scheduled(stage.db)
    await stage.play(stage.machine())
    ended = await stage.ended(id_)
    assert ended[:2] == (status, reason)
    assert ended[2] == dispositions or not dispositions
    assert stage.rest.rung[TO] == rung


async def test_a_request_without_any_answer_is_looked_up_and_not_repeated(stage: Stage) -> None:
    stage.policy = replace(stage.policy, request_s=0.5)
    stage.rest.behave = by_turns(Behaviour("mute", told=()))
    id_ = await scheduled(stage.db)
    await stage.play(stage.machine())
    assert (await stage.ended(id_))[:2] == ("completed", "answered")
    assert stage.rest.asked[TO] == 1


async def test_a_carrier_that_is_away_costs_attempts_but_rings_nobody(stage: Stage) -> None:
    stage.rest.url = "http://127.0.0.1:9"
    id_ = await scheduled(stage.db, plan=Plan(2, {"failed": (30,)}))
    await stage.play(stage.machine())
    assert await stage.ended(id_) == ("failed", "failed-every-time", ["failed", "failed"])


async def test_a_carrier_that_cannot_be_asked_is_not_rung_on_a_guess(stage: Stage) -> None:
    stage.rest.behave = by_turns(Behaviour(500))
    stage.rest.unreachable_lists = True
    id_ = await scheduled(stage.db)
    await stage.play(stage.machine())
    assert (await stage.ended(id_))[:2] == ("failed", "outcome-unknown")
    assert stage.rest.asked[TO] == 1


async def test_wrong_credentials_stop_the_campaign_before_they_burn_it(stage: Stage) -> None:
    stage.rest.behave = by_turns(Behaviour(20003))
    for number in range(5):
        await scheduled(stage.db, to_number=f"+1415555{number:04d}", first_attempt_at=at(number * 60))
    await stage.play(stage.machine(), for_s=1000)
    async with stage.db.reading() as session:
        assert [one.reason for one in await stopped_campaigns(session)] == ["account-refused"]
    assert stage.rest.asked.total() == 1


async def test_a_machine_that_dies_after_dialling_is_followed_by_one_that_asks_first(stage: Stage) -> None:
    stage.says_nothing = True
    stage.rest.behave = by_turns(talks())
    id_ = await scheduled(stage.db)
    first = stage.machine("m1")

    async def dies(*_: object) -> bool:
        raise ConnectionError

    first._written = dies  # type: ignore[method-assign, assignment]
    await first.round()
    await first.settled()
    assert (await attempts(stage.db, id_))[0].carrier_sid is None
    await stage.play(stage.machine("m2"))
    assert await stage.ended(id_) == ("completed", "answered", ["person"])
    assert stage.rest.rung[TO] == 1


async def test_a_machine_that_slept_over_its_lease_does_not_dial(stage: Stage) -> None:
    id_ = await scheduled(stage.db)
    sleepy, awake = stage.machine("m1"), stage.machine("m2")
    async with stage.db.transaction() as session:
        (one,) = await claim(session, "m1", stage.policy, stage.clock.utc())
    stage.clock.seconds = 61
    await awake.sweep()
    await sleepy.dial(one)
    assert stage.rest.asked.total() == 0
    await stage.play(awake)
    assert (await stage.ended(id_))[2] == ["abandoned", "person"]
    assert stage.rest.rung[TO] == 1


@pytest.mark.parametrize("clock", ["now", "utc"])
async def test_a_machine_that_was_slow_after_its_last_look_does_not_dial(
    stage: Stage, clock: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever clock says so: one stands still while a machine is suspended, the other may be set back meanwhile."""
    id_ = await scheduled(stage.db)
    slow = stage.machine()
    looked = attempts_module.begin_dialling

    async def then_sleeps(*given: Any) -> bool:
        late = stage.policy.patience_s + 1
        now_s, utc_s = (late, 0.0) if clock == "now" else (0.0, late)
        slow._clock = SimpleNamespace(now=lambda: now_s, utc=lambda: at(utc_s))
        return await looked(*given)

    monkeypatch.setattr(attempts_module, "begin_dialling", then_sleeps)
    await slow.round()
    await slow.settled()
    assert stage.rest.asked.total() == 0
    assert (await stage.ended(id_))[2] == ["abandoned"]


async def test_a_call_that_is_nobodys_any_more_is_hung_up(stage: Stage) -> None:
    stage.rest.behave = by_turns(Behaviour(ends=None))
    id_ = await scheduled(stage.db)
    dialler = stage.machine()

    async def nobodys(*_: object) -> bool:
        return False

    dialler._written = nobodys  # type: ignore[method-assign, assignment]
    await dialler.round()
    await dialler.settled()
    assert len(stage.rest.hung_up) == 1
    assert (await call_of(stage.db, id_)).status == "calling"


async def test_no_more_is_claimed_than_there_is_room_for(stage: Stage) -> None:
    for number in range(5):
        await scheduled(stage.db, to_number=f"+1415555{number:04d}")
    assert await stage.machine(room=0).round() == 0
    assert await stage.machine(room=2).round() == 2


async def test_a_call_cancelled_while_the_carrier_is_asked_for_it_is_hung_up_as_soon_as_it_has_a_name(
    stage: Stage,
) -> None:
    stage.rest.behave = by_turns(Behaviour(ends=None))
    id_, dialler = await scheduled(stage.db), stage.machine()
    dial = dialler._carrier.dial

    async def cancelled_meanwhile(*given: Any) -> Report:
        placed = await dial(*given)
        async with stage.db.transaction() as session:
            await cancel_call(session, id_, at(1))
        return placed

    dialler._carrier.dial = cancelled_meanwhile  # type: ignore[method-assign]
    await dialler.round()
    await dialler.settled()
    assert len(stage.rest.hung_up) == 1
    assert (await call_of(stage.db, id_)).cancel_asked


async def test_a_cancelled_call_of_which_the_carrier_could_not_be_told_is_hung_up_when_it_is_asked_about(
    stage: Stage,
) -> None:
    stage.rest.behave = by_turns(Behaviour(ends=None))
    id_, dialler = await scheduled(stage.db), stage.machine()
    await dialler.round()
    await dialler.settled()
    async with stage.db.transaction() as session:
        await cancel_call(session, id_, at(1))
    assert stage.rest.hung_up == []
    await stage.play(dialler, for_s=600)
    assert stage.rest.hung_up == list(stage.rest.calls), "once"
    assert (await call_of(stage.db, id_)).finished_at is not None
    assert stage.rest.rung[TO] == 1


async def test_a_call_cancelled_while_it_waits_is_never_dialled(stage: Stage) -> None:
    id_ = await scheduled(stage.db, first_attempt_at=at(60))
    async with stage.db.transaction() as session:
        await cancel_call(session, id_, at(1))
    await stage.play(stage.machine(), for_s=200)
    assert stage.rest.asked.total() == 0


async def test_it_runs_by_itself_and_ends_when_told(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialler_module, "POLL_S", 0.01)
    monkeypatch.setattr(dialler_module, "SWEEP_S", 0.01)
    stage.rest.behave = by_turns(talks())
    running = asyncio.create_task(stage.machine().run())
    id_ = await scheduled(stage.db)
    async with asyncio.timeout(30):
        while (await call_of(stage.db, id_)).status != "completed":  # noqa: ASYNC110 - a database has no events
            await asyncio.sleep(0.02)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_round_that_fails_is_followed_by_another(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialler_module, "POLL_S", 0.01)
    dialler = stage.machine()
    rounds = []

    async def fails() -> int:
        rounds.append(1)
        raise PlacingError("unknown", "a fault")

    dialler.round = fails  # type: ignore[method-assign]
    running = asyncio.create_task(dialler.run())
    async with asyncio.timeout(30):
        while len(rounds) < 3:
            dialler.nudge()
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

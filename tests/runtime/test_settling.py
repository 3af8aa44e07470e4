"""The flow is asked what a model's complete reply comes to: its words, and the marks that nobody hears."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from app.call import actions as act
from app.call.events import ReplyEnded
from app.dialogue.flow import Heard, ModelRequest, Plan, Settled
from app.runtime.call_providers import CallProviders
from tests.runtime.test_replying import DEAD, OWN, call, told
from tests.runtime.test_runner import House, OwnWords


def settling(state: Any, said: str, marks: tuple[str, ...]) -> Settled:
    """Keeps what it was told; says the next question for MOVE, and ends for END."""
    if "BREAK" in marks:
        raise RuntimeError("the caller said this")
    return Settled((*state, said, marks), "Next question." if "MOVE" in marks else "", end="END" in marks)


@pytest.mark.parametrize("size", [1, 3, 1000])
async def test_marks_reach_the_flow_and_nobody_elses_ears(size: int) -> None:
    text = "Thank you. <<<STAY>>> Go on. <<<MOVE>>>"
    one = await told([text[at : at + size] for at in range(0, len(text), size)], settle=settling)
    assert " ".join(one.text.split()) == "Thank you. Go on. Next question."
    assert (one.state[1], one.last) == (("STAY", "MOVE"), ReplyEnded(7))
    assert one.state[0].split() == ["Thank", "you.", "Go", "on."]


async def test_a_mark_may_end_the_call_or_be_all_there_is() -> None:
    one = await told(["Bye. <<<END>>>"], settle=settling)
    assert (one.text.strip(), one.last) == ("Bye.", ReplyEnded(7, end=True))
    one = await told(["<<<MOVE>>>"], settle=settling)
    assert (one.text, one.state) == ("Next question.", ("", ("MOVE",)))


@pytest.mark.parametrize("parts", [["<<<STAY>>>"], [""], [DEAD], ["Well, <<<MOVE>>>", DEAD]])
async def test_where_the_model_comes_to_nothing_the_plan_and_its_state_hold(parts: list[Any]) -> None:
    one = await told(parts, settle=settling)
    assert one.state == (), "nothing was kept beside the plan's own"
    assert OWN in (one.text, getattr(one.last, "instead", ""))


async def test_a_flow_that_fails_to_settle_costs_nothing_that_was_said() -> None:
    with capture_logs() as logs:
        one = await told(["Go on. <<<BREAK>>>"], settle=settling)
    assert (one.text.strip(), one.last) == ("Go on.", ReplyEnded(7))
    assert "the caller said this" not in str(logs)


async def test_the_state_that_is_settled_is_the_one_that_tools_left() -> None:
    one = await told(["I book it. ", call(4)], settle=settling)
    assert one.state == (4, "I book it.", ())


async def test_a_model_that_dies_after_its_tools_settles_nothing() -> None:
    one = await told(["I look. ", call(2)], [DEAD], settle=settling)
    assert one.state == (2,)


async def test_what_is_settled_is_the_flows_state_once_the_turn_sounds(tmp_path: Path, monkeypatch: Any) -> None:
    heard: list[Heard] = []

    def plan(_: object, state: object, turn: Heard, history: object) -> Plan:
        heard.append(turn)
        return Plan(OWN, ("planned",), model=ModelRequest("Be kind.", ()), settle=settling)

    async def reply(_: CallProviders, plan: Plan) -> AsyncGenerator[Any]:
        yield "Go on. <<<STAY>>>"

    monkeypatch.setattr(OwnWords, "reply", plan)
    monkeypatch.setattr(CallProviders, "reply", reply)
    house = House(tmp_path)
    house.live(1)
    house.runner._ask(act.Ask(1, "well"))
    await asyncio.gather(*house.runner._scope.named("reply-1"))
    assert house.runner._talk.now is None
    house.runner._do([act.CommitTurn(1)])
    assert house.runner._talk.now == ("planned", "Go on.", ("STAY",))
    assert heard[0].elapsed_s == house.runner.now == 1.0, "a flow is told the time"
    await house.runner.close("caller-hung-up")

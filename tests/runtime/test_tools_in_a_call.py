"""Tools in a running call: their faults are on its page; what they changed is the flow's once the turn sounds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from app.call import actions as act
from app.call import events as ev
from app.dialogue.flow import Heard, ModelRequest, Plan, Tool, ToolCall, Used
from app.runtime.call_providers import CallProviders
from tests.runtime.test_runner import House, OwnWords


class Nothing(BaseModel):
    pass


COUNT = Tool("count", "Counts.", Nothing, lambda state, _: Used("counted", f"{state}, counted", say="Counted."))


async def test_a_tools_faults_are_on_the_calls_page_and_its_state_waits_for_the_turn(
    tmp_path: Path, monkeypatch: Any
) -> None:
    rounds = iter([[ToolCall("a", "sing", "{}"), ToolCall("b", "count", "")], ["Done."]])

    def plan(_: object, state: object, heard: Heard, history: object) -> Plan:
        return Plan("Own words.", f"{state} asked", model=ModelRequest(heard.text, (), (COUNT,)))

    async def reply(_: CallProviders, plan: Plan) -> AsyncGenerator[Any]:
        for part in next(rounds):
            yield part

    monkeypatch.setattr(OwnWords, "reply", plan)
    monkeypatch.setattr(CallProviders, "reply", reply)
    house = House(tmp_path)
    house.live(1)
    house.runner._ask(act.Ask(1, "count to one"))
    await asyncio.gather(*house.runner._scope.named("reply-1"))
    (note,) = house.notes("tool-fault")
    assert (note.at_ms, note.detail) == (1000, {"reason": "unknown-tool"})
    assert house.runner._talk.now is None
    house.runner._do([act.CommitTurn(1)])
    assert house.runner._talk.now == "None asked, counted"
    await house.runner.close("caller-hung-up")


SPARE = Tool("leave", "Ends the call.", Nothing, lambda state, _: Used("left", state), spare=True)


def offers(monkeypatch: Any, *tools: Tool) -> list[tuple[str, ...]]:
    """A flow that has these tools, and a model; gives back, as they come, the tools that the model was offered."""
    offered: list[tuple[str, ...]] = []

    def plan(_: object, state: object, heard: Heard, history: object) -> Plan:
        return Plan("Own words.", f"{state} asked", model=ModelRequest(heard.text, (), tools))

    async def reply(_: CallProviders, plan: Plan) -> AsyncGenerator[Any]:
        assert plan.model is not None
        offered.append(tuple(tool.name for tool in plan.model.tools))
        yield "Words."

    monkeypatch.setattr(OwnWords, "reply", plan)
    monkeypatch.setattr(CallProviders, "reply", reply)
    return offered


async def test_before_the_turn_is_over_the_model_is_asked_without_the_tools_it_can_do_without(
    tmp_path: Path, monkeypatch: Any
) -> None:
    offered = offers(monkeypatch, SPARE)
    house = House(tmp_path)
    house.live(1)
    house.runner._ask(act.Ask(1, "is that all", early=True))
    await asyncio.gather(*house.runner._scope.named("reply-1"))
    assert offered == [()]
    assert house.runner._talk.now is None
    house.runner._ask(act.Ask(2, "is that all"))
    await asyncio.gather(*house.runner._scope.named("reply-2"))
    assert offered == [(), ("leave",)]
    await house.runner.close("caller-hung-up")


async def test_a_reply_that_may_need_a_tool_is_not_prepared_and_nobody_hears_of_it(
    tmp_path: Path, monkeypatch: Any
) -> None:
    offered = offers(monkeypatch, SPARE, COUNT)
    told: list[ev.Event] = []
    house = House(tmp_path)
    house.live(1)
    monkeypatch.setattr(house.runner, "_tell", told.append)
    house.runner._ask(act.Ask(1, "count to one", early=True))
    await asyncio.sleep(0)
    assert offered == []
    assert told == [ev.ProviderFailed("reply", 1, "wants-tools")]
    assert not house.runner._scope.named("reply-1")
    house.runner._ask(act.Ask(1, "count to one"))
    await asyncio.gather(*house.runner._scope.named("reply-1"))
    assert offered == [("leave", "count")]
    monkeypatch.undo()
    await house.runner.close("caller-hung-up")

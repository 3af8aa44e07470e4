"""Tools in a running call: their faults are on its page; what they changed is the flow's once the turn sounds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from app.call import actions as act
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

"""A judge's word in the middle of a reply: waited for, not for long, asked for once, and never missed."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import BaseModel

from app.call.actions import Note
from app.call.events import Event, ProviderFailed, ReplyDelta, ReplyEnded
from app.dialogue.flow import FlowState, Message, ModelRequest, Opinion, Plan
from app.runtime.replying import OPINION_S, Reply
from tests.runtime.acting import Actor, Cast, fails
from tests.runtime.virtual_time import run


class Verdict(BaseModel):
    good: bool


REQUEST = ModelRequest("Judge this.", (Message("caller", "because of the tests"),))


def go_on(form: BaseModel | None, name: str) -> Plan:
    if isinstance(form, Verdict) and not form.good:
        raise RuntimeError("a verdict that the flow can do nothing with")
    return Plan(f"Next, says {name or 'nobody'}.", f"judged by {name or 'nobody'}", expects="thought", think_s=9.0)


PLAN = Plan("Thank you.", "with the judge", opinion=Opinion(REQUEST, Verdict, go_on))


@dataclass
class Turn:
    """One reply, and what came of it."""

    cast: Cast
    plan: Plan = PLAN
    told: list[tuple[float, Event]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    kept: list[FlowState] = field(default_factory=list)

    def reply(self) -> Reply:
        def tell(event: Event) -> None:
            self.told.append((asyncio.get_running_loop().time(), event))

        return Reply(7, self.plan, self.cast.call, tell=tell, note=self.notes.append, keep=self.kept.append)

    @property
    def said(self) -> str:
        return "".join(event.text for _, event in self.told if isinstance(event, ReplyDelta))

    def at(self, kind: type) -> list[float]:
        return [at for at, event in self.told if isinstance(event, kind)]


def replied(*scripts: list[Any], plan: Plan = PLAN) -> Turn:
    async def story() -> Turn:
        turn = Turn(Cast(Actor("wise", *scripts)), plan)
        await turn.reply().run()
        return turn

    return run(story())


def test_the_caller_is_thanked_at_once_and_hears_the_rest_when_the_judge_has_spoken() -> None:
    turn = replied([2.0, Verdict(good=True)])
    assert turn.at(ReplyDelta) == [0.0, 2.0]
    assert turn.said == "Thank you. Next, says wise-1."
    assert turn.told[-1][1] == ReplyEnded(7, False, "thought", 9.0)
    assert turn.kept == ["judged by wise-1"]
    assert turn.notes == []


def test_a_judge_that_is_late_is_not_waited_for() -> None:
    turn = replied([OPINION_S + 5, Verdict(good=True)])
    assert turn.at(ReplyEnded) == [OPINION_S]
    assert turn.said == "Thank you. Next, says nobody."
    assert [(note.kind, note.detail["why"]) for note in turn.notes] == [("judged-offline", "late")]
    assert len(turn.cast.providers._minds[0].part.closed) == 1, "the vendor's stream is closed"  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", ["failed", "unreachable", "key", "rubbish"])
def test_a_judge_that_fails_does_not_keep_anybody(kind: Any) -> None:
    turn = replied([0.2, fails(kind)])
    assert turn.said == "Thank you. Next, says nobody."
    assert [(note.kind, note.detail["why"]) for note in turn.notes] == [("judged-offline", kind)]


def test_where_there_is_no_model_nothing_is_noted() -> None:
    turn = replied([fails("unfit")])
    assert turn.said == "Thank you. Next, says nobody."
    assert turn.notes == []


def test_a_verdict_that_the_flow_cannot_use_is_as_good_as_none() -> None:
    turn = replied([Verdict(good=False)])
    assert turn.said == "Thank you. Next, says nobody."


def test_a_fault_of_the_flow_costs_the_rest_of_the_reply_and_not_the_call() -> None:
    def fault(form: BaseModel | None, name: str) -> Plan:
        raise RuntimeError("a fault of the flow")

    turn = replied([Verdict(good=True)], plan=Plan("Thank you.", None, opinion=Opinion(REQUEST, Verdict, fault)))
    assert [event for _, event in turn.told][-1] == ProviderFailed("reply", 7, "flow-fault")
    assert turn.kept == []


def test_the_same_words_are_judged_once_on_a_call() -> None:
    async def story() -> list[int]:
        turn = Turn(Cast(Actor("wise", [0.5, Verdict(good=True)])))
        asked = []
        for _ in range(2):
            await turn.reply().run()
            asked.append(len(turn.cast.providers._minds[0].part.asked))  # type: ignore[attr-defined]
        assert turn.said == "Thank you. Next, says wise-1." * 2
        return asked

    assert run(story()) == [1, 1]


def test_a_turn_that_is_dropped_closes_the_vendors_stream_and_changes_nothing() -> None:
    async def story() -> None:
        turn = Turn(Cast(Actor("wise", [5.0, Verdict(good=True)])))
        task = asyncio.create_task(turn.reply().run())
        await asyncio.sleep(1.0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert turn.cast.providers._minds[0].part.closed == [1.0]  # type: ignore[attr-defined]
        assert turn.kept == []

    run(story())


@pytest.mark.parametrize("heavy", [True, False])
async def test_what_takes_the_processor_is_planned_beside_the_calls(heavy: bool) -> None:
    threads: list[str] = []

    def think(form: BaseModel | None, name: str) -> Plan:
        threads.append(threading.current_thread().name)
        return go_on(form, name)

    opinion = Opinion(REQUEST, Verdict, think, heavy=heavy)
    turn = Turn(Cast(Actor("wise", [fails("unfit")])), Plan("Thank you.", None, opinion=opinion))
    await turn.reply().run()
    assert turn.said == "Thank you. Next, says nobody."
    assert (threads[0] != threading.main_thread().name) is heavy

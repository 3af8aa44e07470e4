"""What a model may write or ask for, and what the caller hears of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from pydantic import BaseModel, Field
from structlog.testing import capture_logs

from app.call.actions import Note
from app.call.events import Event, ReplyBroken, ReplyDelta, ReplyEnded
from app.dialogue.flow import ModelRequest, Plan, Settle, Tool, ToolCall, Used
from app.runtime.call_providers import CallProviders
from app.runtime.replying import FURTHER_ROUNDS, LONGEST_REPLY, LONGEST_WRITTEN, Reply
from app.speech.protocols import ProviderError

OWN = "The flow's own words."
DEAD = ProviderError("out of order", "failed")


class Table(BaseModel):
    seats: int = Field(ge=1, le=9)


def book(state: tuple[int, ...], table: Table) -> Used:
    """One seat can't be booked for love nor money; two are told to the model; more are said at once."""
    if table.seats == 1:
        raise RuntimeError("the caller said one")
    return Used(f"booked {table.seats}", (*state, table.seats), say="Booked.", ask_again=table.seats == 2)


def hang_up(state: tuple[int, ...], _: Table) -> Used:
    return Used("bye", state, say="Goodbye then.", end=True)


TOOLS = (Tool("book", "Books a table.", Table, book), Tool("hang_up", "Ends the call.", Table, hang_up))


def call(seats: Any = 4, name: str = "book", id_: str = "c1") -> ToolCall:
    return ToolCall(id_, name, seats if isinstance(seats, str) else json.dumps({"seats": seats}))


class Mind:
    """A model that plays the next script each time it is asked. Exceptions are raised, the rest is given."""

    def __init__(self, *scripts: list[Any]) -> None:
        self.scripts = list(scripts)
        self.asked: list[ModelRequest] = []
        self.closed = 0
        self.given = 0

    async def reply(self, plan: Plan) -> AsyncGenerator[Any]:
        assert plan.model is not None
        self.asked.append(plan.model)
        try:
            for part in self.scripts[len(self.asked) - 1]:
                if isinstance(part, BaseException):
                    raise part
                self.given += 1
                yield part
        finally:
            self.closed += 1


class Told:
    """One reply, and all that was told of it."""

    def __init__(
        self, *scripts: list[Any], end: bool = False, model: bool = True, settle: Settle | None = None
    ) -> None:
        self.mind = Mind(*scripts)
        self.events: list[Event] = []
        self.notes: list[tuple[str, Any]] = []
        self.state: Any = ()
        request = ModelRequest("Be kind.", (), TOOLS) if model else None
        providers: CallProviders = self.mind  # type: ignore[assignment]
        self.reply = Reply(
            7, Plan(OWN, (), end, request, settle), providers, tell=self.events.append, note=self._note, keep=self._keep
        )

    def _note(self, note: Note) -> None:
        self.notes.append((note.kind, note.detail.get("reason")))
        assert set(note.detail) <= {"reason", "tool", "characters"}
        assert note.detail.get("tool", "book") in {tool.name for tool in TOOLS}

    def _keep(self, state: Any) -> None:
        self.state = state

    @property
    def text(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, ReplyDelta))

    @property
    def last(self) -> Event:
        return self.events[-1]


async def told(*scripts: list[Any], **more: Any) -> Told:
    one = Told(*scripts, **more)
    await one.reply.run()
    assert one.mind.closed == len(one.mind.asked), "every stream was closed"
    assert sum(not isinstance(event, ReplyDelta) for event in one.events) == 1, "a reply has one end"
    assert not isinstance(one.last, ReplyDelta)
    return one


async def test_a_models_words_are_passed_on_as_they_come_and_clean() -> None:
    one = await told(["**Yes**", ", we ", "do. 😀"])
    assert one.events == [ReplyDelta(7, "Yes"), ReplyDelta(7, ", we "), ReplyDelta(7, "do. "), ReplyEnded(7)]
    assert one.notes == []


async def test_a_sentences_last_mark_is_its_own_even_if_it_comes_by_itself() -> None:
    assert (await told(["How are you", "?"])).text == "How are you?"


async def test_a_plan_that_asks_for_no_model_is_said_as_it_stands() -> None:
    one = await told(model=False, end=True)
    assert one.events == [ReplyDelta(7, OWN), ReplyEnded(7, end=True)]
    assert one.mind.asked == []


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ([], "empty"),
        ([" ", "\n"], "empty"),
        (["😀", "**", " ..."], "unspeakable"),
        (["```python\nx = 1\n```"], "unspeakable"),
    ],
)
async def test_a_reply_without_a_word_in_it_is_the_flows_own(parts: list[str], reason: str) -> None:
    one = await told(parts, end=True)
    assert one.events == [ReplyDelta(7, OWN), ReplyEnded(7, end=True)]
    assert one.notes == [("reply-useless", reason)]


@pytest.mark.parametrize("fault", [DEAD, TypeError("said")])
async def test_a_model_that_dies_before_a_word_costs_nothing(fault: Exception) -> None:
    for parts in ([fault], [" ", "**", fault]):
        with capture_logs() as logs:
            one = await told(parts)
        assert one.events == [ReplyDelta(7, OWN), ReplyEnded(7)]
        assert "said" not in str(logs), "a message may quote what was said"


async def test_a_reply_that_breaks_off_is_told_with_the_flows_own_words() -> None:
    one = await told(["Well, (maybe", DEAD], end=True)
    assert one.text == "Well, (maybe"
    assert one.last == ReplyBroken(7, OWN, end=True)


async def test_a_reply_that_is_cancelled_says_nothing_more() -> None:
    one = Told(["Well", asyncio.CancelledError()])
    with pytest.raises(asyncio.CancelledError):
        await one.reply.run()
    assert one.events == [ReplyDelta(7, "Well")]
    assert one.mind.closed == 1


async def test_an_enormous_reply_is_closed_with_its_sentence() -> None:
    one = await told(["This is a sentence of Dr. No. "] * 10_000)
    assert LONGEST_REPLY <= len(one.text) < LONGEST_REPLY + 40
    assert one.text.endswith("No.")
    assert one.last == ReplyEnded(7)
    assert one.notes == [("reply-cut", None)]
    assert one.mind.given < 60, "the rest is not even waited for"


@pytest.mark.parametrize("unit", ["word ", "word", "ab, "])
async def test_an_enormous_reply_without_an_end_is_closed_all_the_same(unit: str) -> None:
    one = await told([unit * 100_000])
    assert LONGEST_REPLY <= len(one.text) <= LONGEST_REPLY + 240
    assert isinstance(one.last, ReplyEnded)


async def test_a_long_reply_that_ends_in_time_is_whole() -> None:
    text = "word " * 299 + "done."
    one = await told([text])
    assert one.text == text
    assert one.notes == []
    text += " And this is beyond, but one sentence"
    one = await told([text])
    assert (one.text, one.notes) == (text, [])


async def test_a_model_that_thinks_without_end_is_left() -> None:
    one = await told(["<think>", *["hm " * 100] * 1000])
    assert one.events == [ReplyDelta(7, OWN), ReplyEnded(7)]
    assert one.notes == [("reply-useless", "endless")]
    assert one.mind.given * 300 < LONGEST_WRITTEN + 1000


async def test_a_tool_is_used_and_its_words_are_said_if_the_model_has_none() -> None:
    one = await told([call(4)])
    assert one.events == [ReplyDelta(7, "Booked."), ReplyEnded(7)]
    assert one.state == (4,)
    assert len(one.mind.asked) == 1
    one = await told(["A table for four it is.", call(4)])
    assert one.text == "A table for four it is."
    assert one.notes == []


async def test_a_tool_may_end_the_call() -> None:
    one = await told([call(1, "hang_up")])
    assert one.events == [ReplyDelta(7, "Goodbye then."), ReplyEnded(7, end=True)]
    one = await told(["Bye!", call(1, "hang_up")])
    assert one.events == [ReplyDelta(7, "Bye!"), ReplyEnded(7, end=True)]


async def test_a_model_is_told_what_came_of_it_and_words_the_answer() -> None:
    one = await told(["Let me see.", call(2)], ["That is done."])
    assert one.text == "Let me see. That is done."
    (result,) = one.mind.asked[1].results
    assert (result.call, result.told) == (call(2), "booked 2")
    assert one.last == ReplyEnded(7)


@pytest.mark.parametrize(
    ("wrong", "reason", "says"),
    [
        (call(4, "sing"), "unknown-tool", "no tool"),
        (call("{seats: 4"), "not-json", "JSON"),
        (call("\ud800"), "not-json", "JSON"),
        (call("[" * 10_000), "not-json", "JSON"),
        (call("[4]"), "unfit", "do not fit"),
        (call(""), "unfit", "seats"),
        (call(40), "unfit", "seats: Input should be less than or equal to 9"),
        (call(1), "broke", "nothing was done"),
    ],
)
async def test_a_model_that_asks_wrongly_is_told_so_and_recovers_aloud(wrong: ToolCall, reason: str, says: str) -> None:
    with capture_logs() as logs:
        one = await told([wrong], ["I can't do that, I am afraid."])
    assert one.text == "I can't do that, I am afraid."
    assert one.notes == [("tool-fault", reason)]
    assert says in one.mind.asked[1].results[0].told
    assert one.state == ()
    assert "the caller said one" not in str(logs)


async def test_a_model_that_never_learns_leaves_the_answer_to_the_flow() -> None:
    one = await told(*[[call(4, "sing", f"c{n}")] for n in range(9)])
    assert len(one.mind.asked) == 1 + FURTHER_ROUNDS
    assert one.events == [ReplyDelta(7, OWN), ReplyEnded(7)]
    assert one.notes == [("tool-fault", "unknown-tool")] * (1 + FURTHER_ROUNDS) + [("tool-fault", "no-end")]
    assert len(one.mind.asked[-1].results) == FURTHER_ROUNDS


async def test_what_was_promised_before_a_model_fell_silent_is_followed_by_the_flows_words() -> None:
    for second in ([DEAD], [call(4, "sing", "c2")]):
        one = await told(["Let me see.", call(4, "sing")], second, [DEAD])
        assert one.text == f"Let me see. {OWN}"
        assert one.last == ReplyEnded(7)


async def test_a_model_that_dies_after_a_tool_was_used_leaves_the_tools_words() -> None:
    one = await told([call(2)], [DEAD])
    assert (one.text, one.state) == ("Booked.", (2,))


async def test_the_same_call_is_used_once() -> None:
    one = await told([call(2), call(2)], [call(2)])
    assert one.state == (2,)
    assert one.text == "Booked."
    assert one.notes == [("tool-fault", "twice"), ("tool-fault", "twice")]


async def test_calls_that_a_server_numbers_anew_in_each_reply_are_told_apart() -> None:
    one = await told([call(2)], [call(3)], ["Done."])
    assert one.state == (2, 3)
    one = await told([call(2)], [call(2, "sing")], ["Done."])
    first, second = one.mind.asked[2].results
    assert first.call.id != second.call.id


async def test_no_tool_of_a_reply_that_broke_off_is_used() -> None:
    one = await told(["Well", call(4), DEAD])
    assert one.state == ()
    assert isinstance(one.last, ReplyBroken)

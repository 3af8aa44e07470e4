"""The shape of chat that vendors share: requests written, streams read, judgements filled in. Chunks stand here as any
SDK would give them; the SDKs themselves have their say in `tests/vendors`."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from itertools import pairwise
from types import SimpleNamespace as Given
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from app.dialogue.flow import Message, ModelRequest, Tool, ToolCall, ToolResult, Used
from app.speech.chat_messages import messages, tools
from app.speech.chat_reader import reply_parts
from app.speech.chat_thought import Thought
from app.speech.chat_tool_calls import LONGEST_ARGUMENTS, MOST_CALLS
from app.speech.protocols import ProviderError, Tokens


class Booking(BaseModel):
    """A table."""

    title: Annotated[str, Field(description="Mr, Ms or none")] = ""
    people: Annotated[int, Field(ge=1, le=20)]


BOOK = Tool("book", "Book a table.", Booking, lambda state, _: Used("booked", state))


def chunk(finish: str | None = None, **delta: Any) -> Given:
    return Given(choices=[Given(delta=Given(**delta), finish_reason=finish)])


def piece(index: int | None, id_: str | None, name: str | None, arguments: str | None) -> Given:
    return Given(index=index, id=id_, function=Given(name=name, arguments=arguments))


async def read(*chunks: Any, may_be_empty: bool = False) -> list[Any]:
    async def stream() -> AsyncIterator[Any]:
        for one in chunks:
            yield one

    return [part async for part in reply_parts(stream(), "Acme", "m", may_be_empty=may_be_empty)]


def test_the_talk_is_written_in_turn_with_its_cuts_marked_and_its_tools_behind_it() -> None:
    talk = (Message("agent", "Hello, I am", interrupted=True), Message("caller", "For two."))
    used = (
        ToolResult(ToolCall("c1", "book", '{"people": 2}'), "booked"),
        ToolResult(ToolCall("c2", "book", "two"), "that was no JSON"),
    )
    system, *lines = messages(ModelRequest("Be kind.", talk, (BOOK,), used))
    assert system["role"] == "system"
    assert system["content"].startswith("Be kind.\n\nA line of yours that ends with [interrupted] ")
    assert lines[:2] == [
        {"role": "assistant", "content": "Hello, I am [interrupted]"},
        {"role": "user", "content": "For two."},
    ]
    asked, *told = lines[2:]
    assert (asked["role"], asked["content"]) == ("assistant", None)
    assert asked["tool_calls"] == [
        {"id": "c1", "type": "function", "function": {"name": "book", "arguments": '{"people": 2}'}},
        {"id": "c2", "type": "function", "function": {"name": "book", "arguments": "{}"}},
    ]
    assert told == [
        {"role": "tool", "tool_call_id": "c1", "content": "booked"},
        {"role": "tool", "tool_call_id": "c2", "content": "that was no JSON"},
    ]


def test_a_talk_without_cuts_and_tools_is_bare() -> None:
    bare = ModelRequest("Be kind.", (Message("caller", "Hi."),))
    assert messages(bare) == [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hi."}]
    assert tools(bare) == []


def test_a_tool_is_told_by_its_form_without_the_titles_that_nobody_gave() -> None:
    [told] = tools(ModelRequest("Be kind.", (), (BOOK,)))
    assert told == {
        "type": "function",
        "function": {
            "name": "book",
            "description": "Book a table.",
            "parameters": {
                "type": "object",
                "description": "A table.",
                "properties": {
                    "title": {"type": "string", "default": "", "description": "Mr, Ms or none"},
                    "people": {"type": "integer", "minimum": 1, "maximum": 20},
                },
                "required": ["people"],
            },
        },
    }


async def test_text_comes_as_it_comes_and_then_the_calls_and_the_count() -> None:
    usage = Given(prompt_tokens=9, completion_tokens=3)
    parts = await read(
        chunk(role="assistant", content=""),
        chunk(reasoning="They want a table.", content=None),
        chunk(content=" "),
        chunk(content="One"),
        chunk(content=" moment."),
        chunk(tool_calls=[piece(0, "c1", "book", '{"peo')]),
        chunk(tool_calls=[piece(1, "c2", "book", '{"people": 3}'), piece(0, None, None, 'ple": 2}')]),
        chunk("tool_calls"),
        Given(choices=[], usage=usage),
    )
    assert parts == [
        " One",
        " moment.",
        ToolCall("c1", "book", '{"people": 2}'),
        ToolCall("c2", "book", '{"people": 3}'),
        Tokens("m", 9, 3),
    ]


@given(st.lists(st.integers(1, 12), max_size=3), st.data())
async def test_however_calls_are_cut_and_mixed_they_come_out_whole(sizes: list[int], data: st.DataObject) -> None:
    wanted = [ToolCall(f"c{n}", f"tool{n}", json.dumps({"x": "y" * size})) for n, size in enumerate(sizes)]
    begun = [piece(n, call.id, call.name, "") for n, call in enumerate(wanted)]
    letters = [n for n, call in enumerate(wanted) for _ in call.arguments]
    left = {n: iter(call.arguments) for n, call in enumerate(wanted)}
    order = data.draw(st.permutations(letters))
    mixed = [piece(n, None, None, next(left[n])) for n in order]
    parts = await read(*(chunk(tool_calls=[one]) for one in (*begun, *mixed)), chunk("stop", content="."))
    assert parts == [".", *wanted]


SERVERS = {
    "whole at once": [piece(0, "a", "book", "1"), piece(1, "b", "book", "2")],
    "one index for all": [piece(0, "a", "book", "1"), piece(0, "b", "book", "2")],
    "no index": [piece(None, "a", "book", "1"), piece(None, "b", "book", "2")],
    "id and name repeated": [
        piece(0, "a", "book", ""), piece(0, "a", "book", "1"), piece(1, "b", "book", ""), piece(1, "b", "book", "2"),
    ],
    "indices in no order": [piece(7, "a", "book", "1"), piece(3, "b", "book", "2")],
}  # fmt: skip


@pytest.mark.parametrize("pieces", SERVERS.values(), ids=SERVERS)
async def test_servers_that_number_their_calls_otherwise_are_understood(pieces: list[Given]) -> None:
    parts = await read(*(chunk(tool_calls=[one]) for one in pieces), chunk("tool_calls"))
    assert parts == [ToolCall("a", "book", "1"), ToolCall("b", "book", "2")]


async def test_calls_without_ids_or_with_one_for_all_get_their_own() -> None:
    parts = await read(
        chunk("tool_calls", tool_calls=[piece(0, None, "a", "1"), piece(1, "x", "b", ""), piece(2, "x", "c", "")])
    )
    assert parts == [ToolCall("call_0", "a", "1"), ToolCall("x", "b", ""), ToolCall("call_2", "c", "")]


NO_REPLIES = {
    "no choices": Given(choices=7),
    "a number for text": chunk(content=7),
    "a list for text": chunk(content=[{"type": "text"}]),
    "calls that are no list": chunk(tool_calls={"0": 1}),
    "a call without a name": chunk(tool_calls=[piece(0, "c", None, "{}")]),
    "a name without end": chunk(tool_calls=[piece(0, "c", "n" * 1000, "{}")]),
    "arguments that are no text": chunk(tool_calls=[Given(index=0, id="c", function=Given(name="n", arguments={}))]),
    "arguments without end": chunk(tool_calls=[piece(0, "c", "n", "x" * (LONGEST_ARGUMENTS + 1))]),
    "calls without end": chunk(tool_calls=[piece(n, f"c{n}", "n", "") for n in range(MOST_CALLS + 1)]),
    "words without end": chunk(content="no end " * 2000),
}


@pytest.mark.parametrize("bad", NO_REPLIES.values(), ids=NO_REPLIES)
async def test_what_is_no_reply_is_rubbish(bad: Given) -> None:
    with pytest.raises(ProviderError, match=r"^Acme's ") as told:
        await read(chunk(content="Well"), bad, chunk("stop"))
    assert told.value.kind == "rubbish"


async def test_a_reply_that_stops_is_broken_and_nothing_at_all_is_rubbish() -> None:
    with pytest.raises(ProviderError, match="broke off") as half:
        await read(chunk(content="Well"))
    with pytest.raises(ProviderError, match="no chunks") as none:
        await read()
    assert (half.value.kind, none.value.kind) == ("broken", "rubbish")


@pytest.mark.parametrize(("finish", "says"), [("stop", "has no words in it$"), ("length", "used up its tokens")])
async def test_blanks_are_no_reply_unless_a_tool_has_told_all(finish: str, says: str) -> None:
    with pytest.raises(ProviderError, match=says):
        await read(chunk(content=" \n"), chunk(finish))
    assert await read(chunk(content=" \n"), chunk(finish), may_be_empty=True) == []
    called = await read(chunk(content=" \n"), chunk("tool_calls", tool_calls=[piece(0, "c", "n", "{}")]))
    assert called == [ToolCall("c", "n", "{}")]


@pytest.mark.parametrize(
    "usage", [None, 7, Given(prompt_tokens=-1, completion_tokens=1), Given(prompt_tokens=True), {}]
)
async def test_a_count_that_is_none_is_left_out(usage: Any) -> None:
    assert await read(chunk("stop", content="Hi."), Given(choices=[], usage=usage)) == ["Hi."]


async def test_groq_s_place_for_the_count_is_known() -> None:
    last = chunk("stop", content="Hi.")
    last.x_groq = Given(usage=Given(prompt_tokens=9, completion_tokens=3))
    assert await read(last) == ["Hi.", Tokens("m", 9, 3)]


THOUGHTS = {
    "<think>They greet.</think>\n\nHello.": "Hello.",
    "\n<think>a</think> <think>b</think>Hello.": "Hello.",
    "Hello <think>aloud</think>.": "Hello <think>aloud</think>.",
    "<thin ice": "<thin ice",
    "<think>for ever": "",
    " Hello.": "Hello.",
}


@pytest.mark.parametrize(("text", "said"), THOUGHTS.items())
@given(cuts=st.lists(st.integers(0, 50), max_size=6))
def test_thought_is_kept_from_the_caller_however_it_is_cut(text: str, said: str, cuts: list[int]) -> None:
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    thought = Thought()
    heard = "".join(thought.push(text[begin:end]) for begin, end in pairwise(places))
    assert (heard + thought.flush()).strip() == said

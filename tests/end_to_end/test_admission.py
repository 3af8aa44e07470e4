"""Two lines and more callers: two get through, the others are told so politely."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

import pytest

from app.phone.twiml import ConnectStream, Hangup, Say, Verb
from app.phone.webhook import Parties
from tests.end_to_end.conftest import StartServer
from tests.end_to_end.raw_stream import RawStream, opened, ring
from tests.end_to_end.waiting import ended_call, until
from tests.server import RunningServer

LINES, CALLERS = 2, 20


@pytest.fixture(scope="module")
def small(start_server: StartServer) -> RunningServer:
    return start_server(MAX_CALLS=str(LINES))


def gets_through(answer: Sequence[Verb]) -> bool:
    return isinstance(answer[0], ConnectStream)


async def start(stream: RawStream, answer: Sequence[Verb]) -> None:
    assert isinstance(answer[0], ConnectStream)
    await stream.start(*answer[0].parameters.values())
    await stream.next("media")


async def test_as_many_get_through_as_there_are_lines(small: RunningServer) -> None:
    callers = [small.parties() for _ in range(CALLERS)]
    answers = await asyncio.gather(*(ring(small, caller) for caller in callers))
    through = [(caller, answer) for caller, answer in zip(callers, answers, strict=True) if gets_through(answer)]
    assert len(through) == LINES
    for answer in answers:
        if not gets_through(answer):
            said, end = answer
            assert isinstance(said, Say)
            assert isinstance(end, Hangup)
            assert "busy" in said.text
    assert Counter(call["status"] for call in small.calls()) == {"busy": CALLERS - LINES, "ringing": LINES}

    (first, _), (second, its_answer) = through
    again = await ring(small, first)
    assert gets_through(again), "a webhook that is repeated gets the slot its call already has"
    async with opened(small, first) as one, opened(small, second) as two:
        await start(one, again)
        await start(two, its_answer)
        async with small.caller() as third:
            assert not await third.dial()
            assert "busy" in third.told[0]
            assert third.faults.total == 0
        assert small.call(third.parties.call_sid)["end_reason"] == "all-lines-busy"
        await one.put(one.writer.stop())
        await one.closed()
        await ended_call(small, first.call_sid)
        assert await until_free(small)
        await two.put(two.writer.stop())
        await two.closed()


async def until_free(server: RunningServer) -> bool:
    """A line is free as soon as its call is over."""

    def attempt() -> bool:
        return gets_through(asyncio.run(ring(server, Parties("+15550100002", "+15550100000"))))

    return await until(attempt, bool, within_s=3.0)

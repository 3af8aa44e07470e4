"""The runner's small parts."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.carriers.registry import carrier
from app.runtime.admission import UNCLAIMED_S, Admission
from app.runtime.caller_audio import CallerAudio
from app.runtime.line import WAITING, Line
from app.runtime.live import QUEUE, CallEnded, CallStarted, LiveHub
from app.runtime.scope import CallScope
from app.runtime.spoken import SpokenPieces


@given(st.lists(st.tuples(st.integers(0, 3), st.binary(min_size=160, max_size=160)), max_size=30))
def test_caller_audio_gives_back_what_was_said_where_it_was_said(steps: list[tuple[int, bytes]]) -> None:
    audio, position, said = CallerAudio(60), 0, {}
    for lost, frame in steps:
        position += lost * 160
        audio.add(position, frame)
        said[position] = frame
        position += 160
    for start, frame in said.items():
        assert audio.cut(start, start + 160).data == frame


def test_caller_audio_forgets_what_is_too_old() -> None:
    audio = CallerAudio(2)
    for position in range(0, 80_000, 160):
        audio.add(position, b"\x01" * 160)
    assert audio.held_bytes <= 3 * 8000
    assert audio.cut(0, 160).data == b""
    assert len(audio.cut(72_000, 80_000).data) == 8000


def test_a_slot_is_taken_once_and_given_back() -> None:
    admission = Admission(2)
    assert admission.take("CA1", 0.0)
    assert admission.take("CA1", 0.1), "the same call asking again keeps its slot"
    assert admission.take("CA2", 0.2)
    assert not admission.take("CA3", 0.3)
    admission.release("CA1")
    assert admission.take("CA3", 0.4)


def test_a_slot_whose_stream_never_came_is_free_again() -> None:
    admission = Admission(1)
    assert admission.take("CA1", 0.0)
    assert not admission.take("CA2", UNCLAIMED_S - 1)
    assert admission.take("CA2", UNCLAIMED_S + 1)
    assert admission.hold("CA2", UNCLAIMED_S + 2)
    assert not admission.hold("CA2", UNCLAIMED_S + 2), "one stream a slot"
    assert not admission.hold("CA9", 0.0), "no slot, nothing to hold"
    assert not admission.take("CA3", 10_000)
    assert admission.taken(10_000) == 1


def test_a_slot_that_ran_out_is_no_slot() -> None:
    admission = Admission(1)
    admission.take("CA1", 0.0)
    assert admission.has("CA1", UNCLAIMED_S - 1)
    assert not admission.has("CA1", UNCLAIMED_S + 1)
    assert not admission.has("CA9", 0.0)
    assert admission.taken(UNCLAIMED_S + 1) == 0


def test_a_closing_house_admits_nobody_new() -> None:
    admission = Admission(5)
    admission.open = False
    assert not admission.take("CA1", 0.0)


def test_sound_that_waited_for_its_piece_is_held_once() -> None:
    spoken = SpokenPieces()
    first, second = spoken.keep(bytes(800)), spoken.keep(bytes(1600))
    assert spoken.held_bytes == 2400
    assert (spoken.take(second, 7), spoken.take(first, 8)) == (200, 100)
    spoken.drop(7)
    assert spoken.held_bytes == 800
    spoken.drop(8)
    assert spoken.held_bytes == 0


def test_spoken_pieces_are_cut_by_the_millisecond_and_dropped() -> None:
    spoken = SpokenPieces()
    spoken.begin(1)
    assert spoken.add(1, b"\x01" * 84) == 10
    assert spoken.cut(1, 2, 5) == b"\x01" * 24
    spoken.drop(1)
    assert spoken.cut(1, 0, 10) == b""
    assert spoken.held_bytes == 0


async def test_nothing_outlives_its_scope() -> None:
    scope = CallScope("call")
    ended: list[str] = []

    async def work(name: str) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(name)

    scope.start("a", work("a"))
    scope.start("b", work("b"))
    await asyncio.sleep(0)
    scope.cancel("a")
    await scope.aclose()
    assert sorted(ended) == ["a", "b"]
    assert scope.tasks == 0


async def test_a_clear_overtakes_what_was_not_sent_yet() -> None:
    sent: list[str] = []

    async def send(message: str) -> None:
        sent.append(message)

    line = Line(carrier("twilio"), "MZ1", send, lambda: None)
    line.media(b"\xff" * 160)
    line.mark("g0-1")
    line.clear()
    task = asyncio.create_task(line.run())
    await asyncio.sleep(0.01)
    task.cancel()
    assert sent == ['{"event":"clear","streamSid":"MZ1"}']


@pytest.mark.parametrize("fault", [OSError("gone"), RuntimeError("closed")])
async def test_a_socket_that_fails_is_told_of_once(fault: Exception) -> None:
    lost: list[bool] = []

    async def send(_: str) -> None:
        raise fault

    line = Line(carrier("twilio"), "MZ1", send, lambda: lost.append(True))
    line.mark("a")
    line.mark("b")
    await line.run()
    assert lost == [True]


async def test_a_socket_that_nobody_reads_is_given_up() -> None:
    lost: list[bool] = []

    async def send(_: str) -> None:
        await asyncio.sleep(60)

    line = Line(carrier("twilio"), "MZ1", send, lambda: lost.append(True))
    for _ in range(WAITING + 2):
        line.mark("a")
    assert lost == [True]


async def test_viewers_of_a_call_see_its_updates_and_those_of_the_list_its_start_and_end() -> None:
    hub, call, other = LiveHub(), uuid4(), uuid4()
    with hub.subscribe(call) as one, hub.subscribe(None) as all_calls:
        hub.publish(CallStarted(call))
        hub.publish(CallStarted(other))
        hub.publish(CallEnded(call, "completed"))
        hub.close()
        assert [update.call_id async for update in one] == [call, call]
        assert [update.call_id async for update in all_calls] == [call, other, call]


async def test_a_viewer_who_does_not_read_is_dropped_and_costs_nobody_anything() -> None:
    hub, call = LiveHub(), uuid4()
    with hub.subscribe(call) as viewer:
        for _ in range(QUEUE * 3):
            hub.publish(CallStarted(call))
        assert len([update async for update in viewer]) == QUEUE

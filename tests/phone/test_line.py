"""A caller rings a real server over real sockets. Times are short, and bounds wide: two cores are shared."""

from __future__ import annotations

import asyncio
import json
import wave
from pathlib import Path

import httpx
import numpy as np
import pytest
from starlette.responses import Response

from app.audio.sound import Sound
from app.carriers.protocol import DigitPressed, MediaArrived, Rejected, StreamStarted, StreamStopped
from app.carriers.twilio import Twilio
from app.phone.line import Caller
from app.phone.webhook import PhoneError
from tests.phone.stand_in import TOKEN, Session, StandIn, running

LOUD = b"\x00"


def loud(ms: int) -> bytes:
    return LOUD * (ms * 8)


def is_loud(event: object) -> bool:
    return isinstance(event, MediaArrived) and event.payload.strip(b"\xff") != b""


async def until_stop(session: Session) -> None:
    await session.until(lambda event: isinstance(event, StreamStopped))


@pytest.mark.slow
async def test_a_call_from_the_first_ring_to_the_agents_goodbye() -> None:
    async def talk(session: Session) -> None:
        await session.say(loud(200), "greeting")
        await session.until(is_loud)
        await session.until(lambda event: isinstance(event, MediaArrived) and not is_loud(event))
        await session.say(loud(100), "goodbye")

    async with running(StandIn(talk)) as server, Caller(server.url, TOKEN, "+15550001", "+15550002") as caller:
        assert await caller.dial()
        assert await caller.heard_silence(500)
        caller.speak(Sound(b"\x10\x40" * 1600, 16_000), "hello")
        assert await caller.heard_reply()
        assert await caller.ended()
        assert caller.end_reason == "agent_hung_up"
        assert (caller.faults.total, caller.gaps.count, caller.unheard_ms) == (0, 0, 0)
        kinds = [entry.kind for entry in caller.log]
        spoken = [kind for kind in kinds if kind.endswith(("started", "stopped"))]
        assert spoken == [
            "started",
            "agent_started",
            "agent_stopped",
            "caller_started",
            "caller_stopped",
            "agent_started",
            "agent_stopped",
        ]
        assert kinds[-3:] == ["closed", "after_stream", "ended"]
        started, ended = caller.log.times("agent_started")[0], caller.log.times("agent_stopped")[0]
        assert ended - started == pytest.approx(0.2, abs=0.001), "the greeting played in real time"

        (voice_path, voice), (after_path, after) = server.requests
        assert (voice_path, voice["CallStatus"], voice["From"]) == ("/twilio/voice", "ringing", "+15550001")
        assert (after_path, after["CallStatus"]) == ("/twilio/after-stream", "in-progress")
        assert voice["CallSid"] == after["CallSid"]
        session = server.sessions[0]
        assert [event for event in session.events if isinstance(event, Rejected)] == []
        assert next(e for e in session.events if isinstance(e, StreamStarted)).parameters == {"call_token": "key"}

        heard, said = caller.ear(), caller.voice()
        assert np.count_nonzero(heard) == 2400
        assert np.count_nonzero(said) == pytest.approx(800, abs=8)
        assert len(heard) == len(said)


async def test_frames_keep_to_their_schedule() -> None:
    async with running(StandIn(until_stop)) as server, Caller(server.url, TOKEN) as caller:
        await caller.dial()
        opened = caller.log.times("started")[0]
        await asyncio.sleep(0.5)
        await caller.hang_up()
        stopped = caller.log.times("stopped")[0]
        frames = [event for event in server.sessions[0].events if isinstance(event, MediaArrived)]
        assert len(frames) == pytest.approx((stopped - opened) * 50, abs=2)
        assert [frame.timestamp_ms for frame in frames] == [20 * n for n in range(len(frames))]


async def test_hanging_up_says_stop_and_asks_what_comes_after() -> None:
    async with running(StandIn(until_stop)) as server, Caller(server.url, TOKEN) as caller:
        await caller.dial()
        caller.press("1#")
        assert await caller.said_all()
        await caller.hang_up()
        assert caller.end_reason == "caller_hung_up"
        assert server.requests[-1][1]["CallStatus"] == "completed"
        events = server.sessions[0].events
        assert [e.digit for e in events if isinstance(e, DigitPressed)] == ["1", "#"]
        assert isinstance(events[-1], StreamStopped)
        assert not await caller.heard_speech(), "a call that is over has nothing more to be heard"


async def test_an_interrupted_agent_clears_and_the_ear_hears_no_more() -> None:
    async def talk(session: Session) -> None:
        await session.media(loud(5000))
        await session.mark("long")
        await session.until(is_loud)
        await session.clear()
        await until_stop(session)

    async with running(StandIn(talk)) as server, Caller(server.url, TOKEN) as caller:
        await caller.dial()
        assert await caller.heard_speech()
        caller.speak(loud(100), "stop")
        assert await caller.heard_silence(50)
        assert caller.now() < 3
        cleared = caller.log.times("clear")[0]
        assert caller.log.times("mark") == [cleared]
        await caller.hang_up()
        assert caller.log.times("agent_stopped") == [cleared]
        assert caller.deepest_queue_ms == pytest.approx(5000)


async def test_a_server_that_breaks_the_protocol_is_told_apart_from_one_that_keeps_it() -> None:
    async def talk(session: Session) -> None:
        sid = session.stream_sid
        await session.socket.send_bytes(b"\x00")
        await session.socket.send_text(json.dumps({"event": "clear", "streamSid": sid, "sequenceNumber": "1"}))
        await session.socket.send_text(json.dumps({"event": "mark", "streamSid": "MZ0", "mark": {"name": "m"}}))
        await session.say(b"RIFF" + loud(40), "end")

    async with running(StandIn(talk)) as server, Caller(server.url, TOKEN) as caller:
        await caller.dial()
        await caller.ended()
        assert dict(caller.faults.counts) == {"binary": 1, "extra_keys": 1, "wrong_stream": 1, "file_header": 1}


async def test_a_busy_line_is_told() -> None:
    server = StandIn()
    server.voice = Twilio().busy
    async with running(server), Caller(server.url, TOKEN) as caller:
        assert not await caller.dial()
        assert "busy" in caller.told[0]
        assert caller.end_reason == "not_connected"
        with pytest.raises(PhoneError, match="dial first"):
            caller.speak(loud(20))


async def test_a_call_that_is_taken_up_again_is_one_call() -> None:
    async def talk(session: Session) -> None:
        await session.say(loud(60), "part")

    server = StandIn(talk)
    answers = [server.answer, Twilio().after_stream]
    server.after = lambda: answers.pop(0)()
    async with running(server), Caller(server.url, TOKEN) as caller:
        await caller.dial()
        await caller.ended()
        assert len(server.sessions) == 2
        assert len({session.stream_sid for session in server.sessions}) == 2
        assert np.count_nonzero(caller.ear()) == 960, "both parts are in the ear"


async def test_a_goodbye_cut_off_is_measured() -> None:
    async def talk(session: Session) -> None:
        await session.media(loud(1000))
        await session.until(lambda event: isinstance(event, MediaArrived) and event.chunk == 5)

    async with running(StandIn(talk)) as server, Caller(server.url, TOKEN) as caller:
        await caller.dial()
        await caller.ended()
        assert 500 < caller.unheard_ms < 950


async def test_a_dropped_line_is_a_fault() -> None:
    async def talk(session: Session) -> None:
        await session.socket.close(1011)
        raise asyncio.CancelledError

    async with running(StandIn(talk)) as server, Caller(server.url, TOKEN) as caller:
        await caller.dial()
        await caller.ended()
        assert caller.end_reason == "line_dropped"
        assert dict(caller.faults.counts) == {"abnormal_close": 1}


async def test_a_wrong_key_and_a_missing_server_say_what_to_do() -> None:
    async with running(StandIn()) as server, Caller(server.url, "wrong") as caller:
        with pytest.raises(PhoneError, match="auth token"):
            await caller.dial()
        assert server.refused == 1
    async with Caller("http://127.0.0.1:9", TOKEN) as caller:
        with pytest.raises(PhoneError, match="is the server running"):
            await caller.dial()


async def test_a_stream_that_is_refused_says_so() -> None:
    server = StandIn()
    async with running(server), Caller(server.url, TOKEN) as caller:
        elsewhere = server.url.replace("http", "ws") + "/elsewhere"
        server.voice = lambda: Twilio().answer(elsewhere, server.url + "/twilio/after-stream", "key", "call")
        with pytest.raises(PhoneError, match="31920"):
            await caller.dial()


async def test_twiml_out_of_order_is_a_fault() -> None:
    server = StandIn()
    server.voice = lambda: Response("<Response><Sing/></Response>", media_type="text/xml")
    async with running(server), Caller(server.url, TOKEN) as caller:
        with pytest.raises(PhoneError, match="Sing"):
            await caller.dial()
        assert dict(caller.faults.counts) == {"twiml": 1}


async def test_a_circle_of_redirects_ends() -> None:
    server = StandIn()
    server.voice = lambda: Response("<Response><Redirect>/twilio/voice</Redirect></Response>", media_type="text/xml")
    async with running(server), Caller(server.url, TOKEN) as caller:
        with pytest.raises(PhoneError, match="circle"):
            await caller.dial()


async def test_leaving_in_mid_call_leaves_nothing_behind() -> None:
    before = len(asyncio.all_tasks())
    async with running(StandIn(until_stop)) as server:
        async with Caller(server.url, TOKEN) as caller:
            await caller.dial()
        assert caller.end_reason
    await asyncio.sleep(0.01)
    assert len(asyncio.all_tasks()) == before


async def test_callers_share_a_client_and_keep_apart(tmp_path: Path) -> None:
    async def talk(session: Session) -> None:
        await session.say(loud(200), "end")

    async with running(StandIn(talk)) as server, httpx.AsyncClient(trust_env=False) as client:

        async def ring(number: int) -> Caller:
            async with Caller(server.url, TOKEN, f"+1555{number}", client=client) as caller:
                await caller.dial()
                await caller.ended()
                return caller

        callers = await asyncio.gather(*(ring(number) for number in range(10)))
        assert [np.count_nonzero(caller.ear()) for caller in callers] == [1600] * 10
        assert [caller.faults.total for caller in callers] == [0] * 10
        callers[0].save_wav(tmp_path / "out.wav")
        with wave.open(str(tmp_path / "out.wav")) as file:
            assert file.getnchannels() == 2
            assert file.getnframes() == len(callers[0].ear())

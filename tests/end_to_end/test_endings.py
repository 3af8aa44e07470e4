"""How calls end that do not end by themselves: by the operator, with the house, with the process."""

from __future__ import annotations

import asyncio
import io
import sqlite3
import wave
from contextlib import closing
from typing import Any

import numpy as np
import pytest

from app.call.replay import replay
from app.phone.twiml import Hangup, Say
from app.phone.webhook import PhoneError
from tests.babble import babble
from tests.end_to_end.conftest import StartServer
from tests.end_to_end.raw_stream import ring
from tests.end_to_end.waiting import ended_call
from tests.server import RunningServer


async def test_the_operator_hangs_up(server: RunningServer) -> None:
    async with server.caller() as caller:
        assert await caller.dial()
        assert await caller.heard_speech()
        sid = caller.parties.call_sid
        answer = await asyncio.to_thread(server.rest.post, f"/calls/{sid}/hangup")
        assert answer.status_code == 202
        assert await caller.ended(5)
        assert caller.end_reason == "agent_hung_up"
    call = await ended_call(server, sid)
    assert (call["status"], call["end_reason"]) == ("completed", "operator")
    again = server.rest.post(f"/calls/{sid}/hangup")
    assert again.status_code == 409
    assert again.headers["content-type"] == "application/problem+json"
    assert server.rest.post("/calls/CA00000000000000000000000000000000/hangup").status_code == 404


async def test_told_to_stop_the_house_says_goodbye_and_goes(start_server: StartServer) -> None:
    server = start_server(DRAIN_S="12")
    async with server.caller() as caller:
        assert await caller.dial()
        assert await caller.heard_silence(300)
        server.ask_to_stop()
        assert await caller.heard_speech()
        said, end = await ring(server, server.parties())
        assert isinstance(said, Say)
        assert isinstance(end, Hangup)
        assert "busy" not in said.text
        assert await caller.ended(12)
        assert caller.end_reason == "agent_hung_up"
        assert caller.unheard_ms == 0, "the goodbye was heard to its end"
        assert caller.faults.total == 0, str(caller.faults)
    assert await asyncio.to_thread(server.stopped, 10) == 0
    rows, lines = left_behind(server)
    assert rows == [("completed", "shutdown")], "and nothing of the call that was not taken"
    assert lines[-1] == ("We close, bye.", "We close, bye.")


def left_behind(server: RunningServer) -> tuple[list[Any], list[Any]]:
    """What a server that is gone has left in its database: calls, and the agent's lines."""
    with closing(sqlite3.connect(server.data_dir / "parley.db")) as db:
        rows = db.execute("SELECT status, end_reason FROM call").fetchall()
        lines = db.execute("SELECT text, heard_text FROM segment WHERE role = 'agent' ORDER BY seq").fetchall()
    return rows, lines


async def test_told_to_stop_twice_it_stops_at_once(start_server: StartServer) -> None:
    server = start_server(DRAIN_S="60")
    async with server.caller() as caller:
        assert await caller.dial()
        assert await caller.heard_speech()
        server.ask_to_stop()
        await asyncio.sleep(0.3)
        server.ask_to_stop()
        assert await asyncio.to_thread(server.stopped, 15) in (0, -15)


async def test_killed_in_mid_call_it_has_kept_all_but_the_last_sentence(start_server: StartServer) -> None:
    server = start_server(MOCK_TRANSCRIPTS="what are your opening hours|tell me a story")
    async with server.caller() as caller:
        assert await caller.dial()
        assert await caller.heard_silence(300)
        for seed in (1, 2):
            caller.speak(babble(0.9, seed))
            assert await caller.heard_reply()
            if seed == 1:
                assert await caller.heard_silence(500)
        await asyncio.sleep(1.5)
        killed_at_s = caller.now() - caller.log.times("started")[0]
        server.kill()
        with pytest.raises(PhoneError, match="Nobody answers"):
            await caller.ended(10)
        assert caller.end_reason == "line_dropped"
    server.start()
    (call,) = server.calls()
    assert (call["status"], call["end_reason"]) == ("lost", "process-died")
    assert call["duration_s"] == pytest.approx(killed_at_s, abs=12.0), "to a heartbeat"
    lines = server.transcript(caller.parties.call_sid)
    assert [(line["role"], line["text"]) for line in lines[:4]] == [
        ("agent", "Hello there."),
        ("caller", "what are your opening hours"),
        ("agent", "Nine till five daily."),
        ("caller", "tell me a story"),
    ]
    check_files(server, caller.parties.call_sid, killed_at_s)


def check_files(server: RunningServer, sid: str, killed_at_s: float) -> None:
    recording = server.rest.get(f"/calls/{sid}/recording.wav").raise_for_status().content
    with wave.open(io.BytesIO(recording)) as file:
        frames = file.getnframes()
        both = np.frombuffer(file.readframes(frames), dtype="<i2").reshape(-1, 2)
    assert len(both) == frames, "the header tells what is there"
    assert frames / 8000 == pytest.approx(killed_at_s, abs=2.0)
    assert np.abs(both.astype(int)).max(axis=0).min() > 1000, "both can be heard"
    timeline = server.rest.get(f"/calls/{sid}/timeline.jsonl").raise_for_status().text
    assert timeline.endswith("\n"), "whole lines alone"
    assert replay(timeline.splitlines()).call_s == pytest.approx(killed_at_s, abs=2.0)

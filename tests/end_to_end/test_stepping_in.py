"""Somebody of ours steps into a call over real sockets: keys are heard as tones, and a goodbye to its end."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
import pytest

from app.call.replay import replay
from tests.end_to_end.waiting import ended_call
from tests.server import RunningServer

PAIRS = {"1": (697, 1209), "5": (770, 1336), "#": (941, 1477)}


def is_heard(sound: np.ndarray[Any, Any], key: str) -> bool:
    """Are both of the key's tones in it, at some 60 ms of it, and loud?"""

    def level(window: np.ndarray[Any, Any], hz: int) -> float:
        return float(abs(np.dot(window, np.exp(-2j * np.pi * hz * np.arange(len(window)) / 8000))) * 2 / len(window))

    windows = [sound[at : at + 480].astype(float) for at in range(0, len(sound) - 480, 160)]
    return any(all(level(window, hz) > 5000 for hz in PAIRS[key]) for window in windows)


async def test_keys_are_heard_as_tones_and_masked_wherever_they_are_written(server: RunningServer) -> None:
    async with server.caller() as caller:
        assert await caller.dial()
        assert await caller.heard_silence(300)
        sid, before = caller.parties.call_sid, len(caller.ear())
        answer = await asyncio.to_thread(server.rest.post, f"/calls/{sid}/digits", json={"digits": "15#"})
        assert answer.status_code == 202, answer.text
        assert await caller.heard_speech()
        assert await caller.heard_silence(500)
        heard = caller.ear()[before:]
        assert {key: is_heard(heard, key) for key in PAIRS} == dict.fromkeys(PAIRS, True)
        await caller.hang_up()
        assert caller.faults.total == 0, str(caller.faults)
    await ended_call(server, sid)
    (line,) = [line for line in server.transcript(sid) if line["kind"] == "digits"]
    assert (line["text"], line["heard_text"]) == ("•••", "•••")
    timeline = server.rest.get(f"/calls/{sid}/timeline.jsonl").raise_for_status().text
    assert "15#" not in timeline
    assert replay(timeline.splitlines()).differences == []
    assert server.rest.post(f"/calls/{sid}/digits", json={"digits": "1"}).status_code == 409


async def test_the_operators_goodbye_is_heard_to_its_end(server: RunningServer) -> None:
    async with server.caller() as caller:
        assert await caller.dial()
        assert await caller.heard_silence(300)
        sid = caller.parties.call_sid
        answer = await asyncio.to_thread(server.rest.post, f"/calls/{sid}/hangup", params={"goodbye": "true"})
        assert answer.status_code == 202
        assert await caller.ended(15)
        assert caller.end_reason == "agent_hung_up"
        assert caller.unheard_ms == 0
    call = await ended_call(server, sid)
    assert (call["status"], call["end_reason"]) == ("completed", "operator")
    assert [line["heard_text"] for line in server.transcript(sid)] == ["Hello there.", "Bye for now."]


@pytest.mark.parametrize("by", ["id", "call_sid"])
async def test_a_running_call_is_deleted_by_either_of_its_names(server: RunningServer, by: str) -> None:
    async with server.caller() as caller:
        assert await caller.dial()
        assert await caller.heard_speech()
        name = server.call(caller.parties.call_sid)[by]
        answer = await asyncio.to_thread(server.rest.delete, f"/calls/{name}")
        assert answer.status_code == 200, answer.text
        assert await caller.ended(8)
    assert (await ended_call(server, caller.parties.call_sid))["end_reason"] == "operator"

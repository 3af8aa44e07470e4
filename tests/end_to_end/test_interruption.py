"""The caller talks over the agent: it falls silent at once, and the books say what was not heard."""

from __future__ import annotations

import pytest

from app.phone.summary import delays
from tests.babble import babble
from tests.end_to_end.conftest import StartServer
from tests.end_to_end.waiting import ended_call
from tests.server import RunningServer

SILENT_WITHIN_MS = 700


@pytest.fixture(scope="module")
def storyteller(start_server: StartServer) -> RunningServer:
    return start_server(MOCK_TRANSCRIPTS="tell me a story|what are your opening hours")


async def test_the_agent_is_interrupted(storyteller: RunningServer) -> None:
    async with storyteller.caller() as caller:
        assert await caller.dial()
        assert await caller.heard_silence(300)
        caller.speak(babble(0.9, seed=1))
        assert await caller.heard_reply()
        caller.speak(b"\xff" * 12_000 + babble(1.0, seed=2))
        assert await caller.said_all()
        assert await caller.heard_reply()
        assert await caller.heard_silence(300)
        await caller.hang_up()
        assert caller.log.times("clear") != []
        (silent_after_ms,) = delays(caller.log).interruptions_ms
        assert silent_after_ms < SILENT_WITHIN_MS
        assert (caller.faults.total, caller.gaps.count) == (0, 0), str(caller.faults)
        sid = caller.parties.call_sid
        call = await ended_call(storyteller, sid)
    assert call["end_reason"] == "caller-hung-up"
    lines = storyteller.transcript(sid)
    assert [line["role"] for line in lines] == ["agent", "caller", "agent", "caller", "agent"]
    story, answer = lines[2], lines[4]
    assert story["interrupted"] is True
    assert story["text"].startswith("A miller had three sons")
    assert story["text"].startswith(story["heard_text"])
    assert 0 < len(story["heard_text"]) < len(story["text"]) / 2, "a second and a half of it was heard"
    assert not story["text"][len(story["heard_text"]) :][:1].isalpha(), "cut at a word"
    assert (answer["text"], answer["interrupted"]) == ("Nine till five daily.", False)
    told = storyteller.rest.get(f"/calls/{sid}/transcript.txt").text
    assert f"[interrupted; not heard: {story['text'].removeprefix(story['heard_text']).strip()}]" in told

"""What a server finds out by itself once it has started: settings that are wrong, and lines to have ready."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from tests.end_to_end.conftest import StartServer
from tests.end_to_end.waiting import ended_call, until
from tests.server import RunningServer
from tests.vendors.elevenlabs_speech import SPEECH
from tests.vendors.elevenlabs_stand_in import KEY, Answer, StandIn, error, found, stand_in

VOICE = "voiceAda1"
NEEDED = 11
"""Pieces of the brief persona's greeting, goodbyes, re-prompts, apologies: what its lines come to, a sentence each."""


@pytest_asyncio.fixture
async def vendor() -> AsyncIterator[StandIn]:
    async with stand_in() as running:
        running.answer = Answer((SPEECH,))
        running.pages["/v1/models"] = found([{"model_id": "eleven_flash_v2_5", "can_do_text_to_speech": True}])
        running.pages[f"/v1/voices/{VOICE}"] = found({"voice_id": VOICE})
        yield running


async def started(start_server: StartServer, vendor: StandIn) -> RunningServer:
    """A server whose only voice is the vendor's."""
    given = {"ELEVENLABS_API_KEY": KEY, "ELEVENLABS_BASE_URL": vendor.url, "ELEVENLABS_VOICE_ID": VOICE}
    return await asyncio.to_thread(start_server, TTS_PROVIDER="elevenlabs", NO_PROXY="127.0.0.1", **given)


def told(server: RunningServer, event: str) -> list[dict[str, Any]]:
    records = [json.loads(line) for line in server.said().splitlines() if line.startswith("{")]
    return [record for record in records if record.get("event") == event]


def kept(server: RunningServer) -> int:
    folder = server.data_dir / "lines"
    return len(list(folder.glob("*.ulaw"))) if folder.exists() else 0


async def test_the_log_says_which_setting_is_wrong_and_how_to_mend_it(
    start_server: StartServer, vendor: StandIn
) -> None:
    vendor.answer = error(401, "invalid_api_key")
    for path in vendor.pages:
        vendor.pages[path] = error(401, "invalid_api_key")
    server = await started(start_server, vendor)
    (wrong, *_) = await until(lambda: told(server, "setting_wrong"), bool)
    assert (wrong["setting"], wrong["level"]) == ("ELEVENLABS_API_KEY", "warning")
    assert "refuses the key" in wrong["says"]
    assert wrong["mend"] == "correct ELEVENLABS_API_KEY"
    (given_up,) = await until(lambda: told(server, "fixed_lines_not_prepared"), bool)
    assert given_up["kind"] == "key"
    assert len(vendor.posts) == 1, "a voice that refuses the key is asked once"
    assert KEY not in server.said()


async def test_a_greeting_is_heard_from_disk_when_the_vendor_is_dead(
    start_server: StartServer, vendor: StandIn
) -> None:
    server = await started(start_server, vendor)
    await until(lambda: kept(server), lambda lines: lines == len(vendor.posts) >= NEEDED)
    asked = len(vendor.posts)
    assert len({request.json["text"] for request in vendor.posts}) == asked, "each line once"
    vendor.answer = error(500, "down")
    async with server.caller() as caller:
        assert await caller.dial()
        assert await caller.heard_reply()
        assert await caller.heard_silence(500)
        await caller.hang_up()
    await ended_call(server, caller.parties.call_sid)
    assert [line["heard_text"] for line in server.transcript(caller.parties.call_sid)] == ["Hello there."]
    assert len(vendor.posts) == asked
    assert told(server, "setting_wrong") == []

"""Who is let in: nobody unsigned, twice, or with another's token; and nothing is stored of those who are not."""

from __future__ import annotations

import time
from uuid import uuid4

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from app.carriers.tokens import TOKEN_LIFE_S, StreamTokens
from app.phone import webhook
from app.phone.webhook import PhoneError
from tests.end_to_end.conftest import StartServer
from tests.end_to_end.raw_stream import opened, ring, token_of
from tests.end_to_end.waiting import ended_call
from tests.server import RunningServer

POLICY = 1008


@pytest.fixture(scope="module")
def guarded(start_server: StartServer) -> RunningServer:
    """A server of this module's own: its list of calls is to be empty."""
    return start_server()


def own_tokens(server: RunningServer) -> StreamTokens:
    return StreamTokens((server.data_dir / "session-secret").read_text(encoding="utf-8").strip())


async def refused_stream(server: RunningServer, token: str, call_sid: str = "") -> None:
    """A signed stream with this token is closed as it starts, having said nothing."""
    parties = server.parties() if not call_sid else webhook.Parties("+15550100001", "+15550100000", call_sid)
    async with opened(server, parties) as stream:
        await stream.start(token)
        assert await stream.closed() == POLICY
        assert stream.received == []


@pytest.mark.parametrize("how", ["unsigned", "wrongly signed", "signed for another address", "signed, then changed"])
async def test_a_webhook_that_is_not_the_carriers_is_refused_and_leaves_no_trace(
    guarded: RunningServer, how: str
) -> None:
    fields = webhook.form(guarded.parties(), "ringing")
    url = f"{guarded.public_url}/twilio/voice"
    other = webhook.Server(guarded.url, guarded.public_url, "another-token")
    headers = {
        "unsigned": {},
        "wrongly signed": {"x-twilio-signature": other.sign(url, fields)},
        "signed for another address": {
            "x-twilio-signature": guarded.address.sign(f"{guarded.url}/twilio/voice", fields)
        },
        "signed, then changed": {"x-twilio-signature": guarded.address.sign(url, fields | {"To": "+15550199999"})},
    }[how]
    async with httpx.AsyncClient(trust_env=False) as client:
        for path in ("voice", "after-stream"):
            answer = await client.post(f"{guarded.url}/twilio/{path}", data=fields, headers=headers)
            assert answer.status_code == 403
    assert guarded.calls() == []


@pytest.mark.parametrize("signature", ["", "bm90IGEgc2lnbmF0dXJl"])
async def test_an_upgrade_that_is_not_the_carriers_is_refused_at_the_handshake(
    guarded: RunningServer, signature: str
) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        async with opened(guarded, guarded.parties(), signature):
            pass
    assert refusal.value.response.status_code == 403
    assert guarded.calls() == []


@pytest.mark.parametrize("token", ["", "nothing", "a.b", "x" * 600, "{}.{}"])
async def test_a_stream_without_a_proper_token_is_closed_and_leaves_no_trace(
    guarded: RunningServer, token: str
) -> None:
    await refused_stream(guarded, token)
    assert guarded.calls() == []


async def test_a_token_from_another_house_or_for_no_call_opens_nothing(guarded: RunningServer) -> None:
    parties = guarded.parties()
    for tokens in (StreamTokens("another secret"), own_tokens(guarded)):
        token = tokens.mint(str(uuid4()), parties.call_sid, time.time())
        await refused_stream(guarded, token, parties.call_sid)
    assert guarded.calls() == []


async def test_a_token_opens_its_own_call_once_and_in_time(server: RunningServer) -> None:
    parties, stranger = server.parties(), server.parties()
    token = await token_of(server, parties)
    await refused_stream(server, token, stranger.call_sid)
    call = server.call(parties.call_sid)
    expired = own_tokens(server).mint(call["id"], parties.call_sid, time.time() - TOKEN_LIFE_S - 1)
    await refused_stream(server, expired, parties.call_sid)
    assert server.call(parties.call_sid)["status"] == "ringing", "none of these took the call's place"

    async with opened(server, parties) as stream:
        await stream.start(token)
        await stream.next("media")
        await refused_stream(server, token, parties.call_sid)
        with pytest.raises(PhoneError, match="403"):
            await ring(server, parties)
        await stream.put(stream.writer.stop())
        await stream.closed()
    call = await ended_call(server, parties.call_sid)
    assert (call["status"], call["end_reason"]) == ("completed", "caller-hung-up")
    await refused_stream(server, token, parties.call_sid)
    with pytest.raises(PhoneError, match="403"):
        await ring(server, parties)
    assert server.call(parties.call_sid) == call

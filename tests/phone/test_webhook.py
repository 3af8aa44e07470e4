"""Webhooks are asked as Twilio asks them."""

from __future__ import annotations

import re

import httpx
import pytest

from app.carriers.twilio_incoming import parse_incoming
from app.carriers.twilio_signature import verify_upgrade, verify_webhook
from app.phone.twiml import Hangup
from app.phone.webhook import Parties, PhoneError, Server, form, post

SERVER = Server("http://127.0.0.1:8000", "https://p.example", "tok")
PARTIES = Parties("+15550001", "+15550002")
URL = "https://p.example/twilio/voice"


def test_the_form_holds_what_twilio_sends() -> None:
    fields = form(PARTIES, "ringing", {"StirVerstat": "TN-Validation-Passed-A"})
    assert re.fullmatch(r"CA[0-9a-f]{32}", fields["CallSid"])
    assert fields["CallStatus"] == "ringing"
    assert fields["FromCity"] == ""
    assert fields["StirVerstat"] == "TN-Validation-Passed-A"
    call = parse_incoming(fields)
    assert (call.from_, call.to, call.direction) == ("+15550001", "+15550002", "inbound")
    assert Parties("", "").call_sid != Parties("", "").call_sid


def test_public_addresses_are_reached_where_the_server_is() -> None:
    assert SERVER.reach(URL) == "http://127.0.0.1:8000/twilio/voice"
    assert SERVER.reach("wss://p.example/twilio/stream") == "ws://127.0.0.1:8000/twilio/stream"
    assert SERVER.reach("https://p.example.evil/x") == "https://p.example.evil/x"
    assert SERVER.reach("https://other/x") == "https://other/x"


def test_signatures_pass_the_carrier_floor() -> None:
    fields = form(PARTIES, "ringing")
    assert verify_webhook(URL, fields, SERVER.sign(URL, fields), "tok")
    assert verify_upgrade("wss://p.example/s", SERVER.sign("wss://p.example/s", {}), "tok")
    assert "tok" not in repr(SERVER)


async def ask(answer: httpx.Response | httpx.HTTPError) -> object:
    seen: list[httpx.Request] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if isinstance(answer, httpx.HTTPError):
            raise answer
        return answer

    async with httpx.AsyncClient(transport=httpx.MockTransport(respond)) as client:
        verbs = await post(client, SERVER, URL, form(PARTIES, "ringing"))
    request = seen[0]
    assert request.url == "http://127.0.0.1:8000/twilio/voice"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded; charset=utf-8"
    fields = {k: v for k, _, v in (pair.partition("=") for pair in request.content.decode().split("&"))}
    assert fields["From"] == "%2B15550001"
    assert fields["FromCity"] == "", "empty fields are sent, and signed"
    return verbs


async def test_a_good_answer() -> None:
    good = httpx.Response(200, text="<Response><Hangup/></Response>", headers={"content-type": "text/xml"})
    assert await ask(good) == (Hangup(),)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(403), "auth token must be the server's"),
        (httpx.Response(500), "11200.*500"),
        (httpx.Response(302, headers={"location": "/x"}), "302"),
        (httpx.Response(200, text="hi", headers={"content-type": "text/xml"}), "12100"),
        (httpx.ConnectError("no"), "is the server running"),
        (httpx.ReadTimeout("no"), "ReadTimeout"),
    ],
)
async def test_a_bad_answer_says_what_to_do(answer: httpx.Response | httpx.HTTPError, error: str) -> None:
    with pytest.raises(PhoneError, match=error):
        await ask(answer)

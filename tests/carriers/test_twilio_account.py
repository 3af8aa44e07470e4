"""The operator's account, through the real SDK and real sockets."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from app.carriers import twilio_http
from app.carriers.twilio_account import Account, Number, TwilioAccount, TwilioAccountError
from tests.carriers.twilio_rest import NUMBER, SID, TOKEN, TwilioRest, twilio_rest
from tests.server import free_port


@asynccontextmanager
async def account(token: str = TOKEN, sid: str = SID) -> AsyncIterator[tuple[TwilioRest, TwilioAccount]]:
    async with twilio_rest() as rest:
        made = TwilioAccount(sid, token, rest.url)
        try:
            yield rest, made
        finally:
            await made.aclose()


async def refusal(made: TwilioAccount) -> TwilioAccountError:
    with pytest.raises(TwilioAccountError) as caught:
        await made.fetch()
    assert TOKEN not in str(caught.value)
    assert SID not in str(caught.value)
    return caught.value


async def test_an_account_and_its_number() -> None:
    async with account() as (rest, made):
        rest.own("https://parley.example.org/twilio/voice")
        assert await made.fetch() == Account("active", trial=False)
        assert await made.number(NUMBER) == Number(True, "https://parley.example.org/twilio/voice", "POST", False)
        assert rest.asked == [
            f"/2010-04-01/Accounts/{SID}.json",
            f"/2010-04-01/Accounts/{SID}/IncomingPhoneNumbers.json?PhoneNumber=%2B15550100000&PageSize=20",
        ]


async def test_a_trial_that_is_suspended() -> None:
    async with account() as (rest, made):
        rest.account |= {"status": "suspended", "type": "Trial"}
        assert await made.fetch() == Account("suspended", trial=True)


async def test_a_number_that_another_account_has_or_that_is_part_of_a_longer_one() -> None:
    async with account() as (rest, made):
        assert await made.number(NUMBER) is None
        rest.own("", phone_number=f"{NUMBER}9")
        assert await made.number(NUMBER) is None


@pytest.mark.parametrize(
    ("more", "number"),
    [
        ({"voice_method": "GET"}, Number(True, "u", "GET", False)),
        ({"capabilities": {"voice": False, "sms": True}}, Number(False, "u", "POST", False)),
        ({"trunk_sid": "TK1"}, Number(True, "u", "POST", True)),
        ({"voice_application_sid": "AP1"}, Number(True, "u", "POST", True)),
        ({"voice_method": None, "capabilities": None}, Number(True, "u", "POST", False)),
    ],
)
async def test_what_happens_when_a_number_is_rung(more: dict[str, Any], number: Number) -> None:
    async with account() as (rest, made):
        rest.own("u", **more)
        assert await made.number(NUMBER) == number


async def test_a_wrong_token() -> None:
    async with account(token="f" * 32) as (_, made):
        error = await refusal(made)
    assert (error.kind, str(error)) == ("key", "Twilio refuses the account's SID and token (HTTP 401, error 20003)")


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (404, json.dumps({"code": 20404, "message": "x", "status": 404}), "missing"),
        (429, json.dumps({"code": 20429, "message": "x", "status": 429}), "busy"),
        (502, "<html>bad gateway</html>", "failed"),
        (400, "{}", "rubbish"),
        (307, "", "rubbish"),
        (200, "<html>welcome</html>", "rubbish"),
        (200, "{}", "rubbish"),
        (200, "[]", "rubbish"),
        (200, "null", "rubbish"),
    ],
)
async def test_answers_that_are_none(status: int, body: str, kind: str) -> None:
    async with account() as (rest, made):
        rest.answer = (status, body)
        assert (await refusal(made)).kind == kind
        with pytest.raises(TwilioAccountError):
            await made.number(NUMBER)


async def test_nothing_listens() -> None:
    made = TwilioAccount(SID, TOKEN, f"http://127.0.0.1:{free_port()}")
    assert (await refusal(made)).kind == "unreachable"
    await made.aclose()


@pytest.mark.parametrize("how", ["mute", "drips"])
async def test_a_server_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """The SDK's own client would wait for ever."""
    monkeypatch.setattr(twilio_http.TwilioHttp.__init__, "__defaults__", (None, 0.2))
    async with account() as (rest, made):
        setattr(rest, how, True)
        assert (await refusal(made)).kind == "late"
        assert len(rest.asked) == 1, "and is asked once"

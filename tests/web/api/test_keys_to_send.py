"""Keys that are pressed once somebody answers: given by REST or in a sheet, kept, and asked of the carrier."""

from __future__ import annotations

from uuid import uuid4

import httpx
import pytest

from app.carriers.twilio_dialling import TwilioDialling
from app.dialling.policy import Policy
from app.runtime.dialler import Outgoing
from app.store.claiming import Claimed
from tests.carriers.twilio_calls import SID, TOKEN, twilio_calls

PATH = "/api/v1/calls"
NUMBER = "+14155550123"


async def test_keys_are_kept_with_the_call_and_changed_with_it(client: httpx.AsyncClient) -> None:
    given = {"to": NUMBER, "persona": "interviewer", "send_digits": "ww1w204#"}
    made = await client.post(PATH, json=given)
    assert (made.status_code, made.json()["send_digits"]) == (201, "ww1w204#")
    address = made.headers["location"]
    changed = await client.patch(address, json={"campaign": "spring"})
    assert changed.json()["send_digits"] == "ww1w204#", "what is left out stays"
    assert (await client.patch(address, json={"send_digits": ""})).json()["send_digits"] == ""


@pytest.mark.parametrize("keys", ["1,2", "A", "+1", "1" * 33, "1 2", "１"])
async def test_what_no_telephone_has_is_refused_by_name(client: httpx.AsyncClient, keys: str) -> None:
    refused = await client.post(PATH, json={"to": NUMBER, "persona": "interviewer", "send_digits": keys})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["at"] == "body.send_digits"


async def test_a_sheet_has_a_column_for_them(client: httpx.AsyncClient) -> None:
    sheet = f"to,persona,send_digits\n{NUMBER},interviewer,w1#\n+14155550124,interviewer,x\n"
    answer = await client.post(f"{PATH}/bulk", content=sheet.encode(), headers={"content-type": "text/csv"})
    first, second = answer.json()["rows"]
    assert first["verdict"] == "scheduled", first
    assert second["field"] == "send_digits", second
    assert (await client.get(f"{PATH}/{first['id']}")).json()["send_digits"] == "w1#"


async def test_the_carrier_presses_them_and_is_not_asked_who_answered() -> None:
    outgoing = Outgoing("https://p.example", "+14155550199", "m", lambda: 1)
    one = Claimed(uuid4(), uuid4(), NUMBER, "hang_up", "ww1#")
    async with twilio_calls() as rest:
        twilio = TwilioDialling(SID, TOKEN, rest.url, answer_s=8)
        await twilio.dial(outgoing.wanted(one, Policy()), lambda: True)
        await twilio.aclose()
    (form,) = rest.forms
    assert form["SendDigits"] == ["ww1#"]
    assert "MachineDetection" not in form, "where keys are sent Twilio detects no machines"

"""What the doctor says of Twilio and of the addresses, each thing wrong in turn."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.carriers import twilio_http
from app.cli.examination import addresses
from app.cli.examination.report import Line
from app.cli.examination.twilio import examine_twilio
from app.cli.one_server import only_server
from app.settings import load_settings
from tests.carriers.twilio_rest import SID, TOKEN, TwilioRest
from tests.cli.patients import Ours, Patient
from tests.server import free_port

PUBLIC = "https://parley.example.org"


@pytest.mark.parametrize(
    ("account", "state", "says"),
    [
        ({"status": "active"}, "ok", "is active"),
        ({"status": "suspended"}, "wrong", "the account is suspended"),
        ({"type": "Trial"}, "attention", "on trial"),
    ],
)
async def test_how_the_account_stands(
    patient: Patient, twilio: TwilioRest, account: dict[str, str], state: str, says: str
) -> None:
    twilio.account |= account
    ((found_state, found_says),) = await patient.about("TWILIO_ACCOUNT_SID")
    assert (found_state, says in found_says) == (state, True), found_says


async def test_a_token_that_twilio_refuses(patient: Patient, twilio: TwilioRest) -> None:
    patient.set("TWILIO_AUTH_TOKEN", "f" * 32)
    ((state, says),) = await patient.about("TWILIO_ACCOUNT_SID")
    assert (state, "refuses the account's SID and token" in says, "first page of Twilio's console" in says) == (
        "wrong", True, True,
    )  # fmt: skip
    assert "f" * 32 not in says


async def test_twilio_that_never_answers_is_given_up(
    patient: Patient, twilio: TwilioRest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twilio_http.TwilioHttp.__init__, "__defaults__", (None, 0.2))
    twilio.mute = True
    ((state, says),) = await patient.about("TWILIO_ACCOUNT_SID")
    assert (state, "did not answer in time" in says) == ("wrong", True)


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (None, "the account has no such number → set it to a number of this account"),
        ({"voice_url": ""}, "the number has no voice URL → in the console"),
        ({"voice_url": "https://u:p@demo.twilio.com/welcome?key=1"}, "voice URL is https://demo.twilio.com/welcome →"),
        ({"voice_method": "GET"}, "asked with GET"),
        ({"trunk_sid": "TK1"}, "a TwiML app or a trunk has the number"),
        ({"capabilities": {"voice": False}}, "cannot take calls"),
    ],
)
async def test_a_number_that_does_not_lead_here(
    patient: Patient, twilio: TwilioRest, number: dict[str, object] | None, says: str
) -> None:
    patient.set("PUBLIC_URL", PUBLIC)
    if number is None:
        twilio.numbers.clear()
    else:
        twilio.numbers[0] |= number
    groups = await of_twilio()
    ((state, told),) = [(x.state, f"{x.says} → {x.mend}") for x in groups if x.about == "TWILIO_PHONE_NUMBER"]
    assert (state, says in told) == ("wrong", True), told


@pytest.mark.usefixtures("patient", "twilio")
async def test_where_a_number_leads_cannot_be_told_without_a_public_address() -> None:
    (line,) = [line for line in await of_twilio() if line.about == "TWILIO_PHONE_NUMBER"]
    assert (line.state, "set PUBLIC_URL" in line.mend) == ("attention", True)


async def of_twilio() -> tuple[Line, ...]:
    """What Twilio's group says: the public address is not asked, for it is nobody's."""
    return (await examine_twilio(load_settings())).lines


async def test_a_part_of_twilios_settings(patient: Patient) -> None:
    patient.set("TWILIO_ACCOUNT_SID", SID)
    ((state, says),) = await patient.about("TWILIO_AUTH_TOKEN")
    assert (state, "every call from Twilio is refused" in says) == ("wrong", True)


async def test_a_token_alone_lets_calls_come_in(patient: Patient) -> None:
    patient.set("TWILIO_AUTH_TOKEN", TOKEN)
    assert [state for state, _ in await patient.about("TWILIO_ACCOUNT_SID")] == ["attention"]


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://localhost:8000", True),
        ("https://parley.local", True),
        ("https://192.168.1.7", True),
        ("http://[::1]:8000", True),
        ("https://intranet", True),
        ("https://parley.example.org", False),
        ("https://9.9.9.9", False),
    ],
)
def test_addresses_that_twilio_cannot_reach(url: str, local: bool) -> None:
    assert addresses._is_local(url) is local


async def test_a_public_address_of_this_machine_alone(patient: Patient) -> None:
    async with Ours().there() as ours:
        patient.set("PUBLIC_URL", ours.url)
        (state, says), answers = await patient.about("PUBLIC_URL")
    assert (state, "Twilio cannot reach it" in says) == ("attention", True)
    assert answers == ("ok", f"{ours.url}/health answers, and is Parley")


@pytest.mark.parametrize(
    ("ours", "says"),
    [
        (Ours(body="<html>"), "answers HTTP 200, but not as Parley does"),
        (Ours(404), "answers HTTP 404, but not as Parley does"),
        (Ours(302, header="location: https://other.example.org/x?key=1"), "sends on to https://other.example.org/x →"),
        (Ours(None), "does not answer within 0.3 s"),
    ],
)
async def test_a_public_address_where_something_else_is(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, ours: Ours, says: str
) -> None:
    monkeypatch.setattr(addresses, "_ANSWER_S", 0.3 if ours.status is None else 10)
    async with ours.there():
        patient.set("PUBLIC_URL", ours.url)
        _, (state, told) = await patient.about("PUBLIC_URL")
    assert (state, says in told) == ("wrong", True), told


async def test_a_public_address_where_nothing_is_matters_when_a_server_runs(patient: Patient, tmp_path: Path) -> None:
    patient.set("PUBLIC_URL", f"http://127.0.0.1:{free_port()}")
    _, (state, says) = await patient.about("PUBLIC_URL")
    assert (state, "start the server" in says) == ("attention", True)
    (tmp_path / "data").mkdir()
    with only_server(tmp_path / "data"):
        _, (state, says) = await patient.about("PUBLIC_URL")
    assert (state, "let your tunnel or proxy lead to HOST and PORT" in says) == ("wrong", True)


@pytest.mark.usefixtures("twilio")
async def test_http_will_not_do_for_twilio(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "_is_local", lambda url: False)
    patient.set("PUBLIC_URL", f"http://127.0.0.1:{free_port()}")
    (state, says), _ = await patient.about("PUBLIC_URL")
    assert (state, "wss" in says) == ("wrong", True)


async def test_whether_a_server_runs_and_where(patient: Patient, tmp_path: Path) -> None:
    assert [state for state, _ in await patient.about("server")] == ["ok"]
    (tmp_path / "data").mkdir()
    with only_server(tmp_path / "data"):
        ((state, says),) = await patient.about("server")
        assert (state, "does not answer" in says) == ("attention", True)
        async with Ours().there() as ours:
            patient.set("PORT", str(ours.port))
            assert await patient.about("server") == [("ok", f"one runs on this DATA_DIR, and answers at {ours.url}")]
    with only_server(tmp_path / "data"):
        pass  # looking has not kept the lock


@pytest.mark.parametrize(("ours", "who"), [(Ours(), "another Parley"), (Ours(404), "another program")])
async def test_a_port_that_is_taken(patient: Patient, ours: Ours, who: str) -> None:
    async with ours.there():
        patient.set("PORT", str(ours.port))
        ((state, says),) = await patient.about("PORT")
    assert (state, says.startswith(who)) == ("wrong", True)

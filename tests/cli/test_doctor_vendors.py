"""What the doctor says of a vendor that is set up wrongly, ill, or not there."""

from __future__ import annotations

import pytest

from app.cli import doctor
from app.cli.examination import report
from tests.cli.conftest import VOICE
from tests.cli.patients import Patient
from tests.server import free_port
from tests.vendors.elevenlabs_stand_in import KEY, Answer, StandIn, error


async def test_a_vendor_that_refuses_the_key(patient: Patient, vendor: StandIn) -> None:
    for path in vendor.pages:
        vendor.pages[path] = error(401, "invalid_api_key")
    ((state, says), *_) = await patient.about("ELEVENLABS_API_KEY")
    assert state == "wrong"
    assert "refuses the key" in says
    assert "correct ELEVENLABS_API_KEY" in says
    assert KEY not in str(await patient.lines())


async def test_a_vendor_that_has_no_such_voice(patient: Patient, vendor: StandIn) -> None:
    vendor.pages[f"/v1/voices/{VOICE}"] = error(404, "voice_not_found")
    ((state, says), *_) = await patient.about("ELEVENLABS_VOICE_ID")
    assert (state, "no such voice" in says) == ("wrong", True)


async def test_a_vendor_that_is_not_there(patient: Patient, vendor: StandIn) -> None:
    patient.set("ELEVENLABS_BASE_URL", f"http://127.0.0.1:{free_port()}")
    wrong = [line for line in await patient.lines() if line.state == "wrong"]
    assert {line.about for line in wrong} == {"ELEVENLABS_BASE_URL"}
    assert "cannot be reached" in wrong[0].says


async def test_a_vendor_that_never_answers_is_given_up(
    patient: Patient, vendor: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report.within, "__defaults__", (0.3,))
    for path in vendor.pages:
        vendor.pages[path] = Answer(mute=True)
    assert ("wrong", "could not be checked within 0.3 s → see whether this machine reaches it, and try again") in (
        await patient.about("elevenlabs")
    )


async def test_a_vendor_that_nobody_uses_cannot_be_wrong(patient: Patient, vendor: StandIn) -> None:
    patient.set("TTS_PROVIDER", "mock")
    for path in vendor.pages:
        vendor.pages[path] = error(401, "invalid_api_key")
    groups = await doctor.examine()
    (group,) = [group for group in groups if group.title.startswith("elevenlabs")]
    assert group.title == "elevenlabs (set, but in no chain)"
    assert "attention" in {line.state for line in group.lines}
    assert report.is_well(groups)


async def test_a_provider_that_does_not_exist_is_told_once_with_those_that_do(patient: Patient) -> None:
    patient.set("LLM_PROVIDER", "nosuch,mock")
    wrong = [says for state, says in await patient.about("LLM_PROVIDER") if state == "wrong"]
    assert [says.startswith("there is no provider 'nosuch'") for says in wrong] == [True]

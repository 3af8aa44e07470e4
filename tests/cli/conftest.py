"""A machine for the doctor, with vendors around it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.settings import setting_names
from app.speech.registry import provider_settings
from tests.carriers.twilio_rest import NUMBER, SID, TOKEN, TwilioRest, twilio_rest
from tests.cli.patients import Patient
from tests.server import free_port
from tests.vendors.elevenlabs_stand_in import KEY, StandIn, found, stand_in

VOICE = "voiceAda1"


@pytest.fixture
def patient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Patient:
    """Offline, with nothing set."""
    for name in (*setting_names(), *provider_settings()):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PORT", str(free_port()))
    monkeypatch.setenv("AI_MODE", "mock")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return Patient(tmp_path, monkeypatch.setenv)


@pytest.fixture
async def twilio(patient: Patient) -> AsyncIterator[TwilioRest]:
    """An account whose number leads here."""
    async with twilio_rest() as rest:
        given = {"ACCOUNT_SID": SID, "AUTH_TOKEN": TOKEN, "PHONE_NUMBER": NUMBER, "API_BASE_URL": rest.url}
        for name, value in given.items():
            patient.set(f"TWILIO_{name}", value)
        rest.own("https://parley.example.org/twilio/voice")
        yield rest


@pytest.fixture
async def vendor(patient: Patient) -> AsyncIterator[StandIn]:
    """ElevenLabs, with a voice for everybody."""
    async with stand_in() as vendor:
        vendor.pages["/v1/models"] = found([{"model_id": "eleven_flash_v2_5", "can_do_text_to_speech": True}])
        vendor.pages[f"/v1/voices/{VOICE}"] = found({"voice_id": VOICE})
        vendor.pages["/v1/user"] = found({"user_id": "u"})
        patient.set("TTS_PROVIDER", "elevenlabs,mock")
        patient.set("ELEVENLABS_API_KEY", KEY)
        patient.set("ELEVENLABS_BASE_URL", vendor.url)
        patient.set("ELEVENLABS_VOICE_ID", VOICE)
        yield vendor

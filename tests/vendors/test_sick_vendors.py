"""Every vendor ill in every way, one at a time, in whole calls: each call ends as it should, and its transcript tells
what was heard and nothing else."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.store.transcripts import events_of
from tests.babble import babble
from tests.house import Lodging, lodging
from tests.vendors.coded_speech import agrees
from tests.vendors.everyone import Everyone, Pace, everyone, settings
from tests.vendors.ill import Ill

PERSONAS = Path(__file__).parents[1] / "end_to_end" / "personas"
TALK = ("what are your opening hours", "thank you goodbye")
GOODBYE = "Bye for now."
PATIENT_MS = 2500
"""Who hears "one moment" waits for more: a dead model is given up 3 s after the question, 1.5 s after the filler."""
QUICK = Pace(hear_s=0.05, think_s=0.05, speak_s=0.05, token_s=0.002)

CHAINS = {
    "groq stt": {"STT_PROVIDER": "groq,mock", "LLM_PROVIDER": "offline", "TTS_PROVIDER": "elevenlabs"},
    "sarvam stt": {"STT_PROVIDER": "sarvam,mock", "LLM_PROVIDER": "offline", "TTS_PROVIDER": "sarvam"},
    "elevenlabs stt": {"STT_PROVIDER": "elevenlabs,mock", "LLM_PROVIDER": "offline", "TTS_PROVIDER": "elevenlabs"},
    "groq llm": {"STT_PROVIDER": "groq", "LLM_PROVIDER": "groq", "TTS_PROVIDER": "elevenlabs"},
    "openai llm": {"STT_PROVIDER": "groq", "LLM_PROVIDER": "openai,offline", "TTS_PROVIDER": "elevenlabs"},
    "sarvam llm": {"STT_PROVIDER": "sarvam", "LLM_PROVIDER": "sarvam,offline", "TTS_PROVIDER": "sarvam"},
    "elevenlabs tts": {"STT_PROVIDER": "groq", "LLM_PROVIDER": "groq", "TTS_PROVIDER": "elevenlabs,sarvam"},
    "sarvam tts": {"STT_PROVIDER": "groq", "LLM_PROVIDER": "groq", "TTS_PROVIDER": "sarvam,elevenlabs"},
}
"""The sick part's place in a house that has another behind it, or its own words; voices can all be read back."""


@dataclass(slots=True)
class Told:
    """One call, as it was and as it is told."""

    ended: str
    faults: int
    truth: str
    heard: list[str]
    notes: list[str]
    asked: int


@pytest.mark.slow
@pytest.mark.parametrize("part", list(CHAINS))
async def test_a_sick_vendor_costs_no_call(part: str, tmp_path: Path) -> None:
    calls = await asyncio.gather(*(_call(part, illness, tmp_path / illness.value) for illness in Ill))
    told = dict(zip(Ill, calls, strict=True))
    assert {illness.value: call.ended for illness, call in told.items()} == {i.value: "completed" for i in Ill}
    assert {illness.value: call.truth for illness, call in told.items() if call.truth} == {}
    assert {illness.value: call.heard[-1] for illness, call in told.items()} == {i.value: GOODBYE for i in Ill}
    assert [illness.value for illness, call in told.items() if call.faults] == []
    unexplained = [illness.value for illness, call in told.items() if "provider-fault" not in call.notes]
    assert unexplained == []
    assert told[Ill.BUSY].asked <= 3, "a vendor that asks for a minute's rest is left alone"


async def _call(part: str, illness: Ill, folder: Path) -> Told:
    async with everyone(QUICK, heard=TALK, **{part.replace(" ", "_"): illness}) as vendors:
        given = settings(vendors.url) | CHAINS[part]
        given |= {"MOCK_TRANSCRIPTS": "|".join(TALK), "PERSONAS_DIR": str(PERSONAS), "DEFAULT_PERSONA": "brief"}
        async with lodging(folder, given) as house:
            return await _talk(house, vendors, part)


async def _talk(house: Lodging, vendors: Everyone, part: str) -> Told:
    async with house.caller() as caller:
        assert await caller.dial()
        for turn in range(len(TALK)):
            await caller.heard_reply(20)
            await caller.heard_silence(PATIENT_MS, 40)
            caller.speak(babble(1.0, seed=turn))
        await caller.ended(40)
        ear, faults = caller.ear(), caller.faults.total
    await house.house.writer.flush()
    (call,) = (await house.rest("/calls"))["items"]
    lines: list[dict[str, Any]] = (await house.rest(f"/calls/{call['id']}/transcript.json"))["segments"]
    heard = [line["heard_text"] for line in lines if line["role"] == "agent"]
    return Told(
        ended=call["end_reason"],
        faults=faults,
        truth=agrees(ear, " ".join(heard)),
        heard=heard,
        notes=await _notes(house, call["id"]),
        asked=vendors.asked[part],
    )


async def _notes(house: Lodging, call_id: str) -> list[str]:
    async with house.house.db.reading() as session:
        return [event.kind for event in await events_of(session, UUID(call_id))]

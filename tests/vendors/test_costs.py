"""A call with real SDKs and vendors that stand on this machine: what it used is counted, reckoned and told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.babble import babble
from tests.house import Lodging, lodging
from tests.vendors.everyone import HEARD, Pace, everyone, settings
from tests.vendors.ill import Ill

PERSONAS = Path(__file__).parents[1] / "end_to_end" / "personas"
QUICK = Pace(hear_s=0.05, think_s=0.05, speak_s=0.05, token_s=0.002)
PRICES = """\
currency: USD
prices:
  - {provider: sarvam, model: "*", currency: INR, per_hour: 36, minimum_s: 5}
  - {provider: elevenlabs, model: "*", per_million_characters: 50}
"""


async def one_question(house: Lodging) -> dict[str, Any]:
    """A call with one turn, as REST has it."""
    async with house.caller() as caller:
        assert await caller.dial()
        await caller.heard_silence(600, 20)
        caller.speak(babble(1.0))
        await caller.heard_reply(20)
        await caller.heard_silence(600, 40)
        await caller.hang_up()
        await caller.ended(20)
    await house.house.writer.flush()
    (call,) = (await house.rest("/calls"))["items"]
    found: dict[str, Any] = call
    return found


async def figures(house: Lodging) -> dict[str, float]:
    """`/metrics` by name and labels."""
    async with httpx.AsyncClient(base_url=house.url, trust_env=False) as client:
        told = (await client.get("/metrics")).text
    return {
        f"{sample.name} {' '.join(sorted(sample.labels.values()))}".strip(): sample.value
        for family in text_string_to_metric_families(told)
        for sample in family.samples
    }


def given(folder: Path, url: str, **more: str) -> dict[str, str]:
    (folder / "prices.yaml").write_text(PRICES, encoding="utf-8")
    chain = {"STT_PROVIDER": "sarvam", "LLM_PROVIDER": "offline", "TTS_PROVIDER": "elevenlabs"}
    own = {"PERSONAS_DIR": str(PERSONAS), "DEFAULT_PERSONA": "brief", "PRICES": str(folder / "prices.yaml")}
    return settings(url) | chain | own | more


@pytest.mark.slow
async def test_what_a_call_used_and_cost_is_in_rest_and_in_the_figures(tmp_path: Path) -> None:
    async with everyone(QUICK) as vendors, lodging(tmp_path, given(tmp_path, vendors.url)) as house:
        call = await one_question(house)
        usage = await house.rest(f"/calls/{call['id']}/usage")
        of = {item["stage"]: item for item in usage["items"]}
        assert (of["transcribe"]["provider"], of["transcribe"]["requests"]) == ("sarvam", 1)
        assert of["transcribe"]["seconds"] > 0.8
        assert of["transcribe"]["cost"][0]["currency"] == "INR"
        assert of["transcribe"]["cost"][0]["amount"] >= 0.05, "each request is billed as 5 s at least"
        assert of["speak"]["provider"] == "elevenlabs"
        assert of["speak"]["characters"] > 10
        dollars = of["speak"]["characters"] * 50 / 1_000_000
        assert of["speak"]["cost"] == [{"currency": "USD", "amount": pytest.approx(dollars, abs=1e-6)}]
        assert [money["currency"] for money in usage["total"]["cost"]] == ["INR", "USD"]
        assert (await house.rest("/usage"))["total"]["characters"] > of["speak"]["characters"], (
            "kept lines are the house's"
        )
        (turn,) = [t for t in (await house.rest(f"/calls/{call['id']}/turns"))["turns"] if t["first_heard_ms"]]
        told = await figures(house)
    assert told["parley_turn_seconds_count total"] == 1
    assert told["parley_turn_seconds_sum total"] == pytest.approx(
        (turn["first_heard_ms"] - turn["speech_ended_ms"]) / 1000
    )
    assert told["parley_provider_seconds_count sarvam transcribe"] == of["transcribe"]["requests"]
    assert told["parley_provider_first_seconds_count elevenlabs speak"] >= 1
    assert told["parley_provider_cost_total USD elevenlabs"] >= dollars * 0.999
    assert told["parley_provider_state closed sarvam transcribe"] == 1
    assert not [name for name in told if HEARD.split()[-1] in name or call["from"] in name]


@pytest.mark.slow
async def test_a_fault_is_counted_by_its_kind_and_the_provider_is_seen_to_rest(tmp_path: Path) -> None:
    async with everyone(QUICK, elevenlabs_tts=Ill.BUSY) as vendors:
        chosen = given(tmp_path, vendors.url, TTS_PROVIDER="elevenlabs,mock")
        async with lodging(tmp_path, chosen) as house:
            await one_question(house)
            told = await figures(house)
    assert told["parley_provider_faults_total busy elevenlabs speak"] >= 1
    assert told["parley_provider_state elevenlabs open speak"] == 1
    assert told["parley_provider_state closed elevenlabs speak"] == 0

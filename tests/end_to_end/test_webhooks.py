"""A house that tells a customer's system, from REST to the request that arrives there."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from pathlib import Path

import httpx
import pytest

from tests.house import lodging
from tests.runtime.customer import AWAY, OK, Customer, a_customer

ALLOWED = {"AI_MODE": "mock", "WEBHOOK_ALLOW_HTTP": "true", "WEBHOOK_ALLOW_PRIVATE": "true"}


async def until(customer: Customer, many: int) -> None:
    async with asyncio.timeout(60):
        while len(customer.told) < many:  # noqa: ASYNC110 - the stand-in has no events
            await asyncio.sleep(0.05)


@pytest.mark.slow
async def test_arranged_and_cancelled_by_rest_is_told_in_that_order(tmp_path: Path) -> None:
    async with a_customer() as customer, lodging(tmp_path, ALLOWED) as house:
        key = {"authorization": f"Bearer {house.api_key}"}
        async with httpx.AsyncClient(base_url=f"{house.url}/api/v1", headers=key, trust_env=False) as client:
            wanted = {"to": "+14155552671", "persona": "assistant", "webhook_url": customer.url}
            made = await client.post("/calls", json=wanted | {"time_zone": "America/Los_Angeles"})
            assert made.status_code == 201, made.text
            assert (await client.delete(f"/calls/{made.json()['id']}")).is_success
            await until(customer, 2)
            assert customer.events == ["call.scheduled", "call.failed"]
            assert (customer.told[1].event["outcome"], customer.told[1].event["reason"]) == ("cancelled", "cancelled")
            listed = (await client.get("/webhooks")).json()["items"]
            assert {one["call_id"] for one in listed} == {made.json()["id"]}
        fields = dict(part.split("=", 1) for part in customer.told[0].headers["parley-signature"].split(","))
        signed = fields["t"].encode() + b"." + customer.told[0].body
        secret = (tmp_path / "data" / "webhook-secret").read_bytes().strip()  # made by this very start
        assert fields["v1"] == hmac.new(secret, signed, hashlib.sha256).hexdigest()


@pytest.mark.slow
async def test_what_was_not_taken_is_told_by_the_house_that_starts_next(tmp_path: Path) -> None:
    async with a_customer(lambda nth: AWAY if nth == 1 else OK) as customer:
        settings = ALLOWED | {"WEBHOOK_URL": customer.url}
        wanted = {"to": "+14155552671", "persona": "assistant", "time_zone": "America/Los_Angeles"}
        async with lodging(tmp_path, settings) as house, httpx.AsyncClient(trust_env=False) as client:
            key = {"authorization": f"Bearer {house.api_key}"}
            assert (await client.post(f"{house.url}/api/v1/calls", json=wanted, headers=key)).status_code == 201
            await until(customer, 1)
        async with lodging(tmp_path, settings) as house, httpx.AsyncClient(trust_env=False) as client:
            key = {"authorization": f"Bearer {house.api_key}"}
            event = customer.told[0].event["id"]
            again = await client.post(f"{house.url}/api/v1/webhooks/{event}/replay", headers=key)
            assert again.status_code == 202
            await until(customer, 2)
        assert customer.told[0].body == customer.told[1].body

"""A house that places calls by itself, and a stand-in of Twilio's that takes them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from twilio.request_validator import RequestValidator

from app.clock import SystemClock
from app.store.outbound_tables import ScheduledCallRow
from app.store.scheduling import create_call, find_scheduled
from tests.carriers.twilio_calls import SID, Behaviour, Form, TwilioCalls, twilio_calls
from tests.house import Lodging, lodging
from tests.store.outbound_samples import arrangement

FROM, TO = "+14155550199", "+14155550123"


@dataclass
class Placed:
    """The house and its carrier."""

    lodging: Lodging
    rest: TwilioCalls

    async def post(self, url: str, form: dict[str, str], token: str | None = None) -> httpx.Response:
        """As Twilio signs it."""
        signature = RequestValidator(token or self.lodging.auth_token).compute_signature(url, form)
        async with httpx.AsyncClient(trust_env=False) as client:
            return await client.post(url, data=form, headers={"x-twilio-signature": signature})

    async def deliver(self, url: str, form: dict[str, str]) -> None:
        assert (await self.post(url, form)).status_code == 204

    async def schedule(self, **given: Any) -> UUID:
        """A call that is due now, unless `given` says otherwise."""
        now = SystemClock().utc()
        async with self.lodging.house.db.transaction() as session:
            due = arrangement(**({"scheduled_at": now, "first_attempt_at": now} | given))
            row, _ = await create_call(session, due, source="rest", now=now)
        self.lodging.house.placing.nudge()
        return row.id

    async def until(self, id_: UUID, *statuses: str) -> ScheduledCallRow:
        async with asyncio.timeout(60):
            while True:
                async with self.lodging.house.db.reading() as session:
                    row = await find_scheduled(session, id_)
                if row.status in statuses:
                    return row
                await asyncio.sleep(0.05)

    async def dialled(self) -> Form:
        async with asyncio.timeout(60):
            while not self.rest.calls:  # noqa: ASYNC110 - the stand-in has no events
                await asyncio.sleep(0.05)
        await asyncio.sleep(0.1)
        return self.rest.forms[0]


@asynccontextmanager
async def placed(folder: Path, behaviour: Behaviour, **more: str) -> AsyncIterator[Placed]:
    """A house that places calls, and a carrier that behaves so. `more`: other settings."""
    async with twilio_calls(behave=lambda to, nth: behaviour) as rest:
        settings = {
            "AI_MODE": "mock",
            "TWILIO_ACCOUNT_SID": SID,
            "TWILIO_PHONE_NUMBER": FROM,
            "TWILIO_API_BASE_URL": rest.url,
            **more,
        }
        async with lodging(folder, settings) as house:
            placed = Placed(house, rest)
            rest.deliver = placed.deliver
            yield placed

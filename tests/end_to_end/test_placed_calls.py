"""Calls that the house places by itself: it dials, is told how it goes, and talks with whoever picks up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from twilio.request_validator import RequestValidator

from app.clock import SystemClock
from app.store.calls import get_call
from app.store.outbound_tables import ScheduledCallRow
from app.store.scheduling import create_call, find_scheduled
from tests.carriers.twilio_calls import SID, Behaviour, Form, TwilioCalls, twilio_calls
from tests.house import Lodging, lodging
from tests.store.outbound_samples import arrangement

NOBODY = "67a5f466-fdb8-434b-a3c6-065a11991ed3"

FROM, TO = "+14155550199", "+14155550123"


@dataclass
class Placed:
    lodging: Lodging
    rest: TwilioCalls

    async def post(self, url: str, form: dict[str, str], token: str | None = None) -> httpx.Response:
        """As Twilio signs it."""
        signature = RequestValidator(token or self.lodging.auth_token).compute_signature(url, form)
        async with httpx.AsyncClient(trust_env=False) as client:
            return await client.post(url, data=form, headers={"x-twilio-signature": signature})

    async def deliver(self, url: str, form: dict[str, str]) -> None:
        assert (await self.post(url, form)).status_code == 204

    async def schedule(self) -> UUID:
        now = SystemClock().utc()
        async with self.lodging.house.db.transaction() as session:
            due = arrangement(scheduled_at=now, first_attempt_at=now)
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
async def placed(folder: Path, behaviour: Behaviour) -> AsyncIterator[Placed]:
    async with twilio_calls(behave=lambda to, nth: behaviour) as rest:
        settings = {
            "AI_MODE": "mock",
            "TWILIO_ACCOUNT_SID": SID,
            "TWILIO_PHONE_NUMBER": FROM,
            "TWILIO_API_BASE_URL": rest.url,
        }
        async with lodging(folder, settings) as house:
            placed = Placed(house, rest)
            rest.deliver = placed.deliver
            yield placed


async def test_it_is_dialled_told_of_and_done(tmp_path: Path) -> None:
    told = ("initiated", "ringing", "in-progress", "verdict", "completed")
    async with placed(tmp_path, Behaviour(told=told, answered_by="human")) as house:
        id_ = await house.schedule()
        row = await house.until(id_, "completed", "failed")
        assert (row.status, row.reason) == ("completed", "answered")
        assert house.rest.rung[TO] == 1


async def test_who_picks_up_is_connected_to_the_persona(tmp_path: Path) -> None:
    async with placed(tmp_path, Behaviour(ends=None)) as house:
        await house.schedule()
        form = await house.dialled()
        url = form["Url"][0]
        sid = next(iter(house.rest.calls))
        answered = {"CallSid": sid, "AccountSid": SID, "From": FROM, "To": TO, "Direction": "outbound-api"}
        response = await house.post(url, answered)
        assert response.status_code == 200
        assert "<Stream" in response.text
        async with house.lodging.house.db.reading() as session:
            call = await get_call(session, UUID(url.rpartition("/")[2]))
        assert call is not None
        assert (call.direction, call.call_sid, call.to_number, call.persona) == ("outbound", sid, TO, "assistant")
        impostor = await house.post(url, answered | {"CallSid": "CA" + "f" * 32})
        assert "<Stream" not in impostor.text, "a call that the attempt did not make is hung up"


async def test_who_picks_up_when_all_lines_are_taken_is_told_so_and_rung_again(tmp_path: Path) -> None:
    async with placed(tmp_path, Behaviour(ends=None)) as house:
        id_ = await house.schedule()
        form, supervisor = await house.dialled(), house.lodging.house.supervisor
        now = supervisor.clock.now()
        others = [f"CAbusy{number}" for number in range(house.lodging.house.maximum_calls)]
        assert all(supervisor.admission.take(sid, now) for sid in others)
        url, sid = form["Url"][0], next(iter(house.rest.calls))
        answered = {"CallSid": sid, "AccountSid": SID, "From": FROM, "To": TO, "Direction": "outbound-api"}
        response = await house.post(url, answered)
        assert "none of our lines is free" in response.text
        assert "<Stream" not in response.text
        ended = {"CallSid": sid, "AccountSid": SID, "CallStatus": "completed", "CallDuration": "6"}
        await house.deliver(form["StatusCallback"][0], ended)
        row = await house.until(id_, "waiting", "completed", "failed")
        assert (row.status, row.reason, row.attempts) == ("waiting", "lines-full", 1)


@pytest.mark.parametrize("path", ["status?attempt=x", "amd?attempt=x", f"voice/{NOBODY}"])
async def test_what_twilio_has_not_signed_is_not_believed(tmp_path: Path, path: str) -> None:
    async with placed(tmp_path, Behaviour()) as house:
        url = f"{house.lodging.url}/twilio/{path}"
        form = {"CallSid": "CA" + "0" * 32, "CallStatus": "completed", "AnsweredBy": "human"}
        assert (await house.post(url, form, token="another")).status_code == 403
        expected = 404 if path.startswith("voice") else 204
        assert (await house.post(url, form)).status_code == expected, "of no call of ours: nothing to do"
        assert (await house.post(url, {"CallSid": "?"})).status_code == 400

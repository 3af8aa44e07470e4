"""Calendar entries: RFC 5545 by the letter, and one that was changed replaces the one before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from icalendar import Calendar

from app.store.outbound_tables import ScheduledCallRow
from app.web.invitation import LENGTH, invitation

NUMBER = "+14155550123"
ID = UUID(int=7)
AT = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)


def row(**given: Any) -> ScheduledCallRow:
    values: dict[str, Any] = {
        "id": ID,
        "to_number": NUMBER,
        "persona": "assistant",
        "scheduled_at": AT,
        "time_zone": "Europe/Berlin",
        "max_attempts": 3,
        "voicemail": "hang_up",
        "source": "rest",
        "variables": {},
        "next_attempt_at": AT,
        "created_at": AT,
        "updated_at": AT.replace(microsecond=5),
        "revision": 1,
    }
    return ScheduledCallRow(**(values | given))


def event(entry: bytes) -> Any:
    (found,) = Calendar.from_ical(entry).walk("VEVENT")
    return found


def test_an_entry_is_written_by_the_letter() -> None:
    assert invitation(row(variables={"role": "Cook"}), "Ada").decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Parley//Calls that are placed//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        "SUMMARY:Telephone interview: Cook",
        "DTSTART:20260329T003000Z",
        "DTEND:20260329T010000Z",
        "DTSTAMP:20260329T003000Z",
        "UID:00000000-0000-0000-0000-000000000007@parley",
        "SEQUENCE:0",
        f"DESCRIPTION:Ada rings {NUMBER}.",
        "STATUS:CONFIRMED",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


@pytest.mark.parametrize(
    "role", ["a, b; c\\d", "Köchin " * 20, "面接 " * 60, "x\r\nBEGIN:VALARM\nEND:VALARM", '"quoted": yes']
)
def test_what_customers_send_is_escaped_and_folded(role: str) -> None:
    entry = invitation(row(variables={"role": role}), "Ada, the; kind")
    assert all(len(line) <= 75 for line in entry.split(b"\r\n"))
    assert b"\n" not in entry.replace(b"\r\n", b"")
    found = event(entry)
    assert not found.subcomponents
    assert str(found["summary"]) == f"Telephone interview: {' '.join(role.split())[:200]}"
    assert str(found["description"]) == f"Ada, the; kind rings {NUMBER}."


def test_times_are_in_utc_and_of_the_next_attempt_while_the_call_waits() -> None:
    later = AT + timedelta(days=1)
    waiting = event(invitation(row(next_attempt_at=later), "Ada"))
    assert (waiting["dtstart"].dt, waiting["dtend"].dt) == (later, later + LENGTH)
    over = event(invitation(row(status="completed", next_attempt_at=None), "Ada"))
    assert over["dtstart"].dt == AT
    assert str(over["summary"]) == "Telephone call with Ada"


async def test_a_cancelled_call_takes_its_entry_back(client: httpx.AsyncClient) -> None:
    made = (await client.post("/api/v1/calls", json={"to": NUMBER, "persona": "assistant"})).json()
    path = f"/api/v1/calls/{made['id']}/invite.ics"
    before = await client.get(path)
    assert before.headers["content-type"].startswith("text/calendar")
    await client.delete(f"/api/v1/calls/{made['id']}")
    first, second = event(before.content), event((await client.get(path)).content)
    assert first["uid"] == second["uid"]
    assert second["sequence"] > first["sequence"]
    assert (first["status"], second["status"]) == ("CONFIRMED", "CANCELLED")


async def test_only_calls_that_are_arranged_have_one(client: httpx.AsyncClient, stranger: httpx.AsyncClient) -> None:
    for id_ in (str(UUID(int=9)), "nonsense"):
        assert (await client.get(f"/api/v1/calls/{id_}/invite.ics")).status_code == 404
    assert (await stranger.get(f"/api/v1/calls/{ID}/invite.ics")).status_code == 401

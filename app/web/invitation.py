"""A calendar entry for a call that is arranged: RFC 5545, times in UTC, so that every calendar shows its own."""

from __future__ import annotations

from datetime import datetime, timedelta

from icalendar import Calendar, Event

from app.store.outbound_tables import ScheduledCallRow

MEDIA_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"
LENGTH = timedelta(minutes=30)
"""Kept free in the calendar; how long a talk takes, nobody knows before."""
_OFF = ("cancelled", "failed")


def invitation(row: ScheduledCallRow, persona: str) -> bytes:
    """One entry. `persona`: the name of who rings. An entry that was sent before is replaced: its UID stays, and its
    SEQUENCE grows with every change."""
    begins = (row.next_attempt_at if row.status == "waiting" else None) or row.scheduled_at
    role = _line(row.variables.get("role"))
    event = Event()
    event.add("uid", f"{row.id}@parley")
    event.add("sequence", row.revision - 1)
    event.add("dtstamp", _second(row.updated_at))
    event.add("dtstart", _second(begins))
    event.add("dtend", _second(begins) + LENGTH)
    event.add("summary", f"Telephone interview: {role}" if role else f"Telephone call with {persona}")
    event.add("description", f"{persona} rings {row.to_number}.")
    event.add("status", "CANCELLED" if row.status in _OFF else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Parley//Calls that are placed//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def file_name(row: ScheduledCallRow) -> str:
    """What the file is called."""
    return f"call-{row.id}.ics"


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _line(value: object) -> str:
    """What a customer sent along, as one short line."""
    return " ".join(str(value).split())[:200] if value else ""

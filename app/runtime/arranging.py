"""Turns what somebody wishes into a call that can be made, or says which field is wrong and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from app.dialling.keys import checked_keys
from app.dialling.numbers import NumberRefusedError, checked, guess_zone
from app.dialling.plan import Plan
from app.dialling.policy import Policy
from app.dialling.window import Windows, next_allowed
from app.dialling.zones import NoSuchTimeError, ZoneError, instant, zone
from app.runtime.webhook_address import Permissions, RefusedAddressError, check_at_once
from app.store.scheduling import Arrangement, Voicemail

LATE_S = 60.0
"""A time that has just passed, by a clock that is not ours, is now."""
FARTHEST = timedelta(days=366)
STRICT = Permissions()
FORBIDDEN = "This number is on the do-not-call list."


class WishError(ValueError):
    """What is wished for cannot be: `field` names what is wrong; the message is a sentence without its value."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Wish:
    """A call as it is asked for. `scheduled_at`: with a zone of its own, or on a clock in `time_zone`; None: now."""

    to: str = field(repr=False)
    persona: str
    scheduled_at: datetime | None = None
    time_zone: str | None = None
    windows: Windows = ()
    plan: Plan = field(default_factory=Plan)
    voicemail: Voicemail = "hang_up"
    variables: Mapping[str, Any] = field(default_factory=dict, repr=False)
    webhook_url: str | None = None
    campaign: str = ""
    send_digits: str = field(default="", repr=False)


def arrange(
    wish: Wish,
    personas: Collection[str],
    policy: Policy,
    now: datetime,
    *,
    known_time: datetime | None = None,
    not_before: datetime | None = None,
    hooks: Permissions = STRICT,
) -> Arrangement:
    """The call that is wished for. `known_time`: one that was arranged before and may have passed. `not_before`: when
    it is to be tried again anyway. `hooks`: where webhooks may lead. Raises WishError."""
    try:
        to = checked(wish.to)
    except NumberRefusedError as error:
        raise WishError("to", str(error)) from None
    if wish.persona not in personas:
        raise WishError("persona", f"There is no such persona; there are: {', '.join(sorted(personas))}.")
    name, where = _zone(wish, to)
    at = _time(wish, name, now, known_time)
    first = next_allowed(max(at, now, not_before or now), where, wish.windows, policy.limits.hours)
    if first is None:
        hours = " within the hours of DIAL_HOURS" if policy.limits.hours else ""
        raise WishError("window", f"This window never opens{hours}.")
    _check_url(wish.webhook_url, hooks)
    return Arrangement(
        to_number=to,
        persona=wish.persona,
        scheduled_at=at,
        time_zone=name,
        first_attempt_at=first,
        windows=wish.windows,
        plan=wish.plan,
        voicemail=wish.voicemail,
        variables=wish.variables,
        webhook_url=wish.webhook_url,
        campaign=wish.campaign,
        send_digits=_keys(wish.send_digits),
    )


def _keys(text: str) -> str:
    try:
        return checked_keys(text)
    except ValueError as error:
        raise WishError("send_digits", str(error)) from None


def _zone(wish: Wish, to: str) -> tuple[str, ZoneInfo]:
    name = wish.time_zone or guess_zone(to)
    if name is None:
        raise WishError("time_zone", "This number does not tell in which time zone it is: give one like Europe/Berlin.")
    try:
        return name, zone(name)
    except ZoneError as error:
        raise WishError("time_zone", str(error)) from None


def _time(wish: Wish, name: str, now: datetime, known: datetime | None) -> datetime:
    given = wish.scheduled_at
    if given is None:
        return known or now
    if given.tzinfo is None and wish.time_zone is None:
        raise WishError("scheduled_at", "Give the time with an offset, as 2026-03-02T09:00:00+01:00, or a time_zone.")
    try:
        at = given.astimezone(UTC) if given.tzinfo is not None else instant(given, name)
    except NoSuchTimeError as error:
        raise WishError("scheduled_at", str(error)) from None
    except OverflowError:
        raise WishError("scheduled_at", "This time is out of reach.") from None
    if at == known:
        return at
    if at < now - timedelta(seconds=LATE_S):
        raise WishError("scheduled_at", "This time has passed.")
    if at > now + FARTHEST:
        raise WishError("scheduled_at", "This time is more than a year away.")
    return at


def _check_url(url: str | None, hooks: Permissions) -> None:
    if url is None:
        return
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
        _ = parts.port
    except ValueError:
        fine = False
    if not fine or any(letter <= " " for letter in url):
        raise WishError("webhook_url", "This must be an address like https://ats.example.org/parley.")
    try:
        check_at_once(url, hooks)
    except RefusedAddressError as error:
        raise WishError("webhook_url", str(error)) from None

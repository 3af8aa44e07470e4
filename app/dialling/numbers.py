"""Which numbers may be rung: real ones, in E.164, that are neither an emergency service nor dear to call.

What is a number, and of which kind, is known by `phonenumbers`, the port of Google's libphonenumber.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType, timezone

from app.dialling.zones import ZoneError, zone

_DEAR = {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST}
_SHORTEST = 3
"""Digits up to which nothing but a short code can be meant."""
_LONGEST = 16
"""A plus and fifteen digits: E.164."""


class NumberRefusedError(ValueError):
    """This number is not rung; a sentence without the number. `kind`: `number`, `emergency` or `premium`."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def checked(text: str) -> str:
    """`text` if it is a number that may be rung, spaces taken off. Raises NumberRefusedError."""
    number = _parsed(text.strip())
    national = phonenumbers.national_significant_number(number)
    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    if phonenumbers.connects_to_emergency_number(national, region):
        raise NumberRefusedError("emergency", "Emergency numbers are never rung.")
    if not phonenumbers.is_valid_number(number):
        raise NumberRefusedError("number", "This is no telephone number: no country gives out numbers like it.")
    if phonenumbers.number_type(number) in _DEAR:
        raise NumberRefusedError("premium", "Premium-rate and shared-cost numbers are not rung.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _parsed(text: str) -> PhoneNumber:
    digits = text.removeprefix("+")
    if not (text.startswith("+") and digits.isascii() and digits.isdigit()):
        raise NumberRefusedError("number", "Write the number in E.164: a plus, the country, digits: +14155550123.")
    if len(digits) <= _SHORTEST or len(text) > _LONGEST:
        emergency = digits in _emergencies()
        kind, words = ("emergency", "Emergency numbers are never rung.") if emergency else ("number", _NO_LENGTH)
        raise NumberRefusedError(kind, words)
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        raise NumberRefusedError("number", "This is no telephone number: no country's code begins like it.") from None
    if phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) != text:
        raise NumberRefusedError("number", "Write the number in E.164: without the zero that is dialled inland.")
    return number


_NO_LENGTH = "This is no telephone number: E.164 has the country's code and up to fifteen digits in all."


@cache
def _emergencies() -> frozenset[str]:
    return frozenset(
        short
        for short in ("110", "112", "113", "119", "911", "999", "000", "100", "101", "108")
        if any(phonenumbers.is_emergency_number(short, region) for region in phonenumbers.SUPPORTED_SHORT_REGIONS)
    )


def guess_zone(e164: str) -> str | None:
    """The zone in which a number's telephone stands, as far as the number tells; None if it tells of several that
    differ, or of none."""
    try:
        names = timezone.time_zones_for_number(phonenumbers.parse(e164, None))
    except phonenumbers.NumberParseException:
        return None
    known = [name for name in names if _is_zone(name)]
    if not known or len(known) < len(names):
        return None
    alike = {_signature(name) for name in known}
    return known[-1] if len(alike) == 1 else None


def _is_zone(name: str) -> bool:
    try:
        zone(name)
    except ZoneError:
        return False
    return True


@cache
def _signature(name: str) -> tuple[object, ...]:
    """What tells two zones apart for our purposes: how their clocks stand through a year."""
    return tuple(datetime(2026, month, 1, 12, tzinfo=UTC).astimezone(zone(name)).utcoffset() for month in range(1, 13))

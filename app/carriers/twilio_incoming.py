"""Reads the form that Twilio posts when someone calls (WIRE facts B.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.carriers.protocol import CallerKind, IncomingCall, IncomingError

_SID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_NUMBER = re.compile(r"\+?[0-9]{2,16}")
_ADDRESS_LIMIT = 255
"""Longer than any number or SIP address we would store; the rest is cut."""
_WITHHELD_WORDS = ("", "anonymous", "unknown", "restricted", "private", "unavailable")
_WITHHELD_SPELLED = ("+266696687", "+8656696", "+7378742833", "+86282452253")
"""ANONYMOUS, UNKNOWN, RESTRICTED, UNAVAILABLE as keyed on a telephone: how carriers write a word as a number."""


def parse_incoming(form: Mapping[str, str]) -> IncomingCall:
    """Every field but `CallSid` may be missing or odd. Raises IncomingError without a usable CallSid."""
    call_sid = form.get("CallSid")
    if not isinstance(call_sid, str) or not _SID.fullmatch(call_sid):
        raise IncomingError("The request names no call: CallSid is missing or malformed.")
    account_sid = _field(form, "AccountSid")
    caller = _field(form, "From")
    return IncomingCall(
        call_sid=call_sid,
        account_sid=account_sid if _SID.fullmatch(account_sid) else "",
        from_=caller,
        to=_field(form, "To") or _field(form, "Called"),
        direction=_field(form, "Direction") or "inbound",
        caller_kind=_kind(caller),
        caller_name=_field(form, "CallerName"),
        forwarded_from=_field(form, "ForwardedFrom"),
    )


def _field(form: Mapping[str, str], name: str) -> str:
    value = form.get(name, "")
    if not isinstance(value, str):
        return ""
    return "".join(letter for letter in value[:_ADDRESS_LIMIT] if letter.isprintable()).strip()


def _kind(caller: str) -> CallerKind:
    lowered = caller.lower()
    if lowered in _WITHHELD_WORDS or lowered in _WITHHELD_SPELLED:
        return "anonymous"
    if lowered.startswith(("sip:", "sips:")):
        return "sip"
    if lowered.startswith("client:"):
        return "client"
    return "number" if _NUMBER.fullmatch(caller) else "other"

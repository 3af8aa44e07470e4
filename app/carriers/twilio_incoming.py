"""Reads the form that Twilio posts when someone calls (WIRE facts B.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.carriers.callers import caller_kind as kind_of
from app.carriers.protocol import IncomingCall, IncomingError

_SID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_ADDRESS_LIMIT = 255
"""Longer than any number or SIP address we would store; the rest is cut."""


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
        caller_kind=kind_of(caller),
        caller_name=_field(form, "CallerName"),
        forwarded_from=_field(form, "ForwardedFrom"),
    )


def _field(form: Mapping[str, str], name: str) -> str:
    value = form.get(name, "")
    if not isinstance(value, str):
        return ""
    return "".join(letter for letter in value[:_ADDRESS_LIMIT] if letter.isprintable()).strip()

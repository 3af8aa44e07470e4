"""The form of an incoming call is read tolerantly, and within bounds."""

from __future__ import annotations

import pytest

from app.carriers.protocol import IncomingError
from app.carriers.twilio_incoming import parse_incoming

FORM = {
    "AccountSid": "AC1",
    "CallSid": "CA1",
    "From": "+14158675310",
    "To": "+18005551212",
    "Direction": "inbound",
    "CallStatus": "ringing",
    "SomethingNew": "1",
}


def test_an_ordinary_call() -> None:
    call = parse_incoming(FORM | {"CallerName": "Ann", "ForwardedFrom": "+15550001"})
    assert (call.call_sid, call.account_sid, call.from_, call.to) == ("CA1", "AC1", "+14158675310", "+18005551212")
    assert (call.direction, call.caller_kind, call.caller_name, call.forwarded_from) == (
        "inbound",
        "number",
        "Ann",
        "+15550001",
    )


@pytest.mark.parametrize(
    ("caller", "kind"),
    [
        ("", "anonymous"),
        ("anonymous", "anonymous"),
        ("Anonymous", "anonymous"),
        ("unknown", "anonymous"),
        ("+266696687", "anonymous"),
        ("sip:ann@example.com", "sip"),
        ("client:ann", "client"),
        ("+14158675310", "number"),
        ("911", "number"),
        ("whatsapp:+1555", "other"),
    ],
)
def test_odd_callers_are_recognised(caller: str, kind: str) -> None:
    assert parse_incoming(FORM | {"From": caller}).caller_kind == kind


def test_a_call_is_needed_and_all_else_may_be_missing() -> None:
    call = parse_incoming({"CallSid": "CA1"})
    assert (call.from_, call.to, call.direction) == ("", "", "inbound")
    for sid in ({}, {"CallSid": ""}, {"CallSid": "x" * 65}, {"CallSid": "CA 1"}):
        with pytest.raises(IncomingError, match="CallSid"):
            parse_incoming(sid)


def test_values_are_bounded_and_clean() -> None:
    call = parse_incoming(FORM | {"From": "sip:" + "a" * 1000, "CallerName": "An\x00n\n", "AccountSid": "<x>"})
    assert len(call.from_) == 255
    assert call.caller_name == "Ann"
    assert call.account_sid == ""


def test_numbers_do_not_show_in_a_representation() -> None:
    assert "4158675310" not in repr(parse_incoming(FORM))
    assert "8005551212" not in repr(parse_incoming(FORM))

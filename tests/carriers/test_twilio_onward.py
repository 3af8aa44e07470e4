"""A call that leaves us for a person: what Twilio is told, and what it tells."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from app.carriers.legs import MOST, carrier_sid, next_leg
from app.carriers.onward import Onward, StreamOver
from app.carriers.protocol import IncomingError
from app.carriers.twilio_onward import parse_stream_over
from app.carriers.twiml import SAY_LIMIT, Twiml
from app.phone.twiml import Dial, Gather, Hangup, Say, parse

SID = "CA" + "0" * 32
TWIML = Twiml()


def onward(caller_id: str | None = "+14155550199") -> Onward:
    return Onward("+442079460000", caller_id, 25, 3600, "https://p.example/w?transfer=1&x=2", "https://p.example/a?t=1")


def test_a_person_is_rung_with_limits_under_our_number_and_told_first() -> None:
    root = ElementTree.fromstring(TWIML.transfer(onward()))
    (dial,) = root
    assert (dial.tag, dial.get("timeout"), dial.get("timeLimit")) == ("Dial", "25", "3600")
    (read,) = parse(TWIML.transfer(onward()).encode(), "text/xml")
    assert read == Dial(
        "+442079460000", "https://p.example/w?transfer=1&x=2", "https://p.example/a?t=1", "+14155550199", 25
    )
    (unnamed,) = parse(TWIML.transfer(onward(None)).encode(), "text/xml")
    assert isinstance(unnamed, Dial)
    assert unnamed.caller_id is None
    assert "4207946" not in repr(onward())


@pytest.mark.parametrize("text", ["Ada <b> & Bo", "a\x00b\x1bc", "x" * 5000, "</Say><Hangup/>"])
def test_whatever_a_caller_said_is_only_said(text: str) -> None:
    (said,) = parse(TWIML.whisper(text, "", None).encode(), "text/xml")
    assert isinstance(said, Say)
    assert len(said.text) <= SAY_LIMIT
    gather, end = parse(TWIML.whisper(text, "en-GB", "https://p.example/taken?a=1&b=2").encode(), "text/xml")
    assert isinstance(gather, Gather)
    assert gather.action == "https://p.example/taken?a=1&b=2"
    assert gather.texts == (said.text, "Press any key to take the call.")
    assert end == Hangup(), "who presses nothing is not joined"
    assert parse(TWIML.joined().encode(), "text/xml") == ()


@pytest.mark.parametrize(
    ("told", "end", "over"),
    [
        ({}, None, False),
        ({"CallStatus": "completed"}, None, True),
        ({"DialCallStatus": "completed", "DialBridged": "true"}, "answered", False),
        ({"DialCallStatus": "completed"}, "answered", False),
        ({"DialCallStatus": "completed", "DialBridged": "false"}, "declined", False),
        ({"DialCallStatus": "no-answer", "CallStatus": "in-progress"}, "no-answer", False),
        ({"DialCallStatus": "busy"}, "busy", False),
        ({"DialCallStatus": "canceled", "CallStatus": "completed"}, "no-answer", True),
        ({"DialCallStatus": "something-new"}, "failed", False),
    ],
)
def test_how_it_went_is_read(told: dict[str, str], end: str | None, over: bool) -> None:
    form = {"CallSid": SID, "CallStatus": "in-progress", "DialCallDuration": "12"} | told
    assert parse_stream_over(form) == StreamOver(SID, over, end, 12)  # type: ignore[arg-type]


def test_a_message_about_no_call_is_none() -> None:
    with pytest.raises(IncomingError):
        parse_stream_over({"CallStatus": "completed"})


def test_stretches_of_a_call_are_numbered_and_end_somewhere() -> None:
    legs = [SID]
    while (leg := next_leg(legs[-1])) is not None:
        legs.append(leg)
    assert legs[:3] == [SID, f"{SID}.2", f"{SID}.3"]
    assert len(legs) == MOST
    assert {carrier_sid(leg) for leg in legs} == {SID}

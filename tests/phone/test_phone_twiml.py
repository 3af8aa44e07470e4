"""TwiML is read as strictly as Twilio reads it, and what the carrier floor writes passes."""

from __future__ import annotations

import pytest

from app.carriers.twiml import Twiml
from app.phone.twiml import ConnectStream, Hangup, Pause, Redirect, Reject, Say, TwimlError, parse


def read(text: str) -> tuple[object, ...]:
    return parse(text.encode(), "text/xml; charset=utf-8")


def test_our_own_answers_pass() -> None:
    ours = Twiml()
    answer = read(ours.answer("ws://127.0.0.1:8000/twilio/stream", "http://127.0.0.1:8000/a", "t&<", "call"))
    assert answer == (
        ConnectStream("ws://127.0.0.1:8000/twilio/stream", {"call_token": "t&<"}, "http://127.0.0.1:8000/a"),
        Hangup(),
    )
    assert [type(verb) for verb in read(ours.busy())] == [Say, Hangup]
    assert [type(verb) for verb in read(ours.unavailable())] == [Say, Hangup]
    assert read(ours.after_stream()) == (Hangup(),)


def test_the_other_verbs() -> None:
    text = '<Response><Pause length="2"/><Pause/><Say voice="a"> hi </Say><Redirect>/b</Redirect><Reject/></Response>'
    assert read(text) == (Pause(2), Pause(1), Say("hi"), Redirect("/b"), Reject("rejected"))
    assert read("<Response/>") == ()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "11770"),
        ("<Response>", "12100"),
        ("<Answer/>", "12102"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><Response/>', "12100"),
        ("<Response><Sing/></Response>", "12200"),
        ('<Response><Hangup now="1"/></Response>', "now"),
        ("<Response><Connect/></Response>", "one <Stream>"),
        ('<Response><Connect method="GET"><Stream url="wss://a/b"/></Connect></Response>', "POST"),
        ('<Response><Connect><Stream url="https://a/b"/></Connect></Response>', "31922"),
        ('<Response><Connect><Stream url="wss://a/b?c=1"/></Connect></Response>', "31920"),
        ('<Response><Connect><Stream url="wss://a/b" track="both_tracks"/></Connect></Response>', "31941"),
        ('<Response><Connect><Stream url="wss://a/b" rate="8"/></Connect></Response>', "rate"),
        ('<Response><Connect><Stream url="wss://a/b"><P/></Stream></Connect></Response>', "Parameter"),
        ('<Response><Connect><Stream url="wss://a/b"><Parameter value="x"/></Stream></Connect></Response>', "name"),
        (
            f'<Response><Connect><Stream url="wss://a/b"><Parameter name="n" value="{"x" * 499}"/></Stream></Connect>'
            "</Response>",
            "500",
        ),
        ("<Response><Say></Say></Response>", "Say"),
        ('<Response><Pause length="1.5"/></Response>', "whole seconds"),
        ("<Response><Redirect/></Response>", "Redirect"),
        (f"<Response><Say>{'x' * 66_000}</Say></Response>", "11750"),
    ],
)
def test_what_twilio_refuses_is_refused_with_its_code(text: str, error: str) -> None:
    with pytest.raises(TwimlError, match=error):
        read(text)


def test_the_content_type_counts() -> None:
    with pytest.raises(TwimlError, match="12300"):
        parse(b"<Response/>", "application/json")

"""A media stream is read to the letter of WIRE facts A.2; whatever else arrives is named, counted and survived."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.carriers.protocol import (
    DigitPressed,
    MarkReturned,
    MediaArrived,
    Rejected,
    StreamOpened,
    StreamStarted,
    StreamStopped,
)
from app.carriers.twilio_decoder import MESSAGE_LIMIT, PAYLOAD_LIMIT, SEQUENCE_LEAP, TwilioDecoder

SID = "MZ18ad3ab5a668481ce02b83e7395059f0"
FRAME = bytes(range(160))


def start(**changes: Any) -> dict[str, Any]:
    inner: dict[str, Any] = {
        "accountSid": "AC1",
        "streamSid": SID,
        "callSid": "CA1",
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {"call_token": "abc123"},
    } | changes
    return {"event": "start", "sequenceNumber": "1", "streamSid": SID, "start": inner}


def media(sequence: int | None = None, chunk: int | None = None, payload: bytes = FRAME, **changes: Any) -> str:
    inner: dict[str, Any] = {"track": "inbound", "timestamp": "5", "payload": base64.b64encode(payload).decode()}
    message: dict[str, Any] = {"event": "media", "streamSid": SID, "media": inner}
    if chunk is not None:
        inner["chunk"] = str(chunk)
    if sequence is not None:
        message["sequenceNumber"] = str(sequence)
    inner.update(changes)
    return json.dumps(message)


def started() -> TwilioDecoder:
    decoder = TwilioDecoder()
    assert decoder.decode('{"event":"connected","protocol":"Call","version":"1.0.0"}') == StreamOpened()
    assert isinstance(decoder.decode(json.dumps(start())), StreamStarted)
    return decoder


def message(event: str, sequence: int, **rest: Any) -> str:
    return json.dumps({"event": event, "sequenceNumber": str(sequence), "streamSid": SID} | rest)


def test_a_stream_from_hello_to_its_end() -> None:
    decoder = TwilioDecoder()
    assert decoder.decode('{"event":"connected","protocol":"Call","version":"1.0.0"}') == StreamOpened()
    assert decoder.decode(json.dumps(start())) == StreamStarted(SID, "CA1", "AC1", {"call_token": "abc123"})
    assert decoder.decode(media(3, 1)) == MediaArrived(FRAME, 5, 1)
    assert decoder.decode(message("mark", 4, mark={"name": "utt-7-end"})) == MarkReturned("utt-7-end")
    assert decoder.decode(message("dtmf", 5, dtmf={"track": "inbound_track", "digit": "#"})) == DigitPressed("#")
    assert decoder.decode(message("stop", 6, stop={"accountSid": "AC1", "callSid": "CA1"})) == StreamStopped()
    assert decoder.decode(media(7, 2)) == Rejected("after_stop")


def test_nothing_private_shows_in_a_representation() -> None:
    event = TwilioDecoder().decode(json.dumps(start()))
    assert "abc123" not in repr(event)
    assert "payload" not in repr(started().decode(media(2, 1)))


@pytest.mark.parametrize("event", ["media", "mark", "dtmf", "stop"])
def test_nothing_is_believed_before_the_start(event: str) -> None:
    assert TwilioDecoder().decode(json.dumps({"event": event, "streamSid": SID})) == Rejected("before_start")


def test_a_second_hello_or_start_changes_nothing() -> None:
    decoder = started()
    other = start(callSid="CA2", streamSid="MZother") | {"streamSid": "MZother", "sequenceNumber": "2"}
    assert decoder.decode(json.dumps(other)) == Rejected("duplicate")
    assert decoder.decode('{"event":"connected"}') == Rejected("duplicate")
    assert isinstance(decoder.decode(media(2, 1)), MediaArrived)


def test_late_and_repeated_messages_are_ignored() -> None:
    decoder = started()
    assert isinstance(decoder.decode(media(5, 4)), MediaArrived)
    assert decoder.decode(media(5, 4)) == Rejected("duplicate")
    assert decoder.decode(media(4, 3)) == Rejected("out_of_order")
    assert decoder.decode(media(6, 3)) == Rejected("out_of_order"), "an older chunk under a fresh number"
    assert decoder.decode(media(6, 4)) == Rejected("duplicate"), "the same chunk under a fresh number"
    assert decoder.decode(media(6, 5)) == MediaArrived(FRAME, 5, 5)


def test_missing_numbers_are_tolerated() -> None:
    decoder = started()
    assert decoder.decode(media(timestamp=None)) == MediaArrived(FRAME, None, None)
    assert decoder.decode(media(9)) == MediaArrived(FRAME, 5, None)
    assert decoder.decode(media(20, 7)) == MediaArrived(FRAME, 5, 7), "a gap is no fault"


def test_one_wild_number_does_not_deafen_the_call() -> None:
    decoder = started()
    assert decoder.decode(media(SEQUENCE_LEAP + 2, 1)) == Rejected("out_of_order")
    assert decoder.decode(media(2, SEQUENCE_LEAP + 1)) == Rejected("out_of_order")
    assert isinstance(decoder.decode(media(2, 1)), MediaArrived)


@pytest.mark.parametrize("leap", [SEQUENCE_LEAP + 2, 5000, 10**11])
def test_a_lone_leap_costs_one_message_and_no_other(leap: int) -> None:
    decoder = started()
    assert isinstance(decoder.decode(media(2, 1)), MediaArrived)
    assert decoder.decode(message("mark", leap + 2, mark={"name": "a"})) == Rejected("out_of_order")
    assert decoder.decode(media(3, leap + 1)) == Rejected("out_of_order")
    assert all(isinstance(decoder.decode(media(n + 2, n + 1)), MediaArrived) for n in range(1, 200))


def test_numbers_that_went_on_elsewhere_are_followed_once_two_agree() -> None:
    decoder = started()
    assert decoder.decode(media(5000)) == Rejected("out_of_order")
    assert isinstance(decoder.decode(media(5001)), MediaArrived)
    assert decoder.decode(media(2)) == Rejected("out_of_order")
    assert isinstance(decoder.decode(media(3)), MediaArrived), "and back, if the two had been the strays"


def test_two_strays_that_do_not_agree_are_two_strays() -> None:
    decoder = started()
    for stray in (5000, 9000, 4999, 300):
        assert decoder.decode(media(stray)) == Rejected("out_of_order")
    assert isinstance(decoder.decode(media(2)), MediaArrived)
    assert decoder.decode(media(301)) == Rejected("out_of_order"), "not in a row with the stray before"


def test_a_refused_message_leaves_its_number_free() -> None:
    decoder = started()
    assert decoder.decode(media(2, 1, payload=b"")) == Rejected("malformed")
    assert isinstance(decoder.decode(media(2, 1)), MediaArrived)


def test_another_stream_and_another_track_are_refused() -> None:
    decoder = started()
    assert decoder.decode(media(2, 1).replace(SID, "MZ" + "0" * 32)) == Rejected("foreign_stream")
    assert decoder.decode(media(2, 1, track="outbound")) == Rejected("foreign_track")
    assert TwilioDecoder().decode(json.dumps(start(tracks=["outbound"]))) == Rejected("foreign_track")


@pytest.mark.parametrize(
    "form",
    [
        None,
        "audio/x-mulaw",
        {"encoding": "audio/x-mulaw", "sampleRate": "8000", "channels": 1},
        {"encoding": "audio/x-mulaw", "sampleRate": 16000, "channels": 1},
        {"encoding": "audio/l16", "sampleRate": 8000, "channels": 1},
        {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 2},
    ],
)
def test_only_the_telephone_format_is_taken(form: object) -> None:
    assert TwilioDecoder().decode(json.dumps(start(mediaFormat=form))) == Rejected("media_format")


def test_sizes_are_bounded() -> None:
    decoder = started()
    assert decoder.decode(" " * MESSAGE_LIMIT + "{}") == Rejected("oversized")
    assert decoder.decode(media(2, 1, payload=b"x" * (PAYLOAD_LIMIT + 1))) == Rejected("oversized")
    assert isinstance(decoder.decode(media(2, 1, payload=b"x" * PAYLOAD_LIMIT)), MediaArrived)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "hello",
        "[]",
        "null",
        "1" * 5000,
        "[" * 60_000,
        '{"event":"media"',
        '{"event":["media"]}',
        "{}",
        media(2, 1, payload=b"").replace('"payload": ""', '"payload": "=="'),
        media(2, 1).replace('"payload": "AAEC', '"payload": "AA EC'),
        media(2, 1, payload=b"\x00").replace("AA==", "AA"),
        media(2, 1).replace("AAEC", "é"),
        media(2, 1, payload=b"ab", chunk_=0).replace('"chunk": "1"', '"chunk": 1'),
        media(2, 1).replace('"chunk": "1"', '"chunk": "-1"'),
        media(2, 1).replace('"chunk": "1"', '"chunk": "٣"'),
        media(2, 1).replace('"sequenceNumber": "2"', '"sequenceNumber": true'),
        message("media", 2, media=[]),
        message("mark", 2, mark={}),
        message("mark", 2, mark={"name": "x" * 257}),
        message("mark", 2, mark={"name": "\ud800"}),
        message("dtmf", 2, dtmf={"digit": "E"}),
        message("dtmf", 2, dtmf={"digit": "12"}),
        message("dtmf", 2, dtmf={"digit": 1}),
    ],
)
def test_nonsense_is_malformed_and_the_call_goes_on(raw: str) -> None:
    decoder = started()
    assert decoder.decode(raw) == Rejected("malformed")
    assert isinstance(decoder.decode(media(2, 1)), MediaArrived)


@pytest.mark.parametrize(
    "changes",
    [
        {"callSid": None},
        {"callSid": "x" * 65},
        {"accountSid": "no spaces please"},
        {"streamSid": "MZother"},
        {"tracks": "inbound"},
        {"customParameters": ["call_token"]},
        {"customParameters": {"call_token": 1}},
        {"customParameters": {str(n): "" for n in range(65)}},
    ],
)
def test_a_start_that_names_no_call_is_malformed_and_may_be_sent_again(changes: dict[str, Any]) -> None:
    decoder = TwilioDecoder()
    assert decoder.decode(json.dumps(start(**changes))) == Rejected("malformed")
    assert isinstance(decoder.decode(json.dumps(start())), StreamStarted)


def test_binary_and_unknown_messages_are_named() -> None:
    decoder = started()
    assert decoder.decode(media(2, 1).encode()) == Rejected("binary")
    assert decoder.decode(message("video", 2)) == Rejected("unknown_event")


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_keys = st.sampled_from(["sequenceNumber", "streamSid", "media", "mark", "dtmf", "stop", "start"])


@given(
    event=st.sampled_from(["media", "mark", "dtmf", "stop", "start", "connected", "other"]),
    rest=st.dictionaries(_keys, _json, max_size=4),
    ours=st.booleans(),
)
def test_no_message_whatever_raises(event: str, rest: dict[str, Any], ours: bool) -> None:
    decoder = started()
    text = json.dumps({"event": event} | rest | ({"streamSid": SID} if ours else {}))
    assert type(decoder.decode(text)) in (Rejected, StreamStopped)

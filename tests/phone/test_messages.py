"""The phone writes what Twilio writes: WIRE facts A.2, with strings where it has strings."""

from __future__ import annotations

import base64
import json

from app.carriers.protocol import DigitPressed, MarkReturned, MediaArrived, StreamOpened, StreamStarted, StreamStopped
from app.carriers.twilio_decoder import TwilioDecoder
from app.phone.messages import SILENT_FRAME, StreamWriter, connected, encode_frames


def test_a_stream_to_the_letter() -> None:
    writer = StreamWriter("MZ1", "CA1", "AC1")
    assert json.loads(connected()) == {"event": "connected", "protocol": "Call", "version": "1.0.0"}
    assert json.loads(writer.start({"call_token": "abc"})) == {
        "event": "start",
        "sequenceNumber": "1",
        "streamSid": "MZ1",
        "start": {
            "accountSid": "AC1",
            "streamSid": "MZ1",
            "callSid": "CA1",
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": {"call_token": "abc"},
        },
    }
    for number in (1, 2):
        assert json.loads(writer.media("AAAA")) == {
            "event": "media",
            "sequenceNumber": str(number + 1),
            "streamSid": "MZ1",
            "media": {
                "track": "inbound",
                "chunk": str(number),
                "timestamp": str(20 * (number - 1)),
                "payload": "AAAA",
            },
        }
    assert json.loads(writer.mark("m")) == {
        "event": "mark",
        "sequenceNumber": "4",
        "streamSid": "MZ1",
        "mark": {"name": "m"},
    }
    assert json.loads(writer.dtmf("#")) == {
        "event": "dtmf",
        "sequenceNumber": "5",
        "streamSid": "MZ1",
        "dtmf": {"track": "inbound_track", "digit": "#"},
    }
    assert json.loads(writer.stop()) == {
        "event": "stop",
        "sequenceNumber": "6",
        "streamSid": "MZ1",
        "stop": {"accountSid": "AC1", "callSid": "CA1"},
    }


def test_the_carrier_floor_understands_every_one_of_them() -> None:
    decoder, writer = TwilioDecoder(), StreamWriter("MZ1", "CA1", "AC1")
    texts = [
        connected(),
        writer.start({}),
        writer.media(SILENT_FRAME),
        writer.mark("m"),
        writer.dtmf("1"),
        writer.stop(),
    ]
    assert [type(decoder.decode(text)) for text in texts] == [
        StreamOpened,
        StreamStarted,
        MediaArrived,
        MarkReturned,
        DigitPressed,
        StreamStopped,
    ]


def test_sound_is_cut_into_frames_and_filled_up_with_silence() -> None:
    frames = [base64.b64decode(frame) for frame in encode_frames(b"\x01" * 200)]
    assert frames == [b"\x01" * 160, b"\x01" * 40 + b"\xff" * 120]
    assert encode_frames(b"") == []
    assert base64.b64decode(SILENT_FRAME) == b"\xff" * 160

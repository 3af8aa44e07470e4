"""What goes out holds exactly the keys of WIRE facts A.3."""

from __future__ import annotations

import base64
import json

import pytest

from app.carriers.twilio_encoder import encode_clear, encode_mark, encode_media


def test_media_is_base64_of_the_raw_bytes_and_nothing_else() -> None:
    assert json.loads(encode_media("MZ1", b"\xff\x00\x7f")) == {
        "event": "media",
        "streamSid": "MZ1",
        "media": {"payload": base64.b64encode(b"\xff\x00\x7f").decode()},
    }


def test_mark_and_clear() -> None:
    assert json.loads(encode_mark("MZ1", 'a"b')) == {"event": "mark", "streamSid": "MZ1", "mark": {"name": 'a"b'}}
    assert json.loads(encode_clear("MZ1")) == {"event": "clear", "streamSid": "MZ1"}


def test_an_odd_stream_name_cannot_break_out_of_the_message() -> None:
    assert json.loads(encode_media('MZ","event":"clear', b"x"))["event"] == "media"


def test_an_empty_piece_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        encode_media("MZ1", b"")

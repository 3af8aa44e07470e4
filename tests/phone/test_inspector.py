"""Every message of a server's is held to WIRE facts A.3; what Twilio would ignore is ignored and counted by kind."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.carriers.twilio_encoder import encode_clear, encode_mark, encode_media
from app.phone.inspector import ClearQueue, Command, PlaceMark, PlayMedia, WireFaults, inspect

SOUND = base64.b64encode(b"\x7f" * 800).decode()


def media(**changes: Any) -> str:
    return json.dumps({"event": "media", "streamSid": "MZ1", "media": {"payload": SOUND}} | changes)


def judge(raw: str | bytes) -> tuple[Command | None, dict[str, int]]:
    faults = WireFaults()
    return inspect(raw, "MZ1", faults), dict(faults.counts)


def test_what_the_carrier_floor_writes_is_without_fault() -> None:
    assert judge(encode_media("MZ1", b"\x7f" * 800)) == (PlayMedia(b"\x7f" * 800), {})
    assert judge(encode_mark("MZ1", "m-1")) == (PlaceMark("m-1"), {})
    assert judge(encode_clear("MZ1")) == (ClearQueue(), {})


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (media().encode(), "binary"),
        ("{", "not_json"),
        ("[" * 100_000, "not_json"),
        ("[]", "not_json"),
        ("{}", "unknown_event"),
        (media(event="play"), "unknown_event"),
        (media(event=["media"]), "unknown_event"),
        (media(sequenceNumber="1"), "extra_keys"),
        (media(media={"payload": SOUND, "track": "outbound"}), "extra_keys"),
        ('{"event":"clear","streamSid":"MZ1","clear":{}}', "extra_keys"),
        ('{"event":"media","media":{"payload":"AAAA"}}', "missing_keys"),
        ('{"event":"mark","streamSid":"MZ1"}', "missing_keys"),
        ('{"event":"mark","streamSid":"MZ1","mark":"m"}', "missing_keys"),
        (media(media={}), "missing_keys"),
        (media(streamSid="MZ2"), "wrong_stream"),
        ('{"event":"clear","streamSid":null}', "wrong_stream"),
        (media(media={"payload": ""}), "bad_base64"),
        (media(media={"payload": "AAA"}), "bad_base64"),
        (media(media={"payload": "AA\nAA"}), "bad_base64"),
        (media(media={"payload": "é"}), "bad_base64"),
        (media(media={"payload": 1}), "bad_base64"),
        ('{"event":"mark","streamSid":"MZ1","mark":{"name":""}}', "bad_mark_name"),
        ('{"event":"mark","streamSid":"MZ1","mark":{"name":7}}', "bad_mark_name"),
    ],
)
def test_a_fault_is_named_and_the_message_ignored(raw: str | bytes, kind: str) -> None:
    assert judge(raw) == (None, {kind: 1})


def test_a_file_header_is_a_fault_and_is_heard_all_the_same() -> None:
    wav = b"RIFF" + b"\x00" * 40
    assert judge(encode_media("MZ1", wav)) == (PlayMedia(wav), {"file_header": 1})


def test_faults_add_up_and_explain_themselves() -> None:
    faults = WireFaults()
    assert (faults.total, str(faults)) == (0, "none")
    inspect(media(extra=1), "MZ1", faults)
    inspect(media(other=1), "MZ1", faults)
    inspect(b"", "MZ1", faults)
    assert faults.total == 3
    assert "extra_keys ×2 (media has extra)" in str(faults)


@given(st.text(max_size=40) | st.binary(max_size=40))
def test_nothing_raises(raw: str | bytes) -> None:
    command, counts = judge(raw)
    assert command is None
    assert sum(counts.values()) == 1

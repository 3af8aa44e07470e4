"""One media stream as Twilio keeps it, in virtual time: frames on a schedule without drift, marks, keys, the end."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest

from app.carriers.twilio_encoder import encode_clear, encode_mark, encode_media
from app.phone.inspector import WireFaults
from app.phone.log import Log
from app.phone.messages import StreamWriter
from app.phone.stream import StreamSide

LOUD = b"\x00"
START_S = 10.0


def side() -> tuple[StreamSide, Log, WireFaults]:
    log, faults = Log(), WireFaults()
    return StreamSide(StreamWriter("MZ1", "CA1", "AC1"), log, faults, START_S), log, faults


def events(texts: list[str]) -> list[dict[str, Any]]:
    return [json.loads(text) for text in texts]


def run(stream: StreamSide, start: float, end: float) -> list[dict[str, Any]]:
    """Advances exactly when the stream asks for it."""
    out: list[dict[str, Any]] = []
    while (due := stream.due_s()) <= end:
        assert due >= start - 1e-9
        out += events(stream.advance(due))
    return out


def kinds(log: Log) -> list[tuple[float, str, str]]:
    return [(round(entry.at_s, 3), entry.kind, entry.text) for entry in log]


def test_frames_come_every_20_ms_and_a_late_one_makes_no_other_late() -> None:
    stream, _, _ = side()
    stream.start({})
    assert stream.due_s() == pytest.approx(START_S + 0.02)
    assert len(stream.advance(START_S + 0.065)) == 3, "late: the frames that are due, together"
    assert stream.due_s() == pytest.approx(START_S + 0.08), "and on with the schedule"
    assert len(run(stream, START_S, START_S + 60.0001)) == 3000 - 3


def test_what_is_said_goes_out_frame_by_frame_between_silence() -> None:
    stream, log, _ = side()
    stream.advance(START_S + 0.041)
    stream.mouth.say(b"\xff" * 160 + LOUD * 320 + b"\xff" * 100, "hello")
    frames = [base64.b64decode(m["media"]["payload"]) for m in run(stream, START_S, START_S + 0.1401)]
    assert frames == [b"\xff" * 160, LOUD * 160, LOUD * 160, b"\xff" * 160, b"\xff" * 160]
    assert kinds(log) == [(10.06, "caller_started", "hello"), (10.1, "caller_stopped", "")]
    spoken = stream.mouth.spoken(11.0)
    assert np.flatnonzero(spoken)[[0, -1]].tolist() == [80_480, 80_799]


def test_keys_are_pressed_one_by_one() -> None:
    stream, log, _ = side()
    stream.mouth.press("1#")
    out = run(stream, START_S, START_S + 0.5)
    keys = [(n, m["dtmf"]["digit"]) for n, m in enumerate(out) if m["event"] == "dtmf"]
    assert keys == [(1, "1"), (12, "#")]
    assert [text for _, kind, text in kinds(log) if kind == "digit"] == ["1", "#"]
    numbers = [int(m["sequenceNumber"]) for m in out]
    assert numbers == list(range(1, len(out) + 1))
    with pytest.raises(ValueError, match="'x'"):
        stream.mouth.press("1x")


def test_marks_return_behind_their_sound_even_between_two_frames() -> None:
    stream, log, faults = side()
    assert stream.receive(encode_media("MZ1", LOUD * 400), START_S + 0.001) == []
    assert stream.receive(encode_mark("MZ1", "m"), START_S + 0.002) == []
    out = run(stream, START_S, START_S + 0.06)
    assert [m["event"] for m in out] == ["media", "media", "mark", "media"]
    assert out[2]["mark"] == {"name": "m"}
    assert events(stream.receive(encode_mark("MZ1", "now"), START_S + 0.07))[0]["mark"] == {"name": "now"}
    assert faults.total == 0
    assert (10.051, "mark", "m") in kinds(log)


def test_a_clear_is_answered_at_once_with_every_pending_mark() -> None:
    stream, log, _ = side()
    stream.receive(encode_media("MZ1", LOUD * 8000), START_S)
    stream.receive(encode_mark("MZ1", "a"), START_S)
    stream.receive(encode_mark("MZ1", "b"), START_S)
    out = events(stream.receive(encode_clear("MZ1"), START_S + 0.1))
    assert [m["mark"]["name"] for m in out] == ["a", "b"]
    assert kinds(log)[:2] == [(10.0, "agent_started", ""), (10.1, "clear", "")]


def test_what_breaks_the_protocol_is_counted_and_not_played() -> None:
    stream, _, faults = side()
    assert stream.receive(b"\x00", START_S) == []
    assert stream.receive(encode_media("MZ2", LOUD * 800), START_S) == []
    assert stream.playout.idle(START_S)
    stream.receive(encode_media("MZ1", LOUD * (601 * 8000)), START_S)
    assert dict(faults.counts) == {"binary": 1, "wrong_stream": 1, "overflow": 1}


def test_hanging_up_says_stop_and_then_nothing() -> None:
    stream, log, _ = side()
    stream.mouth.say(LOUD * 8000, "a long word")
    stream.receive(encode_media("MZ1", LOUD * 8000), START_S)
    run(stream, START_S, START_S + 0.5)
    assert [m["event"] for m in events(stream.stop(START_S + 0.5))] == ["stop"]
    assert stream.stop(START_S + 0.6) == []
    assert stream.advance(START_S + 9) == []
    assert stream.receive(encode_media("MZ1", LOUD * 800), START_S + 1) == []
    assert stream.unheard_ms == pytest.approx(500)
    assert np.count_nonzero(stream.ear(20.0)) == 4000
    assert np.count_nonzero(stream.mouth.spoken(20.0)) == pytest.approx(4000, abs=160)
    assert [kind for _, kind, _ in kinds(log)] == [
        "agent_started",
        "caller_started",
        "caller_stopped",
        "agent_stopped",
        "stopped",
    ]


def test_a_goodbye_cut_by_the_server_closing_shows() -> None:
    stream, log, _ = side()
    stream.receive(encode_media("MZ1", LOUD * 8000), START_S)
    stream.closed(START_S + 0.25)
    assert stream.unheard_ms == pytest.approx(750)
    assert kinds(log)[-1] == (10.25, "agent_stopped", "")

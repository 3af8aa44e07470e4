"""Reads one Twilio media stream (WIRE facts A.2), message by message, believing none of it.

This stands on the audio path, fifty times a second for every call: plain `json` and a strict base64, no models.
Only a message that is accepted moves the decoder on, so that no stray one can make it deaf to those that follow.
"""

from __future__ import annotations

import binascii
import json
import re
from collections.abc import Mapping
from typing import Any, Literal, cast

from app.carriers.protocol import (
    DigitPressed,
    MarkReturned,
    MediaArrived,
    Rejected,
    RejectReason,
    StreamEvent,
    StreamOpened,
    StreamStarted,
    StreamStopped,
)

MESSAGE_LIMIT = 65_536
"""Characters in a message. A real one holds 20 ms of sound in some 350; Twilio documents no limit."""
PAYLOAD_LIMIT = 16_384
"""Bytes of sound in a message: two seconds."""
MARK_NAME_LIMIT = 256
SEQUENCE_LEAP = 50
"""How far a number may lie from the last one, in messages: a second of them. The socket loses nothing, so a greater
leap is a fault of the number, and believing a single one would make every later message look old."""

_SID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_PARAMETER_LIMIT = 64
_KEYS = frozenset("0123456789*#ABCD")
_MEDIA_FORMAT = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}


class _RefusedError(Exception):
    def __init__(self, reason: RejectReason) -> None:
        self.reason: RejectReason = reason


class _Count:
    """Numbers that go up. A leap in either direction is believed once the next number agrees with it."""

    __slots__ = ("_doubt", "_last")

    def __init__(self) -> None:
        self._last = 0
        self._doubt: int | None = None

    def check(self, number: int) -> None:
        """Refuse a number that has been, or comes late, or leaps alone."""
        last, doubt = self._last, self._doubt
        if abs(number - last) > SEQUENCE_LEAP:
            if doubt is None or not doubt < number <= doubt + SEQUENCE_LEAP:
                self._doubt = number
                raise _RefusedError("out_of_order")
        elif number <= last:
            self._doubt = None
            raise _RefusedError("duplicate" if number == last else "out_of_order")

    def hold(self, number: int) -> None:
        self._last = number
        self._doubt = None


class TwilioDecoder:
    """One stream's state: opened, started with its sid, stopped; the last sequence number and the last media chunk."""

    __slots__ = ("_chunks", "_opened", "_sequence", "_stage", "_stream_sid")

    def __init__(self) -> None:
        self._stage: Literal["waiting", "started", "stopped"] = "waiting"
        self._opened = False
        self._stream_sid = ""
        self._sequence = _Count()
        self._chunks = _Count()

    def decode(self, raw: str | bytes) -> StreamEvent:
        """`raw`: one socket message, text or binary. Never raises."""
        try:
            message = _parse(raw)
            event = message.get("event")
            if event == "media":
                return self._media(message)
            if event == "mark":
                return self._mark(message)
            if event == "dtmf":
                return self._dtmf(message)
            if event == "start":
                return self._start(message)
            if event == "connected":
                return self._connected()
            if event == "stop":
                return self._stop(message)
            raise _RefusedError("unknown_event" if type(event) is str else "malformed")
        except _RefusedError as refusal:
            return Rejected(refusal.reason)

    def _connected(self) -> StreamOpened:
        if self._opened or self._stage != "waiting":
            raise _RefusedError("duplicate")
        self._opened = True
        return StreamOpened()

    def _start(self, message: dict[str, Any]) -> StreamStarted:
        if self._stage != "waiting":
            raise _RefusedError("duplicate" if self._stage == "started" else "after_stop")
        start = _table(message, "start")
        stream_sid = _sid(message, "streamSid")
        if start.get("streamSid", stream_sid) != stream_sid:
            raise _RefusedError("malformed")
        form = start.get("mediaFormat")
        if type(form) is not dict or any(form.get(key) != value for key, value in _MEDIA_FORMAT.items()):
            raise _RefusedError("media_format")
        if "inbound" not in _list(start.get("tracks", ["inbound"])):
            raise _RefusedError("foreign_track")
        event = StreamStarted(stream_sid, _sid(start, "callSid"), _sid(start, "accountSid"), _parameters(start))
        self._sequence.hold(_number(message, "sequenceNumber") or 0)
        self._stream_sid = stream_sid
        self._stage = "started"
        return event

    def _media(self, message: dict[str, Any]) -> MediaArrived:
        sequence = self._admit(message)
        media = _table(message, "media")
        if media.get("track", "inbound") != "inbound":
            raise _RefusedError("foreign_track")
        chunk = _number(media, "chunk")
        if chunk is not None:
            self._chunks.check(chunk)
        event = MediaArrived(_payload(media.get("payload")), _number(media, "timestamp"), chunk)
        self._accept(sequence)
        if chunk is not None:
            self._chunks.hold(chunk)
        return event

    def _mark(self, message: dict[str, Any]) -> MarkReturned:
        sequence = self._admit(message)
        name = _table(message, "mark").get("name")
        if type(name) is not str or not 0 < len(name) <= MARK_NAME_LIMIT or not name.isprintable():
            raise _RefusedError("malformed")
        self._accept(sequence)
        return MarkReturned(name)

    def _dtmf(self, message: dict[str, Any]) -> DigitPressed:
        sequence = self._admit(message)
        digit = _table(message, "dtmf").get("digit")
        if type(digit) is not str or digit not in _KEYS:
            raise _RefusedError("malformed")
        self._accept(sequence)
        return DigitPressed(digit)

    def _stop(self, message: dict[str, Any]) -> StreamStopped:
        self._accept(self._admit(message))
        self._stage = "stopped"
        return StreamStopped()

    def _admit(self, message: dict[str, Any]) -> int | None:
        """The sequence number to hold once the whole message is accepted; None if it carries none."""
        if self._stage != "started":
            raise _RefusedError("before_start" if self._stage == "waiting" else "after_stop")
        if message.get("streamSid") != self._stream_sid:
            raise _RefusedError("foreign_stream")
        sequence = _number(message, "sequenceNumber")
        if sequence is not None:
            self._sequence.check(sequence)
        return sequence

    def _accept(self, sequence: int | None) -> None:
        if sequence is not None:
            self._sequence.hold(sequence)


def _parse(raw: str | bytes) -> dict[str, Any]:
    if type(raw) is not str:
        raise _RefusedError("binary")
    if len(raw) > MESSAGE_LIMIT:
        raise _RefusedError("oversized")
    try:
        message = json.loads(raw)
    except (ValueError, RecursionError):  # RecursionError: thousands of opening brackets
        raise _RefusedError("malformed") from None
    if type(message) is not dict:
        raise _RefusedError("malformed")
    return message


def _payload(encoded: object) -> bytes:
    if type(encoded) is not str:
        raise _RefusedError("malformed")
    try:
        payload = binascii.a2b_base64(encoded, strict_mode=True)
    except ValueError:  # binascii.Error, or characters outside ASCII
        raise _RefusedError("malformed") from None
    if not payload:
        raise _RefusedError("malformed")
    if len(payload) > PAYLOAD_LIMIT:
        raise _RefusedError("oversized")
    return payload


def _number(table: dict[str, Any], key: str) -> int | None:
    """A whole number that Twilio sends as a string; None where it is missing."""
    value = table.get(key)
    if value is None:
        return None
    if type(value) is not str or not value.isascii() or not value.isdigit() or len(value) > 12:
        raise _RefusedError("malformed")
    return int(value)


def _table(message: dict[str, Any], key: str) -> dict[str, Any]:
    value = message.get(key)
    if type(value) is not dict:
        raise _RefusedError("malformed")
    return cast("dict[str, Any]", value)


def _list(value: object) -> list[Any]:
    if type(value) is not list:
        raise _RefusedError("malformed")
    return value


def _sid(table: dict[str, Any], key: str) -> str:
    value = table.get(key)
    if type(value) is not str or not _SID.fullmatch(value):
        raise _RefusedError("malformed")
    return value


def _parameters(start: dict[str, Any]) -> Mapping[str, str]:
    parameters = start.get("customParameters", {})
    if type(parameters) is not dict or len(parameters) > _PARAMETER_LIMIT:
        raise _RefusedError("malformed")
    if any(type(value) is not str or not (key + value).isprintable() for key, value in parameters.items()):
        raise _RefusedError("malformed")
    return cast("dict[str, str]", parameters)

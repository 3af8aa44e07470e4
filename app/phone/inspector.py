"""Holds every message of the server to the letter of WIRE facts A.3, as Twilio does; what fails is counted."""

from __future__ import annotations

import binascii
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

FaultKind = Literal[
    "binary",  # 31950
    "not_json",  # 31950
    "unknown_event",  # 31951, like all that follow
    "missing_keys",
    "extra_keys",
    "wrong_stream",
    "bad_base64",
    "bad_mark_name",
    "file_header",  # played as a click
    "overflow",  # 31931: more than ten minutes queued
    "twiml",  # 12100, 12200: a document outside the letter
    "webhook",  # 11200 and its kin
    "abnormal_close",  # 31921
]

_KEYS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "media": (frozenset({"event", "streamSid", "media"}), frozenset({"payload"})),
    "mark": (frozenset({"event", "streamSid", "mark"}), frozenset({"name"})),
    "clear": (frozenset({"event", "streamSid"}), frozenset()),
}
_FILE_HEADERS = (b"RIFF", b"ID3", b"OggS", b"fLaC")


@dataclass(slots=True)
class WireFaults:
    """How often the server broke the protocol, by kind, with the first instance of each in words."""

    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.counts.total()

    def add(self, kind: FaultKind, detail: str = "") -> None:
        """`detail`: for a person who looks for the mistake; never what was said."""
        self.counts[kind] += 1
        self.first.setdefault(kind, detail)

    def __str__(self) -> str:
        return ", ".join(f"{kind} ×{count} ({self.first[kind]})" for kind, count in self.counts.items()) or "none"


@dataclass(frozen=True, slots=True)
class PlayMedia:
    """Queue this sound: 8 kHz μ-law."""

    mulaw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class PlaceMark:
    """Send this name back when all that was queued before it has been played."""

    name: str


@dataclass(frozen=True, slots=True)
class ClearQueue:
    """Throw away what is queued; send back every pending mark."""


Command = PlayMedia | PlaceMark | ClearQueue


class _FaultError(Exception):
    def __init__(self, kind: FaultKind, detail: str) -> None:
        super().__init__(kind)
        self.kind: FaultKind = kind
        self.detail = detail


def inspect(raw: str | bytes, stream_sid: str, faults: WireFaults) -> Command | None:
    """One message of the server's. None if Twilio would ignore it; why is added to `faults`."""
    try:
        return _command(raw, stream_sid, faults)
    except _FaultError as fault:
        faults.add(fault.kind, fault.detail)
        return None


def _command(raw: str | bytes, stream_sid: str, faults: WireFaults) -> Command:
    message = _object(raw)
    event = message.get("event")
    if not isinstance(event, str) or event not in _KEYS:
        raise _FaultError("unknown_event", f"event {event!r}"[:80])
    outer, inner = _KEYS[event]
    _check_keys(event, message, outer)
    if message["streamSid"] != stream_sid:
        raise _FaultError("wrong_stream", f"{event} for {message['streamSid']!r}"[:80])
    if event == "clear":
        return ClearQueue()
    body = message[event]
    if not isinstance(body, dict):
        raise _FaultError("missing_keys", f"{event} is not an object")
    _check_keys(f"the body of {event}", body, inner)
    return _media(body["payload"], faults) if event == "media" else _mark(body["name"])


def _object(raw: str | bytes) -> dict[str, Any]:
    if not isinstance(raw, str):
        raise _FaultError("binary", f"{len(raw)} bytes")
    try:
        message = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise _FaultError("not_json", type(error).__name__) from None
    if not isinstance(message, dict):
        raise _FaultError("not_json", f"a {type(message).__name__} where an object belongs")
    return message


def _check_keys(where: str, table: dict[str, Any], wanted: frozenset[str]) -> None:
    if missing := sorted(wanted - table.keys()):
        raise _FaultError("missing_keys", f"{where} lacks {', '.join(missing)}")
    if extra := sorted(table.keys() - wanted):
        raise _FaultError("extra_keys", f"{where} has {', '.join(extra)}"[:120])


def _media(payload: object, faults: WireFaults) -> PlayMedia:
    if not isinstance(payload, str) or not payload:
        raise _FaultError("bad_base64", "the payload is no text, or empty")
    try:
        mulaw = binascii.a2b_base64(payload, strict_mode=True)
    except ValueError as error:
        raise _FaultError("bad_base64", str(error)) from None
    if mulaw.startswith(_FILE_HEADERS):
        faults.add("file_header", f"the sound begins with {mulaw[:4]!r}")
    return PlayMedia(mulaw)


def _mark(name: object) -> PlaceMark:
    if not isinstance(name, str) or not name:
        raise _FaultError("bad_mark_name", "a mark's name must be a text of one letter or more")
    return PlaceMark(name)

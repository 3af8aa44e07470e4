"""What a carrier must be able to do, and what a media stream says, in words that belong to no carrier.

A carrier is one module in this package with one `CARRIER` constant; `registry` finds it. Its wire never leaves this
floor: the floors above see only these events. Nothing here performs I/O, and nothing here reads the time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from app.carriers.onward import Onward, StreamOver
from app.carriers.placing import Report

CallerKind = Literal["number", "anonymous", "sip", "client", "other"]

RejectReason = Literal[
    "after_stop",
    "before_start",
    "binary",
    "duplicate",
    "foreign_stream",
    "foreign_track",
    "malformed",
    "media_format",
    "out_of_order",
    "oversized",
    "unknown_event",
]


@dataclass(frozen=True, slots=True)
class StreamOpened:
    """The carrier has said hello; nothing is known of the call yet."""


@dataclass(frozen=True, slots=True)
class StreamStarted:
    """The stream is bound to a call. `parameters`: what our answer asked the carrier to bring along (holds a token)."""

    stream_sid: str
    call_sid: str
    account_sid: str
    parameters: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class MediaArrived:
    """Sound from the caller. `payload`: 8 kHz μ-law, one byte a sample; `timestamp_ms`: since the stream's start."""

    payload: bytes = field(repr=False)
    timestamp_ms: int | None
    chunk: int | None


@dataclass(frozen=True, slots=True)
class MarkReturned:
    """Everything queued before this mark has been played, or was thrown away by a clear."""

    name: str


@dataclass(frozen=True, slots=True)
class DigitPressed:
    """One key of the telephone: `0-9`, `*`, `#`, `A-D`."""

    digit: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StreamStopped:
    """The carrier ended the stream: the caller hung up, or the call was taken elsewhere."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A message that was not understood or not believed: to be counted and otherwise ignored; the call goes on."""

    reason: RejectReason


StreamEvent = StreamOpened | StreamStarted | MediaArrived | MarkReturned | DigitPressed | StreamStopped | Rejected


class StreamDecoder(Protocol):
    """One media stream's reader; keeps what it needs to tell a stranger's, a late or a repeated message."""

    def decode(self, raw: str | bytes) -> StreamEvent:
        """One message off the socket; never raises, whatever it is given."""


@dataclass(frozen=True, slots=True)
class IncomingCall:
    """Someone is calling. Numbers stay out of the representation, and so out of logs."""

    call_sid: str
    account_sid: str
    from_: str = field(repr=False)
    to: str = field(repr=False)
    direction: str
    caller_kind: CallerKind
    caller_name: str = field(default="", repr=False)
    forwarded_from: str = field(default="", repr=False)


class IncomingError(ValueError):
    """The carrier's request does not say which call it is about."""


class Carrier(Protocol):
    """A telephone company, as Parley sees it. `name` is how settings and rows call it."""

    @property
    def name(self) -> str: ...

    def decoder(self) -> StreamDecoder:
        """A fresh reader for one media stream."""

    def encode_media(self, stream_sid: str, mulaw: bytes) -> str:
        """One socket message that queues `mulaw` (8 kHz μ-law, no header) for the caller's ear."""

    def encode_mark(self, stream_sid: str, name: str) -> str:
        """One socket message that asks for `name` back once everything queued so far has been played."""

    def encode_clear(self, stream_sid: str) -> str:
        """One socket message that throws away whatever is queued and not yet played."""

    def verify_webhook(self, url: str, params: Mapping[str, str], signature: str | None, token: str) -> bool:
        """Whether this request to `url` (as the carrier knows it, query included) was signed with `token`."""

    def verify_upgrade(self, url: str, signature: str | None, token: str) -> bool:
        """The same for the media stream's handshake; `url` as given in the answer, scheme `ws` or `wss`."""

    def parse_incoming(self, form: Mapping[str, str]) -> IncomingCall:
        """What the webhook says. Raises IncomingError."""

    def answer(self, stream_url: str, action_url: str, token: str, name: str) -> str:
        """The document that connects the call to our media stream. Raises ValueError for what the carrier refuses."""

    def busy(self) -> str:
        """The document that tells the caller politely that all lines are taken, and hangs up."""

    def sorry(self) -> str:
        """The document that tells somebody whom we rang that we cannot talk with them now, and hangs up."""

    def unavailable(self) -> str:
        """The document that tells the caller politely that we cannot talk now, and hangs up."""

    def after_stream(self) -> str:
        """The document for a call whose stream has ended: hang up."""

    def transfer(self, onward: Onward) -> str:
        """The document that rings a person for the caller, and joins the two."""

    def whisper(self, text: str, language: str, taken_url: str | None) -> str:
        """The document that tells that person who is calling. `taken_url`: asked once they have pressed a key, and
        without one they are not joined; None: they are joined when they have heard it."""

    def joined(self) -> str:
        """The document for a person who has taken the call."""

    def parse_stream_over(self, form: Mapping[str, str]) -> StreamOver:
        """What the carrier tells when a stream, or the talk with a person, has ended. Raises IncomingError."""

    def parse_status(self, form: Mapping[str, str]) -> Report:
        """A message about a call that we placed. Raises placing.ReportError."""

    def parse_verdict(self, form: Mapping[str, str]) -> Report:
        """A message that says who answered such a call; its `status` is empty. Raises placing.ReportError."""

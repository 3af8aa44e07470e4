"""Reads the TwiML a server answers with, as strictly as Twilio does (WIRE facts A.1, B.1, B.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from xml.etree import ElementTree

DOCUMENT_LIMIT = 65_536
_CONTENT_TYPES = ("text/xml", "application/xml", "text/html")
_STREAM_ATTRIBUTES = {"url", "name", "track", "statusCallback", "statusCallbackMethod"}


class TwimlError(ValueError):
    """A document that Twilio would refuse; the message names its error code."""


@dataclass(frozen=True, slots=True)
class ConnectStream:
    """`url`: `ws` or `wss`; `action` is asked when the stream has ended, None if the next verb follows."""

    url: str
    parameters: Mapping[str, str] = field(repr=False)
    action: str | None


@dataclass(frozen=True, slots=True)
class Say:
    """Words for the carrier's own voice to read out."""

    text: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence, in seconds."""

    length_s: float


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on with the TwiML at this address, which may be relative to the document's own."""

    url: str


@dataclass(frozen=True, slots=True)
class Reject:
    """Refuse the call without answering it: `busy` or `rejected`."""

    reason: str


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Dial:
    """Ring somebody else and join the two. `whisper`: asked for what they are told; `action`: for what is next."""

    number: str = field(repr=False)
    whisper: str | None
    action: str | None
    caller_id: str | None = field(repr=False)
    ring_s: int


@dataclass(frozen=True, slots=True)
class Gather:
    """Say something and wait for a key; `action` is asked once it is pressed."""

    texts: tuple[str, ...]
    action: str


Verb = Dial | Gather | ConnectStream | Say | Pause | Redirect | Reject | Hangup


def parse(body: bytes, content_type: str) -> tuple[Verb, ...]:
    """The verbs in order. Raises TwimlError."""
    if content_type.partition(";")[0].strip().lower() not in _CONTENT_TYPES:
        raise TwimlError(f"12300: TwiML must come as text/xml, not as {content_type or 'nothing'!r}.")
    if not body.strip():
        raise TwimlError("11770: the answer is empty.")
    if len(body) > DOCUMENT_LIMIT:
        raise TwimlError(f"11750: the answer has {len(body)} bytes; {DOCUMENT_LIMIT} are allowed.")
    if b"<!DOCTYPE" in body.upper():
        raise TwimlError("12100: TwiML has no document type.")
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - entities need a document type, refused above
    except ElementTree.ParseError as error:
        raise TwimlError(f"12100: the answer is not XML ({error}).") from None
    if root.tag != "Response":
        raise TwimlError(f"12102: the document is <{root.tag}>, not <Response>.")
    _only(root, set())
    return tuple(_verb(element) for element in root)


def _verb(element: ElementTree.Element) -> Verb:
    reader = {
        "Connect": _connect,
        "Say": _say,
        "Pause": _pause,
        "Redirect": _redirect,
        "Reject": _reject,
        "Hangup": _hangup,
        "Dial": _dial,
        "Gather": _gather,
    }.get(element.tag)
    if reader is None:
        raise TwimlError(f"12200: this phone knows no verb <{element.tag}>.")
    return reader(element)


def _connect(element: ElementTree.Element) -> Verb:
    _only(element, {"action", "method"})
    if element.get("method", "POST") != "POST":
        raise TwimlError("This phone asks a Connect's action by POST alone.")
    if len(element) != 1 or element[0].tag != "Stream":
        raise TwimlError("12200: <Connect> must hold one <Stream> and nothing else.")
    stream = element[0]
    _only(stream, _STREAM_ATTRIBUTES)
    url = stream.get("url", "")
    parts = urlsplit(url)
    if parts.scheme not in ("ws", "wss") or not parts.netloc:
        raise TwimlError(f"31922: a stream's URL must begin with wss:// (ws:// on this machine), not {url!r}.")
    if parts.query or "?" in url:
        raise TwimlError("31920: a stream's URL must have no query string.")
    if stream.get("track", "inbound_track") != "inbound_track":
        raise TwimlError("31941: a connected stream has the inbound track alone.")
    return ConnectStream(url, dict(_parameter(child) for child in stream), element.get("action") or None)


def _dial(element: ElementTree.Element) -> Verb:
    _only(element, {"action", "method", "timeout", "timeLimit", "callerId"})
    if len(element) != 1 or element[0].tag != "Number":
        raise TwimlError("This phone dials one <Number> and nothing else.")
    number = element[0]
    _only(number, {"url", "method"})
    for name in ("timeout", "timeLimit"):
        if not element.get(name, "30").isdigit():
            raise TwimlError(f"12200: a <Dial>'s {name} is in whole seconds.")
    return Dial(
        (number.text or "").strip(),
        number.get("url"),
        element.get("action"),
        element.get("callerId"),
        int(element.get("timeout", "30")),
    )


def _gather(element: ElementTree.Element) -> Verb:
    _only(element, {"input", "numDigits", "timeout", "action", "method"})
    said = [_say(child) for child in element if child.tag == "Say"]
    if len(said) != len(element) or not element.get("action"):
        raise TwimlError("This phone gathers keys behind <Say>, for an action.")
    return Gather(tuple(verb.text for verb in said if isinstance(verb, Say)), element.get("action", ""))


def _parameter(element: ElementTree.Element) -> tuple[str, str]:
    if element.tag != "Parameter":
        raise TwimlError(f"12200: <Stream> holds <Parameter>, not <{element.tag}>.")
    _only(element, {"name", "value"})
    name, value = element.get("name", ""), element.get("value", "")
    if not name or len(name) + len(value) >= 500:
        raise TwimlError("12200: a parameter needs a name, and fewer than 500 characters with its value.")
    return name, value


def _say(element: ElementTree.Element) -> Verb:
    _only(element, {"voice", "language", "loop"})
    text = (element.text or "").strip()
    if not 0 < len(text) <= 4096:
        raise TwimlError("12200: <Say> needs 1 to 4096 characters.")
    return Say(text)


def _pause(element: ElementTree.Element) -> Verb:
    _only(element, {"length"})
    length = element.get("length", "1")
    if not length.isdigit():
        raise TwimlError(f"12200: a pause's length is in whole seconds, not {length!r}.")
    return Pause(float(length))


def _redirect(element: ElementTree.Element) -> Verb:
    _only(element, {"method"})
    if not (url := (element.text or "").strip()):
        raise TwimlError("12200: <Redirect> needs a URL.")
    return Redirect(url)


def _reject(element: ElementTree.Element) -> Verb:
    _only(element, {"reason"})
    return Reject(element.get("reason", "rejected"))


def _hangup(element: ElementTree.Element) -> Verb:
    _only(element, set())
    return Hangup()


def _only(element: ElementTree.Element, attributes: set[str]) -> None:
    if strange := sorted(set(element.attrib) - attributes):
        raise TwimlError(f"12200: <{element.tag}> has no attribute {', '.join(strange)}.")

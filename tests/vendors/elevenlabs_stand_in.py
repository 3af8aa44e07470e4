"""ElevenLabs on this machine: a bare HTTP/1.1 server, so that an answer may be cut or withheld at any byte."""

from __future__ import annotations

import asyncio
import base64
import email.policy
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from email.message import Message
from email.parser import BytesParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit

KEY = "sk_0123456789abcdef"


@dataclass(frozen=True)
class Part:
    """One part of a multipart form."""

    name: str
    data: bytes
    filename: str | None
    content_type: str


@dataclass(frozen=True)
class Request:
    """What arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    connection: int

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def parts(self) -> list[Part]:
        head = f"content-type: {self.headers['content-type']}\r\n\r\n".encode()
        form = BytesParser(policy=email.policy.HTTP).parsebytes(head + self.body)
        return [
            Part(
                str(part.get_param("name", header="content-disposition")),
                _payload(part),
                part.get_filename(),
                part.get_content_type(),
            )
            for part in form.iter_parts()
        ]


@dataclass(frozen=True)
class Answer:
    """What is sent back: `pieces` as chunks, `pause_s` before each. `ending`: whole, cut, or held open for ever."""

    pieces: tuple[bytes, ...] = ()
    status: int = 200
    content_type: str = "audio/basic"
    headers: dict[str, str] = field(default_factory=dict)
    pause_s: float = 0.0
    ending: str = "whole"
    mute: bool = False


def error(status: int, name: str, message: str = "", **headers: str) -> Answer:
    """The vendor's way of saying no."""
    body = json.dumps({"detail": {"status": name, "message": message}}).encode()
    return Answer((body,), status, "application/json", {key.replace("_", "-"): v for key, v in headers.items()})


def transcript(text: str, *logprobs: float) -> Answer:
    """Scribe's answer: `text`, its words with these log probabilities, and a space between them."""
    words: list[dict[str, Any]] = []
    for word, logprob in zip(text.split(), logprobs, strict=False):
        words.append({"text": word, "start": 0.1, "end": 0.4, "type": "word", "logprob": logprob})
        words.append({"text": " ", "start": 0.4, "end": 0.4, "type": "spacing", "logprob": -9.0})
    body = {
        "language_code": "eng",
        "language_probability": 0.98,
        "text": text,
        "words": words,
        "transcription_id": "t",
        "audio_duration_secs": 1.2,
    }
    return Answer((json.dumps(body).encode(),), content_type="application/json")


def line(sound: bytes | None, alignment: Any = None, **more: Any) -> bytes:
    """One line of timed speech."""
    coded = None if sound is None else base64.b64encode(sound).decode()
    return json.dumps({"audio_base64": coded, "alignment": alignment, **more}).encode() + b"\n"


def times(text: str, begin_s: float = 0.0, letter_s: float = 0.05) -> dict[str, Any]:
    """The alignment of `text`, a twentieth of a second for each character."""
    return {
        "characters": list(text),
        "character_start_times_seconds": [round(begin_s + at * letter_s, 3) for at in range(len(text))],
        "character_end_times_seconds": [round(begin_s + (at + 1) * letter_s, 3) for at in range(len(text))],
    }


def timed(*lines: bytes, **more: Any) -> Answer:
    """A stream of lines, each a chunk of its own."""
    return Answer(lines, content_type="text/event-stream", **more)


def found(body: Any) -> Answer:
    """What a GET finds."""
    return Answer((json.dumps(body).encode(),), content_type="application/json")


class StandIn:
    """Gives `answer` to every POST and records it; sound goes out in lines where times are asked for.

    A GET is answered with `pages` by its path, or with 404, as an address of no interest is. `untimed`: the answer to
    a POST that asks for times, if another.
    """

    def __init__(self) -> None:
        self.answer = Answer()
        self.untimed: Answer | None = None
        self.pages: dict[str, Answer] = {}
        self.requests: list[Request] = []
        self.connections = 0
        self.asked = asyncio.Event()
        """A POST has arrived."""
        self.left = asyncio.Event()
        """The client closed a connection before its answer was whole."""
        self.url = ""
        self._running: set[asyncio.Task[None]] = set()

    @property
    def posts(self) -> list[Request]:
        return [request for request in self.requests if request.method == "POST"]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        self.connections += 1
        number = self.connections
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while await self._one(number, reader, writer):
                pass
        writer.close()
        with suppress(ConnectionError, asyncio.CancelledError):
            await writer.wait_closed()
        self._running.discard(task)

    async def close(self) -> None:
        for task in tuple(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _one(self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        request = await _read(number, reader)
        self.requests.append(request)
        if request.method == "POST":
            self.asked.set()
        answer = self._answer(request)
        sending = asyncio.ensure_future(_send(answer, writer))
        leaving = asyncio.ensure_future(reader.read(1))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not sending.done() or isinstance(sending.exception(), ConnectionError):
                self.left.set()
                return False
            sending.result()
            return answer.ending == "whole"
        finally:
            for task in (sending, leaving):
                task.cancel()
            await asyncio.gather(sending, leaving, return_exceptions=True)

    def _answer(self, request: Request) -> Answer:
        if request.method == "GET":
            return self.pages.get(request.path, Answer(status=404, content_type="text/plain"))
        if not request.path.endswith("/with-timestamps"):
            return self.answer
        if self.untimed is not None:
            return self.untimed
        if self.answer.content_type != "audio/basic" or self.answer.status != 200:
            return self.answer
        return replace(self.answer, pieces=_lines(self.answer.pieces), content_type="text/event-stream")


@asynccontextmanager
async def stand_in() -> AsyncIterator[StandIn]:
    """The vendor on a free port of this machine, for as long as the `with` lasts."""
    vendor = StandIn()
    server = await asyncio.start_server(vendor.serve, "127.0.0.1", 0)
    vendor.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield vendor
    finally:
        server.close()
        await vendor.close()
        await server.wait_closed()


def _lines(pieces: Sequence[bytes]) -> tuple[bytes, ...]:
    return tuple(line(piece) for piece in pieces)


def _payload(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data


async def _read(number: int, reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = head[0].split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    address = urlsplit(target)
    return Request(method, address.path, dict(parse_qsl(address.query)), headers, body, number)


async def _send(answer: Answer, writer: asyncio.StreamWriter) -> None:
    if answer.mute:
        await asyncio.Event().wait()
    headers = {"content-type": answer.content_type, "transfer-encoding": "chunked", **answer.headers}
    lines = [f"HTTP/1.1 {answer.status} Answer", *(f"{name}: {value}" for name, value in headers.items())]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    for piece in answer.pieces:
        await asyncio.sleep(answer.pause_s)
        writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        await writer.drain()
    if answer.ending == "open":
        await asyncio.Event().wait()
    if answer.ending == "whole":
        writer.write(b"0\r\n\r\n")
    await writer.drain()

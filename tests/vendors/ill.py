"""The wire between a vendor on this machine and an SDK: HTTP/1.1 by hand, so that an answer may be ill at any byte."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum


class Ill(Enum):
    """What may be wrong with a vendor."""

    KEY = "401"
    BUSY = "429"
    FAILED = "500"
    RUBBISH = "rubbish"
    HALF = "half"
    NOTHING = "nothing"
    DRIP = "drip"


@dataclass(slots=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Answer:
    """`first_s` before the first piece, `between_s` before each other."""

    content_type: str
    pieces: Sequence[bytes]
    first_s: float = 0.0
    between_s: float = 0.0
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


async def read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = head[0].split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, target, headers, body)


_REFUSALS = {Ill.KEY: 401, Ill.BUSY: 429, Ill.FAILED: 500}


def _refusal(illness: Ill) -> Answer:
    status = _REFUSALS[illness]
    body = json.dumps({"error": {"message": "no", "code": "no"}, "detail": {"status": "no", "message": "no"}})
    headers = {"retry-after": "60"} if illness is Ill.BUSY else {}
    return Answer("application/json", [body.encode()], status=status, headers=headers)


async def send(answer: Answer, illness: Ill | None, writer: asyncio.StreamWriter) -> None:
    if illness in _REFUSALS:
        answer, illness = _refusal(illness), None
    if illness is Ill.NOTHING:
        await asyncio.Event().wait()
    if illness is Ill.RUBBISH:
        answer.pieces = [b"<html>It is not what you think.</html>" * 20]
    if illness is Ill.HALF:
        whole = b"".join(answer.pieces)
        answer.pieces = [whole[: len(whole) // 2]]
    if illness is Ill.DRIP:
        answer.pieces = [bytes([byte]) for byte in b"".join(answer.pieces)]
        answer.between_s = 1.0
    headers = {"content-type": answer.content_type, "transfer-encoding": "chunked", **answer.headers}
    lines = [f"HTTP/1.1 {answer.status} Answer", *(f"{name}: {value}" for name, value in headers.items())]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    for place, piece in enumerate(answer.pieces):
        pause_s = answer.between_s if place else answer.first_s
        if pause_s:
            await asyncio.sleep(pause_s)
        writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        await writer.drain()
    if illness is Ill.HALF:
        return
    writer.write(b"0\r\n\r\n")
    await writer.drain()

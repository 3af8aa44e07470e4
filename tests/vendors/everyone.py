"""All vendors on this machine, behind one address, well or ill: for calls that are held with the real SDKs.

They take as long as they are told for a transcription, a first token and a first sound. Their voices speak tones that
a test can read back (`coded_speech`). Each part of each vendor can be given an `Ill`ness.

`python -m tests.vendors.everyone PORT` serves the healthy ones in a process of its own.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.vendors.coded_speech import MS_PER_CHAR, speak
from tests.vendors.ill import Answer, Ill, Request, read, send

REPLY = "We open at nine in the morning. On Sundays we are closed. Is there anything else?"
HEARD = "what are your opening hours"
_SHORTEST_TURN = 36_000
"""Bytes: a little over a second at 16 kHz. What is shorter comes from somebody who checks their key."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds to a transcription, a first token and a first sound; a token each `token_s` (500 a second is what Groq
    states of its larger model), sound at `speed` times real time."""

    hear_s: float = 0.2
    think_s: float = 0.25
    speak_s: float = 0.15
    token_s: float = 0.002
    speed: float = 8.0


class Everyone:
    """Groq, Sarvam, ElevenLabs and an OpenAI-shaped server. `ill`: by `vendor part`, as in `groq stt`.

    `asked`: how many requests each part got. `heard`: what callers are taken to say, in turn.
    """

    def __init__(
        self, pace: Pace | None = None, *, heard: Iterable[str] = (HEARD,), reply: str = REPLY, **ill: Ill
    ) -> None:
        self.pace = pace or Pace()
        self.ill = {name.replace("_", " "): illness for name, illness in ill.items()}
        self.asked: Counter[str] = Counter()
        self.url = ""
        self._heard = itertools.cycle(tuple(heard))
        self._reply = reply
        self._running: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a connection is served by a task")
        self._running.add(task)
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while await self._one(reader, writer):
                pass
        writer.close()
        with suppress(ConnectionError, asyncio.CancelledError):
            await writer.wait_closed()
        self._running.discard(task)

    async def close(self) -> None:
        for task in tuple(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        request = await read(reader)
        part = _part(request)
        illness = self.ill.get(part) if request.method == "POST" else None
        if request.method == "POST":
            self.asked[part] += 1
        answer = self._answer(part, request) if request.method == "POST" else _listed(request)
        sending = asyncio.ensure_future(send(answer, illness, writer))
        leaving = asyncio.ensure_future(_left(reader))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
            return sending.done() and sending.exception() is None and illness is not Ill.HALF
        finally:
            for task in (sending, leaving):
                task.cancel()
            await asyncio.gather(sending, leaving, return_exceptions=True)

    def _answer(self, part: str, request: Request) -> Answer:
        vendor, _, what = part.partition(" ")
        if what == "stt":
            return self._transcript(vendor, len(request.body))
        body = json.loads(request.body)
        if what == "llm":
            return self._thought(vendor, body)
        return self._speech(vendor, body["text"], timed="/with-timestamps" in request.path)

    def _transcript(self, vendor: str, length: int) -> Answer:
        text = next(self._heard) if length > _SHORTEST_TURN else ""
        segment = {"id": 0, "seek": 0, "start": 0.0, "end": 1.4, "text": f" {text}", "tokens": [1], "temperature": 0}
        words = [{"text": word, "start": 0.1, "end": 0.4, "type": "word", "logprob": -0.1} for word in text.split()]
        bodies = {
            "groq": {
                "text": f" {text}",
                "task": "transcribe",
                "language": "English",
                "duration": 1.4,
                "segments": [{**segment, "avg_logprob": -0.2, "compression_ratio": 0.8, "no_speech_prob": 0.01}],
            },
            "sarvam": {"request_id": "r", "transcript": text, "language_code": "en-IN", "language_probability": 0.98},
            "elevenlabs": {"language_code": "eng", "language_probability": 0.98, "text": text, "words": words},
        }
        return Answer("application/json", [json.dumps(bodies[vendor]).encode()], self.pace.hear_s)

    def _thought(self, vendor: str, body: dict[str, object]) -> Answer:
        head = {"id": "c", "object": "chat.completion", "created": 1, "model": body["model"]}
        usage = {"prompt_tokens": 90, "completion_tokens": 20, "total_tokens": 110}
        if not body.get("stream"):
            message = {"role": "assistant", "content": self._reply}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            whole = json.dumps({**head, "choices": [choice], "usage": usage}).encode()
            return Answer("application/json", [whole], self.pace.think_s)
        deltas: list[tuple[dict[str, str], str | None]] = [({"role": "assistant", "content": ""}, None)]
        deltas += [({"content": token}, None) for token in _tokens(self._reply)]
        deltas.append(({}, "stop"))
        events = []
        for delta, finish in deltas:
            choice = {"index": 0, "delta": delta, "finish_reason": finish}
            more = {"x_groq": {"id": "r", "usage": usage}} if finish and vendor == "groq" else {}
            events.append({**head, "object": "chat.completion.chunk", "choices": [choice], **more})
        if vendor != "groq":
            events.append({**head, "object": "chat.completion.chunk", "choices": [], "usage": usage})
        lines = [f"data: {json.dumps(event)}\n\n".encode() for event in events]
        first, rest = b"".join(lines[:2]), lines[2:]
        return Answer("text/event-stream", [first, *rest, b"data: [DONE]\n\n"], self.pace.think_s, self.pace.token_s)

    def _speech(self, vendor: str, text: str, *, timed: bool) -> Answer:
        sound = speak(text)
        chunk = 800
        pieces = [sound[at : at + chunk] for at in range(0, len(sound), chunk)]
        if timed:
            letters = MS_PER_CHAR / 1000
            whole = {
                "characters": list(text),
                "character_start_times_seconds": [round(at * letters, 3) for at in range(len(text))],
                "character_end_times_seconds": [round((at + 1) * letters, 3) for at in range(len(text))],
            }
            lines = [{"audio_base64": base64.b64encode(piece).decode(), "alignment": None} for piece in pieces]
            lines[0] |= {"alignment": whole, "normalized_alignment": whole}
            pieces = [json.dumps(line).encode() + b"\n" for line in lines]
        kind = "application/json" if timed else "audio/basic"
        return Answer(kind, pieces, self.pace.speak_s, chunk / 8000 / self.pace.speed)


@asynccontextmanager
async def everyone(pace: Pace | None = None, **more: object) -> AsyncIterator[Everyone]:
    """All of them on a free port, for as long as the `with` lasts."""
    vendors = Everyone(pace, **more)  # type: ignore[arg-type]
    server = await asyncio.start_server(vendors.serve, "127.0.0.1", 0)
    vendors.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield vendors
    finally:
        server.close()
        await vendors.close()
        await server.wait_closed()


def settings(url: str) -> dict[str, str]:
    """What a house needs to find them."""
    return {
        "AI_MODE": "live",
        "GROQ_API_KEY": "gsk_test",
        "GROQ_BASE_URL": url,
        "SARVAM_API_KEY": "sk_test",
        "SARVAM_BASE_URL": url,
        "ELEVENLABS_API_KEY": "sk_test",
        "ELEVENLABS_BASE_URL": url,
        "ELEVENLABS_VOICE_ID": "voice1",
        "OPENAI_API_KEY": "sk_test",
        "OPENAI_BASE_URL": url,
        "OPENAI_MODEL": "local",
    }


async def _left(reader: asyncio.StreamReader) -> None:
    """Until the client is gone. Nothing is read meanwhile: it might be the first byte of the next request."""
    while not reader.at_eof() and reader.exception() is None:  # noqa: ASYNC110 - a reader tells nobody of its end
        await asyncio.sleep(0.02)


def _part(request: Request) -> str:
    """`vendor part` by the path; Sarvam and an OpenAI-shaped server share one, and are told apart by the key's
    header."""
    path = urlsplit(request.path).path
    if path == "/openai/v1/audio/transcriptions":
        return "groq stt"
    if path == "/openai/v1/chat/completions":
        return "groq llm"
    if path == "/speech-to-text":
        return "sarvam stt"
    if path.startswith("/text-to-speech"):
        return "sarvam tts"
    if path.startswith("/v1/text-to-speech/"):
        return "elevenlabs tts"
    if path == "/v1/speech-to-text":
        return "elevenlabs stt"
    if path == "/v1/chat/completions":
        return "sarvam llm" if "api-subscription-key" in request.headers else "openai llm"
    return path


def _listed(request: Request) -> Answer:
    """What vendors tell of their models and voices, and whoever only wants a connection."""
    body: object
    if request.path.startswith("/v1/voices/"):
        body = {"voice_id": request.path.split("/")[3].partition("?")[0], "name": "Test"}
    elif "xi-api-key" in request.headers:
        body = [{"model_id": name, "name": name} for name in ("eleven_flash_v2_5", "eleven_multilingual_v2")]
    else:
        names = ("whisper-large-v3-turbo", "openai/gpt-oss-20b", "openai/gpt-oss-120b", "local")
        listed = [{"id": name, "object": "model", "created": 1, "owned_by": "x", "active": True} for name in names]
        body = {"object": "list", "data": listed}
    return Answer("application/json", [json.dumps(body).encode()])


def _tokens(text: str) -> list[str]:
    words = text.split(" ")
    return [word if place == 0 else f" {word}" for place, word in enumerate(words)]


async def _main(port: int) -> None:
    vendors = Everyone()
    async with await asyncio.start_server(vendors.serve, "127.0.0.1", port) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))

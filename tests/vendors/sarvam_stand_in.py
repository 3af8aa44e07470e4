"""Sarvam on this machine: its answers, for the bare HTTP/1.1 server that plays any vendor, and what is asked of it."""

from __future__ import annotations

import asyncio
import io
import json
import wave
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import numpy as np

from app.audio.mulaw import encode
from app.audio.sound import Sound
from app.dialogue.flow import Message, ModelRequest, Plan
from app.personas.schema import Persona, SarvamVoice, Voice
from app.speech.protocols import ProviderContext, SpeechPart
from app.speech.sarvam_voice import SarvamTextToSpeech
from tests.speech.callers import PERSONAS
from tests.vendors.elevenlabs_stand_in import Answer, Request, StandIn

KEY = "sk_0123456789abcdef"
PLAIN = PERSONAS["assistant"]
SECRET_TEXT = "My account is four two seven."
HEARD = "mera phone number"
SPEECH = encode((np.sin(np.arange(8000) * 0.35) * 6000).astype("<i2").tobytes())
"""A second of tone: 8000 bytes of μ-law."""
TURN = Sound(SPEECH, 8000, "mulaw")
REQUEST = ModelRequest("Be kind.", (Message("agent", "Hello, who", interrupted=True), Message("caller", SECRET_TEXT)))
PLAN = Plan("own words", None, model=REQUEST)


def context(url: str, **settings: str) -> ProviderContext:
    return ProviderContext({PLAIN.id: PLAIN}, {"SARVAM_API_KEY": KEY, "SARVAM_BASE_URL": url, **settings})


def persona(language: str = "hi", **voice: Any) -> Persona:
    own = Voice(sarvam=SarvamVoice(**voice)) if voice else Voice()
    return PLAIN.model_copy(update={"language": language, "voice": own})


async def heard(voice: SarvamTextToSpeech, who: Persona | None = None, text: str = SECRET_TEXT) -> list[SpeechPart]:
    return [part async for part in voice.speak(text, who or persona())]


def samples_of(wav: bytes) -> Any:
    """A WAV's samples; it must be 16 kHz, 16 bits, mono."""
    with wave.open(io.BytesIO(wav)) as sent:
        assert (sent.getframerate(), sent.getnchannels(), sent.getsampwidth()) == (16000, 1, 2)
        return np.frombuffer(sent.readframes(sent.getnframes()), "<i2").astype(float)


def fields_of(request: Request) -> dict[str, str]:
    """A form's fields, without its file."""
    return {part.name: part.data.decode() for part in request.parts if part.filename is None}


def file_of(request: Request) -> bytes:
    [file] = [part.data for part in request.parts if part.filename is not None]
    return file


def transcript(text: Any = HEARD, **more: Any) -> Answer:
    """Saaras's answer."""
    body = {
        "request_id": "r",
        "transcript": text,
        "timestamps": None,
        "diarized_transcript": None,
        "language_code": "hi-IN",
        "language_probability": 0.98,
    }
    return Answer((json.dumps(body).encode(),), content_type="application/json", **more)


def error(status: int, code: str, message: str = "", **headers: str) -> Answer:
    """The vendor's way of saying no."""
    body = json.dumps({"error": {"message": message, "code": code, "request_id": "r"}}).encode()
    return Answer((body,), status, "application/json", {key.replace("_", "-"): v for key, v in headers.items()})


def chunk(delta: Any, finish_reason: str | None = None, **more: Any) -> bytes:
    """One line of a streamed chat."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    head = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "sarvam-105b"}
    return b"data: " + json.dumps({**head, "choices": [choice], **more}).encode() + b"\n\n"


STOP = chunk({}, "stop")
DONE = b"data: [DONE]\n\n"
USAGE = {"prompt_tokens": 90, "completion_tokens": 20, "total_tokens": 110}


def chat(*pieces: Any, end: tuple[bytes, ...] = (STOP, DONE), **more: Any) -> Answer:
    """A streamed reply of these texts, after the chunk that names the role and one of thought."""
    begin = (chunk({"role": "assistant", "content": ""}), chunk({"reasoning_content": "What would they want?"}))
    said = tuple(chunk({"content": piece}) for piece in pieces)
    return Answer((*begin, *said, *end), content_type="text/event-stream", **more)


def completion(text: Any, **more: Any) -> Answer:
    """A chat answered whole."""
    message = {"role": "assistant", "content": text, "reasoning_content": "Let me see."}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    head = {"id": "c", "object": "chat.completion", "created": 1, "model": "sarvam-105b"}
    body = {**head, "choices": [choice], "usage": USAGE, **more}
    return Answer((json.dumps(body).encode(),), content_type="application/json")


class Answering(StandIn):
    """Answers each POST by what it asks."""

    def __init__(self, by: Callable[[Request], Answer]) -> None:
        super().__init__()
        self._by = by

    @property
    def answer(self) -> Answer:
        return self._by(self.requests[-1])

    @answer.setter
    def answer(self, _: Answer) -> None:
        """The one that every vendor begins with."""


@asynccontextmanager
async def answering(by: Callable[[Request], Answer]) -> AsyncIterator[StandIn]:
    """A vendor that answers by what it is asked, on a free port of this machine, for as long as the `with` lasts."""
    vendor = Answering(by)
    server = await asyncio.start_server(vendor.serve, "127.0.0.1", 0)
    vendor.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield vendor
    finally:
        server.close()
        await vendor.close()
        await server.wait_closed()

"""Turns transcribed by Whisper at Groq: one request for one complete turn."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import httpx

from app.audio.sound import Sound
from app.personas.schema import Persona
from app.speech.groq_connection import Connection
from app.speech.protocols import Finding, ProviderContext, ProviderError, Transcript
from app.speech.vendor_connection import CONNECT_S, SILENCE_S
from app.speech.wav_file import wav_file

WHISPER = "whisper-large-v3-turbo"
_SHORTEST_MS = 10
"""The vendor refuses less."""

_PROMPT_BYTES = 800
"""Whisper reads 224 tokens of a prompt: some four letters each in English, one character of three bytes in Hindi."""

_NO_SPEECH, _UNLIKELY = 0.6, -1.0
"""Whisper's own measure of silence: a segment beyond both of these was made up (`no_speech_threshold` and
`logprob_threshold` of its reference decoder)."""


class GroqSpeechToText:
    """Whisper, told the persona's language and what its callers are likely to say."""

    name = "groq"

    def __init__(self, context: ProviderContext) -> None:
        self._expected = context.expected
        self._model = context.settings.get("GROQ_STT_MODEL") or WHISPER
        self._connection = Connection(context.settings, "GROQ_STT_MODEL")

    async def warm(self) -> None:
        """Have a connection open."""
        await self._connection.warm()

    async def transcribe(self, sound: Sound, persona: Persona) -> Transcript:
        """The turn's words, without what was made up from silence; `confidence` is the tokens' geometric mean
        probability. Raises ProviderError."""
        if sound.duration_ms < _SHORTEST_MS:
            return Transcript("")
        with self._connection.explained():
            client = self._connection.client
            heard = await client.audio.transcriptions.create(
                model=self._model,
                file=("turn.wav", await asyncio.to_thread(wav_file, sound), "audio/wav"),
                response_format="verbose_json",
                timeout=httpx.Timeout(SILENCE_S + sound.duration_ms / 1000, connect=CONNECT_S),
                **_hints(persona, self._expected.get(persona.id, ())),
            )
            return replace(_transcript(heard), model=self._model)

    async def check(self, personas: Sequence[Persona]) -> Sequence[Finding]:
        """Key, address and model, by one listing of the models."""
        return await self._connection.check(self._model)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._connection.aclose()


def _hints(persona: Persona, expected: tuple[str, ...]) -> dict[str, Any]:
    """`prompt`, and `language` where it has the two letters that the vendor knows languages by."""
    language = persona.language.partition("-")[0]
    return {"prompt": prompt(persona, expected), **({"language": language} if len(language) == len("en") else {})}


def prompt(persona: Persona, expected: tuple[str, ...] = ()) -> str:
    """The persona's name and what its callers are likely to say, as many whole phrases as fit; most particular first.

    `expected`: beside what the persona itself says of it.
    """
    asks = (ask for entry in persona.knowledge for ask in entry.ask)
    phrases = dict.fromkeys((persona.name, *persona.expects, *asks, *expected))
    taken, room = [], _PROMPT_BYTES
    for phrase in phrases:
        room -= len(phrase.encode()) + len(", ")
        if room < 0:
            break
        taken.append(phrase)
    return ", ".join(taken)


def _transcript(heard: Any) -> Transcript:
    """From the SDK's answer, which types nothing but the text. Raises ProviderError if it is something else."""
    text = getattr(heard, "text", None)
    if not isinstance(text, str):
        raise ProviderError("Groq answered with something that is not a transcript", "rubbish")
    segments = (heard.model_extra or {}).get("segments")
    if not isinstance(segments, list) or not segments or not all(map(_is_whole, segments)):
        return Transcript(text.strip())
    spoken = [segment for segment in segments if not _is_made_up(segment)]
    said = "".join(segment["text"] for segment in spoken).strip()
    return Transcript(said, _confidence(spoken)) if said else Transcript("")


def _is_whole(segment: object) -> bool:
    return (
        isinstance(segment, Mapping)
        and isinstance(segment.get("text"), str)
        and all(_is_number(segment.get(name)) for name in ("avg_logprob", "no_speech_prob"))
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _is_made_up(segment: Mapping[str, Any]) -> bool:
    return bool(segment["no_speech_prob"] > _NO_SPEECH and segment["avg_logprob"] < _UNLIKELY)


def _confidence(segments: list[Mapping[str, Any]]) -> float:
    """exp of the mean log probability of all tokens; each segment brings the mean of its own.

    Against `patience.unsure_below` of 0.5: Whisper takes a segment for failed below -1 (0.37), so words are unsure a
    little before that.
    """
    tokens = [segment.get("tokens") for segment in segments]
    weights = [len(own) if isinstance(own, list) and own else 1 for own in tokens]
    total = sum(weight * segment["avg_logprob"] for weight, segment in zip(weights, segments, strict=True))
    return math.exp(min(0.0, total / sum(weights)))

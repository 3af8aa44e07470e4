"""Speech by Bulbul at Sarvam, streamed over HTTP in the line's own 8 kHz μ-law."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from itertools import groupby
from typing import Any

from app.audio.reading import LINE_RATE_HZ
from app.audio.sound import Sound
from app.personas.schema import Persona, SarvamVoice
from app.speech.mulaw_pieces import Pieces
from app.speech.protocols import Finding, ProviderContext, ProviderError
from app.speech.sarvam_connection import SILENCE_S, Connection, options
from app.speech.sarvam_errors import explained
from app.speech.sarvam_findings import found
from app.speech.sarvam_languages import SPOKEN, spoken_as
from app.speech.sarvam_speakers import GONE, fault_of, own_speaker

BULBUL = "bulbul:v3"
_LONGEST = 2500
"""Characters of one request. The stream is said to take 3500, but everything else of the vendor's 2500."""
_TAKES_TEMPERATURE = "bulbul:v3"
_MEND = "correct voice.sarvam in the persona, or SARVAM_SPEAKER and SARVAM_TTS_MODEL"
_WORD = "Hello."
"""Of a check; every voice of the vendor's speaks English words too."""


class SarvamTextToSpeech:
    """A persona's `voice.sarvam`, or the operator's speaker, in the line's own encoding."""

    name = "sarvam"

    def __init__(self, context: ProviderContext) -> None:
        self._settings = context.settings
        self._connection = Connection(context.settings)

    async def warm(self) -> None:
        """Open a connection, unless one was used lately; say in the log if there is no key."""
        await self._connection.warm()

    def refuse(self, persona: Persona) -> str | None:
        """Only what can never be spoken: a model that is gone, a speaker that is not the model's, a language_code
        that is not the vendor's. The persona's own language is no fault of its file: `speak` passes it on."""
        own, voice = persona.voice.sarvam or SarvamVoice(), self._voice(persona)
        if own.language_code is not None and voice.language_code is None:
            known = ", ".join(f"{language}-IN" for language in sorted(SPOKEN))
            return f"{_key(persona, 'language_code')}: Sarvam speaks {known}; take one of them"
        if voice.model is not None and voice.model.startswith(GONE):
            return f"{self._where(persona, 'model')}: {voice.model} is gone at the vendor; take {BULBUL}"
        if voice.speaker is not None and (fault := fault_of(voice.speaker, voice.model or BULBUL)) is not None:
            return f"{self._where(persona, 'speaker')}: {fault}"
        return None

    def model(self, persona: Persona) -> str:
        """The model that speaks for the persona."""
        return self._voice(persona).model or BULBUL

    def voice_key(self, persona: Persona) -> str:
        """Its speaker, model, language and manner."""
        return self._voice(persona).model_dump_json()

    async def speak(self, text: str, persona: Persona) -> AsyncGenerator[Sound]:
        """8 kHz `mulaw` in pieces of 20 ms or more (the last may be shorter), as they come; none for text without a
        letter or digit.

        Leaving it, or being cancelled, closes the vendor's stream. Raises ProviderError; `unfit` if the vendor does
        not speak the persona's language.
        """
        if not any(map(str.isalnum, text)):
            return
        if (refusal := self.refuse(persona)) is not None:
            raise ProviderError(refusal, "refused")
        voice = self._voice(persona)
        if voice.language_code is None:
            raise ProviderError(f"Sarvam does not speak {persona.language!r}", "unfit")
        for part in _parts(text):
            async with aclosing(self._spoken(part, voice)) as sounds:
                async for sound in sounds:
                    yield sound

    async def check(self, personas: Sequence[Persona]) -> Sequence[Finding]:
        """A word from each voice that the personas have; what is refused beforehand is not asked about."""
        findings, asks = [], []
        for _, group in groupby(sorted(personas, key=self.voice_key), key=self.voice_key):
            persona = next(group)
            about = self._where(persona, "speaker")
            if (fault := self._unspoken(persona)) is not None:
                findings.append(fault)
                continue
            voice = self._voice(persona)
            says = f"{voice.speaker or 'its own speaker'} of {voice.model} speaks {voice.language_code}"
            asks.append(found(about, says, self._all(persona)))
        return list(dict.fromkeys([*findings, *await asyncio.gather(*asks)]))

    async def aclose(self) -> None:
        """Close every connection."""
        await self._connection.aclose()

    async def _spoken(self, text: str, voice: SarvamVoice) -> AsyncGenerator[Sound]:
        pieces = Pieces("Sarvam")
        with explained(_MEND):
            # The raw response is a context: leaving it closes the connection, where the SDK's plain generator would
            # leave that to the garbage collector. Without a `chunk_size` bytes are passed on as they come.
            async with self._connection.client.text_to_speech.with_raw_response.convert_stream(
                text=text, request_options=options(SILENCE_S), **_wanted(voice)
            ) as answer:
                _check_type(answer.headers.get("content-type", ""))
                async for received in answer.data:
                    if piece := pieces.push(received):
                        yield Sound(piece, LINE_RATE_HZ, "mulaw")
                if piece := pieces.flush():
                    yield Sound(piece, LINE_RATE_HZ, "mulaw")

    async def _all(self, persona: Persona) -> None:
        async for _ in self.speak(_WORD, persona):
            pass

    def _unspoken(self, persona: Persona) -> Finding | None:
        if (refusal := self.refuse(persona)) is not None:
            about, _, says = refusal.partition(": ")
            return Finding(about, False, says)
        if self._voice(persona).language_code is None:
            about = f"personas/{persona.id}.yaml: language"
            mend = "take sarvam out of TTS_PROVIDER, or put another behind it"
            return Finding(about, False, f"Sarvam does not speak {persona.language!r}", mend)
        return None

    def _voice(self, persona: Persona) -> SarvamVoice:
        """The persona's, filled up from the settings. `language_code` None: the vendor does not speak it."""
        own = persona.voice.sarvam or SarvamVoice()
        model = own.model or self._settings.get("SARVAM_TTS_MODEL") or BULBUL
        speaker = own.speaker or self._settings.get("SARVAM_SPEAKER") or own_speaker(model)
        language = spoken_as(own.language_code or persona.language)
        return own.model_copy(update={"model": model, "speaker": speaker, "language_code": language})

    def _where(self, persona: Persona, key: str) -> str:
        """Where the operator has written it, or may."""
        setting = {"model": "SARVAM_TTS_MODEL", "speaker": "SARVAM_SPEAKER"}[key]
        own = persona.voice.sarvam is not None and getattr(persona.voice.sarvam, key) is not None
        return _key(persona, key) if own else setting


def _key(persona: Persona, key: str) -> str:
    return f"personas/{persona.id}.yaml: voice.sarvam.{key}"


def _wanted(voice: SarvamVoice) -> Mapping[str, Any]:
    """The request's fields beside the text: of the manner only what was chosen, so that the vendor's own stay in
    force; rate and codec always, because the vendor's defaults are for headphones."""
    chosen = {"speaker": voice.speaker, "pace": voice.pace}
    if voice.model == _TAKES_TEMPERATURE:
        chosen["temperature"] = voice.temperature
    return {
        "language_code": voice.language_code,
        "model": voice.model,
        "speech_sample_rate": LINE_RATE_HZ,
        "output_audio_codec": "mulaw",
        **{key: value for key, value in chosen.items() if value is not None},
    }


def _parts(text: str) -> list[str]:
    """The text in parts that one request takes, cut between words where there are any."""
    parts = []
    while len(text) > _LONGEST:
        at = text.rfind(" ", 1, _LONGEST) + 1 or _LONGEST
        parts.append(text[:at])
        text = text[at:]
    return [part for part in (*parts, text) if any(map(str.isalnum, part))]


def _check_type(content_type: str) -> None:
    kind = content_type.partition(";")[0].strip().lower()
    if kind.startswith("text/") or kind.endswith(("json", "xml")):
        raise ProviderError("Sarvam answered with text where sound was asked for", "rubbish")

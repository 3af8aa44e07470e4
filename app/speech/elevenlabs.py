"""ElevenLabs, through its own SDK: speech streamed in the line's own μ-law, and turns transcribed by Scribe.

Settings beside ELEVENLABS_API_KEY and ELEVENLABS_BASE_URL: ELEVENLABS_VOICE_ID, ELEVENLABS_TTS_MODEL and
ELEVENLABS_STT_MODEL; docs/vendors/elevenlabs.md explains them.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

import structlog

from app.audio.reading import LINE_RATE_HZ
from app.audio.sound import Sound
from app.personas.schema import ElevenLabsVoice, Persona
from app.speech.elevenlabs_connection import Connection, options
from app.speech.elevenlabs_errors import NO_KEY, NotTakenError
from app.speech.elevenlabs_findings import voices_found
from app.speech.elevenlabs_hearing import ElevenLabsSpeechToText
from app.speech.elevenlabs_lines import TimedLines, TimedSound
from app.speech.elevenlabs_words import SpokenWords
from app.speech.mulaw_pieces import Pieces
from app.speech.protocols import Finding, Provider, ProviderContext, ProviderError, SpeechPart, WordEnds

_SILENCE_S = 10.0
"""No byte from the vendor for so long, and its answer is given up; whoever asks has a stricter limit of their own."""
_FORMAT = "ulaw_8000"
_TAKES_LANGUAGE = ("eleven_flash_v2_5", "eleven_turbo_v2_5")
"""Models that are told the language; others may answer 400 to it, and find it out by themselves."""
_ENGLISH_ONLY = ("eleven_flash_v2", "eleven_turbo_v2")
_VOICE_ID = re.compile(r"[A-Za-z0-9]{1,64}")
_MANNER = ("stability", "similarity_boost", "style", "use_speaker_boost", "speed")
_SETTINGS = {"voice_id": "ELEVENLABS_VOICE_ID", "model_id": "ELEVENLABS_TTS_MODEL"}
_WORD = "Hello."
"""Of a check."""
_log = structlog.get_logger(__name__)


class ElevenLabsTextToSpeech:
    """A persona's `voice.elevenlabs`, or the operator's voice, in the line's own encoding."""

    name = "elevenlabs"

    def __init__(self, context: ProviderContext) -> None:
        self._settings = context.settings
        self._personas = context.personas
        self._connection = Connection(context.settings)
        self._untimed: set[str] = set()
        self._told = False

    async def warm(self) -> None:
        """Open a connection; say in the log, once, what is missing, since calls will fall back without it."""
        if not self._told:
            self._told = True
            for missing in _missing(self._settings, self._personas):
                _log.warning("provider_not_ready", provider="elevenlabs", reason=missing)
        await self._connection.warm()

    def refuse(self, persona: Persona) -> str | None:
        """Only what can never be spoken: a malformed ELEVENLABS_VOICE_ID, a model that lacks the persona's language.

        A key or a voice that is merely not set is no reason not to start: the call falls back, and `warm` says so.
        """
        voice = self._voice(persona)
        if voice.voice_id is not None and not _VOICE_ID.fullmatch(voice.voice_id):
            return "ELEVENLABS_VOICE_ID is not a voice's id, which has letters and digits only; copy it from the vendor"
        if voice.model_id in _ENGLISH_ONLY and _language(persona) != "en":
            return (
                f"personas/{persona.id}.yaml: voice.elevenlabs.model_id: {voice.model_id} speaks English only, "
                f"not {persona.language!r}; take {_TAKES_LANGUAGE[0]}"
            )
        return None

    def model(self, persona: Persona) -> str:
        """The model that speaks for the persona."""
        return self._voice(persona).model_id

    def voice_key(self, persona: Persona) -> str:
        """Voice, model, manner, format and the language that the model is told; empty without a voice."""
        voice = self._voice(persona)
        if voice.voice_id is None:
            return ""
        return json.dumps([_FORMAT, _told_language(voice, persona), voice.model_dump()], sort_keys=True)

    async def speak(self, text: str, persona: Persona) -> AsyncGenerator[SpeechPart]:
        """8 kHz `mulaw` in pieces of 20 ms or more (the last may be shorter), as they come; none for blank text.

        Where the vendor tells when each character is spoken, a word's end comes before the sound that it is in. A
        model that turns out not to be asked for that is asked without. Leaving it, or being cancelled, closes the
        vendor's stream. Raises ProviderError.
        """
        if not text.strip():
            return
        if (refusal := self.refuse(persona)) is not None:
            raise ProviderError(refusal, "refused")
        voice = self._voice(persona)
        if voice.voice_id is None:
            raise ProviderError(_no_voice(persona.id), "refused")
        if not self._connection.has_key:
            raise ProviderError(NO_KEY, "key")
        request = {"text": text, "model_id": voice.model_id, "output_format": _FORMAT, **_manner(voice, persona)}
        timed = voice.timestamps and voice.model_id not in self._untimed
        if timed:
            try:
                async with aclosing(self._timed(voice.voice_id, request)) as parts:
                    async for part in parts:
                        yield part
                return
            except NotTakenError:
                _log.debug("speech_without_times", provider="elevenlabs", model=voice.model_id)
        async with aclosing(self._plain(voice.voice_id, request)) as sounds:
            async for sound in sounds:
                if timed:
                    self._untimed.add(voice.model_id)
                yield sound

    async def _timed(self, voice_id: str, request: Mapping[str, Any]) -> AsyncGenerator[SpeechPart]:
        lines, pieces, words = TimedLines(), Pieces("ElevenLabs"), SpokenWords(request["text"])

        def parts(told: Sequence[TimedSound]) -> list[SpeechPart]:
            made: list[SpeechPart] = []
            for line in told:
                if ends := words.take(line.alignment, pieces.given / LINE_RATE_HZ):
                    made.append(WordEnds(ends))
                if piece := pieces.push(line.data):
                    made.append(Sound(piece, LINE_RATE_HZ, "mulaw"))
            return made

        async with (
            self._connection.client() as client,
            client.text_to_speech.with_raw_response.stream_with_timestamps(
                voice_id, request_options=options(_SILENCE_S), **request
            ) as answer,
            # Not `answer.data`: app/speech/elevenlabs_lines.py tells why.
            aclosing(answer._response.aiter_bytes()) as received,
        ):
            async for data in received:
                for part in parts(lines.push(data)):
                    yield part
            for part in parts(lines.flush()):
                yield part
            if piece := pieces.flush():
                yield Sound(piece, LINE_RATE_HZ, "mulaw")

    async def _plain(self, voice_id: str, request: Mapping[str, Any]) -> AsyncGenerator[Sound]:
        pieces = Pieces("ElevenLabs")
        # The raw response is a context: leaving it closes the connection, where the SDK's plain generator would
        # leave that to the garbage collector. `chunk_size=None`: bytes as they come, not 1024 at a time (128 ms).
        async with (
            self._connection.client() as client,
            client.text_to_speech.with_raw_response.stream(
                voice_id, request_options=options(_SILENCE_S, chunk_size=None), **request
            ) as answer,
        ):
            _check_type(answer.headers.get("content-type", ""))
            async for received in answer.data:
                if piece := pieces.push(received):
                    yield Sound(piece, LINE_RATE_HZ, "mulaw")
            if piece := pieces.flush():
                yield Sound(piece, LINE_RATE_HZ, "mulaw")

    async def check(self, personas: Sequence[Persona]) -> Sequence[Finding]:
        """The key, and each model and voice that the personas speak with."""
        models: dict[str, str] = {}
        voices: dict[str, str] = {}
        speakers: dict[str, Persona] = {}
        wrong: list[Finding] = []
        for persona in personas:
            voice, where = self._voice(persona), f"personas/{persona.id}.yaml: voice.elevenlabs"
            own = persona.voice.elevenlabs
            if (refusal := self.refuse(persona)) is not None:
                wrong.append(_refused(refusal))
            elif voice.voice_id is None:
                wrong.append(Finding(f"{where}.voice_id", False, "there is no voice", "set it, or ELEVENLABS_VOICE_ID"))
            else:
                voices[_about(where, "voice_id", own)] = voice.voice_id
                models[_about(where, "model_id", own)] = voice.model_id
                speakers |= {_about(where, key, own): persona for key in _SETTINGS}

        async def word(about: str) -> None:
            async for _ in self.speak(_WORD, speakers[about]):
                pass

        return [*await voices_found(self._connection, models, voices, word), *wrong]

    async def aclose(self) -> None:
        """Close every connection."""
        await self._connection.aclose()

    def _voice(self, persona: Persona) -> ElevenLabsVoice:
        """The persona's, filled up from the settings."""
        own = persona.voice.elevenlabs or ElevenLabsVoice()
        open_ = [key for key in _SETTINGS if not _is_own(own, key)]
        return own.model_copy(update={key: value for key in open_ if (value := self._settings.get(_SETTINGS[key]))})


def _refused(refusal: str) -> Finding:
    """From what stops the start."""
    trouble, _, mend = refusal.partition("; ")
    about, sign, says = trouble.rpartition(": ")
    return Finding(
        about if refusal.startswith("personas/") else _SETTINGS["voice_id"], False, says if sign else trouble, mend
    )


def _is_own(own: ElevenLabsVoice | None, key: str) -> bool:
    return own is not None and key in own.model_fields_set and getattr(own, key) is not None


def _about(where: str, key: str, own: ElevenLabsVoice | None) -> str:
    """Where a persona's voice or model is set."""
    return f"{where}.{key}" if _is_own(own, key) else _SETTINGS[key]


def _manner(voice: ElevenLabsVoice, persona: Persona) -> dict[str, Any]:
    """The request's optional fields: only those that were chosen, so that the vendor's own stay in force."""
    from elevenlabs.types import VoiceSettings

    chosen = {key: value for key in _MANNER if (value := getattr(voice, key)) is not None}
    fields: dict[str, Any] = {"voice_settings": VoiceSettings(**chosen)} if chosen else {}
    if language := _told_language(voice, persona):
        fields["language_code"] = language
    return fields


def _told_language(voice: ElevenLabsVoice, persona: Persona) -> str:
    """What the model is told; empty if nothing. The field takes two letters."""
    language = _language(persona)
    return language if voice.model_id in _TAKES_LANGUAGE and len(language) == len("en") else ""


def _language(persona: Persona) -> str:
    return persona.language.partition("-")[0]


def _check_type(content_type: str) -> None:
    kind = content_type.partition(";")[0].strip().lower()
    if kind.startswith("text/") or kind.endswith(("json", "xml")):
        raise ProviderError("ElevenLabs answered with text where sound was asked for", "rubbish")


def _missing(settings: Mapping[str, str], personas: Mapping[str, Persona]) -> list[str]:
    missing = [] if settings.get("ELEVENLABS_API_KEY") else [NO_KEY]
    if not settings.get("ELEVENLABS_VOICE_ID"):
        owns = {name: persona.voice.elevenlabs for name, persona in personas.items()}
        if voiceless := [name for name, own in owns.items() if own is None or own.voice_id is None]:
            missing.append(_no_voice(", ".join(sorted(voiceless))))
    return missing


def _no_voice(names: str) -> str:
    return f"ElevenLabs has no voice for {names}: set voice.elevenlabs.voice_id in the persona, or ELEVENLABS_VOICE_ID"


PROVIDER = Provider(
    "elevenlabs",
    speech_to_text=ElevenLabsSpeechToText,
    text_to_speech=ElevenLabsTextToSpeech,
    settings=("ELEVENLABS_VOICE_ID", "ELEVENLABS_TTS_MODEL", "ELEVENLABS_STT_MODEL"),
)

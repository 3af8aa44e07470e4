"""ElevenLabs, through its own SDK: speech streamed in the line's own μ-law, and turns transcribed by Scribe.

Settings beside ELEVENLABS_API_KEY and ELEVENLABS_BASE_URL: ELEVENLABS_VOICE_ID, ELEVENLABS_TTS_MODEL and
ELEVENLABS_STT_MODEL; docs/vendors/elevenlabs.md explains them.
"""

from __future__ import annotations

import asyncio
import io
import math
import re
import wave
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

import structlog

from app.audio.reading import LINE_RATE_HZ
from app.audio.resample import whole
from app.audio.sound import Sound
from app.personas.schema import ElevenLabsVoice, Persona
from app.speech.elevenlabs_connection import Connection, options
from app.speech.elevenlabs_errors import NO_KEY, explained
from app.speech.mulaw_pieces import Pieces
from app.speech.protocols import Finding, Provider, ProviderContext, ProviderError, Transcript

SCRIBE = "scribe_v2"
_RECOGNISER_RATE_HZ = 16_000
_SILENCE_S = 10.0
"""No byte from the vendor for so long, and its answer is given up; whoever asks has a stricter limit of their own."""

_TAKES_LANGUAGE = ("eleven_flash_v2_5", "eleven_turbo_v2_5")
"""Models that are told the language; others may answer 400 to it, and find it out by themselves."""
_ENGLISH_ONLY = ("eleven_flash_v2", "eleven_turbo_v2")
_VOICE_ID = re.compile(r"[A-Za-z0-9]{1,64}")
_MANNER = ("stability", "similarity_boost", "style", "use_speaker_boost", "speed")
_log = structlog.get_logger(__name__)


class ElevenLabsTextToSpeech:
    """A persona's `voice.elevenlabs`, or the operator's voice, in the line's own encoding."""

    name = "elevenlabs"

    def __init__(self, context: ProviderContext) -> None:
        self._settings = context.settings
        self._personas = context.personas
        self._connection = Connection(context.settings)

    async def warm(self) -> None:
        """Open a connection; say in the log what is missing, since calls will fall back without it."""
        for missing in _missing(self._settings, self._personas):
            _log.warning("provider_not_ready", provider="elevenlabs", reason=missing)
        await self._connection.warm()

    def refuse(self, persona: Persona) -> str | None:
        """Only what can never be spoken: a malformed ELEVENLABS_VOICE_ID, a model that lacks the persona's language.

        A key or a voice that is merely not set is no reason not to start: the call falls back, and `warm` says so.
        """
        voice = self._voice(persona)
        if voice.voice_id is not None and not _VOICE_ID.fullmatch(voice.voice_id):
            return "ELEVENLABS_VOICE_ID is not a voice's id: it has letters and digits only; copy it from the vendor"
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
        """Its voice, model and manner."""
        return self._voice(persona).model_dump_json()

    async def speak(self, text: str, persona: Persona) -> AsyncGenerator[Sound]:
        """8 kHz `mulaw` in pieces of 20 ms or more (the last may be shorter), as they come; none for blank text.

        Leaving it, or being cancelled, closes the vendor's stream. Raises ProviderError.
        """
        if not text.strip():
            return
        if (refusal := self.refuse(persona)) is not None:
            raise ProviderError(refusal)
        voice = self._voice(persona)
        if voice.voice_id is None:
            raise ProviderError(_no_voice(persona.id))
        pieces = Pieces("ElevenLabs")
        with explained():
            # The raw response is a context: leaving it closes the connection, where the SDK's plain generator would
            # leave that to the garbage collector. `chunk_size=None`: bytes as they come, not 1024 at a time (128 ms).
            async with self._connection.client.text_to_speech.with_raw_response.stream(
                voice.voice_id,
                text=text,
                output_format="ulaw_8000",
                model_id=voice.model_id,
                request_options=options(_SILENCE_S, chunk_size=None),
                **_manner(voice, persona),
            ) as answer:
                _check_type(answer.headers.get("content-type", ""))
                async for received in answer.data:
                    if piece := pieces.push(received):
                        yield Sound(piece, LINE_RATE_HZ, "mulaw")
                if piece := pieces.flush():
                    yield Sound(piece, LINE_RATE_HZ, "mulaw")

    async def check(self, personas: Sequence[Persona]) -> Sequence[Finding]:
        """Nothing yet."""
        return ()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._connection.aclose()

    def _voice(self, persona: Persona) -> ElevenLabsVoice:
        """The persona's, filled up from the settings."""
        own = persona.voice.elevenlabs or ElevenLabsVoice()
        given = {"voice_id": "ELEVENLABS_VOICE_ID", "model_id": "ELEVENLABS_TTS_MODEL"}
        open_ = [key for key in given if key not in own.model_fields_set or getattr(own, key) is None]
        return own.model_copy(update={key: value for key in open_ if (value := self._settings.get(given[key]))})


class ElevenLabsSpeechToText:
    """Scribe: one request for one complete turn."""

    name = "elevenlabs"

    def __init__(self, context: ProviderContext) -> None:
        self._model = context.settings.get("ELEVENLABS_STT_MODEL") or SCRIBE
        self._keyless = not context.settings.get("ELEVENLABS_API_KEY")
        self._connection = Connection(context.settings)

    async def warm(self) -> None:
        """Open a connection; say in the log if there is no key."""
        if self._keyless:
            _log.warning("provider_not_ready", provider="elevenlabs", reason=NO_KEY)
        await self._connection.warm()

    async def transcribe(self, sound: Sound, persona: Persona) -> Transcript:
        """The turn's words; `confidence` is the words' geometric mean probability. Raises ProviderError."""
        if not sound.samples:
            return Transcript("")
        with explained():
            client = self._connection.client
            heard = await client.speech_to_text.convert(
                model_id=self._model,
                file=("turn.wav", await asyncio.to_thread(_wav, sound), "audio/wav"),
                language_code=_language(persona),
                tag_audio_events=False,
                request_options=options(_SILENCE_S + sound.duration_ms / 1000),
            )
            return _transcript(heard)

    async def check(self, personas: Sequence[Persona]) -> Sequence[Finding]:
        """Nothing yet."""
        return ()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._connection.aclose()


def _wav(sound: Sound) -> bytes:
    """16 kHz, 16 bits, mono."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(_RECOGNISER_RATE_HZ)
        out.writeframes(whole(sound, _RECOGNISER_RATE_HZ).data)
    return file.getvalue()


def _transcript(heard: Any) -> Transcript:
    """From the SDK's answer, which it does not check. Raises ProviderError if it is something else."""
    text = getattr(heard, "text", None)
    if not isinstance(text, str):
        raise ProviderError("ElevenLabs answered with something that is not a transcript")
    if not text.strip():
        return Transcript("")
    words = getattr(heard, "words", None)
    spoken = [word for word in words if getattr(word, "type", None) == "word"] if isinstance(words, list) else []
    chances = [chance for word in spoken if isinstance(chance := getattr(word, "logprob", None), int | float)]
    if not chances or not all(map(math.isfinite, chances)):
        return Transcript(text.strip())
    return Transcript(text.strip(), math.exp(min(0.0, sum(chances) / len(chances))))


def _manner(voice: ElevenLabsVoice, persona: Persona) -> dict[str, Any]:
    """The request's optional fields: only those that were chosen, so that the vendor's own stay in force."""
    from elevenlabs.types import VoiceSettings

    chosen = {key: value for key in _MANNER if (value := getattr(voice, key)) is not None}
    fields: dict[str, Any] = {"voice_settings": VoiceSettings(**chosen)} if chosen else {}
    if voice.model_id in _TAKES_LANGUAGE and len(_language(persona)) == len("en"):
        fields["language_code"] = _language(persona)
    return fields


def _language(persona: Persona) -> str:
    return persona.language.partition("-")[0]


def _check_type(content_type: str) -> None:
    kind = content_type.partition(";")[0].strip().lower()
    if kind.startswith("text/") or kind.endswith(("json", "xml")):
        raise ProviderError("ElevenLabs answered with text where sound was asked for")


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

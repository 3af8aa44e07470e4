"""The caller's own voice: a synthesizer of the house, speaking as someone who is not the agent."""

from __future__ import annotations

from collections.abc import Sequence

from app.audio.sound import Sound
from app.personas.schema import Metadata, OfflineVoice, Persona, Voice
from app.phone.script import Step
from app.phone.sounds import read_wav, to_line
from app.speech.protocols import TextToSpeech


def caller_persona(voice: str = "en-us", variant: str = "f2", words_per_minute: int = 150) -> Persona:
    """Who the caller sounds like; `voice` and `variant` are espeak-ng's."""
    offline = OfflineVoice(voice=voice, variant=variant, words_per_minute=words_per_minute)
    return Persona(
        id="caller",
        name="Caller",
        flow="assistant",
        metadata=Metadata(source_template_id="phone-caller"),
        greeting="Hello.",
        voice=Voice(offline=offline),
    )


async def synthesize(text: str, persona: Persona, speech: TextToSpeech) -> bytes:
    """`text` as 8 kHz μ-law, whole. Raises ProviderError."""
    pieces = [piece async for piece in speech.speak(text, persona) if isinstance(piece, Sound)]
    if not pieces:
        return b""
    first = pieces[0]
    return to_line(Sound(b"".join(piece.data for piece in pieces), first.rate_hz, first.encoding))


async def record(steps: Sequence[Step], persona: Persona, speech: TextToSpeech | None) -> dict[int, tuple[bytes, str]]:
    """What is said in each step (by its place): 8 kHz μ-law and words, made before the call. Raises ProviderError.

    Without `speech`, steps that `say` raise ValueError.
    """
    sounds: dict[int, tuple[bytes, str]] = {}
    for place, step in enumerate(steps):
        if step.wav is not None:
            sounds[place] = (to_line(read_wav(step.wav)), step.wav.name)
        elif step.say is not None:
            if speech is None:
                raise ValueError("This script says words, and there is no synthesizer to say them.")
            sounds[place] = (await synthesize(step.say, persona, speech), step.say)
    return sounds

"""A persona that speaks slowly, for a caller who asked for it: what each voice has for that."""

from __future__ import annotations

from app.personas.schema import ElevenLabsVoice, Persona, SarvamVoice

PACE = 0.8
"""Of the persona's own: plainly slower, and still a voice and not a record at the wrong speed."""
_SLOWEST_WPM, _SLOWEST_SPEED, _SLOWEST_PACE = 80, 0.7, 0.5
"""The least that the schema, and with it the vendors, allow."""


def slowly(persona: Persona) -> Persona:
    """The same persona at `PACE`, with every voice that it may have."""
    offline = persona.voice.offline
    eleven = persona.voice.elevenlabs or ElevenLabsVoice()
    sarvam = persona.voice.sarvam or SarvamVoice()
    voice = persona.voice.model_copy(
        update={
            "offline": offline.model_copy(
                update={"words_per_minute": max(round(offline.words_per_minute * PACE), _SLOWEST_WPM)}
            ),
            "elevenlabs": eleven.model_copy(update={"speed": max((eleven.speed or 1.0) * PACE, _SLOWEST_SPEED)}),
            "sarvam": sarvam.model_copy(update={"pace": max((sarvam.pace or 1.0) * PACE, _SLOWEST_PACE)}),
        }
    )
    return persona.model_copy(update={"voice": voice})

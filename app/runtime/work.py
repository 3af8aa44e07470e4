"""The slow work of a call, one coroutine each: it ends in an event, whatever happens, and never blocks anyone."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from app.audio.resample import LineEncoder
from app.audio.sound import Sound
from app.call.events import Event, ProviderFailed, ReplyDelta, ReplyEnded, SpeechReady, TranscriptReady
from app.dialogue.flow import Plan
from app.personas.schema import Persona
from app.runtime.providers import Providers
from app.runtime.spoken import SpokenPieces
from app.speech.protocols import ProviderError

_log = structlog.get_logger(__name__)

Tell = Callable[[Event], None]


async def transcribe(turn: int, sound: Sound, persona: Persona, providers: Providers, tell: Tell) -> None:
    """A complete turn into words."""
    try:
        transcript = await providers.transcribe(sound, persona)
    except ProviderError:
        tell(ProviderFailed("transcribe", turn, "no-provider"))
    else:
        tell(TranscriptReady(turn, transcript.text, transcript.confidence))


async def reply(turn: int, plan: Plan, persona: Persona, providers: Providers, tell: Tell) -> None:
    """A plan into the reply's text. If no model words it, or none says anything, the flow's own words stand."""
    said = False
    try:
        async for delta in providers.reply(plan, persona):
            said = said or bool(delta.strip())
            tell(ReplyDelta(turn, delta))
    except ProviderError:
        _log.warning("reply_by_the_flow_alone", turn=turn, began=said)
    if not said:
        tell(ReplyDelta(turn, plan.text))
    tell(ReplyEnded(turn, end=plan.end))


async def speak(
    piece: int, text: str, persona: Persona, providers: Providers, spoken: SpokenPieces, tell: Tell
) -> None:
    """A sentence into the line's own μ-law, encoded once, told of as it comes."""
    encoder = LineEncoder()
    ready_ms = 0
    spoken.begin(piece)
    try:
        async for sound in providers.speak(text, persona):
            ready_ms = spoken.add(piece, encoder.push(sound))
            tell(SpeechReady(piece, ready_ms, final=False))
    except ProviderError:
        tell(ProviderFailed("speak", piece, "no-provider"))
        return
    ready_ms = spoken.add(piece, encoder.flush())
    if ready_ms:
        tell(SpeechReady(piece, ready_ms, final=True))
    else:
        tell(ProviderFailed("speak", piece, "silent"))

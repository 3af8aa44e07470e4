"""The slow work of a call, one coroutine each: it ends in an event, whatever happens, and never blocks anyone."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

import structlog

from app.audio.resample import LineEncoder
from app.audio.sound import Sound
from app.call.events import Event, PauseJudged, ProviderFailed, SpeechReady, TranscriptReady
from app.runtime.call_providers import CallProviders
from app.runtime.spoken import SpokenPieces
from app.speech.protocols import PauseJudge, ProviderError, WordEnds

_log = structlog.get_logger(__name__)

Tell = Callable[[Event], None]


def why(work: str, error: Exception) -> str:
    """The reason to tell the call. What is no ProviderError is a fault of ours: it is logged with its place, but
    without its message, which may quote what was said."""
    if isinstance(error, ProviderError):
        return error.kind
    *_, last = traceback.extract_tb(error.__traceback__)
    _log.error("work_failed", work=work, error=type(error).__name__, at=f"{Path(last.filename).name}:{last.lineno}")
    return "fault"


async def transcribe(turn: int, sound: Sound, providers: CallProviders, tell: Tell, *, early: bool = False) -> None:
    """A complete turn into words; while it may not be complete (`early`), also whether it is, if somebody can tell."""
    async with asyncio.TaskGroup() as both:
        if early and providers.pauses is not None:
            both.create_task(_judge_pause(turn, sound, providers.pauses, tell))
        await _words(turn, sound, providers, tell)


async def _judge_pause(turn: int, sound: Sound, pauses: PauseJudge, tell: Tell) -> None:
    """Without an answer the house's rules decide, so that nothing is told of a failure but in the log."""
    try:
        complete = await pauses.judge(sound)
    except Exception as error:
        _log.info("pause_not_judged", why=why("judge", error))
    else:
        tell(PauseJudged(turn, round(100 * complete)))


async def _words(turn: int, sound: Sound, providers: CallProviders, tell: Tell) -> None:
    try:
        transcript = await providers.transcribe(sound)
    except Exception as error:
        tell(ProviderFailed("transcribe", turn, why("transcribe", error)))
    else:
        tell(TranscriptReady(turn, transcript.text, transcript.confidence))


async def speak(piece: int, text: str, providers: CallProviders, spoken: SpokenPieces, tell: Tell) -> None:
    """A sentence into the line's own μ-law, encoded once, told of as it comes.

    Encoding holds sound back but does not move it: where words end is told as the voice told it.
    """
    encoder = LineEncoder()
    ready_ms = 0
    ends: tuple[tuple[int, int], ...] = ()
    spoken.begin(piece)
    try:
        async with aclosing(providers.speak(text)) as parts:
            async for part in parts:
                if isinstance(part, WordEnds):
                    ends += part.ends
                    continue
                ready_ms = spoken.add(piece, encoder.push(part))
                tell(SpeechReady(piece, ready_ms, final=False, word_ends=ends))
                ends = ()
        ready_ms = spoken.add(piece, encoder.flush())
    except Exception as error:
        tell(ProviderFailed("speak", piece, why("speak", error)))
        return
    if ready_ms:
        tell(SpeechReady(piece, ready_ms, final=True, word_ends=ends))
    else:
        tell(ProviderFailed("speak", piece, "silent"))

"""What requests that were made for the sake of asking found out about the settings."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from app.speech.elevenlabs_connection import Connection, options
from app.speech.elevenlabs_errors import NO_KEY, NotTakenError
from app.speech.protocols import FaultKind, Finding, ProviderError

_LIMIT_S = 9.0
"""All requests are made at once; the operator waits 10 s at most."""
_AT_ONCE = 5
"""Requests for voices."""
_ABOUT: dict[FaultKind, str] = {
    "key": "ELEVENLABS_API_KEY",
    "quota": "ELEVENLABS_API_KEY",
    "unreachable": "ELEVENLABS_BASE_URL",
}
"""What is wrong, where that is not what was asked about."""
_ACCEPTED = Finding("ELEVENLABS_API_KEY", True, "the key is accepted")
_NO_VOICE = "voice_not_found"
"""Which is no fault of the model that was to speak with it."""
T = TypeVar("T")


async def found(about: str, says: str, ask: Awaitable[Any]) -> Finding:
    """A finding about the setting or key `about`: `says` if `ask` succeeds, else what it raised; never raises."""
    answer = await _answer(ask)
    return told(about, answer) if isinstance(answer, ProviderError) else Finding(about, True, says)


def told(about: str, error: ProviderError) -> Finding:
    """What a failed request says about `about`, or about the key or address behind it."""
    trouble, _, mend = str(error).partition(": ")
    return Finding(_ABOUT.get(error.kind, about), False, trouble, mend)


async def voices_found(
    connection: Connection,
    models: Mapping[str, str],
    voices: Mapping[str, str],
    word: Callable[[str], Awaitable[None]],
) -> Sequence[Finding]:
    """Of the key, and of each model and voice that is spoken with; both by where they are set.

    `word(about)`: has a word spoken with what is set there, where the server cannot tell what it has.
    """
    if not connection.has_key:
        trouble, _, mend = NO_KEY.partition(": ")
        return [Finding("ELEVENLABS_API_KEY", False, trouble, mend)]
    gate = asyncio.Semaphore(_AT_ONCE)
    distinct = sorted(set(voices.values()))
    speaking, seen = await asyncio.gather(
        _answer(_models(connection)),
        asyncio.gather(*(_answer(_voice(connection, voice_id, gate)) for voice_id in distinct)),
    )
    if isinstance(speaking, ProviderError) and speaking.kind in _ABOUT and not _is_scope(speaking):
        return [told("ELEVENLABS_API_KEY", speaking)]  # and so would be everything else
    answers = dict(zip(distinct, seen, strict=True))
    dumb = [about for about in models if _tells_nothing(speaking)]
    dumb += [about for about, voice_id in voices.items() if _tells_nothing(answers[voice_id])]
    chosen = {**models, **voices}
    findings = [
        *(_model_finding(about, model, speaking) for about, model in models.items() if about not in dumb),
        *(_voice_finding(about, voice, answers[voice]) for about, voice in voices.items() if about not in dumb),
        *await asyncio.gather(*(found(about, f"{chosen[about]} speaks", word(about)) for about in dumb)),
    ]
    findings = [finding for finding in findings if finding.about not in models or _NO_VOICE not in finding.says]
    key = [finding for finding in findings if finding.about == "ELEVENLABS_API_KEY"]
    return list(dict.fromkeys([*(key or [_ACCEPTED]), *findings]))


def _model_finding(about: str, model: str, speaking: set[str] | ProviderError) -> Finding:
    if isinstance(speaking, ProviderError):
        return _unseen(about, speaking)
    if model in speaking:
        return Finding(about, True, f"{model} speaks")
    return Finding(about, False, f"ElevenLabs has no model {model} that speaks", f"take {', '.join(sorted(speaking))}")


def _voice_finding(about: str, voice_id: str, answer: ProviderError | None) -> Finding:
    return _unseen(about, answer) if isinstance(answer, ProviderError) else Finding(about, True, f"{voice_id} is there")


def _unseen(about: str, error: ProviderError) -> Finding:
    """A key may be made for speaking alone: then it cannot look, which is no fault."""
    return Finding(about, True, "not checked: the key may not look") if _is_scope(error) else told(about, error)


def _tells_nothing(answer: object) -> bool:
    """Is there perhaps only nothing to look at? Servers in between may know the paths of speech alone."""
    if not isinstance(answer, ProviderError):
        return False
    return isinstance(answer, NotTakenError) or answer.kind in ("failed", "rubbish")


def _is_scope(error: ProviderError) -> bool:
    return error.kind == "key" and "missing_permissions" in str(error)


async def _models(connection: Connection) -> set[str]:
    """Those that speak."""
    async with connection.client() as client:
        listed = await client.models.list(request_options=options(_LIMIT_S))
        if not isinstance(listed, list):
            raise ProviderError("ElevenLabs answered with something that is not a list of models", "rubbish")
        return {str(model.model_id) for model in listed if model.can_do_text_to_speech is not False}


async def _voice(connection: Connection, voice_id: str, gate: asyncio.Semaphore) -> None:
    async with gate, connection.client() as client:
        voice = await client.voices.get(voice_id, request_options=options(_LIMIT_S))
        if getattr(voice, "voice_id", None) != voice_id:
            raise ProviderError("ElevenLabs answered with something that is not the voice", "rubbish")


async def _answer(ask: Awaitable[T]) -> T | ProviderError:
    """Never raises; done within 9 s."""
    try:
        async with asyncio.timeout(_LIMIT_S):
            return await ask
    except ProviderError as error:
        return error
    except TimeoutError:
        return ProviderError("ElevenLabs did not answer in time", "late")

"""Who is in the chains: what the settings ask for, as far as it exists and can be used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import structlog

from app.personas.problems import PersonaError
from app.personas.schema import Persona
from app.speech.protocols import ProviderContext, TextToSpeech
from app.speech.registry import UnknownProvider

P = TypeVar("P")

_log = structlog.get_logger(__name__)


def those_known(
    names: Sequence[str], make: Callable[[Sequence[str], ProviderContext], list[P]], context: ProviderContext
) -> list[P]:
    """The parts of these names, in this order, without those that do not exist: these are told in the log.

    Raises UnknownProvider if none of them exists.
    """
    made: list[P] = []
    unknown: list[UnknownProvider] = []
    for name in names:
        try:
            made += make([name], context)
        except UnknownProvider as error:
            unknown.append(error)
    if unknown and not made:
        raise unknown[0]
    for missing in unknown:
        _log.warning("provider_unknown", says=str(missing), then="the others in the list are used")
    return made


def check_voices(voices: Sequence[TextToSpeech], personas: Iterable[Persona]) -> None:
    """Every persona needs a voice that can speak it; one that can't is told in the log, and passed over.

    Raises PersonaError if there is none for a persona.
    """
    refusals: dict[str, str] = {}
    for persona in personas:
        refused = {voice.name: refusal for voice in voices if (refusal := voice.refuse(persona)) is not None}
        if refused and len(refused) == len({voice.name for voice in voices}):
            raise PersonaError(next(iter(refused.values())))
        refusals.update({refusal: name for name, refusal in refused.items()})
    for refusal, name in refusals.items():
        _log.warning("voice_refused", provider=name, says=refusal, then="the other voices speak instead")

"""Recognition, thought and speech: who is asked in which order, and whether they can be used as they are set."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.audio.reading import LINE_RATE_HZ
from app.audio.sound import Sound
from app.cli.examination.report import Group, Line, within
from app.personas.questions import Bank
from app.personas.schema import Persona
from app.settings import Part as Stage
from app.settings import Settings
from app.speech import registry, smart_turn
from app.speech.protocols import Part, Provider, ProviderContext, ProviderError

OWN = "offline"
"""The provider whose speech is made on this machine: it is tried, for nothing can be asked of it."""
_AGAIN = "install Parley's packages again (pip install -r requirements-run.lock)"
_SILENCE = Sound(b"\xff" * LINE_RATE_HZ, LINE_RATE_HZ, "mulaw")

_Make = Callable[[Sequence[str], ProviderContext], Sequence[Part]]
_STAGES: tuple[tuple[Stage, str, _Make], ...] = (
    ("stt", "STT_PROVIDER", registry.speech_to_texts),
    ("llm", "LLM_PROVIDER", registry.language_models),
    ("tts", "TTS_PROVIDER", registry.text_to_speeches),
)
_Made = tuple[Stage, Any]
"""A stage and its part; what the part can do besides what all can follows from the stage."""


async def examine_speech(settings: Settings, personas: Mapping[str, Persona], bank: Bank | None) -> list[Group]:
    """The chains; then each provider in one of them; then those that are set up and are in none."""
    context = _context(settings, personas, bank)
    chains: list[Line] = []
    used: defaultdict[str, list[_Made]] = defaultdict(list)
    for stage, setting, make in _STAGES:
        names = settings.providers(stage)
        chains.append(Line(setting, "ok", ", then ".join(names)))
        for name in names:
            try:
                used[name] += [(stage, part) for part in make((name,), context)]
            except registry.UnknownProvider as error:
                chains.append(Line(setting, "wrong", str(error).removeprefix(f"{setting}: ")))
    spare, unset = _spare(set(used), context)
    found = await asyncio.gather(
        *(_provider(name, made, personas) for name, made in used.items() if made),
        *(_provider(name, made, personas, spare=True) for name, made in spare.items()),
    )
    chains += [Line(name, "not set", "not used, and no setting of it is given") for name in unset]
    chains.append(await _pauses(settings))
    return [Group("Speech and thought", tuple(chains)), *found]


async def _pauses(settings: Settings) -> Line:
    """Whether a network judges pauses, and can."""
    if settings.smart_turn_model is None:
        return Line(smart_turn.SETTING, "not set", "the house's own rules say when a turn is over")
    judge = smart_turn.SmartTurn(settings.smart_turn_model)
    try:
        found = await judge.check()
    finally:
        await judge.aclose()
    return Line(found.about, "ok" if found.ok else "wrong", found.says, found.mend)


def _context(settings: Settings, personas: Mapping[str, Persona], bank: Bank | None) -> ProviderContext:
    expected = {
        name: bank.answers(persona.interview.topic)
        for name, persona in personas.items()
        if bank is not None and persona.interview is not None
    }
    # one recogniser is enough to see that it works
    return ProviderContext(personas, settings.for_providers() | {"OFFLINE_WORKERS": "1"}, expected)


def _spare(used: set[str], context: ProviderContext) -> tuple[dict[str, list[_Made]], list[str]]:
    """Vendors in no chain: the parts of those that have settings, and the names of those that have none."""
    spare: dict[str, list[_Made]] = {}
    unset: list[str] = []
    for name, provider in registry.providers().items():
        if name in used or name in (OWN, "mock"):
            continue
        if any(setting.startswith(f"{name.upper()}_") for setting in context.settings):
            spare[name] = [(stage, make(context)) for stage, make in _makers(provider) if make is not None]
        else:
            unset.append(name)
    return spare, unset


def _makers(provider: Provider) -> tuple[tuple[Stage, Callable[[ProviderContext], Part] | None], ...]:
    return ("stt", provider.speech_to_text), ("llm", provider.language_model), ("tts", provider.text_to_speech)


async def _provider(name: str, made: Sequence[_Made], personas: Mapping[str, Persona], *, spare: bool = False) -> Group:
    """All that its parts find, each thing once."""
    every = tuple(personas.values())
    checks = [within(name, _checked(stage, part, every)) for stage, part in made]
    if name == OWN and every:
        checks += [within(name, _tried(stage, part, every)) for stage, part in made]
    found = await asyncio.gather(*checks)
    await asyncio.gather(*(part.aclose() for _, part in made), return_exceptions=True)
    lines = tuple(dict.fromkeys(line for lines in found for line in lines))
    if spare:  # what nobody uses harms nobody
        lines = tuple(replace(line, state="attention") if line.state == "wrong" else line for line in lines)
    title = f"{name} (set, but in no chain)" if spare else name
    return Group(title, lines or (Line(name, "ok", "there is nothing that could be set wrongly"),))


async def _checked(stage: Stage, part: Any, personas: Sequence[Persona]) -> list[Line]:
    """What the part's own check says, and the voices that it refuses without having said so."""
    found = await part.check(personas)
    refusals = [part.refuse(persona) for persona in personas] if stage == "tts" else []
    untold = [refusal for refusal in refusals if refusal and not any(one.says in refusal for one in found)]
    return [
        *(Line(one.about, "ok" if one.ok else "wrong", one.says, one.mend) for one in found),
        *(Line("voice", "wrong", refusal) for refusal in untold),
    ]


async def _tried(stage: Stage, part: Any, personas: Sequence[Persona]) -> list[Line]:
    """This machine's own speech, really made, and its recogniser, really started."""
    try:
        if stage == "tts":
            speaker = next((persona for persona in personas if part.refuse(persona) is None), None)
            if speaker is None:
                return []
            given = [piece async for piece in part.speak("Hello.", speaker)]
            if any(isinstance(piece, Sound) and piece.samples for piece in given):
                return [Line("voice", "ok", "espeak-ng says a word")]
            return [Line("voice", "wrong", "espeak-ng says nothing", _AGAIN)]
        if stage == "stt":
            await part.warm()
            hearer = next((persona for persona in personas if persona.language.startswith("en")), None)
            if hearer is not None:
                await part.transcribe(_SILENCE, hearer)
            return [Line("recogniser", "ok", "pocketsphinx starts")]
    except Exception as error:  # a library that is not there or does not fit shows itself in many ways
        why = str(error) if isinstance(error, ProviderError) else type(error).__name__
        return [Line("voice" if stage == "tts" else "recogniser", "wrong", f"it does not work here: {why}", _AGAIN)]
    return []

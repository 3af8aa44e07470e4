"""Finds the providers: every module of this package that has a `PROVIDER`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import TypeVar

import app.speech
from app.speech.protocols import LanguageModel, Provider, ProviderContext, SpeechToText, TextToSpeech

T = TypeVar("T")


class UnknownProvider(ValueError):  # noqa: N818 - what it says is the error
    """A setting names a provider that does not exist, or does not offer that part; one line that says what does."""


@lru_cache(maxsize=1)
def providers() -> Mapping[str, Provider]:
    """All providers by name."""
    modules = sorted(pkgutil.iter_modules(app.speech.__path__), key=lambda found: found.name)
    found = [getattr(importlib.import_module(f"app.speech.{m.name}"), "PROVIDER", None) for m in modules]
    return MappingProxyType({provider.name: provider for provider in found if provider is not None})


def provider_settings() -> tuple[str, ...]:
    """Names of the settings that providers ask for beside the house's own."""
    return tuple(name for provider in providers().values() for name in provider.settings)


def speech_to_texts(names: Sequence[str], context: ProviderContext) -> list[SpeechToText]:
    """The recognisers of these names, in this order. Raises UnknownProvider."""
    return _made("STT_PROVIDER", names, lambda provider: provider.speech_to_text, context)


def language_models(names: Sequence[str], context: ProviderContext) -> list[LanguageModel]:
    """The language models of these names, in this order. Raises UnknownProvider."""
    return _made("LLM_PROVIDER", names, lambda provider: provider.language_model, context)


def text_to_speeches(names: Sequence[str], context: ProviderContext) -> list[TextToSpeech]:
    """The voices of these names, in this order. Raises UnknownProvider."""
    return _made("TTS_PROVIDER", names, lambda provider: provider.text_to_speech, context)


def _made(
    setting: str,
    names: Sequence[str],
    part: Callable[[Provider], Callable[[ProviderContext], T] | None],
    context: ProviderContext,
) -> list[T]:
    able = {name: made for name, provider in providers().items() if (made := part(provider)) is not None}
    for name in names:
        if name not in able:
            raise UnknownProvider(f"{setting}: there is no provider {name!r} for this; there are: {', '.join(able)}")
    return [able[name](context) for name in names]

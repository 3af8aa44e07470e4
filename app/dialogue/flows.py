"""The flows there are: every module of this package that has a NAME and a FLOW."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

import app.dialogue
from app.dialogue.flow import Flow, QuestionBank
from app.personas.problems import PersonaError
from app.personas.schema import Persona


def known() -> tuple[str, ...]:
    """The names of all flows, sorted."""
    return tuple(sorted(_flows()))


def find(name: str) -> type[Flow]:
    """The flow called `name`. Raises PersonaError, a single line that names those there are."""
    if name not in _flows():
        raise PersonaError(f"flow: there is no flow {name[:60]!r}; write one of: {', '.join(known())}")
    return _flows()[name]


def check(personas: Mapping[str, Persona], bank: QuestionBank, folder: object = "personas") -> None:
    """Make every persona's flow once, so that a fault shows at the start and not on a call. Raises PersonaError naming
    the file and the key. `folder`: where the personas came from, as it is to be named."""
    for persona in personas.values():
        if persona.flow not in _flows():
            text = f"there is no flow {persona.flow!r}; write one of: {', '.join(known())}"
            raise PersonaError.at(f"{folder}/{persona.id}.yaml", "flow", text)
        try:
            find(persona.flow)(persona, bank)
        except PersonaError as error:
            raise PersonaError.at(f"{folder}/{persona.id}.yaml", error.key, error.message) from None


@lru_cache(maxsize=1)
def _flows() -> Mapping[str, type[Flow]]:
    modules = [import_module(f"app.dialogue.{found.name}") for found in iter_modules(app.dialogue.__path__)]
    return MappingProxyType({module.NAME: module.FLOW for module in modules if hasattr(module, "FLOW")})

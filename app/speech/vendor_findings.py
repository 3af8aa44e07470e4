"""What a list of a vendor's models tells about the settings."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from app.speech.protocols import FaultKind, Finding, ProviderError

_LIMIT_S = 8.0
"""The operator waits 10 s at most."""
_SHOWN = 5
_NO_LIST: frozenset[FaultKind] = frozenset({"refused", "rubbish", "failed"})
"""What servers say to a request for a list that they do not have."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is checked, and the settings that it depends on. `model`: the one wanted, of the setting `about`."""

    vendor: str
    model: str
    about: str
    key: str
    url: str


async def model_findings(
    asked: Asked,
    list_models: Callable[[], Awaitable[Any]],
    explained: Callable[[], AbstractContextManager[None]],
    otherwise: Callable[[], Awaitable[Any]] | None = None,
) -> list[Finding]:
    """One listing of the models: is the vendor there, does it take the key, does it serve the model? Never raises.

    `otherwise`: asks the model itself, for servers that have no list.
    """
    begun_s = asyncio.get_running_loop().time()
    try:
        with explained():
            async with asyncio.timeout(_LIMIT_S):
                listed = await list_models()
    except ProviderError as error:
        if otherwise is not None and error.kind in _NO_LIST:
            left_s = begun_s + _LIMIT_S - asyncio.get_running_loop().time()
            return await _answering(asked, otherwise, explained, left_s, error)
        return [_told(asked, error)]
    names = _names(listed)
    if names is None:
        says = f"{asked.vendor} answers, but not with a list of models"
        return [Finding(asked.url, False, says, f"see whether {asked.url} is the right address")]
    served = asked.model in names or f"{asked.model}:latest" in names  # Ollama's way of naming a model without a tag
    reached = Finding(asked.key, True, f"{asked.vendor} answers")
    return [reached, Finding(asked.about, True, f"{asked.model} is served") if served else _unserved(asked, names)]


async def _answering(
    asked: Asked,
    ask: Callable[[], Awaitable[Any]],
    explained: Callable[[], AbstractContextManager[None]],
    limit_s: float,
    before: ProviderError,
) -> list[Finding]:
    """`before`: what the server said to the request for a list, in case that it says nothing better now."""
    try:
        with explained():
            async with asyncio.timeout(limit_s):
                await ask()
    except ProviderError as error:
        return [_told(asked, before if error.kind in ("rubbish", "failed", "broken") else error)]
    reached = Finding(asked.key, True, f"{asked.vendor} answers")
    return [reached, Finding(asked.about, True, f"{asked.model} answers")]


def _told(asked: Asked, error: ProviderError) -> Finding:
    trouble, _, mend = str(error).partition(": ")
    elsewhere = error.kind in ("rubbish", "broken")
    other = f"see whether {asked.url} is the right address" if elsewhere else "try again later"
    return Finding(_at_fault(error.kind, asked), False, trouble, mend or other)


def _unserved(asked: Asked, names: list[str]) -> Finding:
    near = get_close_matches(asked.model, names, n=_SHOWN, cutoff=0.3) or sorted(names)[:_SHOWN]
    mend = f"set {asked.about} to one that it serves: {', '.join(near)}" if near else "load a model into the server"
    return Finding(asked.about, False, f"{asked.vendor} does not serve {asked.model}", mend)


def _at_fault(kind: FaultKind, asked: Asked) -> str:
    return asked.key if kind in ("key", "quota", "busy") else asked.url


def _names(listed: Any) -> list[str] | None:
    """The models' ids from the SDK's answer, which it does not check; None if it is no list."""
    data = getattr(listed, "data", None)
    if not isinstance(data, list):
        return None
    return [id_ for model in data if isinstance(id_ := getattr(model, "id", None), str)]

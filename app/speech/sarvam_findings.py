"""What a request that was made for the sake of asking found out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

from app.speech.protocols import FaultKind, Finding, ProviderError

_LIMIT_S = 9.0
"""All of one part's requests are made at once; the operator waits 10 s at most."""

_LATER = "ask again in a minute; if it stays so, look at the vendor's status page, and at SARVAM_BASE_URL if it is set"
_ABOUT: dict[FaultKind, str] = {"key": "SARVAM_API_KEY", "quota": "SARVAM_API_KEY", "unreachable": "SARVAM_BASE_URL"}
"""What is wrong, where that is not what was asked about."""


async def found(about: str, says: str, ask: Awaitable[Any]) -> Finding:
    """A finding about the setting or key `about`: `says` if `ask` succeeds, else what it raised; never raises."""
    try:
        async with asyncio.timeout(_LIMIT_S):
            await ask
    except ProviderError as error:
        trouble, _, mend = str(error).partition(": ")
        return Finding(_ABOUT.get(error.kind, about), False, trouble, mend or _LATER)
    except TimeoutError:
        return Finding(about, False, "Sarvam did not answer in time", _LATER)
    return Finding(about, True, says)

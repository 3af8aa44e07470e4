"""One request at one provider, as it goes: within its limits, measured, and whatever fails in words of ours."""

from __future__ import annotations

import traceback
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import structlog

from app.clock import Clock
from app.runtime.breaker import Breaker, Permit
from app.runtime.limits import Limits, Pace
from app.runtime.metering import Meter
from app.runtime.pacing import paced
from app.runtime.reporting import Spent, Stage
from app.speech.protocols import Part, ProviderError

AGAIN_WITHIN_S = 0.25
"""A connection that fails so early was mostly an old one that the vendor had closed: a fresh one is worth one try, and
nobody notices. Later the time is better spent on the next provider."""

P = TypeVar("P", bound=Part)
T = TypeVar("T")

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Link(Generic[P]):
    """A provider's part in the chain of its stage, shared by all calls. `model`: the last that it named as its own."""

    stage: Stage
    part: P
    breaker: Breaker
    limits: Limits
    model: str = ""

    @property
    def name(self) -> str:
        return self.part.name


@dataclass(frozen=True, slots=True)
class Request(Generic[P, T]):
    """One request, whoever answers it. `begin`: ask a part; `meter`: a fresh one for each time that it is asked."""

    begin: Callable[[P], AsyncIterator[T]]
    pace: Callable[[Limits], Pace]
    meter: Callable[[P], Meter[T]]


class Attempt(Generic[P, T]):
    """A request at one provider, which may be asked twice. `error`: why it failed, if it did."""

    def __init__(self, link: Link[P], permit: Permit, request: Request[P, T], clock: Clock) -> None:
        self.link, self.permit = link, permit
        self.error: ProviderError | None = None
        self.done = False
        self.first_ms: int | None = None
        self.meter = request.meter(link.part)
        self._request = request
        self._clock = clock
        self._began = clock.now()

    @property
    def took_ms(self) -> int:
        return round((self._clock.now() - self._began) * 1000)

    @property
    def noticed(self) -> bool:
        """Has the caller's side got anything of it?"""
        return self.first_ms is not None

    async def pieces(self) -> AsyncGenerator[T]:
        """What comes; what nobody would notice is held back until something comes that they would."""
        held: list[T] = []
        try:
            asked, pace = self._request.begin(self.link.part), self._request.pace(self.link.limits)
            source = paced(asked, pace, self._clock.now, self.meter.played_s)
            async with aclosing(source) as pieces:
                async for piece in pieces:
                    if not self.meter.take(piece):
                        continue
                    held.append(piece)
                    if not self.meter.noticed:
                        continue
                    if self.first_ms is None:
                        self.first_ms = self.took_ms
                    for ready in held:
                        yield ready
                    held.clear()
            self.meter.complete()
            for ready in held:
                yield ready
            self.done = True
        except ProviderError as error:
            self.error = error
        except TimeoutError:
            self.error = ProviderError("it did not answer in time", "late")
        except Exception as error:  # a fault in a provider's code is that provider's failure, not the call's
            self.error = _fault(self.link.name, error)

    def spent(self) -> Spent:
        """What it used, counted or reckoned."""
        link = self.link
        spent = self.meter.spent(Spent(link.stage, link.name, link.model, self.took_ms, self.first_ms))
        link.model = spent.model
        return spent

    @property
    def is_worth_another(self) -> bool:
        """Did only the connection fail, and at once?"""
        return (
            self.error is not None
            and self.error.kind in ("unreachable", "broken")
            and not self.noticed
            and not self.permit.probe
            and self._clock.now() - self._began <= AGAIN_WITHIN_S
        )


def _fault(provider: str, error: Exception) -> ProviderError:
    """Logged with its place, but without its message, which may quote what was said."""
    *_, last = traceback.extract_tb(error.__traceback__)
    at = f"{Path(last.filename).name}:{last.lineno}"
    _log.error("provider_fault", provider=provider, error=type(error).__name__, at=at)
    return ProviderError(f"a fault in the provider's code ({type(error).__name__} at {at})", "failed")

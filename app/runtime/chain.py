"""One stage's providers for one call, in order of fallback: who is asked, who takes over, and what is told of it.

A provider that fails before the caller could notice anything is left for the next one with the same request. Once
something of an answer is out, the rest must come from the same provider or not at all.
"""

from __future__ import annotations

import traceback
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
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
from app.runtime.reporting import Fault, Reporter, Spent, Stage
from app.speech.protocols import Part, ProviderError

AGAIN_WITHIN_S = 0.25
"""A connection that fails so early was mostly an old one that the vendor had closed: a fresh one is worth one try, and
nobody notices. Later the time is better spent on the next provider."""
REFUSALS = 2
"""One may be about this turn; after two of them in a call the others are asked first."""

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


class CallChain(Generic[P]):
    """The links of one stage, as one call goes along them."""

    def __init__(self, links: Sequence[Link[P]], reporter: Reporter, clock: Clock) -> None:
        self.links = tuple(links)
        self._reporter = reporter
        self._clock = clock
        self._refusals: dict[str, int] = {}
        self._told: set[str] = set()

    def order(self) -> list[Link[P]]:
        """Who is asked, in turn."""
        return sorted(self.links, key=lambda link: self._refusals.get(link.name, 0) >= REFUSALS)

    async def pieces(self, request: Request[P, T]) -> AsyncGenerator[T]:
        """The answer of the first that can. Raises ProviderError; `broken` if something of it was given already."""
        todo, why = self.order(), ProviderError("there is no provider that could", "unfit")
        again: Permit | None = None
        while todo:
            link = todo.pop(0)
            permit = again or link.breaker.ask(self._clock.now())
            if permit is None:
                why = self._passed_over(link, todo)
                continue
            attempt = Attempt(link, permit, request, self._clock)
            last = again is not None
            try:
                async with aclosing(attempt.pieces()) as pieces:
                    async for piece in pieces:
                        self.heard(link)
                        yield piece
            finally:
                again = self._settled(attempt, last)
            if attempt.error is None:
                return
            why = attempt.error
            self._failed(attempt, "again" if again is not None else self._next(todo))
            if again is not None:
                todo.insert(0, link)
            if attempt.noticed:
                raise ProviderError(f"{link.name} broke off in the middle", "broken")
        raise ProviderError(f"no provider could; the last: {why}", why.kind)

    def heard(self, link: Link[P]) -> None:
        """Something of `link`'s answer goes out."""

    def answered(self, link: Link[P]) -> None:
        """`link` served the call."""
        self._refusals.pop(link.name, None)
        self._told.discard(link.name)

    def declined(self, link: Link[P], error: ProviderError) -> None:
        """`link` failed the call."""
        if error.kind == "refused":
            self._refusals[link.name] = self._refusals.get(link.name, 0) + 1

    def _settled(self, attempt: Attempt[P, T], last: bool) -> Permit | None:
        """The breaker is told, and what was used; the permit, if the same provider is worth asking once more."""
        link, error, now = attempt.link, attempt.error, self._clock.now()
        if error is None or attempt.noticed or error.kind == "late":
            self._reporter.spent(attempt.spent())
        if not last and attempt.is_worth_another:
            return attempt.permit
        before = link.breaker.state(now)
        if attempt.done:
            link.breaker.served(attempt.permit)
            self.answered(link)
        elif error is None:
            link.breaker.let_go(attempt.permit)
        else:
            link.breaker.failed(attempt.permit, error.kind, error.retry_after_s, now)
            self.declined(link, error)
        _tell_change(link, before, now)
        return None

    def _failed(self, attempt: Attempt[P, T], then: str) -> None:
        error, link = attempt.error, attempt.link
        if error is not None and error.kind != "unfit":
            self._told.add(link.name)
            self._reporter.failed(Fault(link.stage, link.name, error.kind, str(error), attempt.took_ms, then))

    def _passed_over(self, link: Link[P], todo: Sequence[Link[P]]) -> ProviderError:
        """It rests, or is being probed. Told once until it serves the call again, or the page would say it for every
        sentence."""
        rests_s = link.breaker.rests_for_s(self._clock.now())
        error = ProviderError(f"{link.name} is left alone for another {rests_s:.0f} s", link.breaker.why)
        if link.name not in self._told:
            self._told.add(link.name)
            self._reporter.failed(Fault(link.stage, link.name, error.kind, str(error), 0, self._next(todo)))
        return error

    def _next(self, todo: Sequence[Link[P]]) -> str:
        now = self._clock.now()
        return next((link.name for link in todo if link.breaker.would_allow(now)), "nobody")


def _tell_change(link: Link[P], before: str, now: float) -> None:
    after = link.breaker.state(now)
    if after == before:
        return
    if after == "closed":
        _log.info("provider_is_back", stage=link.stage, provider=link.name)
    else:
        rest_s = round(link.breaker.rests_for_s(now), 1)
        _log.warning("provider_rests", stage=link.stage, provider=link.name, why=link.breaker.why, for_s=rest_s)


def _fault(provider: str, error: Exception) -> ProviderError:
    """Logged with its place, but without its message, which may quote what was said."""
    *_, last = traceback.extract_tb(error.__traceback__)
    at = f"{Path(last.filename).name}:{last.lineno}"
    _log.error("provider_fault", provider=provider, error=type(error).__name__, at=at)
    return ProviderError(f"a fault in the provider's code ({type(error).__name__} at {at})", "failed")

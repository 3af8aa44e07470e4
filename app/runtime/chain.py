"""One stage's providers for one call, in order of fallback: who is asked, who takes over, and what is told of it.

A provider that fails before the caller could notice anything is left for the next one with the same request. Once
something of an answer is out, the rest must come from the same provider or not at all.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Generic, TypeVar

import structlog

from app.clock import Clock
from app.runtime.attempt import Attempt, Link, Request
from app.runtime.breaker import Permit
from app.runtime.reporting import Fault, Reporter
from app.speech.protocols import FaultKind, Part, ProviderError

REFUSALS = 2
"""One may be about this turn; after two of them in a call the others are asked first."""

_SERVED: frozenset[FaultKind] = frozenset({"late", "rubbish"})
"""Failures of requests that the vendor took on, and charges for."""

P = TypeVar("P", bound=Part)
T = TypeVar("T")

_log = structlog.get_logger(__name__)


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
        """The answer of the first that can. Raises ProviderError: the last one's, or `broken` if something of an answer
        was given already."""
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
            self._failed(attempt, "again" if again is not None else self._then(attempt, todo))
            if again is not None:
                todo.insert(0, link)
            if attempt.noticed:
                raise ProviderError(f"{link.name} broke off in the middle", "broken")
        raise ProviderError(str(why), why.kind, why.retry_after_s)

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
        if attempt.is_worth_another and not last:
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
        if error is None or attempt.noticed or error.kind in _SERVED:
            self._reporter.spent(attempt.spent())
        return None

    def _failed(self, attempt: Attempt[P, T], then: str) -> None:
        error, link = attempt.error, attempt.link
        if error is not None and error.kind != "unfit":
            self._told.add(link.name)
            took_ms = max(1, attempt.took_ms)
            self._reporter.failed(Fault(link.stage, link.name, error.kind, str(error), took_ms, then))

    def _passed_over(self, link: Link[P], todo: Sequence[Link[P]]) -> ProviderError:
        """It rests, or is being probed. Told once until it serves the call again, or the page would say it for every
        sentence."""
        rests_s = link.breaker.rests_for_s(self._clock.now())
        error = ProviderError(f"{link.name} is left alone for another {rests_s:.0f} s", link.breaker.why)
        if link.name not in self._told:
            self._told.add(link.name)
            self._reporter.failed(Fault(link.stage, link.name, error.kind, str(error), 0, self._next(todo)))
        return error

    def _then(self, attempt: Attempt[P, T], todo: Sequence[Link[P]]) -> str:
        """A speech that broke off is gone on with from where the caller heard it end; nothing else is."""
        return self._next(todo) if attempt.link.stage == "speak" or not attempt.noticed else "nobody"

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

"""A dialler with a carrier on this machine, a real database, and a clock that is moved by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from app.carriers.twilio_dialling import TwilioDialling
from app.carriers.twilio_status import parse_status, parse_verdict
from app.dialling.policy import Policy
from app.runtime.dialler import Dialler, Outgoing
from app.store.attempts import Told, apply_status, apply_verdict
from app.store.engine import Database
from app.store.scheduling import ScheduledFilters, list_scheduled
from tests.carriers.twilio_calls import SID, TOKEN, Behaviour, TwilioCalls, twilio_calls
from tests.store.outbound_samples import POLICY, attempts, call_of
from tests.store.samples import at

FROM = "+14155550199"


@dataclass
class SetClock:
    """It stands still until it is told to go on; in seconds since noon."""

    seconds: float = 0.0

    def now(self) -> float:
        return self.seconds

    def utc(self) -> datetime:
        return at(self.seconds)


@dataclass
class Stage:
    """`says_nothing`: the carrier's messages are lost. `policy`: short waits, as the clock is moved in small steps."""

    db: Database
    rest: TwilioCalls
    clock: SetClock = field(default_factory=SetClock)
    policy: Policy = POLICY
    says_nothing: bool = False
    _diallers: list[tuple[Dialler, TwilioDialling]] = field(default_factory=list)

    def machine(self, name: str = "m1", room: int = 50) -> Dialler:
        """Another machine."""
        carrier = TwilioDialling(SID, TOKEN, self.rest.url, answer_s=self.policy.request_s)
        outgoing = Outgoing("https://p.example", FROM, name, lambda: room)
        dialler = Dialler(self.db, carrier, self.policy, outgoing, self.clock)
        self._diallers.append((dialler, carrier))
        return dialler

    async def deliver(self, url: str, form: dict[str, str]) -> None:
        """What the carrier tells, as the webhook will take it."""
        if self.says_nothing:
            return
        attempt_id = UUID(parse_qs(urlsplit(url).query)["attempt"][0])
        now = self.clock.utc()
        async with self.db.transaction() as session:
            if "CallStatus" in form:
                found = parse_status(form)
                told = Told(found.status, now, found.duration_s, found.answered_by)
                await apply_status(session, attempt_id, found.call_sid, told, self.policy, now)
            else:
                verdict = parse_verdict(form).answered_by or ""
                await apply_verdict(session, attempt_id, verdict, "carrier", self.policy, now)

    async def play(self, dialler: Dialler, *, for_s: float = 20_000, step_s: float = 20) -> None:
        """Let time pass until nothing is left to do."""
        until = self.clock.seconds + for_s
        while self.clock.seconds < until and await self._open():
            await dialler.round()
            await dialler.settled()
            await self.rest.told()
            await dialler.sweep()
            self.clock.seconds += step_s

    async def _open(self) -> bool:
        async with self.db.reading() as session:
            for status in ("waiting", "calling"):
                if (await list_scheduled(session, ScheduledFilters(status=status), None, 1)).items:
                    return True
        return False

    async def ended(self, id_: UUID) -> tuple[str, str, list[str | None]]:
        """Status, reason, and how its attempts ended."""
        row = await call_of(self.db, id_)
        return row.status, row.reason, [one.disposition for one in await attempts(self.db, id_)]

    async def close(self) -> None:
        for dialler, carrier in self._diallers:
            await dialler.settled()
            await carrier.aclose()


@asynccontextmanager
async def a_stage(db: Database, **policy: Any) -> AsyncIterator[Stage]:
    """One for as long as the `with` lasts."""
    async with twilio_calls() as rest:
        stage = Stage(db, rest, policy=replace(POLICY, **policy))
        rest.deliver = stage.deliver
        try:
            yield stage
        finally:
            await stage.close()


def by_turns(*met: Behaviour) -> Any:
    """The first request meets the first behaviour, and so on; the last one stands for the rest."""
    return lambda to, nth: met[min(nth, len(met)) - 1]


async def together(*tasks: Any) -> None:
    """Run them at the same time."""
    await asyncio.gather(*tasks)

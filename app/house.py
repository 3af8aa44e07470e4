"""A running house: its parts, and how they open and close together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import structlog

from app.clock import Clock
from app.personas.questions import Bank
from app.personas.schema import Persona
from app.runtime.accounts import Accounts
from app.runtime.across import Across
from app.runtime.archive import Archive
from app.runtime.carrying import Carrying
from app.runtime.disk import Disk
from app.runtime.fixed_lines import FixedLines
from app.runtime.housekeeping import Housekeeping
from app.runtime.live import LiveHub
from app.runtime.placing import Placing
from app.runtime.second_opinion import SecondOpinion
from app.runtime.stepping_in import SteppingIn
from app.runtime.supervisor import Supervisor
from app.runtime.text_interviews import TextInterviews
from app.runtime.webhooks import Webhooks
from app.store.engine import Database
from app.store.personas import sync_personas
from app.store.question_files import sync_questions
from app.store.writer import StoreWriter
from app.web.health import Standing

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class House:
    """The parts of a running house; what the REST API and the monitors ask."""

    db: Database
    writer: StoreWriter
    supervisor: Supervisor
    housekeeping: Housekeeping
    hub: LiveHub
    across: Across
    disk: Disk
    archive: Archive
    carrying: Carrying
    lines: FixedLines
    accounts: Accounts
    clock: Clock
    personas: Mapping[str, Persona]
    bank: Bank
    text_interviews: TextInterviews
    second_opinion: SecondOpinion
    placing: Placing
    stepping_in: SteppingIn
    webhooks: Webhooks
    api_key: str
    maximum_calls: int

    async def hang_up(self, call_id: UUID, *, politely: bool = False) -> bool:
        """End a running call, on whatever machine it is; False if it does not end."""
        return await self.stepping_in.hang_up(call_id, politely=politely)

    async def send_digits(self, call_id: UUID, keys: str) -> bool:
        """Have keys pressed on a running call's line, on whatever machine it is; False if nobody could."""
        return await self.stepping_in.send_digits(call_id, keys)

    def standing(self) -> Standing:
        return Standing(
            providers_warm=self.supervisor.warm,
            draining=not self.supervisor.open,
            calls=self.supervisor.lines_taken,
            max_calls=self.maximum_calls,
        )

    async def ping_database(self) -> None:
        await self.db.ping()

    @asynccontextmanager
    async def living(self) -> AsyncIterator[None]:
        """Open, for as long as the application runs; everything is written and closed at the end."""
        self.writer.start()
        await self.housekeeping.after_start()
        async with self.db.transaction() as session:
            await sync_personas(session, self.personas.values(), self.clock.utc())
            await sync_questions(session, self.bank.everything(), self.clock.utc())
        beside = (self.across, self.carrying, self.housekeeping, self.stepping_in, self.placing, self.webhooks)
        tasks = [asyncio.create_task(work) for work in (self._warm(), *(one.run() for one in beside))]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.hub.close()
            await self.writer.aclose()
            await self.placing.aclose()
            await self.supervisor.providers.aclose()
            await self.lines.aclose()
            await self.carrying.aclose()
            await asyncio.to_thread(self.disk.close)
            await self.db.close()

    async def _warm(self) -> None:
        try:
            await self.supervisor.start()
        except Exception as error:  # a provider that can't get ready may still recover; calls fall back meanwhile
            _log.error("providers_not_warm", error=type(error).__name__, exc_info=error)
        providers, personas = self.supervisor.providers, tuple(self.personas.values())
        for finding in dict.fromkeys(await providers.check(personas)):
            if not finding.ok:
                _log.warning("setting_wrong", setting=finding.about, says=finding.says, mend=finding.mend)
        if (voice := providers.first_voice) is not None:
            await self.lines.prepare(voice, personas, self.accounts.house)

"""All running calls of this process: lets them in, starts and ends them, and sees them out when the house closes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from uuid import UUID

import structlog

from app.clock import Clock
from app.dialogue.flow import Beginning
from app.runtime.accounts import Accounts
from app.runtime.admission import Admission
from app.runtime.books import CallBooks
from app.runtime.call_parts import CallParts
from app.runtime.casting import Casting
from app.runtime.disk import Disk
from app.runtime.files import CallFiles
from app.runtime.live import CallStarted, LiveHub
from app.runtime.providers import Providers
from app.runtime.runner import CallRunner
from app.store.writer import StoreWriter

GOODBYE_S = 20.0
"""Of the time to drain, this much is kept for saying goodbye to calls that are still running."""

LINGER_S = 2.0
"""After the last call, the carrier still asks what comes after the stream: its webhook should find us."""
STEP_S = 0.1
WRITTEN_S = 4.0
"""A machine on the line does not mind."""
GRACE_S = 1.5
"""Someone who rings again at once may be faster than the message that their last call is over."""

_log = structlog.get_logger(__name__)


class Supervisor:
    """Every running call by its id."""

    def __init__(
        self,
        casting: Casting,
        providers: Providers,
        *,
        writer: StoreWriter,
        hub: LiveHub,
        disk: Disk,
        files: CallFiles,
        accounts: Accounts,
        clock: Clock,
        maximum_calls: int,
    ) -> None:
        self.casting = casting
        self.providers = providers
        self.admission = Admission(maximum_calls)
        self.hub = hub
        self.files = files
        self.clock = clock
        self.warm = False
        self.ended_by: Counter[str] = Counter()
        self._writer = writer
        self._disk = disk
        self._accounts = accounts
        self._running: dict[UUID, CallRunner] = {}
        self._closing: set[UUID] = set()
        self._over: dict[UUID, asyncio.Event] = {}

    async def start(self) -> None:
        """Get the providers ready; calls may come before, and wait for their first words a little longer."""
        try:
            await self.providers.warm()
        finally:
            self.warm = True

    def ringing(self) -> None:
        """A call is about to be answered: its connections are opened while the carrier sets up the stream."""
        self.providers.prepare()

    def begin(self, call_id: UUID, persona: str, beginning: Beginning) -> CallRunner:
        """A runner for an admitted call whose stream has come and holds its slot; it has no line yet."""
        cast = self.casting.role(persona, beginning.variables)
        books = CallBooks(
            call_id,
            cast.persona,
            account=self._accounts.of(call_id),
            writer=self._writer,
            hub=self.hub,
            disk=self._disk,
            files=self.files,
            clock=self.clock,
        )
        runner = CallRunner(
            CallParts(cast.persona, cast.flow, beginning, self.providers, books, self.clock, cast.usual)
        )
        self._running[call_id] = runner
        self._over[call_id] = asyncio.Event()
        self.hub.publish(CallStarted(call_id))
        _log.info("call_began", call=str(call_id), persona=cast.persona.id, running=len(self._running))
        return runner

    async def finish(self, call_id: UUID, call_sid: str, reason: str) -> None:
        """The call's stream is over: close its books and free its slot."""
        runner, over = self._running.get(call_id), self._over.get(call_id)
        try:
            if runner is not None:
                self.closing(call_id)
                await runner.close(reason)
                self.ended_by[runner.end_reason or reason] += 1
                _log.info("call_ended", call=str(call_id), reason=runner.end_reason, running=len(self._running) - 1)
        finally:
            self._running.pop(call_id, None)
            self._closing.discard(call_id)
            self._over.pop(call_id, None)
            if over is not None:
                over.set()
            self.admission.release(call_sid)

    def closing(self, call_id: UUID) -> None:
        """The call's stream is over; its books are still open."""
        self._closing.add(call_id)

    async def closed(self, call_ids: Iterable[UUID], within_s: float) -> bool:
        """Wait for those of them that run here, but for long only if they are being closed. True once they are, and
        what is known of them is stored; False if one goes on."""
        ours = [self._over[call_id] for call_id in call_ids if call_id in self._over]
        ends = any(call_id in self._closing for call_id in call_ids)
        try:
            async with asyncio.timeout(within_s if ends else GRACE_S):
                for over in ours:
                    await over.wait()
            async with asyncio.timeout(within_s):
                return await self._writer.flush(timeout=within_s)
        except TimeoutError:
            return False

    def hang_up(self, call_id: UUID, *, politely: bool = False) -> bool:
        """The operator ends a call: at once, or with a goodbye. False if it is not running here."""
        runner = self._running.get(call_id)
        if runner is not None:
            runner.hang_up("operator", politely=politely)
        return runner is not None

    def send_digits(self, call_id: UUID, keys: str, shown: str) -> bool:
        """The operator has `keys` pressed on a call's line, of which `shown` may be seen. False if it is not running
        here. Raises ValueError for what is no key."""
        runner = self._running.get(call_id)
        if runner is not None:
            runner.send_digits(keys, shown)
        return runner is not None

    def answered_by(self, call_id: UUID, verdict: str) -> bool:
        """The carrier's verdict on who answered a call that we placed; False if it is not running here."""
        runner = self._running.get(call_id)
        if runner is not None:
            runner.answered_by(verdict)
        return runner is not None

    async def written(self, call_id: UUID) -> bool:
        """Until what is known of a call is stored; False if that takes too long."""
        return await self._writer.flush(call_id, timeout=WRITTEN_S)

    @property
    def running(self) -> Iterable[UUID]:
        return tuple(self._running)

    @property
    def open(self) -> bool:
        """Does the house take new calls?"""
        return self.admission.open

    async def drain(self, within_s: float) -> None:
        """Take no new calls; let the running ones finish, and tell those goodbye that are left near the end."""
        self.admission.open = False
        _log.info("draining", running=len(self._running), within_s=within_s)
        if not self.lines_taken:
            return
        await self._until_empty(within_s - min(GOODBYE_S, within_s))
        await self._until_empty(min(GOODBYE_S, within_s), see_out=True)
        self._hang_up_all(politely=False)
        await self._until_empty(LINGER_S)
        await asyncio.sleep(LINGER_S)

    @property
    def lines_taken(self) -> int:
        """Running calls, and those just answered whose stream may still come."""
        return self.admission.taken(self.clock.now())

    def _hang_up_all(self, *, politely: bool, but: frozenset[UUID] = frozenset()) -> None:
        for call_id, runner in tuple(self._running.items()):
            if call_id in but:
                continue
            try:
                runner.hang_up("shutdown", politely=politely)
            except Exception as error:  # one call's fault must not keep the others from their goodbye
                _log.error("hang_up_failed", call=str(call_id), error=type(error).__name__, exc_info=error)

    async def _until_empty(self, within_s: float, *, see_out: bool = False) -> None:
        """`see_out`: say goodbye, once each, to every call that runs, those included whose stream comes meanwhile."""
        told: frozenset[UUID] = frozenset()
        for _ in range(int(within_s / STEP_S) + 1):
            if see_out:
                self._hang_up_all(politely=True, but=told)
                told |= self._running.keys()
            if not self.lines_taken:
                return
            await asyncio.sleep(STEP_S)

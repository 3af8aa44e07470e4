"""Dials what is due, and finds out what became of calls of which nothing is heard.

Whatever may be done twice, or not at all, is settled in the database (`app.store.claiming`, `attempts`, `recovering`);
here only its order is kept: the attempt is written, then dialled, then its name written down. A request to the carrier
is never repeated.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import partial
from uuid import UUID

import structlog

from app.carriers.placing import PlacingCarrier, PlacingError, Report, Wanted
from app.clock import Clock
from app.dialling.outcome import Disposition
from app.dialling.policy import Policy
from app.dialling.progress import FINAL
from app.store import attempts, recovering
from app.store.claiming import Claimed, claim
from app.store.engine import Database
from app.store.settling import lock_call_of, settle_due

POLL_S = 1.0
SWEEP_S = 5.0
MOST_ASKED = 10
"""Look-ups at the same time: fewer than the database has connections."""
FAREWELL_S = 15.0
"""At the end, requests under way are waited for: one that is cut off would have to be looked up."""
WRITING_S = (0.2, 1.0, 3.0)
"""Between attempts to write down what the carrier calls a call; after that, its messages or a look-up bring it."""

_ENDED = {
    "refused": Disposition.REFUSED,
    "account": Disposition.REFUSED,
    "throttled": Disposition.THROTTLED,
    "unsent": Disposition.FAILED,
    "late": Disposition.ABANDONED,
}

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """`public_url`: where the carrier finds us; `from_number`: whom the callee sees. `room`: how many more calls this
    machine could take now."""

    public_url: str
    from_number: str = field(repr=False)
    machine: str
    room: Callable[[], int]

    def wanted(self, one: Claimed, policy: Policy) -> Wanted:
        """What to ask of the carrier; its messages bring the attempt's id back."""
        mine = f"attempt={one.attempt_id}"
        asks = policy.verdict_s is not None and not one.send_digits  # who sends keys is not told who answered
        return Wanted(
            to=one.to_number,
            from_=self.from_number,
            answer_url=f"{self.public_url}/twilio/voice/{one.attempt_id}",
            status_url=f"{self.public_url}/twilio/status?{mine}",
            verdict_url=f"{self.public_url}/twilio/amd?{mine}" if asks else None,
            ring_s=policy.ring_s,
            until_beep=one.voicemail == "leave_message",
            send_digits=one.send_digits,
        )


class Dialler:
    """One a machine; any number of machines."""

    def __init__(self, db: Database, carrier: PlacingCarrier, policy: Policy, outgoing: Outgoing, clock: Clock) -> None:
        self._db = db
        self._carrier = carrier
        self._policy = policy
        self._outgoing = outgoing
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()
        self._nudged = asyncio.Event()

    def nudge(self) -> None:
        """Something may be due at once: look before the next round's time."""
        self._nudged.set()

    async def run(self) -> None:
        """Until cancelled. A round that fails is logged, and the next one comes."""
        sweeping = asyncio.create_task(self._sweep_for_ever())
        try:
            while True:
                await self._guarded(self.round, "dialling_failed")
                self._nudged.clear()
                try:
                    await asyncio.wait_for(self._nudged.wait(), POLL_S)
                except TimeoutError:
                    continue
        finally:
            sweeping.cancel()
            await asyncio.gather(sweeping, return_exceptions=True)
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=FAREWELL_S)

    async def round(self) -> int:
        """Claim what is due and begin to dial it; how many calls that were."""
        most = min(self._outgoing.room(), 10) - len(self._tasks)
        if most <= 0:
            return 0
        async with self._db.transaction() as session:
            claimed = await claim(session, self._outgoing.machine, self._policy, self._clock.utc(), most)
        for one in claimed:
            task = asyncio.create_task(self._guarded(partial(self.dial, one), "dial_failed"))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return len(claimed)

    async def settled(self) -> None:
        """Wait until every request under way is answered."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def dial(self, one: Claimed) -> None:
        """Ring for a claimed call, at most once, and write down what came of it."""
        in_time = self._in_time()
        async with self._db.transaction() as session:
            now = self._clock.utc()
            ours = await attempts.begin_dialling(session, one.attempt_id, self._outgoing.machine, self._policy, now)
        if not ours or not in_time():
            await self._end(one.attempt_id, Disposition.ABANDONED)
            return
        try:
            placed = await self._carrier.dial(self._outgoing.wanted(one, self._policy), in_time)
        except PlacingError as error:
            await self._not_placed(one.attempt_id, error)
            return
        if not await self._written(one.attempt_id, placed):
            _log.error("placed_call_is_not_wanted", attempt=str(one.attempt_id))
            await self._carrier.hang_up(placed.call_sid)

    def _in_time(self) -> Callable[[], bool]:
        """Whether a request may still be sent, from now on: others hold it for over when `look_up_s` has passed. Both
        clocks are asked: one stands still while a machine is suspended, the other is set by hand."""
        since, since_utc, most_s = self._clock.now(), self._clock.utc(), self._policy.patience_s
        return lambda: self._clock.now() - since <= most_s and (self._clock.utc() - since_utc).total_seconds() <= most_s

    async def _not_placed(self, attempt_id: UUID, error: PlacingError) -> None:
        _log.warning("call_not_placed", attempt=str(attempt_id), kind=error.kind, code=error.code)
        if error.kind == "unknown":
            async with self._db.transaction() as session:
                await attempts.record_doubt(session, attempt_id, str(error), self._policy, self._clock.utc())
            return
        account = error.kind == "account"
        await self._end(attempt_id, _ENDED[error.kind], error.code, error.words or str(error), account=account)

    async def _end(
        self,
        attempt_id: UUID,
        ended: Disposition,
        code: int | None = None,
        words: str = "",
        *,
        account: bool = False,
    ) -> None:
        async with self._db.transaction() as session:
            now = self._clock.utc()
            call = await attempts.record_refusal(
                session, attempt_id, ended, self._policy, now, code=code, words=words, account=account
            )
        if account and call is not None:
            _log.error("campaign_stopped", campaign=call.campaign, code=code)

    async def _written(self, attempt_id: UUID, placed: Report) -> bool:
        """Store what the carrier calls the call. False if it is not ours any more, or was cancelled while it was being
        asked for, and must be hung up."""
        for wait_s in (*WRITING_S, None):
            try:
                async with self._db.transaction() as session:
                    now = self._clock.utc()
                    await lock_call_of(session, attempt_id)  # so that who cancels it sees the name, or we see that
                    ours = await attempts.record_sid(session, attempt_id, placed.call_sid, self._policy, now)
                    return ours and not await attempts.is_cancelled(session, attempt_id)
            except Exception as error:  # the call rings, whatever the database does
                _log.warning("placed_call_not_written", attempt=str(attempt_id), error=type(error).__name__)
                if wait_s is not None:
                    await asyncio.sleep(wait_s)
        return True

    async def sweep(self) -> None:
        """Settle what is over, give back what nobody dials any more, and ask about what is silent."""
        now = self._clock.utc()
        async with self._db.transaction() as session:
            await settle_due(session, self._policy, now)
            given_back = await recovering.give_back_undialled(session, self._policy, now)
        if given_back:
            _log.warning("undialled_calls_given_back", calls=len(given_back))
        async with self._db.transaction() as session:
            unheard = await recovering.take_unheard(session, self._policy, now, MOST_ASKED)
        # at the same time: a carrier that answers none of them would otherwise hold everything up for minutes
        await asyncio.gather(*(self._guarded(partial(self._ask, one), "call_not_looked_up") for one in unheard))

    async def _ask(self, one: recovering.Unheard) -> None:
        try:
            found = await self._find(one)
        except PlacingError as error:
            _log.warning("carrier_not_asked", attempt=str(one.attempt_id), kind=error.kind, code=error.code)
            async with self._db.transaction() as session:
                await recovering.give_up_asking(session, one, self._policy, self._clock.utc())
            return
        async with self._db.transaction() as session:
            now = self._clock.utc()
            if found is not None:
                told = attempts.Told(found.status, found.ended_at or now, found.duration_s, found.answered_by)
                await attempts.apply_status(session, one.attempt_id, found.call_sid, told, self._policy, now)
            elif one.carrier_sid is None:
                await recovering.record_nothing_found(session, one, self._policy, now)
            else:  # it was there once: perhaps it is not yet, or no more, in the carrier's lists
                await recovering.give_up_asking(session, replace(one, carrier_sid=None), self._policy, now)
            cancelled = await attempts.is_cancelled(session, one.attempt_id)
        if found is not None and found.status not in FINAL and cancelled:  # whoever did so could not tell the carrier
            await self._carrier.hang_up(found.call_sid)

    async def _find(self, one: recovering.Unheard) -> Report | None:
        """What the carrier knows of an attempt; a call that it placed to the number and that no attempt has, is its."""
        if one.carrier_sid is not None:
            return await self._carrier.look_up(one.carrier_sid)
        for report in await self._carrier.recent(one.to_number, self._outgoing.from_number, one.since):
            async with self._db.reading() as session:
                known = await attempts.attempt_of_sid(session, report.call_sid)
            if known is None or known.id == one.attempt_id:
                return report
        return None

    async def _sweep_for_ever(self) -> None:
        while True:
            await self._guarded(self.sweep, "sweep_failed")
            await asyncio.sleep(SWEEP_S)

    async def _guarded(self, act: Callable[[], Awaitable[object]], complaint: str) -> None:
        try:
            await act()
        except Exception as error:  # the database may be away for a while; what was claimed is recovered
            _log.error(complaint, error=type(error).__name__)

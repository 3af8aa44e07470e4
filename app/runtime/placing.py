"""All that a house needs to place calls, or the reason why it places none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from app.carriers.placing import PlacingCarrier
from app.carriers.twilio_dialling import TwilioDialling
from app.clock import Clock
from app.dialling.policy import Policy
from app.runtime.arranging import STRICT
from app.runtime.dialler import Dialler, Outgoing
from app.runtime.webhook_address import Permissions
from app.store.engine import Database

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Account:
    """Whose calls they are, with the carrier; `base_url`: where its API is instead, for tests."""

    sid: str | None
    token: str = field(repr=False)
    from_number: str | None = field(repr=False)
    base_url: str | None = None


@dataclass(frozen=True, slots=True)
class Placing:
    """`carrier` and `dialler`: None where the settings name no account or no number; calls that are arranged then
    wait for a machine that has both. `hooks`: where the webhooks of calls may lead."""

    policy: Policy
    carrier: PlacingCarrier | None = None
    dialler: Dialler | None = None
    hooks: Permissions = STRICT

    async def run(self) -> None:
        """Dial what is due, until cancelled."""
        if self.dialler is None:
            _log.info("places_no_calls", says="TWILIO_ACCOUNT_SID and TWILIO_PHONE_NUMBER are needed for that")
            return
        await self.dialler.run()

    def nudge(self) -> None:
        """Something may be due at once."""
        if self.dialler is not None:
            self.dialler.nudge()

    async def hang_up(self, call_sid: str) -> bool:
        """Have the carrier end a call; False if there is no carrier. Raises carriers.placing.PlacingError."""
        if self.carrier is None:
            return False
        await self.carrier.hang_up(call_sid)
        return True

    async def aclose(self) -> None:
        """Close every connection."""
        if self.carrier is not None:
            await self.carrier.aclose()


def make_placing(
    db: Database,
    clock: Clock,
    policy: Policy,
    account: Account,
    *,
    public_url: str,
    machine: str,
    room: Callable[[], int],
    hooks: Permissions = STRICT,
) -> Placing:
    """`room`: how many more calls this machine could take now."""
    if account.sid is None or account.from_number is None:
        return Placing(policy, hooks=hooks)
    carrier = TwilioDialling(account.sid, account.token, account.base_url, answer_s=policy.request_s)
    outgoing = Outgoing(public_url, account.from_number, machine, room)
    return Placing(policy, carrier, Dialler(db, carrier, policy, outgoing, clock), hooks)

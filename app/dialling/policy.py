"""The house's own rules for dialling, in one value: what the operator set, and the times that hold it all together."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.dialling.campaign import Breaker
from app.dialling.limits import Limits


@dataclass(frozen=True, slots=True)
class Policy:
    """All times in seconds.

    `lease_s`: a machine that claimed a call and has not dialled by then is dead, or must not dial any more.
    `look_up_s`: so long after a request whose outcome nobody wrote down the carrier is asked what became of it; its
    lists are consistent only after a while (WIRE facts B.4). It must be longer than a request can be on its way: the
    dialler's patience and the request's own limit are 13 s together; asked sooner, the carrier may know of no call that
    it is about to place. `doubt_s`: if the carrier cannot be asked for so long, the
    call ends as unknown rather than be rung again. `ring_s`: how long a telephone rings. `verdict_s`: how long after
    its end a call waits for a late verdict on who answered; None where no verdict is asked for. `check_s`: a call that
    is under way and of which nothing is heard is asked about so often.
    """

    limits: Limits = field(default_factory=Limits)
    breaker: Breaker = field(default_factory=Breaker)
    lease_s: float = 60.0
    look_up_s: float = 30.0
    doubt_s: float = 1800.0
    ring_s: int = 30
    verdict_s: float | None = 10.0
    check_s: float = 60.0

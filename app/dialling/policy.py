"""The house's own rules for dialling, in one value: what the operator set, and the times that hold it all together."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.dialling.campaign import Breaker
from app.dialling.limits import Limits


@dataclass(frozen=True, slots=True)
class Policy:
    """All times in seconds.

    `lease_s`: a machine that claimed a call and has not dialled by then is dead, or must not dial any more.
    `patience_s`: a request to dial is sent so soon after the last look at the database, or not at all. `request_s`: it
    is answered within this, or given up. `listed_s`: a carrier that has taken it shows the call in its lists by then;
    they are consistent only after a while (WIRE facts B.4), and two machines' clocks differ by a little.
    `doubt_s`: if the carrier cannot be asked for so long, the
    call ends as unknown rather than be rung again. `ring_s`: how long a telephone rings. `verdict_s`: how long after
    its end a call waits for a late verdict on who answered; None where no verdict is asked for. `check_s`: a call that
    is under way and of which nothing is heard is asked about so often.
    """

    limits: Limits = field(default_factory=Limits)
    breaker: Breaker = field(default_factory=Breaker)
    lease_s: float = 60.0
    patience_s: float = 5.0
    request_s: float = 8.0
    listed_s: float = 17.0
    doubt_s: float = 1800.0
    ring_s: int = 30
    verdict_s: float | None = 10.0
    check_s: float = 60.0

    def __post_init__(self) -> None:
        if min(self.patience_s, self.request_s, self.listed_s) <= 0:
            raise ValueError("a request to dial needs time to be sent, to be answered and to be listed")

    @property
    def look_up_s(self) -> float:
        """So long after the last look at the database the carrier is asked what became of a request whose outcome
        nobody wrote down. It is a sum, so that no setting can make the look-up overtake the request: a carrier asked
        sooner may know of no call that it is about to place, and the number would be rung twice."""
        return self.patience_s + self.request_s + self.listed_s

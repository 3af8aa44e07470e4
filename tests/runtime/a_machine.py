"""One of many machines, as a process of its own: a dialler over a shared database, until it is killed."""

from __future__ import annotations

import asyncio
import logging

import structlog

from app.carriers.twilio_dialling import TwilioDialling
from app.clock import SystemClock
from app.dialling.campaign import Breaker
from app.dialling.limits import Limits
from app.dialling.policy import Policy
from app.runtime import dialler as dialler_module
from app.runtime.dialler import Dialler, Outgoing
from app.store.engine import Database
from tests.carriers.twilio_calls import SID, TOKEN

POLICY = Policy(
    limits=Limits(at_once=60, per_second=100, per_number_a_day=100),
    breaker=Breaker(at_least=100_000),
    lease_s=8.0,
    patience_s=2.0,
    request_s=3.0,
    listed_s=5.0,
    ring_s=0,
    verdict_s=None,
    check_s=1.0,
)
"""Short waits, but none shorter than a busy machine may take; the breaker is another test's matter."""


def run(database_url: str, carrier_url: str, name: str) -> None:
    """Dial until killed."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    dialler_module.POLL_S, dialler_module.SWEEP_S = 0.2, 0.5
    asyncio.run(_dial(database_url, carrier_url, name))


async def _dial(database_url: str, carrier_url: str, name: str) -> None:
    outgoing = Outgoing("https://p.example", "+14155550199", name, lambda: 20)
    carrier = TwilioDialling(SID, TOKEN, carrier_url, answer_s=POLICY.request_s)
    await Dialler(Database(database_url), carrier, POLICY, outgoing, SystemClock()).run()

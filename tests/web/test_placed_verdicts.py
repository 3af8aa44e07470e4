"""A verdict that comes to another machine than the one that talks, when words have told before who is there."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest

from app.carriers.placing import Report
from app.store import orders
from app.store.attempts import apply_verdict
from app.store.calls import admit, claim_stream
from app.store.engine import Database
from app.store.orders import Taken
from app.web.twilio_placed import _take_verdict
from tests.store.outbound_samples import POLICY, dialled, scheduled, sid_of, told
from tests.store.samples import NOON


class Elsewhere:
    """A machine that does not have the call."""

    clock = SimpleNamespace(utc=lambda: NOON)

    def answered_by(self, call_id: UUID, verdict: str) -> bool:
        return False


@pytest.mark.parametrize(("by_words", "others"), [(True, True), (True, False), (False, True)])
async def test_it_is_passed_on_to_whoever_has_the_call(db: Database, by_words: bool, others: bool) -> None:
    await scheduled(db)
    one = await dialled(db)
    await told(db, one, "in-progress")
    sid = sid_of(one.attempt_id)
    async with db.transaction() as session:
        call = await admit(
            session, call_id=one.attempt_id, call_sid=sid, direction="outbound", from_number="+14155550199",
            to_number="+14155550123", persona="desk", machine="m2", now=NOON,
        )  # fmt: skip
        assert await claim_stream(session, call.id, "MZ1", NOON)
        if by_words:
            await apply_verdict(session, one.attempt_id, "machine_words", "words", POLICY, NOON)
    placing = SimpleNamespace(policy=POLICY)
    here = cast("Any", SimpleNamespace(db=db, placing=placing, supervisor=Elsewhere(), has_others=others))
    await _take_verdict(here, str(one.attempt_id), Report(sid, "", answered_by="machine_end_beep"))
    async with db.transaction() as session:
        taken = await orders.take(session, [one.attempt_id], NOON)
    passed_on = [Taken(one.attempt_id, "verdict", "machine_end_beep")]
    assert taken == (passed_on if by_words and others else []), "one that could be written down is found there"

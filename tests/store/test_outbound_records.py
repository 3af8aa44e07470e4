"""What a call has found out of whoever answered, written with its attempt and for all later calls."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from app.store import calls
from app.store.do_not_call import get_forbidden
from app.store.engine import Database
from app.store.outbound_records import record_outbound
from app.store.records import MessageLeftRecord, NoMoreCallsRecord, OutboundRecord, RecognisedRecord
from app.store.writer import StoreWriter
from tests.store.outbound_samples import POLICY, arrangement, attempts, call_of, dialled, scheduled, told
from tests.store.samples import NOON, at

TO, OTHER, OURS = "+14155550123", "+14155550124", "+15550100000"


async def recorded(db: Database, *records: OutboundRecord) -> None:
    async with db.transaction() as session:
        for record in records:
            await record_outbound(session, record, POLICY)


async def answered(db: Database, direction: str = "outbound", **given: object) -> UUID:
    """A call that talks; one of ours has an attempt of the same id."""
    call_id = uuid4()
    if direction == "outbound":
        await scheduled(db, **given)
        one = await dialled(db)
        await told(db, one, "in-progress")
        call_id = one.attempt_id
    async with db.transaction() as session:
        await calls.admit(
            session, call_id=call_id, call_sid=call_id.hex, direction=direction,  # type: ignore[arg-type]
            from_number=OURS if direction == "outbound" else str(given.get("from_number", OTHER)),
            to_number=TO if direction == "outbound" else OURS, persona="assistant", machine="m", now=NOON,
        )  # fmt: skip
    return call_id


async def test_a_machine_that_words_gave_away_is_rung_again_and_one_with_the_message_is_not(db: Database) -> None:
    for left, ends in ((False, ("waiting", "voicemail")), (True, ("completed", "message-left"))):
        id_ = await scheduled(db, voicemail="leave_message")
        one = await dialled(db)
        await told(db, one, "in-progress")
        records: list[OutboundRecord] = [RecognisedRecord(one.attempt_id, "machine", at(10))]
        records += [MessageLeftRecord(one.attempt_id)] if left else []
        await recorded(db, *records, *records)
        await told(db, one, "completed")
        row = await call_of(db, id_)
        assert (row.status, row.reason) == ends
        (attempt,) = await attempts(db, id_)
        assert (attempt.answered_by, attempt.verdict_by, attempt.message_left) == ("machine_words", "words", left)


async def test_what_words_show_counts_before_what_the_carrier_holds(db: Database) -> None:
    id_ = await scheduled(db)
    one = await dialled(db)
    await told(db, one, "in-progress", answered_by="machine_start")
    await recorded(db, RecognisedRecord(one.attempt_id, "human", at(10)))
    await told(db, one, "completed", answered_by="machine_start")
    row = await call_of(db, id_)
    assert (row.status, row.reason) == ("completed", "answered")


async def test_one_who_wants_no_more_calls_is_on_the_list_and_what_waits_for_them_has_failed(db: Database) -> None:
    call_id = await answered(db)
    waiting = await scheduled(db, scheduled_at=at(9999), first_attempt_at=at(9999))
    others = await scheduled(db, to_number=OTHER, scheduled_at=at(9999), first_attempt_at=at(9999))
    wish = NoMoreCallsRecord(call_id, "stop calling me", at(20))
    await recorded(db, wish, wish)
    async with db.reading() as session:
        kept = await get_forbidden(session, TO)
    assert kept is not None
    assert (kept.source, kept.note, kept.call_id, kept.created_at) == ("callee", "stop calling me", call_id, at(20))
    row = await call_of(db, waiting)
    assert (row.status, row.reason, row.next_attempt_at, row.finished_at) == ("failed", "do-not-call", None, at(20))
    assert (await call_of(db, others)).status == "waiting"


@pytest.mark.parametrize(("number", "kept"), [(OTHER, True), ("anonymous", False)])
async def test_one_who_rang_us_can_say_so_as_well(db: Database, number: str, kept: bool) -> None:
    call_id = await answered(db, "inbound", from_number=number)
    await recorded(db, NoMoreCallsRecord(call_id, "take me off your list", NOON))
    async with db.reading() as session:
        assert (await get_forbidden(session, number) is not None) is kept
        assert await get_forbidden(session, OURS) is None


async def test_records_of_calls_that_nobody_knows_change_nothing(db: Database) -> None:
    await recorded(
        db,
        RecognisedRecord(uuid4(), "human", NOON),
        MessageLeftRecord(uuid4()),
        NoMoreCallsRecord(uuid4(), "stop calling", NOON),
    )
    call_id = await answered(db, "inbound")
    await recorded(db, RecognisedRecord(call_id, "human", NOON), MessageLeftRecord(call_id))


async def test_the_writer_brings_them_in(db: Database) -> None:
    call_id = await answered(db)
    writer = StoreWriter(db, gather_s=0.001, policy=POLICY)
    writer.start()
    for record in (
        RecognisedRecord(call_id, "machine", NOON),
        MessageLeftRecord(call_id),
        NoMoreCallsRecord(call_id, "x", NOON),
    ):
        assert writer.put_nowait(record)
    assert await writer.flush(call_id)
    assert await writer.aclose()
    assert writer.counts.refused == 0
    async with db.reading() as session:
        assert await get_forbidden(session, arrangement().to_number) is not None

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from app.store.engine import Database
from app.store.records import EventRecord, MetricsRecord, clean, clean_json, fold
from app.store.transcripts import (
    events_of,
    record_event,
    record_segment,
    record_segments,
    record_turn_metrics,
    segments_of,
    turn_metrics_of,
)
from tests.store.samples import line, talking

NASTY = "caf\x00é \ud800 ' \" % _ \\ 😀 नमस्ते"


async def test_a_line_grows_under_its_id(db: Database) -> None:
    async with db.transaction() as session:
        call = await talking(session)
        said = line(call.id, "Good", role="agent", heard_text="", final=False, ended_ms=1200, kind="speech")
        await record_segment(session, said)
    async with db.transaction() as session:
        grown = replace(said, text="Good morning", heard_text="Good", interrupted=True, final=True, ended_ms=2100)
        await record_segment(session, grown)
    async with db.reading() as session:
        (row,) = await segments_of(session, call.id)
    assert (row.text, row.heard_text, row.interrupted, row.final, row.ended_ms) == (
        "Good morning",
        "Good",
        True,
        True,
        2100,
    )


async def test_of_one_line_many_times_in_one_batch_the_last_counts(db: Database) -> None:
    async with db.transaction() as session:
        call = await talking(session)
        first = line(call.id, "one")
        await record_segments(session, [first, replace(first, text="one two"), replace(first, text="one two three")])
        await record_segments(session, [])
    async with db.reading() as session:
        assert [row.text for row in await segments_of(session, call.id)] == ["one two three"]


async def test_a_line_never_moves_to_another_call(db: Database) -> None:
    async with db.transaction() as session:
        ours, theirs = await talking(session), await talking(session)
        said = line(ours.id, "ours")
        await record_segment(session, said)
        await record_segment(session, replace(said, call_id=theirs.id, text="theirs"))
    async with db.reading() as session:
        assert [row.text for row in await segments_of(session, ours.id)] == ["ours"]
        assert await segments_of(session, theirs.id) == []


async def test_lines_come_in_their_order_whenever_they_were_stored(db: Database) -> None:
    async with db.transaction() as session:
        call = await talking(session)
        for seq in (3, 1, 2):
            await record_segment(session, line(call.id, str(seq), seq=seq))
    async with db.reading() as session:
        assert [row.text for row in await segments_of(session, call.id)] == ["1", "2", "3"]


async def test_a_line_of_an_unknown_call_is_refused(db: Database) -> None:
    with pytest.raises(IntegrityError):
        async with db.transaction() as session:
            await record_segment(session, line(uuid4(), "nobody"))


async def test_odd_characters_cost_no_line(db: Database) -> None:
    async with db.transaction() as session:
        call = await talking(session)
        await record_segment(session, line(call.id, NASTY))
        await record_event(session, EventRecord(call.id, 5, "odd", {"text": NASTY, "snr_db": float("inf"), 7: {1}}))
    async with db.reading() as session:
        (row,) = await segments_of(session, call.id)
        (event,) = await events_of(session, call.id)
    assert row.text == clean(NASTY) == "café \ufffd ' \" % _ \\ 😀 नमस्ते"
    assert event.detail == {"text": clean(NASTY), "snr_db": None, "7": [1]}


async def test_events_come_in_the_order_in_which_they_happened(db: Database) -> None:
    async with db.transaction() as session:
        call = await talking(session)
        records = [EventRecord(call.id, 10, kind) for kind in ("a", "b", "c")] + [EventRecord(call.id, 5, "first")]
        for record in (records[2], records[0], records[3], records[1], records[1]):
            await record_event(session, record)
    async with db.reading() as session:
        assert [event.kind for event in await events_of(session, call.id)] == ["first", "a", "b", "c"]


async def test_a_turns_times_come_together(db: Database) -> None:
    async with db.transaction() as session:
        call = await talking(session)
        await record_turn_metrics(session, MetricsRecord(call.id, 2, speech_ended_ms=100, decided_ms=700))
        await record_turn_metrics(session, MetricsRecord(call.id, 1, speech_ended_ms=10))
        await record_turn_metrics(session, MetricsRecord(call.id, 2, decided_ms=710, first_heard_ms=1500))
    async with db.reading() as session:
        first, second = await turn_metrics_of(session, call.id)
    assert (first.turn, first.speech_ended_ms, first.decided_ms) == (1, 10, None)
    assert (second.speech_ended_ms, second.decided_ms, second.first_heard_ms) == (100, 710, 1500)


@given(st.text())
def test_folding_is_final_and_keeps_words_findable(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert all(word in folded for word in folded.split())


@pytest.mark.parametrize(("said", "sought"), [("Zwölf CAFÉS, bitte", "cafes"), ("STRASSE", "straße"), ("नमस्ते", "नमस्ते")])
def test_case_and_accents_do_not_matter(said: str, sought: str) -> None:
    assert fold(sought) in fold(said)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters()), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(detail=st.dictionaries(st.text(st.characters()), _JSON, max_size=4), said=st.text(st.characters()))
async def test_whatever_was_said_and_measured_is_stored_and_comes_back(
    db: Database, detail: dict[str, object], said: str
) -> None:
    async with db.transaction() as session:
        call = await talking(session)
        await record_event(session, EventRecord(call.id, 0, "measured", detail))
        await record_segment(session, line(call.id, said))
    async with db.reading() as session:
        (event,) = await events_of(session, call.id)
        (row,) = await segments_of(session, call.id)
    assert event.detail == clean_json(detail)
    assert row.text == clean(said)

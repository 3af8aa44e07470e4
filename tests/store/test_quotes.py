"""Quotes in the recording: each is in the line that it names, at a time within that line."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from app.dialogue.interviewing.happening import BrokenOff
from app.dialogue.scoring.card import Evidence
from app.dialogue.scoring.making import scorecard
from app.store.engine import Database
from app.store.quotes import calls_in, evidence_in, moments_of
from app.store.records import MetricsRecord
from app.store.tables import CallRow
from app.store.transcripts import record_many_turn_metrics, record_segments, segments_of
from tests.dialogue.scoring.told import Talk
from tests.store.samples import line, talking
from tests.store.talks import LINE_S, a_told_talk, by_text, keep, write_down


async def test_every_quote_of_a_card_is_in_the_transcript_at_the_time_it_says(db: Database) -> None:
    async with db.transaction() as session:
        told = await a_told_talk(session)
    async with db.reading() as session:
        moments = await moments_of(session, told.call.conversation_id)
        lines = {row.id: row for row in await segments_of(session, told.call.id)}
    found = list(evidence_in(scorecard(told.interview.session)))
    assert len(found) > 40
    for evidence in found:
        moment = moments.of(evidence)
        assert moment is not None
        heard = lines[moment.segment_id]
        assert (heard.role, moment.call_id) == ("caller", told.call.id)
        assert evidence.text in heard.text
        assert heard.started_ms <= moment.at_ms < heard.ended_ms
        assert f"{told.call.id}/{heard.turn}" == evidence.segment


async def test_words_late_in_a_line_are_late_in_its_time(db: Database) -> None:
    async with db.transaction() as session:
        call = await talking(session)
        text = "one two three four"
        await record_segments(session, [line(call.id, text, turn=3, started_ms=10_000, ended_ms=14_000)])
    async with db.reading() as session:
        moments = await moments_of(session, call.conversation_id)
    names = f"{call.id}/3"
    at = [moments.of_words(names, word, text.index(word)) for word in text.split()]
    assert [moment and moment.at_ms for moment in at] == [10_000, 10_888, 11_777, 13_111]
    twice = moments.of(Evidence("o", names, "first", 0, 6, 7))
    assert twice is not None
    assert twice.at_ms > 11_000, "the one that is meant, and not the first that looks like it"
    assert [moment and moment.about for moment in at] == [False, True, True, True]


async def test_what_a_line_has_of_silence_at_its_end_is_no_letters_time(db: Database) -> None:
    async with db.transaction() as session:
        call = await talking(session)
        await record_segments(session, [line(call.id, "one two", turn=3, started_ms=10_000, ended_ms=14_000)])
        await record_many_turn_metrics(session, [MetricsRecord(call.id, 3, speech_ended_ms=11_400)])
    async with db.reading() as session:
        moments = await moments_of(session, call.conversation_id)
    found = moments.of_words(f"{call.id}/3", "two", 4)
    assert found is not None
    assert (found.at_ms, found.started_ms, found.ended_ms) == (10_800, 10_000, 14_000)


async def test_words_that_are_not_in_the_line_have_no_place(db: Database) -> None:
    async with db.transaction() as session:
        told = await a_told_talk(session)
        other = await a_told_talk(session)
    async with db.reading() as session:
        moments = await moments_of(session, told.call.conversation_id)
    quote = next(iter(evidence_in(scorecard(told.interview.session))))
    assert moments.of(quote) is not None
    for wrong in (
        replace(quote, text="never said"),
        replace(quote, text=""),
        replace(quote, segment=""),
        replace(quote, segment=f"{told.call.id}/99"),
        replace(quote, segment=quote.segment.replace(str(told.call.id), str(other.call.id))),
    ):
        assert moments.of(wrong) is None


async def test_the_agents_words_are_never_the_candidates(db: Database) -> None:
    async with db.transaction() as session:
        told = await a_told_talk(session)
    async with db.reading() as session:
        moments = await moments_of(session, told.call.conversation_id)
    assert moments.of_words(f"{told.call.id}/1", "And the next question?") is None


async def test_an_interview_over_two_calls_is_heard_in_the_one_where_it_was_said(db: Database) -> None:
    async with db.transaction() as session:
        first = await talking(session)
        second = await talking(session)
        row = await session.get(CallRow, second.id)
        assert row is not None
        row.conversation_id = first.conversation_id
        talk = Talk(str(first.conversation_id), call=str(first.id)).agrees()
        talk.says(talk.best)
        talk.happens(BrokenOff())
        await write_down(session, first.id, talk)
        talk.returns()
        talk.call, talk.turns, talk.heard = str(second.id), 0, {}
        talk.says(talk.best)
        await write_down(session, second.id, talk)
        kept = await keep(session, first.conversation_id, talk.session)
    async with db.reading() as session:
        moments = await moments_of(session, first.conversation_id)
        assert [call.id for call in await calls_in(session, first.conversation_id)] == sorted([first.id, second.id])
    questions = scorecard(kept.session).questions
    for place, call in ((0, first), (1, second)):
        point = questions[place].key_points[0]
        assert point.evidence is not None
        moment = moments.of(point.evidence)
        assert moment is not None
        assert (moment.call_id, moment.at_ms // 1000 >= LINE_S) == (call.id, True)


async def test_what_was_written_is_nowhere_to_be_heard(db: Database) -> None:
    talk = Talk(str(uuid4()), call="turn").agrees()
    talk.says(talk.best)
    async with db.transaction() as session:
        kept = await by_text(session, talk)
    async with db.reading() as session:
        moments = await moments_of(session, kept.conversation_id)
    assert [moments.of(evidence) for evidence in evidence_in(scorecard(kept.session)) if moments.of(evidence)] == []

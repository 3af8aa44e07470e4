"""Later words on points: added, never changed, and in a certain order."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.dialogue.scoring.making import scorecard
from app.dialogue.scoring.rescoring import by_offline, rescored
from app.store.engine import Database
from app.store.interview_tables import InterviewScoreRow, InterviewSessionRow
from app.store.interviews import NoSuchInterviewError
from app.store.scores import NoSuchPlaceError, NotScoredError, OverruleError, add_run, overrule, scores_of
from tests.dialogue.scoring.told import POINTS, Talk
from tests.store.samples import NOON
from tests.store.talks import ToldTalk, a_told_talk, by_text


@pytest.fixture
async def told(db: Database) -> ToldTalk:
    async with db.transaction() as session:
        return await a_told_talk(session)


async def say(db: Database, told: ToldTalk, place: int, points: int, reason: str = "I listened to it.") -> None:
    async with db.transaction() as session:
        await overrule(session, told.interview.id, place, points=points, reason=reason, by="", now=NOON)


async def test_the_newest_overrule_counts_and_all_of_them_are_kept(db: Database, told: ToldTalk) -> None:
    for points in (4, 9, 7):
        await say(db, told, 2, points, f"I say {points}.")
    async with db.reading() as session:
        later = await scores_of(session, told.interview.id)
    card = scorecard(told.interview.session, later)
    assert [score.points for score in card.questions[2].overrules] == [4, 9, 7]
    assert [score.reason for score in later] == ["I say 4.", "I say 9.", "I say 7."]
    assert len({score.at for score in later}) == 3, "the clock stood still; their order is certain all the same"
    assert card.questions[2].points == 7
    assert card.talk_total.points == sum(POINTS)


async def test_two_who_overrule_at_once_are_both_on_record(db: Database, told: ToldTalk) -> None:
    await asyncio.gather(*(say(db, told, 0, points) for points in (1, 4, 5, 7)))
    async with db.reading() as session:
        later = await scores_of(session, told.interview.id)
    assert sorted(score.points for score in later) == [1, 4, 5, 7]
    assert len({score.at for score in later}) == 4


async def test_the_interview_itself_stays_as_it_was(db: Database, told: ToldTalk) -> None:
    async with db.reading() as session:
        before = await session.get(InterviewSessionRow, told.interview.id)
    await say(db, told, 2, 9)
    async with db.reading() as session:
        after = await session.get(InterviewSessionRow, told.interview.id)
    assert before is not None
    assert after is not None
    assert (after.state, after.points, after.revision) == (before.state, before.points, before.revision)


@pytest.mark.parametrize(
    ("points", "reason", "by"),
    [
        (0, "because", ""),
        (10, "because", ""),
        (9, "  x ", ""),
        (9, "\x00\n", ""),
        (9, "x" * 501, ""),
        (9, "why", "n" * 81),
    ],
)
async def test_an_overrule_needs_points_and_a_reason(
    db: Database, told: ToldTalk, points: int, reason: str, by: str
) -> None:
    async with db.transaction() as session:
        with pytest.raises(OverruleError):
            await overrule(session, told.interview.id, 0, points=points, reason=reason, by=by, now=NOON)
    async with db.reading() as session:
        assert await scores_of(session, told.interview.id) == ()


async def test_what_is_not_there_cannot_be_overruled(db: Database, told: ToldTalk) -> None:
    with pytest.raises(NoSuchPlaceError):
        await say(db, told, 10, 9)
    with pytest.raises(NoSuchPlaceError):
        await say(db, told, -1, 9)
    async with db.transaction() as session:
        with pytest.raises(NoSuchInterviewError):
            await overrule(session, uuid4(), 0, points=9, reason="why not", by="", now=NOON)
        going_on = await by_text(session, Talk(str(uuid4())).agrees())
        for place in (0, 9):
            with pytest.raises(NotScoredError):
                await overrule(session, going_on.id, place, points=9, reason="why not", by="", now=NOON)


async def test_a_run_is_added_whole_and_comes_back_with_its_quotes(db: Database, told: ToldTalk) -> None:
    made = rescored(told.interview.session, by_offline(told.interview.session))
    runs = []
    for _ in range(2):
        async with db.transaction() as session:
            runs.append(await add_run(session, told.interview.id, made, judge="offline", version="1", now=NOON))
    async with db.reading() as session:
        later = await scores_of(session, told.interview.id)
    assert [score.run for score in later] == [str(run) for run in runs for _ in range(10)]
    assert [score.rejudged for score in later] == [it.rejudged for it in made] * 2
    card = scorecard(told.interview.session, later)
    assert [run.total.points for run in card.runs] == [sum(POINTS)] * 2
    assert not any(score.gained or score.lost for run in card.runs for score in run.scores)
    assert card.runs[0].judge == "offline"


async def test_an_interview_without_points_cannot_be_judged_again(db: Database) -> None:
    async with db.transaction() as session:
        going_on = await by_text(session, Talk(str(uuid4())).agrees())
        made = rescored(going_on.session, {})
        with pytest.raises(NotScoredError):
            await add_run(session, going_on.id, made, judge="offline", version="1", now=NOON)
        with pytest.raises(NoSuchInterviewError):
            await add_run(session, uuid4(), made, judge="offline", version="1", now=NOON)


async def test_who_overruled_is_kept_and_nobody_is_made_up(db: Database, told: ToldTalk) -> None:
    async with db.transaction() as session:
        at = NOON + timedelta(hours=1)
        named = await overrule(session, told.interview.id, 0, points=7, reason=" a\n b ", by=" Ada  L. ", now=at)
        nameless = await overrule(session, told.interview.id, 1, points=7, reason="because", by=" ", now=at)
    assert (named.judge, named.reason, named.at) == ("Ada L.", "a b", "2026-03-01T13:00:00.000000+00:00")
    assert (nameless.judge, nameless.at > named.at) == ("person", True)
    async with db.reading() as session:
        kinds = await session.scalars(select(col(InterviewScoreRow.kind)))
        assert set(kinds) == {"overruled"}

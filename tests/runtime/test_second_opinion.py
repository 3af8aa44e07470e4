"""A talk judged again: by the judge of this machine, or by a vendor's model, whole or not at all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.dialogue.judging.offline import BY_WORDS_ALONE
from app.dialogue.scoring.card import Run
from app.dialogue.scoring.making import scorecard
from app.runtime.second_opinion import JudgeAwayError, SecondOpinion
from app.store.engine import Database
from app.store.interviews import NoSuchInterviewError
from app.store.scores import NotScoredError, scores_of
from tests.dialogue.scoring.told import POINTS, Talk
from tests.runtime.acting import Actor, Notebook, fails
from tests.runtime.examining import Lenient, second_opinion
from tests.store.talks import ToldTalk, a_told_talk, by_text
from tests.web.admin.house import make_house, persona

PERSONAS = {"assistant": persona("assistant", "Ada")}


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    made = make_house(tmp_path).db
    yield made
    await made.close()


@pytest.fixture
async def told(db: Database) -> ToldTalk:
    async with db.transaction() as session:
        return await a_told_talk(session)


async def runs_of(db: Database, told: ToldTalk) -> tuple[Run, ...]:
    async with db.reading() as session:
        return scorecard(told.interview.session, await scores_of(session, told.interview.id)).runs


async def test_the_offline_judge_says_twice_what_it_said_in_the_talk(db: Database, told: ToldTalk) -> None:
    opinion = second_opinion(db, PERSONAS)
    ids = [await opinion.rescore(told.interview.id, "offline") for _ in range(2)]
    runs = await runs_of(db, told)
    assert [UUID(run.id) for run in runs] == ids
    assert [[score.points for score in run.scores] for run in runs] == [POINTS] * 2
    assert (runs[0].judge, runs[0].version) == ("offline", BY_WORDS_ALONE)


async def test_a_model_is_asked_about_every_answer_but_those_that_say_that_they_do_not_know(
    db: Database, told: ToldTalk
) -> None:
    notes = Notebook()
    mind = Lenient("groq")
    await second_opinion(db, PERSONAS, None, mind, reporter=notes).rescore(told.interview.id, "model")
    (run,) = await runs_of(db, told)
    answers = sum(len(record.attempts) for record in told.interview.session.records)
    assert len(mind.requests) == len(notes.used) == answers - 1
    assert run.judge == "model:groq-1, offline", "who judged each question is told"
    assert [score.points for score in run.scores] == [9, 9, 9, 1, 1, 9, 9, 9, 1, 9]
    worse = run.score(2)
    assert worse is not None
    assert all(
        point.evidence and point.evidence.text in told.talk.heard[point.evidence.segment] for point in worse.key_points
    )


@pytest.mark.parametrize("kind", ["busy", "failed", "rubbish"])
async def test_a_model_that_fails_once_leaves_no_half_of_a_run(db: Database, told: ToldTalk, kind: str) -> None:
    mind = Lenient("groq", ["well"], ["well"], [fails(kind)])  # type: ignore[arg-type]
    with pytest.raises(JudgeAwayError, match="nothing was kept"):
        await second_opinion(db, PERSONAS, None, mind).rescore(told.interview.id, "model")
    assert await runs_of(db, told) == ()


async def test_a_model_that_is_late_leaves_nothing(db: Database, told: ToldTalk) -> None:
    opinion = second_opinion(db, PERSONAS, None, Lenient("groq", [30.0]), within_s=0.05)
    with pytest.raises(JudgeAwayError):
        await opinion.rescore(told.interview.id, "model")
    assert await runs_of(db, told) == ()


async def test_who_can_be_asked_is_known(db: Database, told: ToldTalk) -> None:
    assert second_opinion(db, PERSONAS, None, Actor("offline"), Lenient("groq")).judges == ("offline", "model")
    here: SecondOpinion = second_opinion(db, PERSONAS, None, Actor("offline"), Actor("mock"))
    assert here.judges == ("offline",)
    with pytest.raises(JudgeAwayError, match="no model here"):
        await here.rescore(told.interview.id, "model")


async def test_what_has_no_points_yet_is_not_judged_again(db: Database) -> None:
    opinion = second_opinion(db, PERSONAS)
    async with db.transaction() as session:
        begun = await by_text(session, Talk(str(uuid4())).agrees())
    with pytest.raises(NotScoredError):
        await opinion.rescore(begun.id, "offline")
    with pytest.raises(NoSuchInterviewError):
        await opinion.rescore(uuid4(), "offline")

"""Interviews by text: events in any order and number, several at a time, with judges of every kind."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from app.dialogue.interviewing.score import total
from app.dialogue.judging.model import JudgementForm, PointForm
from app.personas.conduct import Conduct
from app.runtime.text_beginning import KeyReusedError, Wanted, WantedError
from app.runtime.text_interviews import LONGEST_TEXT, RefusedError, TextEvent, TextInterviews
from app.runtime.text_lines import WRITTEN
from app.store.engine import Database
from app.store.interview_turns import last_turn
from app.store.interviews import Candidate, InterviewMovedError, NoSuchInterviewError, change_interview
from tests.runtime.acting import Actor, fails
from tests.runtime.interviewed import (
    ANSWERS,
    EVASION,
    Sitting,
    fill_bank,
    interviewer,
    rows,
    stored,
    text_interviews,
)
from tests.store.samples import NOON

PERSONAS = {"interviewer": interviewer()}


@pytest.fixture
async def db(db: Database) -> Database:
    await fill_bank(db)
    return db


@pytest.fixture
def service(db: Database) -> TextInterviews:
    return text_interviews(db, PERSONAS)


async def test_a_whole_interview_from_the_first_word_to_the_last(service: TextInterviews, db: Database) -> None:
    sitting = await Sitting.begun(service, "Ada")
    first = await sitting.happens("start")
    assert [line.kind for line in first.reply.lines] == ["greeting", "disclosure", "consent"]
    assert first.reply.standing.expects is not None
    assert (first.seq, first.reply.standing.phase, first.reply.standing.expects.kind) == (1, "consent", "quick")
    assert await sitting.says("yes, I agree")
    while not sitting.over:
        await sitting.says(ANSWERS[sitting.question])
    last = sitting.turns[-1].reply.standing
    assert (last.over, last.question, last.questions, last.expects) == ("complete", 10, 10, None)
    assert len(set(sitting.asked)) == len(sitting.asked) == 10
    found = await stored(db, sitting.id)
    assert (total(found.session).points, found.ended_at is not None) == (90, True)
    assert found.session.consent is not None
    assert (found.session.consent.how, found.session.consent.segments) == ("text", ("turn-2",))


async def test_hints_come_where_they_are_due_and_nothing_tells_what_an_answer_was_worth(
    service: TextInterviews, db: Database
) -> None:
    sitting = await (await Sitting.begun(service)).agrees()
    await sitting.says(EVASION)
    assert [line.kind for line in sitting.turns[-1].reply.lines] == ["acknowledgement", "hint"]
    await sitting.says(ANSWERS[sitting.question])
    assert sitting.turns[-1].reply.standing.question == 2
    await sitting.says("skip")
    assert sitting.turns[-1].reply.standing.question == 3
    records = (await stored(db, sitting.id)).session.records
    assert [record.points for record in records[:2]] == [4, 1]
    assert "points" not in str(sitting.turns[-1].reply.as_json())


async def test_the_same_event_twice_is_one_turn_and_one_answer(service: TextInterviews, db: Database) -> None:
    sitting = await (await Sitting.begun(service)).agrees()
    once = await sitting.happens("user_turn", "some \0 answer", "e-1")
    before = await rows(db)
    assert await sitting.happens("user_turn", "some \0 answer", "e-1") == once
    assert await rows(db) == before
    with pytest.raises(RefusedError, match="id of its own"):
        await sitting.happens("user_turn", "another answer", "e-1")
    with pytest.raises(RefusedError, match="id of its own"):
        await sitting.happens("timeout", "", "e-1")
    assert await rows(db) == before


async def test_an_event_keeps_its_answer_when_the_interview_is_long_over(service: TextInterviews) -> None:
    sitting = await Sitting.begun(service)
    first = await sitting.happens("start", id_="e-start")
    await sitting.says("no")
    assert sitting.over == "refused"
    assert await sitting.happens("start", id_="e-start") == first
    with pytest.raises(RefusedError, match=r"over \(refused\)"):
        await sitting.happens("start")


@pytest.mark.parametrize("houses", [1, 2], ids=["one process", "two processes"])
async def test_the_same_event_at_the_same_moment_is_one_turn(db: Database, houses: int) -> None:
    judge = Actor("late", [0.05, fails("busy")])
    services = [text_interviews(db, PERSONAS, None, judge) for _ in range(houses)]  # type: ignore[arg-type]
    sitting = await (await Sitting.begun(services[0])).agrees()
    event = TextEvent("e-1", "user_turn", EVASION)
    turns = await asyncio.gather(*(services[n % houses].happens(sitting.id, event) for n in range(6)))
    assert all(turn == turns[0] for turn in turns)
    found = await stored(db, sitting.id)
    assert len(found.session.records[0].attempts) == 1
    assert found.revision == 4, "begun, started, agreed, answered"
    if houses == 1:
        assert len(judge.asked) == 1, "nobody asks a judge in vain"


async def test_different_events_at_the_same_moment_happen_one_after_the_other(db: Database) -> None:
    services = [text_interviews(db, PERSONAS) for _ in range(2)]
    sitting = await (await Sitting.begun(services[0])).agrees()
    events = [TextEvent(f"e-{n}", "user_turn", "I don't know") for n in range(4)]
    turns = await asyncio.gather(*(services[n % 2].happens(sitting.id, event) for n, event in enumerate(events)))
    assert sorted(turn.seq for turn in turns) == [3, 4, 5, 6]
    assert sorted(turn.reply.standing.question or 0 for turn in turns) == [2, 3, 4, 5]


async def test_whoever_is_always_second_is_told_so(
    db: Database, service: TextInterviews, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting = await Sitting.begun(service)
    begun = await stored(db, sitting.id)

    led = TextInterviews._led

    async def led_on_by_others_meanwhile(*given: Any) -> Any:
        async with db.transaction() as session:
            await change_interview(session, begun.id, begun.session, now=NOON)
        return await led(*given)

    monkeypatch.setattr(TextInterviews, "_led", led_on_by_others_meanwhile)
    with pytest.raises(InterviewMovedError):
        await sitting.happens("start")
    async with db.reading() as session:
        assert await last_turn(session, sitting.id) is None


@pytest.mark.parametrize("text", [EVASION, "yes", "stop"])
async def test_nothing_comes_before_the_start(service: TextInterviews, db: Database, text: str) -> None:
    sitting = await Sitting.begun(service)
    before = await rows(db)
    with pytest.raises(RefusedError, match="not started"):
        await sitting.says(text)
    with pytest.raises(RefusedError, match="not started"):
        await sitting.happens("timeout")
    assert await rows(db) == before


async def test_it_starts_once_and_nobody_elses_is_found(service: TextInterviews, db: Database) -> None:
    sitting = await (await Sitting.begun(service)).agrees()
    before = await rows(db)
    with pytest.raises(RefusedError, match="started already"):
        await sitting.happens("start")
    with pytest.raises(NoSuchInterviewError):
        await service.happens(uuid4(), TextEvent("e", "start"))
    assert await rows(db) == before


async def test_silence_is_checked_once_then_left_and_then_the_rest_is_kept_for_another_time(
    service: TextInterviews,
) -> None:
    sitting = await (await Sitting.begun(service)).agrees()
    kinds = []
    for _ in range(4):
        turn = await sitting.happens("timeout")
        kinds.append([line.kind for line in turn.reply.lines])
    assert kinds == [["check"], ["acknowledgement", "question"], ["check"], ["closing"]]
    standing = sitting.turns[-1].reply.standing
    assert (standing.phase, standing.over, standing.expects, standing.question) == ("paused", "", None, 2)
    with pytest.raises(RefusedError, match="paused"):
        await sitting.says("hello?")
    again = await sitting.happens("start")
    assert [line.kind for line in again.reply.lines] == ["resumption", "repeat"]
    assert again.reply.standing.phase == "asking"


async def test_the_same_key_is_the_same_interview_and_never_another(service: TextInterviews, db: Database) -> None:
    sitting = await Sitting.begun(service, "Ada", key="order 7")
    before = await rows(db)
    both = await asyncio.gather(*(Sitting.begun(service, "Ada", key="order 7") for _ in range(3)))
    assert {again.id for again in both} == {sitting.id}
    with pytest.raises(KeyReusedError):
        await Sitting.begun(service, "Grace", key="order 7")
    assert await rows(db) == before
    assert (await Sitting.begun(service, "Ada", key="order 8")).id != sitting.id


async def test_who_comes_back_is_not_asked_what_they_were_asked_before(service: TextInterviews) -> None:
    first = await (await Sitting.begun(service, candidate_id="p-1")).agrees()
    for _ in range(3):
        await first.says("I don't know")
    had = set(first.asked)
    again = await (await Sitting.begun(service, candidate_id="p-1")).agrees()
    for _ in range(3):
        await again.says("I don't know")
    assert len(had) == 4
    assert not had & set(again.asked)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Wanted("nobody", Candidate()), "persona"),
        (Wanted("talker", Candidate()), "persona"),
        (Wanted("interviewer", Candidate(), "no-such-topic"), "topic"),
        (Wanted("greedy", Candidate()), "topic"),
    ],
)
async def test_what_cannot_be_had_is_named(db: Database, wanted: Wanted, field: str) -> None:
    talker = PERSONAS["interviewer"].model_copy(update={"id": "talker", "flow": "stages"})
    greedy = interviewer("greedy", counts={"basic": 20})
    service = text_interviews(db, PERSONAS | {"talker": talker, "greedy": greedy})
    before = await rows(db)
    with pytest.raises(WantedError) as told:
        await service.begin(wanted)
    assert told.value.field == field
    assert await rows(db) == before


async def test_a_persona_whose_file_has_gone_leads_nothing_on(service: TextInterviews, db: Database) -> None:
    sitting = await Sitting.begun(service)
    with pytest.raises(RefusedError, match="put its file back"):
        await text_interviews(db, {}).happens(sitting.id, TextEvent("e", "start"))


async def test_the_candidate_and_the_role_stand_in_the_lines(db: Database) -> None:
    led = interviewer(conduct=Conduct(opening="Thank you, {candidate_name}. You would be our {role}."))
    service = text_interviews(db, {"interviewer": led})
    sitting = await Sitting.begun(service, "{role} <b>Ada</b>", role="analyst")
    await sitting.happens("start")
    assert "Thank you, {role} <b>Ada</b>. You would be our analyst." in await sitting.says("yes")


async def test_no_line_of_the_house_speaks_of_telephones_and_a_personas_own_stay(db: Database) -> None:
    house = Conduct()
    spoken = ("hear", "press", "key", "call again", "record")
    for name in Conduct.model_fields:
        line = getattr(house, name)
        if isinstance(line, str) and any(word in line.lower() for word in spoken):
            assert name in WRITTEN, f"{name} has no written form"
    assert not any(word in line.lower() for line in WRITTEN.values() for word in ("hear", "press", "record", "call"))
    own = interviewer(conduct=Conduct(consent="May we?"))
    sitting = await Sitting.begun(text_interviews(db, {"interviewer": own}))
    assert (await sitting.happens("start")).reply.lines[-1].text == "May we?"


def filled_in(*verdicts: tuple[str, str]) -> JudgementForm:
    """What a model says: (key point, quote)."""
    return JudgementForm(points=[PointForm(key_point=id_, verdict="covered", quote=quote) for id_, quote in verdicts])


async def test_a_models_verdict_counts_with_its_quotes_and_is_named(db: Database) -> None:
    answer = "well it is all about the frobnication of widgets in every single respect, I would think"
    sitting = await (await Sitting.begun(text_interviews(db, PERSONAS))).agrees()
    points = (await stored(db, sitting.id)).session.records[0].question.key_points
    forms = filled_in(*((point.id, "the frobnication of widgets") for point in points))
    mind = Actor("vendor", [forms])
    await text_interviews(db, PERSONAS, None, mind).happens(sitting.id, TextEvent("e", "user_turn", answer))  # type: ignore[arg-type]
    record = (await stored(db, sitting.id)).session.records[0]
    judgement = record.counted[-1]
    assert (record.points, judgement.judge) == (9, "model:vendor-1")
    assert {point.quote.segment for point in judgement.points if point.quote} == {"turn-3"}


@pytest.mark.parametrize(
    "script",
    [[fails("failed")], [fails("unfit")], [600.0], [KeyError("what was said")], [filled_in()], ["rubbish"]],
    ids=["fails", "unfit", "late", "broken", "empty", "no form"],
)
async def test_a_judge_that_fails_is_late_or_lies_costs_its_opinion_alone(db: Database, script: list[object]) -> None:
    mind = Actor("vendor", script)
    service = text_interviews(db, PERSONAS, None, mind, within_s=0.05)  # type: ignore[arg-type]
    sitting = await (await Sitting.begun(service)).agrees()
    for _ in range(2):
        await sitting.says(EVASION)
    record = (await stored(db, sitting.id)).session.records[0]
    assert (record.points, sitting.turns[-1].reply.standing.question) == (1, 2)
    assert mind.asked
    wanted = {"model:vendor-1"} if script == [filled_in()] else {"offline"}
    assert {judgement.judge for judgement in record.counted} == wanted


async def test_the_longest_answer_is_taken_whole(service: TextInterviews, db: Database) -> None:
    sitting = await (await Sitting.begun(service)).agrees()
    await sitting.says("word " * (LONGEST_TEXT // 5))
    (attempt,) = (await stored(db, sitting.id)).session.records[0].attempts
    assert sum(len(part.text) for part in attempt.said) == LONGEST_TEXT

"""The pages of interviews: the list, the scorecard with its forms, its files, and the way from a call and back."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from app.dialogue.interviewing.happening import turn
from app.dialogue.interviewing.life import Phase
from app.store.interviews import Candidate
from app.store.scores import scores_of
from app.web.admin import interview_words
from tests.dialogue.scoring.told import POINTS, Talk
from tests.runtime.acting import fails
from tests.runtime.examining import Lenient
from tests.store.talks import ToldTalk
from tests.web.admin.conftest import Visitor
from tests.web.admin.house import TestHouse, a_whole_call
from tests.web.admin.interviewed import LIST, home, overrule, written

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


def part(text: str, id_: str) -> str:
    """The section of one question."""
    return re.split(r"</section>", text.split(f'id="{id_}"')[1])[0]


async def test_a_quote_leads_to_the_recording_and_to_its_line(visitor: Visitor, told: ToldTalk) -> None:
    text = unescape((await visitor.get(home(told))).text)
    assert re.search(r'<p class="total"><b>47</b>', text), sum(POINTS)
    first = part(text, "question-1")
    evidence = told.interview.session.records[0].attempts[0].judgement
    assert evidence is not None
    for point in evidence.points:
        assert point.quote is not None
        assert f">“{point.quote.text}”<" in first
    found = re.findall(
        r'href="(/admin/calls/[^"#]+#s-[0-9a-f]{16})" data-call="([^"]+)" data-at="(\d+)" data-to="(\d+)"', first
    )
    assert len(found) > 4
    for href, call, at, to in found:
        assert call == str(told.call.id)
        assert href.startswith(f"/admin/calls/{call}#")
        assert 12_000 <= int(at) < int(to) == 15_000, "its turn lasts from 12 s to 15 s"
    line = (await visitor.get(f"/admin/calls/{told.call.id}")).text
    assert f'id="{href.partition("#")[2]}"' in line, "the link leads to the line that was said"


async def test_a_page_tells_what_was_not_heard_and_judges_nobody(visitor: Visitor, told: ToldTalk) -> None:
    text = unescape((await visitor.get(home(told))).text)
    assert "Passed over." in part(text, "question-5")
    assert "No answer was heard." in part(text, "question-9")
    assert "“I don't know” at first." in part(text, "question-4")
    assert "Partial, then correct after the hint." in part(text, "question-2")
    assert "Partial at first, and no answer to the hint." in part(text, "question-7")
    sizes = [len(record.question.key_points) for record in told.interview.session.records]
    assert part(text, "question-3").count("Not heard: ") == sizes[2]
    assert "words unsure" in part(text, "question-6")
    assert text.count("The recogniser was not sure of these words; they count for the candidate.") == sizes[5]
    assert ">“yes, I agree”<" in text


async def test_a_person_changes_points_and_the_history_is_shown(
    visitor: Visitor, house: TestHouse, told: ToldTalk
) -> None:
    token = await visitor.token()
    form = {"token": token, "points": "7", "reason": "Heard <it>", "by": ""}
    answer = await visitor.post(f"{home(told)}/questions/2/overrule", data=form)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{home(told)}?saved=2#question-3"
    page = (await visitor.get(answer.headers["location"])).text
    section = part(page, "question-3")
    assert "Kept. What was there before is below." in section
    assert "The talk gave 1." in section
    assert "Heard &lt;it&gt;" in section
    assert 'class="worth"><b>7</b>' in section
    assert "the talk gave 47" in page
    async with house.db.reading() as session:
        (score,) = await scores_of(session, told.interview.id)
    assert (score.points, score.judge, score.at[:19]) == (7, "person", "2026-03-01T12:00:00")


@pytest.mark.parametrize(
    ("form", "beside"),
    [
        ({"reason": " x "}, "Say why"),
        ({"reason": "x" * 501}, "Say why"),
        ({"points": "10"}, "Choose 1 to 9 points."),
        ({"points": ""}, "Choose 1 to 9 points."),
        ({"points": "²"}, "Choose 1 to 9 points."),
        ({"by": "n" * 81}, "At most 80 letters."),
        ({"reason": "\x00\x00\x00"}, "A reason has 3 to 500 letters."),
    ],
)
async def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_is_kept(
    visitor: Visitor, house: TestHouse, told: ToldTalk, form: dict[str, str], beside: str
) -> None:
    status, text = await overrule(visitor, told, **form)
    assert status == 422
    section = unescape(part(text, "question-3"))
    assert beside in section
    assert "Nothing was changed: see beside the fields." in section
    assert section.count('<details class="change" open>') == text.count('<details class="change" open>') == 1
    assert (form.get("by") or "Grace") in section
    async with house.db.reading() as session:
        assert await scores_of(session, told.interview.id) == ()


async def test_nothing_is_changed_without_signing_in_or_the_forms_token(
    visitor: Visitor, house: TestHouse, told: ToldTalk
) -> None:
    assert (await overrule(visitor, told, token="forged"))[0] == 403
    assert (await visitor.post(f"{home(told)}/rescore", data={"judge": "offline"})).status_code == 403
    visitor.cookies.clear()
    for path in (LIST, home(told), f"{home(told)}/scorecard.json", f"{home(told)}/print"):
        assert (await visitor.get(path)).status_code == 303
    assert (await visitor.post(f"{home(told)}/rescore", data={"judge": "offline"})).status_code == 303
    async with house.db.reading() as session:
        assert await scores_of(session, told.interview.id) == ()


async def test_what_cannot_be_overruled_has_no_form_and_says_so(
    visitor: Visitor, house: TestHouse, told: ToldTalk
) -> None:
    going_on = await written(house)
    text = (await visitor.get(home(going_on))).text
    assert "Change the points" not in text
    assert "There is nothing to judge yet." in text
    form = {"token": await visitor.token(), "points": "9", "reason": "because"}
    answer = await visitor.post(f"{home(going_on)}/questions/0/overrule", data=form)
    assert answer.status_code == 409
    assert "It has no points yet" in answer.text
    again = await visitor.post(f"{home(going_on)}/rescore", data=form | {"judge": "offline"})
    assert (again.status_code, "There is nothing to judge yet" in again.text) == (409, True)
    for path in (
        f"{home(told)}/questions/10/overrule",
        f"{LIST}/{uuid4()}/questions/0/overrule",
        f"{LIST}/{uuid4()}/rescore",
    ):
        answer = await visitor.post(path, data=form | {"judge": "offline"})
        assert answer.status_code == 404, path


async def test_another_judge_stands_beside_the_talk_with_the_differences(
    visitor: Visitor, house: TestHouse, told: ToldTalk
) -> None:
    form = {"token": await visitor.token(), "judge": "offline"}
    answer = await visitor.post(f"{home(told)}/rescore", data=form)
    assert answer.headers["location"] == f"{home(told)}#judges"
    text = (await visitor.get(home(told))).text
    assert "finds the same key points as the talk" in text
    assert 'class="sum differs"' not in text
    assert "a language model" not in text
    assert (await visitor.post(f"{home(told)}/rescore", data=form | {"judge": "model"})).status_code == 422


async def test_a_models_run_shows_what_it_found_and_a_broken_one_changes_nothing(
    house: TestHouse, told: ToldTalk
) -> None:
    """Lenient finds everything; the third question had nothing in the talk."""
    mind = Lenient("groq")
    house.minds.append(mind)
    transport = httpx.ASGITransport(house.app(), raise_app_exceptions=False)
    async with Visitor(transport=transport, base_url="http://parley.test") as visitor:
        await visitor.sign_in()
        form = {"token": await visitor.token(), "judge": "model"}
        assert (await visitor.post(f"{home(told)}/rescore", data=form)).status_code == 303
        text = unescape((await visitor.get(home(told))).text)
        assert "<b>A</b> model:groq-1 1, offline " in text
        assert re.search(r'class="sum differs"><span aria-hidden="true">▲</span><span class="vh">more:</span> 9', text)
        assert "Question 3</a>" in text.split("Where it differs")[1]
        assert text.count("Finds: ") > 4
        assert 'class="worth"><b>1</b>' in part(text, "question-3"), "it counts for nothing by itself"
        mind.scripts = [[fails("failed")]]
        answer = await visitor.post(f"{home(told)}/rescore", data=form)
        assert answer.status_code == 503
        assert "nothing was kept" in answer.text


async def test_the_files_are_those_of_rest(visitor: Visitor, told: ToldTalk) -> None:
    table = await visitor.get(f"{home(told)}/scorecard.csv")
    assert len(list(csv.DictReader(io.StringIO(table.text, newline="")))) == 10
    assert table.headers["content-disposition"].startswith("attachment")
    card = json.loads((await visitor.get(f"{home(told)}/scorecard.json")).text)
    assert card["total"]["points"] == sum(POINTS)
    assert (await visitor.get(f"{home(told)}/scorecard.exe")).status_code == 404
    assert (await visitor.get(f"{LIST}/{uuid4()}/scorecard.json")).status_code == 404
    assert (await visitor.get(f"{LIST}/{uuid4()}")).status_code == 404


async def test_the_page_for_paper_is_unfolded_and_asks_nothing(visitor: Visitor, told: ToldTalk) -> None:
    text = (await visitor.get(f"{home(told)}/print")).text
    main = text.split("<main")[1]
    assert "<form" not in main
    assert "<audio" not in main
    assert "<details>" not in main
    assert main.count("<details open>") >= 3
    assert 'class="asked" id="question-10"' in main


async def test_a_call_and_its_interview_know_each_other(visitor: Visitor, house: TestHouse, told: ToldTalk) -> None:
    assert f'href="{home(told)}"' in (await visitor.get(f"/admin/calls/{told.call.id}")).text
    assert f'href="/admin/calls/{told.call.id}"' in (await visitor.get(home(told))).text
    plain = await a_whole_call(house)
    assert "/admin/interviews/" not in (await visitor.get(f"/admin/calls/{plain.id}")).text


async def test_an_interview_by_text_leads_to_what_was_written(visitor: Visitor, house: TestHouse) -> None:
    talk = Talk(str(uuid4())).agrees()
    best = talk.best
    talk.happens(turn(best, segment="turn-3"))
    assert talk.step.judge is not None
    talk.is_judged(talk.step.judge)
    stored = await written(house, talk)
    text = (await visitor.get(home(stored))).text
    assert f'href="{home(stored)}/talk#turn-3"' in text
    assert f'href="{home(stored)}/talk"' in text
    assert "<audio" not in text


async def test_nothing_that_was_said_or_typed_becomes_markup(visitor: Visitor, house: TestHouse) -> None:
    talk = Talk(str(uuid4())).agrees()
    talk.says(f"{HOSTILE} {talk.best}")
    stored = await written(house, talk, candidate=Candidate(HOSTILE[:90], HOSTILE, HOSTILE), topic=HOSTILE[:60])
    form = {"token": await visitor.token(), "points": "9", "reason": HOSTILE, "by": HOSTILE[:80]}
    assert (await visitor.post(f"{home(stored)}/questions/0/overrule", data=form)).status_code == 303
    for path in (LIST, home(stored), f"{home(stored)}/print", f"{LIST}?q={HOSTILE}"):
        text = (await visitor.get(path)).text
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "&lt;script&gt;" in text


async def test_a_page_stays_small_and_its_list_too(visitor: Visitor, told: ToldTalk) -> None:
    for _ in range(5):
        await visitor.post(f"{home(told)}/rescore", data={"token": await visitor.token(), "judge": "offline"})
    answer = await visitor.get(home(told))
    assert len(answer.content) < 100_000
    assert "1 older are in the JSON." in answer.text


def test_everything_that_can_be_the_case_has_its_words() -> None:
    assert set(interview_words.OPEN) == set(Phase) - {Phase.OVER}
    slugs = set()
    for row in re.findall(r"^\| (`.+?`(?:, `.+?`)*) \| .+\|$", Path("docs/judging.md").read_text(), re.MULTILINE):
        slugs |= set(re.findall(r"`([a-z-]+)`", row))
    known = {slug for slug in slugs if "-" in slug or slug in ("said", "gist", "quoted", "listed", "denied")}
    assert known <= set(interview_words.REASONS) | {"unsure-words"}, known - set(interview_words.REASONS)
    assert interview_words.reason("some-new-one") == "some new one"

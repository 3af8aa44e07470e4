"""The question bank's pages: what there is, and a form that says what is wrong and keeps what was typed."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import httpx
import pytest

from app.personas.questions import load_questions
from app.store.question_files import sync_questions
from app.store.questions import StoredQuestion, change_question, find_question, questions_in_use
from app.web.admin.question_form import Form, checked, typed_form
from tests.store.samples import a_question
from tests.web.admin.conftest import Visitor
from tests.web.admin.house import NOW, TestHouse

SHIPPED = load_questions(Path("personas/questions"))


@pytest.fixture
async def bank(house: TestHouse) -> None:
    async with house.db.transaction() as session:
        await sync_questions(session, SHIPPED.everything(), NOW)


def filled(version: int = 0, /, **more: str) -> dict[str, str]:
    """The form of a question as a browser sends it."""
    question = a_question("one")
    form = {"id": "one", "topic": "web", "level": "basic", "think_s": "6", "version": str(version)}
    form |= {name: getattr(question, name) for name in ("text", "hint", "model_answer")}
    for place, point in enumerate(question.key_points):
        wordings = "\r\n".join(point.wordings)
        form |= {f"point-{place}": point.point, f"wordings-{place}": wordings, f"id-{place}": point.id}
    return form | more


async def send(visitor: Visitor, path: str, form: dict[str, str], token: str | None = None) -> httpx.Response:
    return await visitor.post(path, data={"token": token or await visitor.token()} | form)


async def stored(house: TestHouse, id_: str = "one") -> StoredQuestion:
    async with house.db.reading() as session:
        return await find_question(session, id_)


def wrong(answer: httpx.Response) -> dict[str, str]:
    """What the page says is wrong, by field."""
    return {
        key: unescape(text)
        for key, text in re.findall(r'<span class="wrong" id="wrong-([^"]*)">(.*?)</span>', answer.text)
    }


@pytest.mark.usefixtures("bank")
async def test_the_bank_is_listed_by_topic_and_level(visitor: Visitor) -> None:
    text = (await visitor.get("/admin/questions?topic=python")).text
    places = [
        text.index(unescape(part)) for part in ("Basic <", "py-list-and-tuple", "Moderate <", "Advanced <", "py-gil")
    ]
    assert places == sorted(places)
    assert "js-closure" not in text
    assert "js-closure" in (await visitor.get("/admin/questions?topic=javascript")).text
    assert "about-yourself" in (await visitor.get("/admin/questions?topic=no-such")).text, "the first topic instead"


async def test_an_empty_bank_says_how_to_fill_it(visitor: Visitor) -> None:
    text = (await visitor.get("/admin/questions")).text
    assert "There are no questions yet." in text
    assert "/admin/new-question" in text


async def test_nobody_sees_or_changes_questions_without_signing_in(stranger: Visitor, house: TestHouse) -> None:
    assert (await stranger.get("/admin/questions")).status_code == 303
    assert (await stranger.post("/admin/new-question", data=filled())).status_code == 303
    async with house.db.reading() as session:
        assert not await questions_in_use(session)


async def test_a_form_that_is_not_ours_changes_nothing(visitor: Visitor, house: TestHouse) -> None:
    assert (await send(visitor, "/admin/new-question", filled(), token="forged")).status_code == 403
    async with house.db.reading() as session:
        assert not await questions_in_use(session)


async def test_a_question_is_added_and_its_page_shows_it(visitor: Visitor, house: TestHouse) -> None:
    answer = await send(visitor, "/admin/new-question", filled())
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/questions/one?saved=1")
    assert (await stored(house)).question == a_question("one")
    assert (await stored(house)).source == "page"
    text = (await visitor.get(answer.headers["location"])).text
    assert "Saved as version 1." in text
    assert "first a\nfirst b\nfirst c\nfirst d</textarea>" in text


@pytest.mark.usefixtures("bank")
async def test_what_a_page_shows_can_be_sent_back_as_it_is(visitor: Visitor, house: TestHouse) -> None:
    """Every shipped question goes through the form unharmed: no new version comes of it."""
    for topic, question in SHIPPED.everything():
        form = fields(await visitor.get(f"/admin/questions/{question.id}"))
        assert form["topic"] == topic
        answer = await visitor.post(f"/admin/questions/{question.id}", data=form)
        assert answer.headers["location"].endswith("?saved=1"), (question.id, wrong(answer))


def fields(page: httpx.Response) -> dict[str, str]:
    """The edit form's fields, as a browser would send them."""
    edit = page.text[page.text.index('class="edit"') :]
    edit = edit[: edit.index("</form>")]
    found: dict[str, str] = dict(re.findall(r'<input [^>]*?name="([^"]+)"[^>]*? value="([^"]*)"', edit))
    found |= dict(re.findall(r'<textarea name="([^"]+)"[^>]*>\n(.*?)</textarea>', edit, re.DOTALL))
    found |= {"level": next(iter(re.findall(r'<option value="([^"]+)" selected', edit)), "basic")}
    return {name: unescape(value) for name, value in found.items()}


async def test_a_change_makes_a_version_and_the_older_one_is_on_the_page(visitor: Visitor, house: TestHouse) -> None:
    await send(visitor, "/admin/new-question", filled())
    answer = await send(visitor, "/admin/questions/one", filled(1, text="What now?"))
    assert answer.headers["location"] == "/admin/questions/one?saved=2"
    text = (await visitor.get("/admin/questions/one")).text
    assert 'id="version-2"' in text
    assert "<strong>What is there to say?</strong>" in text
    assert (await stored(house)).question.text == "What now?"


async def test_a_key_point_is_added_named_by_its_words_and_taken_out_by_emptying_it(
    visitor: Visitor, house: TestHouse
) -> None:
    await send(visitor, "/admin/new-question", filled())
    fourth = {"point-3": "Says what the cause was, too.", "wordings-3": "a\n\n b \nc\nd\n", "id-3": ""}
    await send(visitor, "/admin/questions/one", filled(1, **fourth))
    points = (await stored(house)).question.key_points
    assert (points[3].id, points[3].wordings) == ("says-what-the-cause", ("a", "b", "c", "d"))
    emptied = {"point-0": "", "wordings-0": " "}
    await send(visitor, "/admin/questions/one", filled(2, **fourth, **emptied))
    assert [point.id for point in (await stored(house)).question.key_points] == [
        "second",
        "third",
        "says-what-the-cause",
    ]


async def test_another_key_point_is_a_button_that_saves_nothing_and_keeps_what_was_typed(
    visitor: Visitor, house: TestHouse
) -> None:
    answer = await send(visitor, "/admin/new-question", filled(more="1", text="Half a quest"))
    assert answer.status_code == 200
    assert 'name="point-3"' in answer.text
    assert "Half a quest</textarea>" in answer.text
    again = await send(visitor, "/admin/new-question", fields(answer) | {"more": "1"})
    assert 'name="point-4"' in again.text, "an empty one is there already, and yet one more was asked for"
    async with house.db.reading() as session:
        assert not await questions_in_use(session)


@pytest.mark.parametrize(
    ("change", "key", "said"),
    [
        ({"text": ""}, "text", "Write something here."),
        ({"text": "x" * 301}, "text", "at most 300 characters"),
        ({"text": "What is a == b?"}, "text", "Holds =, which nobody can hear; say it in words."),
        ({"id": "Not so"}, "id", "Small letters, digits and hyphens"),
        ({"topic": "../x"}, "topic", "Small letters, digits and hyphens"),
        ({"think_s": "long"}, "think_s", "Must be a number"),
        ({"level": "hard"}, "level", "Must be 'basic'"),
        ({"point-1": "", "wordings-1": ""}, "key_points", "Must have at least 3 key points"),
        ({"wordings-1": "a\nb\nc"}, "wordings-1", "Must have at least 4 wordings"),
        ({"wordings-1": "a\nb\nc\nd<e"}, "wordings-1", "Line 4: holds <, which nobody can hear"),
        ({"wordings-1": "a\nb\nc\nC"}, "wordings-1", "Line 4: 'c' is there twice"),
        ({"id-1": "first"}, "all-1", "has the id first"),
        ({"point-1": ""}, "point-1", "Must have at least 1 character"),
        ({"point-0": "", "wordings-0": "", "wordings-2": "a"}, "wordings-2", "Must have at least 4 wordings"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(
    visitor: Visitor, house: TestHouse, change: dict[str, str], key: str, said: str
) -> None:
    answer = await send(visitor, "/admin/new-question", filled(**change))
    assert answer.status_code == 422
    assert said in wrong(answer)[key]
    assert "Nothing was saved" in answer.text
    assert fields(answer)["hint"] == "Say three things."
    async with house.db.reading() as session:
        assert not await questions_in_use(session)


async def test_whoever_saves_second_is_told_and_keeps_what_they_typed(visitor: Visitor, house: TestHouse) -> None:
    await send(visitor, "/admin/new-question", filled())
    async with house.db.transaction() as session:
        theirs = a_question("one", text="Theirs?")
        await change_question(session, "one", "web", theirs, based_on=1, source="rest", now=NOW)
    answer = await send(visitor, "/admin/questions/one", filled(1, text="Mine?"))
    assert answer.status_code == 409
    assert "version 2, under Versions. Nothing was saved" in answer.text
    assert fields(answer)["text"] == "Mine?"
    assert (await stored(house)).question.text == "Theirs?"
    again = await visitor.post("/admin/questions/one", data=fields(answer))
    assert again.status_code == 303
    assert ((await stored(house)).version, (await stored(house)).question.text) == (3, "Mine?")


async def test_a_name_that_is_taken_is_told_beside_it(visitor: Visitor) -> None:
    await send(visitor, "/admin/new-question", filled())
    answer = await send(visitor, "/admin/new-question", filled(text="Another?"))
    assert answer.status_code == 409
    assert "Another question has this name" in wrong(answer)["id"]


async def test_a_question_is_taken_out_of_use_and_put_back(visitor: Visitor, house: TestHouse) -> None:
    await send(visitor, "/admin/new-question", filled())
    assert (await send(visitor, "/admin/questions/one/retire", {})).status_code == 303
    assert not (await stored(house)).active
    assert "Out of use" in (await visitor.get("/admin/questions?topic=web")).text
    assert "Put it into use again" in (await visitor.get("/admin/questions/one")).text
    await send(visitor, "/admin/questions/one/restore", {})
    assert (await stored(house)).active


async def test_a_question_that_there_is_not_has_no_page(visitor: Visitor) -> None:
    answers = [
        await visitor.get("/admin/questions/ghost"),
        await send(visitor, "/admin/questions/ghost", filled()),
        await send(visitor, "/admin/questions/ghost/retire", {}),
        await send(visitor, "/admin/questions/ghost/restore", {}),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4


async def test_what_was_typed_cannot_become_markup(visitor: Visitor) -> None:
    answer = await send(visitor, "/admin/new-question", filled(text="</textarea><script>alert(1)</script>"))
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("version", ["", "x", "-1", "٣", "9" * 40])
def test_a_version_that_is_none_counts_as_not_seen(version: str) -> None:
    form = typed_form(filled() | {"version": version})
    assert form.version == 0


def test_key_points_without_names_get_different_ones() -> None:
    names = {f"id-{place}": "" for place in range(3)}
    same = {f"point-{place}": "The same words" for place in range(3)}
    question = checked(typed_form(filled(**names, **same)))
    assert not isinstance(question, Form)
    assert len({point.id for point in question.key_points}) == 3

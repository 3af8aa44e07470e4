"""The page of webhooks: what was told, what was not taken, and sending it again."""

from __future__ import annotations

from uuid import UUID

from app.store.delivering import claim_events, find_event, record_delivered, record_failed, state_of
from app.store.outbound_tables import OutboxRow
from tests.store.outbound_samples import scheduled
from tests.store.samples import at
from tests.web.admin.conftest import Visitor
from tests.web.admin.house import TestHouse

URL = "https://ats.example/parley/<b>?key=whispered"


async def an_event(house: TestHouse) -> OutboxRow:
    await scheduled(house.db, webhook_url=URL)
    async with house.db.transaction() as session:
        (row,) = await claim_events(session, at(0), 1)
    return row


async def given_up(house: TestHouse) -> UUID:
    row = await an_event(house)
    async with house.db.transaction() as session:
        assert await record_failed(session, row, "It answered 503.", at(1), status=503, again_at=None)
    return row.id


async def test_an_empty_page_says_how_something_comes_onto_it(visitor: Visitor) -> None:
    page = await visitor.get("/admin/webhooks")
    assert page.status_code == 200
    assert "Nothing has been told to anybody yet" in page.text
    assert '<a href="/admin/webhooks" aria-current="page">Webhooks</a>' in page.text


async def test_what_was_not_taken_says_why_and_keeps_keys_to_itself(house: TestHouse, visitor: Visitor) -> None:
    await given_up(house)
    text = (await visitor.get("/admin/webhooks")).text
    assert "Given up" in text
    assert "It answered 503." in text
    assert "ats.example/parley/&lt;b&gt;" in text
    assert "whispered" not in text
    assert "+1415" not in text


async def test_the_filter_shows_what_stands_so(house: TestHouse, visitor: Visitor) -> None:
    row = await an_event(house)
    async with house.db.transaction() as session:
        await record_delivered(session, row.id, 200, at(1))
    assert "Call arranged" in (await visitor.get("/admin/webhooks?state=delivered")).text
    assert "Nothing stands so" in (await visitor.get("/admin/webhooks?state=given-up")).text
    assert "Call arranged" in (await visitor.get("/admin/webhooks?state=nonsense")).text
    assert (await visitor.get("/admin/webhooks?older=nonsense")).status_code == 400


async def test_the_button_sends_it_again(house: TestHouse, visitor: Visitor) -> None:
    event = await given_up(house)
    form = {"token": await visitor.token("/admin/webhooks"), "state": "given-up"}
    answer = await visitor.post(f"/admin/webhooks/{event}/replay", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/webhooks?state=given-up")
    async with house.db.reading() as session:
        row = await find_event(session, event)
    assert (state_of(row), row.tries) == ("waiting", 0)
    gone = await visitor.post("/admin/webhooks/00000000-0000-0000-0000-000000000000/replay", data=form)
    assert gone.status_code == 404


async def test_only_a_form_of_ours_sends_it(house: TestHouse, visitor: Visitor, stranger: Visitor) -> None:
    event = await given_up(house)
    assert (await visitor.post(f"/admin/webhooks/{event}/replay", data={"token": "x"})).status_code == 403
    async with house.db.reading() as session:
        assert state_of(await find_event(session, event)) == "given-up"

"""Pages that step into a running call, and what they tell of a person who was asked to take one over."""

from __future__ import annotations

from uuid import UUID

from app.store import transfers
from app.store.calls import finish
from tests.store.samples import NOON, at, ringing, talking
from tests.web.admin.conftest import Visitor
from tests.web.admin.house import TestHouse


async def a_call(house: TestHouse) -> UUID:
    async with house.db.transaction() as session:
        call = await talking(session)
    house.running.add(call.id)
    return call.id


async def test_a_call_is_ended_with_a_goodbye_if_that_is_wanted(visitor: Visitor, house: TestHouse) -> None:
    call_id = await a_call(house)
    form = {"token": await visitor.token(f"/admin/calls/{call_id}")}
    await visitor.post(f"/admin/calls/{call_id}/hang-up", data=form)
    assert house.told_goodbye == []
    answer = await visitor.post(f"/admin/calls/{call_id}/hang-up", data=form | {"goodbye": "1"})
    assert answer.status_code == 303
    assert house.told_goodbye == [call_id]


async def test_keys_are_pressed_from_the_page_of_a_running_call(visitor: Visitor, house: TestHouse) -> None:
    call_id = await a_call(house)
    page = f"/admin/calls/{call_id}"
    assert 'name="digits"' in (await visitor.get(page)).text
    form = {"token": await visitor.token(page)}
    answer = await visitor.post(f"{page}/digits", data=form | {"digits": " 1w204# "})
    assert (answer.status_code, answer.headers["location"]) == (303, page)
    assert house.pressed == [(call_id, "1w204#")]
    wrong = await visitor.post(f"{page}/digits", data=form | {"digits": "call me"})
    assert wrong.status_code == 422
    assert "These are up to 32 keys" in wrong.text
    assert (await visitor.post(f"{page}/digits", data={"digits": "1"})).status_code == 403
    house.running.clear()
    assert (await visitor.post(f"{page}/digits", data=form | {"digits": "1"})).status_code == 409
    async with house.db.transaction() as session:
        await finish(session, call_id, status="completed", end_reason="completed", ended_at=NOON, duration_s=1.0)
    assert (await visitor.post(f"{page}/digits", data=form | {"digits": "1"})).status_code == 303
    assert 'name="digits"' not in (await visitor.get(page)).text
    assert len(house.pressed) == 2


async def test_the_page_tells_who_was_asked_to_take_the_call_over_and_what_came_of_it(
    visitor: Visitor, house: TestHouse
) -> None:
    first, second = UUID(int=1), UUID(int=2)
    async with house.db.transaction() as session:
        call, back = await talking(session, call_sid="CA1"), await ringing(session, call_sid="CA1.2")
        for id_, by in ((first, "key"), (second, "words")):
            await transfers.ask(
                session, id_=id_, call_id=call.id, number="+442079460000", asked_by=by, about="", parked=None,
                now=at(id_.int),
            )  # fmt: skip
        await transfers.end(session, first, "answered", at(9), 125)
        await transfers.end(session, second, "no-answer", at(9))
        await transfers.comes_back(session, second, back.id)
    page = (await visitor.get(f"/admin/calls/{call.id}")).text
    assert "Talked with a person for 2:05" in page
    assert "the caller pressed the key for a person" in page
    assert "Nobody answered" in page
    assert f'<a href="/admin/calls/{back.id}">The talk went on</a>' in page
    later = (await visitor.get(f"/admin/calls/{back.id}")).text
    assert f'<a href="/admin/calls/{call.id}">a call that left for a person</a>' in later

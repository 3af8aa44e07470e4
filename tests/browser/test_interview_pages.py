"""Interviews in a browser: a quote plays the recording from there, points are changed by keyboard, all is looked at."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import numpy as np
import pytest
from playwright.async_api import Page, expect

from app.dialogue.interviewing.happening import BrokenOff, Start
from app.runtime.disk import WavFile
from app.store.interviews import Candidate
from app.store.scores import overrule
from app.store.tables import CallRow
from tests.browser.chromium import OpenPage
from tests.browser.pages import assert_fits, press_until, shoot, sign_in
from tests.dialogue.scoring.told import Talk
from tests.runtime.examining import Lenient
from tests.store.samples import talking
from tests.store.talks import ToldTalk, a_told_talk, by_text, keep, write_down
from tests.web.admin.house import NOW, TestHouse

pytestmark = pytest.mark.browser

SIZES = {"desk": (1280, 800), "phone": (390, 844)}
HOSTILE = '"><script>alert(1)</script>' + "W" * 60
AT = "document.querySelector('.player audio:not([hidden])').currentTime"


async def recorded(house: TestHouse, call: UUID, seconds: int) -> None:
    """A recording of that length, a quiet tone in both lanes."""
    tone = (2000 * np.sin(np.arange(seconds * 8000) / 9)).astype("<i2")
    await asyncio.to_thread(WavFile(house.files.recording(call)).append, np.stack([tone, tone], axis=1).tobytes())


@pytest.fixture(autouse=True)
def a_model(house: TestHouse) -> None:
    """One that finds everything everywhere, beside the rules of this machine."""
    house.minds.append(Lenient("groq"))


async def a_heard_talk(house: TestHouse) -> ToldTalk:
    async with house.db.transaction() as session:
        told = await a_told_talk(session, NOW, persona="receptionist")
    await recorded(house, told.call.id, 100)
    return told


async def test_a_click_on_a_quote_plays_the_recording_from_there(desk: Page, house: TestHouse, address: str) -> None:
    told = await a_heard_talk(house)
    await sign_in(desk, address, f"/admin/interviews/{told.interview.id}")
    quote = desk.locator("#question-2 .keys a.quote").nth(1)
    at_s = int(await quote.get_attribute("data-at") or 0) / 1000
    assert 18 <= at_s < 27, "in the third or the fourth turn"
    await quote.click()
    await desk.wait_for_function(f"() => (t => t >= {at_s} && t < {at_s} + 2.5)({AT})")
    await expect(quote).to_have_class("quote lit")
    assert desk.url.startswith(f"{address}/admin/interviews/"), "the page stays"
    found = desk.locator("#question-10 a.found").first
    late_s = int(await found.get_attribute("data-at") or 0) / 1000
    await found.press("Enter")
    await desk.wait_for_function(f"() => (t => t >= {late_s} && t < {late_s} + 2.5)({AT})")
    assert late_s > at_s + 30


async def test_an_interview_of_two_calls_plays_the_one_in_which_it_was_said(
    desk: Page, house: TestHouse, address: str
) -> None:
    async with house.db.transaction() as session:
        first, second = await talking(session, now=NOW), await talking(session, now=NOW + timedelta(minutes=9))
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
        interview = await keep(session, first.conversation_id, talk.session, NOW)
    for call in (first, second):
        await recorded(house, call.id, 20)
    await sign_in(desk, address, f"/admin/interviews/{interview.id}")
    players = desk.locator(".player audio:visible")
    await expect(players).to_have_count(1)
    for number, call in ((2, second), (1, first)):
        await desk.locator(f"#question-{number} .keys a.quote").first.click()
        await desk.wait_for_function(f"() => {AT} >= 5")
        await expect(players).to_have_attribute("data-call", str(call.id))


async def test_points_are_changed_by_keyboard_and_the_history_is_there(
    desk: Page, house: TestHouse, address: str
) -> None:
    told = await a_heard_talk(house)
    await sign_in(desk, address, "/admin/interviews")
    await press_until(desk, "Tab", "Ada Lovelace")
    await desk.keyboard.press("Enter")
    await desk.wait_for_url(f"**/admin/interviews/{told.interview.id}")
    question = desk.locator("#question-3")
    await question.locator("summary").focus()
    await desk.keyboard.press("Enter")
    await desk.keyboard.press("Tab")
    await desk.keyboard.press("7")
    await question.get_by_label("Reason").focus()
    await desk.keyboard.type("I heard two of them.")
    await press_until(desk, "Tab", "Change the points")
    await desk.keyboard.press("Enter")
    await desk.wait_for_url("**?saved=2#question-3")
    await expect(question.get_by_role("status")).to_contain_text("Kept.")
    await expect(question.locator(".history")).to_contain_text("I heard two of them.")
    await expect(question.locator(".worth")).to_have_text("7 of 9")


async def test_a_quote_without_scripts_leads_to_the_line_that_was_said(
    visit: OpenPage, house: TestHouse, address: str
) -> None:
    page = await visit(scripts=False, allow=("422",))
    told = await a_heard_talk(house)
    await sign_in(page, address, f"/admin/interviews/{told.interview.id}")
    await page.locator("#question-3 summary").click()
    await page.locator("#question-3 select").select_option("7")
    await page.locator("#question-3").get_by_label("Reason").fill("x")
    await page.locator("#question-3").get_by_role("button").click()
    await expect(page.get_by_role("alert")).to_contain_text("Nothing was changed")
    await expect(page.locator("#question-3 select")).to_have_value("7")
    await page.locator("#question-3").get_by_label("Reason").fill("I heard two of them.")
    await page.locator("#question-3").get_by_role("button").click()
    await expect(page.get_by_role("status")).to_contain_text("Kept.")
    await expect(page.locator("#question-3 .history")).to_contain_text("7 by person")
    await page.get_by_role("button", name="Judge again").click()
    await expect(page.locator("#judges ~ .legend")).to_contain_text("finds the same key points")
    await page.locator("#question-1 .keys a.quote").first.click()
    await page.wait_for_url(f"**/admin/calls/{told.call.id}#s-*")
    await expect(page.locator(".line:target")).to_contain_text(told.talk.heard[f"{told.call.id}/2"][:40])
    await page.get_by_role("link", name="Interview and scorecard").click()
    await page.wait_for_url(f"**/admin/interviews/{told.interview.id}")


async def several(house: TestHouse) -> dict[str, str]:
    """Interviews of every kind: the pages' addresses."""
    told = await a_heard_talk(house)
    async with house.db.transaction() as session:
        for points, why in ((4, "I think she means the same."), (7, "Listened again: two of them are there.")):
            await overrule(session, told.interview.id, 2, points=points, reason=why, by="Grace Hopper", now=NOW)
        refused = Talk(str(uuid4()))
        refused.happens(Start())
        refused.says("no thank you")
        await by_text(session, refused, NOW - timedelta(days=2), candidate=Candidate("c-17", "Bob Stone", "Waiter"))
        going_on = await by_text(session, Talk(str(uuid4())).agrees(), NOW - timedelta(hours=3))
        hostile = Talk(str(uuid4())).agrees()
        hostile.says(f"{HOSTILE} {hostile.best}")
        candidate = Candidate(HOSTILE[:90], HOSTILE, HOSTILE)
        wild = await by_text(session, hostile, NOW - timedelta(days=9), candidate=candidate, topic="W" * 60)
        await overrule(session, wild.id, 0, points=1, reason="W" * 500, by="W" * 80, now=NOW)
    return {
        "interviews": "/admin/interviews",
        "interview": f"/admin/interviews/{told.interview.id}",
        "interview-open": f"/admin/interviews/{going_on.id}",
        "interview-hostile": f"/admin/interviews/{wild.id}",
        "interview-paper": f"/admin/interviews/{told.interview.id}/print",
    }


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
async def test_every_page_of_interviews_fits_and_is_seen(
    visit: OpenPage, house: TestHouse, address: str, size: str, dark: bool
) -> None:
    width, height = SIZES[size]
    page = await visit(width=width, height=height, dark=dark)
    paths = await several(house)
    await sign_in(page, address)
    await page.goto(address + paths["interview"])
    for judge in ("offline", "model"):
        await page.get_by_label("Judge the talk again by").select_option(judge)
        await page.get_by_role("button", name="Judge again").click()
        await page.wait_for_load_state()
    for name, path in paths.items():
        answer = await page.goto(address + path)
        assert answer
        assert answer.status == 200
        assert len(await answer.body()) < 100_000
        await page.wait_for_load_state("networkidle")
        await assert_fits(page)
        await shoot(page, f"{name}-{width}-{'dark' if dark else 'light'}")
    await page.goto(address + paths["interview"])
    await page.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
    await assert_fits(page)
    await shoot(page, f"interview-unfolded-{width}-{'dark' if dark else 'light'}")


async def test_on_paper_there_is_the_card_and_nothing_to_click(visit: OpenPage, house: TestHouse, address: str) -> None:
    page = await visit(width=794, height=1123, dark=True)
    paths = await several(house)
    await sign_in(page, address, paths["interview-paper"])
    await page.emulate_media(media="print", color_scheme="dark")
    for gone in (".bar", ".screen-only"):
        await expect(page.locator(gone)).to_be_hidden()
    assert await page.evaluate("getComputedStyle(document.documentElement).color") == "rgb(0, 0, 0)"
    await expect(page.locator("#question-10")).to_be_visible()
    await assert_fits(page)
    await shoot(page, "interview-on-paper")

"""The question bank's pages in a browser: read, changed by keyboard and without scripts, and looked at."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from app.personas.questions import load_questions
from app.store.question_files import sync_questions
from app.store.questions import change_question, find_question, retire_question
from tests.browser.chromium import OpenPage
from tests.browser.pages import assert_fits, press_until, shoot, sign_in
from tests.store.samples import a_question
from tests.web.admin.house import NOW, TestHouse

pytestmark = pytest.mark.browser

SHIPPED = load_questions(Path("personas/questions"))
SIZES = {"desk": (1280, 800), "phone": (390, 844)}
LONG = a_question(
    "w" * 60,
    text="W" * 300,
    hint="مرحبا " + "W" * 290,
    model_answer="W" * 1200,
    key_points=[
        {"id": f"{name}{'w' * 50}", "point": "W" * 200, "wordings": [f"{name}{n}{'w' * 190}" for n in range(10)]}
        for name in "abcdef"
    ],
)


@pytest.fixture(autouse=True)
async def bank(house: TestHouse) -> None:
    more = [("python", a_question(f"more-{n}", level="advanced")) for n in range(2)]
    async with house.db.transaction() as session:
        await sync_questions(session, [*SHIPPED.everything(), *more, ("w" * 60, LONG)], NOW)
        gil = SHIPPED.items("python")[-1]
        again = gil.model_copy(update={"text": f"Now then. {gil.text}"})
        await change_question(session, gil.id, "python", again, based_on=1, source="page", now=NOW)
        await retire_question(session, "more-1", source="page", now=NOW)


async def test_a_question_is_found_and_changed_by_keyboard(desk: Page, house: TestHouse, address: str) -> None:
    await sign_in(desk, address)
    await press_until(desk, "Tab", "Questions")
    await desk.keyboard.press("Enter")
    await desk.wait_for_url("**/admin/questions")
    await press_until(desk, "Tab", "python 21")
    await desk.keyboard.press("Enter")
    await desk.wait_for_url("**/admin/questions?topic=python")
    text = SHIPPED.items("python")[0].text
    await press_until(desk, "Tab", text)
    await desk.keyboard.press("Enter")
    await desk.wait_for_url("**/admin/questions/py-list-and-tuple")
    await desk.get_by_label("Hint").focus()
    await desk.keyboard.press("Control+A")
    await desk.keyboard.type("Think of what stays.")
    await press_until(desk, "Tab", "Save as a new version")
    await desk.keyboard.press("Enter")
    await expect(desk.get_by_role("status")).to_contain_text("Saved as version 2.")
    async with house.db.reading() as session:
        assert (await find_question(session, "py-list-and-tuple")).question.hint == "Think of what stays."


async def test_a_question_is_written_without_scripts_from_mistake_to_version(
    visit: OpenPage, house: TestHouse, address: str
) -> None:
    page = await visit(scripts=False, allow=("422",))
    await sign_in(page, address, "/admin/questions?topic=general")
    await page.get_by_role("link", name="Add a question").click()
    await expect(page.get_by_label("Topic")).to_have_value("general")
    await page.get_by_label("Question", exact=False).first.fill("What is 2 + 2?")
    await page.get_by_label("Name", exact=False).first.fill("two-and-two")
    for n in range(2):
        await page.locator(f"[name=point-{n}]").fill(f"Says thing {n}.")
        await page.locator(f"[name=wordings-{n}]").fill("\n".join(f"wording {n} {w}" for w in "abcd"))
    await page.get_by_label("Hint").fill("Count.")
    await page.get_by_label("Model answer").fill("It is four.")
    await page.get_by_role("button", name="Add the question").click()
    await expect(page.get_by_role("alert")).to_contain_text("Nothing was saved")
    await expect(page.locator("#wrong-text")).to_contain_text("Holds +, which nobody can hear")
    await expect(page.locator("#wrong-key_points")).to_contain_text("at least 3 key points")
    await page.get_by_label("Question", exact=False).first.fill("What is two and two?")
    await page.locator("[name=point-2]").fill("Says thing 2.")
    await page.get_by_role("button", name="Another key point").click()
    await page.locator("[name=wordings-2]").fill("one\ntwo\nthree\nfour")
    await page.get_by_role("button", name="Add the question").click()
    await expect(page.get_by_role("status")).to_contain_text("Saved as version 1.")
    await page.get_by_text("Take it out of use…").click()
    await page.get_by_role("button", name="Take it out of use").click()
    await page.get_by_role("button", name="Put it into use again").click()
    async with house.db.reading() as session:
        assert (await find_question(session, "two-and-two")).active


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
async def test_every_page_of_the_bank_fits_and_is_seen(visit: OpenPage, address: str, size: str, dark: bool) -> None:
    width, height = SIZES[size]
    page = await visit(width=width, height=height, dark=dark, allow=("422",))
    await sign_in(page, address)
    paths = {
        "questions": "/admin/questions?topic=python",
        "questions-long": f"/admin/questions?topic={'w' * 60}",
        "question": "/admin/questions/py-hash-and-equality#version-1",
        "question-out": "/admin/questions/more-1",
        "question-long": f"/admin/questions/{'w' * 60}",
        "question-new": "/admin/new-question?topic=python",
    }
    for name, path in paths.items():
        answer = await page.goto(address + path)
        assert answer
        assert len(await answer.body()) < 100_000
        await page.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
        await assert_fits(page)
        await shoot(page, f"{name}-{width}-{'dark' if dark else 'light'}")
    await page.get_by_role("button", name="Add the question").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await assert_fits(page)
    await shoot(page, f"question-wrong-{width}-{'dark' if dark else 'light'}")

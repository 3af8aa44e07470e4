"""What things cost, as the pages show it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.store.records import EventRecord
from app.store.transcripts import record_events
from app.store.usage import Used
from app.web.admin.money import amounts, cost, money
from tests.store.samples import talking
from tests.web.admin.conftest import Visitor
from tests.web.admin.house import NOW, TestHouse, a_whole_call, keep, used

TAGS = re.compile(r"<[^>]+>")


def words(html: str) -> str:
    return " ".join(TAGS.sub(" ", html).split())


def section(page: str, start: str, end: str) -> str:
    return words(page[page.index(start) : page.index(end, page.index(start))])


@pytest.mark.parametrize(
    ("micros", "currency", "written"),
    [
        (0, "USD", "$0.0000"),
        (99, "USD", "under $0.0001"),
        (9_975, "USD", "$0.0100"),
        (1_234_567, "EUR", "€1.2346"),
        (12_345_678_901, "INR", "₹12,345.68"),
        (12_000, "CHF", "CHF 0.0120"),
    ],
)
def test_money_is_written_as_exactly_as_it_matters(micros: int, currency: str, written: str) -> None:
    assert money(micros, currency) == written


def test_sums_of_several_currencies_stand_beside_each_other() -> None:
    assert cost(Used(costs={"USD": 20_000, "INR": 1_500_000})) == "₹1.5000 + $0.0200"
    assert cost(Used(costs={"USD": 0})) == "free"
    assert cost(Used(unpriced=True)) == "no price known"
    assert cost(Used(costs={"USD": 0}, unpriced=True)) == "no price known"
    assert cost(Used(costs={"USD": 500}, unpriced=True)) == "$0.0005"


def test_amounts_say_only_what_was_used() -> None:
    assert amounts(Used(requests=1, characters=1)) == "1 request, 1 character"
    assert amounts(Used(requests=1200, seconds=3.21)) == "1,200 requests, 3.2 s of sound"
    reply = Used(requests=2, tokens_read=1500, tokens_written=20, estimated=True)
    assert amounts(reply) == "2 requests, about 1,500 tokens read, 20 written"


async def test_a_calls_page_says_what_it_cost(visitor: Visitor, house: TestHouse) -> None:
    call = await a_whole_call(house)
    told = section((await visitor.get(f"/admin/calls/{call.id}")).text, 'id="cost"', "</section>")
    assert "Recognition groq, whisper-large-v3-turbo 3 requests, 5.9 s of sound $0.0003" in told
    assert "Answers groq, openai/gpt-oss-20b 3 requests, about 2,841 tokens read, 96 written $0.0002" in told
    assert "Speech offline 1 request, 26 characters free" in told
    assert told.endswith("In all $0.0100")


async def test_what_has_no_price_is_said_and_not_summed(visitor: Visitor, house: TestHouse) -> None:
    async with house.db.transaction() as session:
        call = await talking(session)
    page = f"/admin/calls/{call.id}"
    assert 'id="cost"' not in (await visitor.get(page)).text
    await keep(house, used(call.id, "speak", "elevenlabs", "eleven_v9", characters=10))
    told = section((await visitor.get(page)).text, 'id="cost"', "</section>")
    assert "Speech elevenlabs, eleven_v9 1 request, 10 characters no price known In all no price known" in told
    await keep(house, used(call.id, "reply", "groq", "m", cost_micros=70_000, currency="USD"))
    told = section((await visitor.get(page)).text, 'id="cost"', "</section>")
    assert told.endswith("In all without what has no price $0.0700")


async def test_names_of_models_are_escaped(visitor: Visitor, house: TestHouse) -> None:
    async with house.db.transaction() as session:
        call = await talking(session)
    await keep(house, used(call.id, "speak", "<b>x", "<script>alert(1)"))
    for path in (f"/admin/calls/{call.id}", "/admin/costs"):
        page = (await visitor.get(path)).text
        assert "<b>x" not in page
        assert "<script>alert" not in page


async def test_where_the_time_went_shows_the_wait_for_a_first_clause(visitor: Visitor, house: TestHouse) -> None:
    call = await a_whole_call(house)
    page = (await visitor.get(f"/admin/calls/{call.id}")).text
    assert "Waiting for enough words to speak: 70 ms" in page
    assert 'class="worded"' in page


async def test_a_providers_fault_stands_where_it_happened(visitor: Visitor, house: TestHouse) -> None:
    call = await a_whole_call(house)
    fault = {"stage": "reply", "provider": "groq", "kind": "busy", "took_ms": 40, "then": "sarvam"}
    async with house.db.transaction() as session:
        await record_events(session, [EventRecord(call.id, 6_460, "provider-fault", fault)])
    page = (await visitor.get(f"/admin/calls/{call.id}")).text
    told = page[page.index("When are you open?") : page.index("We are open from eight")]
    assert 'class="note"' in told
    assert "groq" in words(told).lower()


async def test_days_are_listed_with_their_providers_and_sums(visitor: Visitor, house: TestHouse) -> None:
    await a_whole_call(house)
    yesterday = NOW.date() - timedelta(days=1)
    await keep(
        house,
        used(None, "speak", "elevenlabs", "eleven_flash_v2_5", characters=50, cost_micros=2_500, currency="USD"),
        used(None, "speak", "sarvam", "bulbul:v3", day=yesterday, cost_micros=300_000, currency="INR"),
        used(None, "speak", "sarvam", "bulbul:v9", day=yesterday),
    )
    told = section((await visitor.get("/admin/costs")).text, "<table", "</table>")
    assert "The newest 2 days: ₹0.3000 + $0.0125" in told
    today = told[told.index("Sun 1 Mar 2026") : told.index("Sat 28 Feb 2026")]
    assert today.startswith("Sun 1 Mar 2026 $0.0125 elevenlabs 5 requests, 238 characters $0.0119")
    assert "28 Feb 2026 without what has no price ₹0.3000 sarvam 2 requests ₹0.3000" in told


async def test_days_are_turned_page_by_page(visitor: Visitor, house: TestHouse) -> None:
    days = [NOW.date() - timedelta(days=2 * back) for back in range(40)]
    await keep(house, *(used(None, "speak", "offline", day=day, cost_micros=0, currency="USD") for day in days))
    first = (await visitor.get("/admin/costs")).text
    link = re.search(r'rel="next" href="([^"]+)"', first)
    assert link
    second = (await visitor.get(link[1])).text
    listed = re.findall(r'scope="rowgroup">([^<]+)<', first + second)
    assert listed == [f"{day:%a} {day.day} {day:%b %Y}" for day in days]
    assert 'rel="next"' not in second
    assert 'rel="prev" href="/admin/costs"' in second


async def test_without_any_usage_the_page_says_how_to_get_some(visitor: Visitor, house: TestHouse) -> None:
    assert "Nothing has been used yet." in (await visitor.get("/admin/costs")).text
    await a_whole_call(house)
    assert "Nothing was used up to that day." in (await visitor.get("/admin/costs?to=2020-01-01")).text


@pytest.mark.parametrize("to", ["soon", "", "2026-02-30", "%00"])
async def test_a_day_that_is_none_says_what_to_do(visitor: Visitor, house: TestHouse, to: str) -> None:
    answer = await visitor.get(f"/admin/costs?to={to}")
    assert answer.status_code == 400
    assert "Go to the newest days" in answer.text

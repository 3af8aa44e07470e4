"""The list of interviews: who, how far, what for; filtered, a page at a time."""

from __future__ import annotations

import re
from html import unescape

from app.store.interviews import Candidate
from tests.dialogue.scoring.told import POINTS
from tests.store.talks import ToldTalk
from tests.web.admin.conftest import Visitor
from tests.web.admin.house import TestHouse
from tests.web.admin.interviewed import LIST, overrule, written


async def test_the_list_says_who_how_far_and_what_for(visitor: Visitor, house: TestHouse, told: ToldTalk) -> None:
    await written(house, candidate=Candidate("c", "Bob <b>Stone</b>", "Café"))
    text = unescape((await visitor.get(LIST)).text)
    assert "Ada Lovelace" in text
    assert f'>{sum(POINTS)}<span class="most"> of 90' in text
    assert "All questions were put" in text
    assert "at question 1 of 10" in text
    assert "/admin/interviews/new" in text
    assert "Bob &lt;b&gt;Stone" in (await visitor.get(LIST)).text
    await overrule(visitor, told)
    assert f'>{sum(POINTS) + 6}<span class="most"> of 90</span><span title="A person' in (await visitor.get(LIST)).text


async def test_the_list_is_filtered_and_says_when_nothing_matches(
    visitor: Visitor, house: TestHouse, told: ToldTalk
) -> None:
    other = await written(house)
    for query, shown in (
        ("q=lovelace&standing=complete", [told.interview.id]),
        ("channel=text", [other.id]),
        ("standing=open&from=2026-03-01&to=2026-03-01", [other.id]),
        ("standing=nonsense", [told.interview.id, other.id]),
        ("to=2026-02-28", []),
    ):
        text = (await visitor.get(f"{LIST}?{query}")).text
        found = re.findall(r'<td role="cell" class="who"><a href="/admin/interviews/([^"]+)"', text)
        assert found == [str(id_) for id_ in shown], query
    assert "No interview matches this." in text
    wrong = (await visitor.get(f"{LIST}?from=yesterday")).text
    assert "Write the date as 2026-03-01." in wrong
    assert (await visitor.get(f"{LIST}?older=rubbish")).status_code == 400


async def test_an_empty_list_says_how_to_get_the_first(visitor: Visitor) -> None:
    text = (await visitor.get(LIST)).text
    assert "Nobody has been interviewed yet." in text
    assert "+14155550199" in text


async def test_the_pages_of_the_list_follow_one_another(visitor: Visitor, house: TestHouse) -> None:
    for _ in range(51):
        await written(house)
    first = unescape((await visitor.get(f"{LIST}?channel=text")).text)
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    assert "channel=text" in older[1]
    text = (await visitor.get(older[1])).text
    assert text.count('<td role="cell" class="who">') == 1
    assert 'rel="prev" href="/admin/interviews?channel=text"' in text

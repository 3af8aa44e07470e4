"""The connections that Groq's and OpenAI's parts share: opened ahead, kept, and never read without bound."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, contextmanager, nullcontext
from itertools import repeat

import httpx
import pytest
import pytest_asyncio
from structlog.testing import capture_logs

import app.speech.vendor_connection as subject
from app.speech.protocols import ProviderError
from app.speech.vendor_connection import STREAMED, Pool, quiet
from app.speech.vendor_errors import Words, explained, rest_s
from tests.vendors.chat_frames import DONE, STOP
from tests.vendors.elevenlabs_stand_in import Answer
from tests.vendors.groq_stand_in import Vendor, vendor

__all__ = ["vendor"]

WORDS = Words("Acme", "ACME_API_KEY", "ACME_BASE_URL", "ACME_MODEL")


@contextmanager
def acme() -> Iterator[None]:
    with explained(WORDS):
        yield


@pytest_asyncio.fixture
async def pool(vendor: Vendor) -> AsyncIterator[Pool]:
    async with aclosing(Pool("acme", "Acme")) as made:
        yield made


@pytest.fixture
def now_s(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time that the pool sees: the last of these."""
    times = [1000.0]
    monkeypatch.setattr(subject, "_now_s", lambda: times[-1])
    return times


async def test_getting_warm_costs_nothing_until_the_connection_may_be_gone(
    vendor: Vendor, pool: Pool, now_s: list[float]
) -> None:
    await asyncio.gather(*(pool.warm(vendor.url, acme) for _ in range(5)))
    now_s.append(1029.0)
    await pool.warm(vendor.url, acme)
    assert len(vendor.requests) == 1
    await pool.http.post(vendor.url)
    now_s.append(1058.0)
    await pool.warm(vendor.url, acme)
    assert len(vendor.requests) == 2, "a request keeps it warm as well"
    now_s.append(1060.0)
    await pool.warm(vendor.url, acme)
    assert [asked.method for asked in vendor.requests] == ["GET", "POST", "GET"]


async def test_a_connection_that_a_caller_left_is_replaced(vendor: Vendor, pool: Pool) -> None:
    await pool.warm(vendor.url, acme)
    vendor.answer = Answer((b"data: 1\n\n",), ending="open")
    async with pool.http.stream("POST", vendor.url) as response:
        await anext(response.aiter_raw())
    await pool.warm(vendor.url, acme)
    assert vendor.connections == 2


async def test_what_keeps_it_cold_is_told_once_and_told_again_when_it_comes_back(
    vendor: Vendor, pool: Pool, now_s: list[float]
) -> None:
    with capture_logs() as written:
        for url in ("http://127.0.0.1:1", "http://127.0.0.1:1", vendor.url, "http://127.0.0.1:1"):
            await pool.warm(url, acme)
            now_s.append(now_s[-1] + 100)
    said = [(line["event"], line["provider"], line["reason"]) for line in written]
    reason = "Acme cannot be reached (ConnectError): mend the network, or correct ACME_BASE_URL"
    assert said == [("provider_not_ready", "acme", reason)] * 2


async def test_a_stream_that_says_it_is_done_ends_before_its_reader_hears_of_it(vendor: Vendor, pool: Pool) -> None:
    vendor.answer = Answer((STOP + DONE[:-1], b"\n"), content_type=STREAMED, pause_s=0.02)
    for _ in range(2):
        async with pool.http.stream("POST", vendor.url, headers={"accept": STREAMED}) as response:
            async for piece in response.aiter_raw():
                if b"[DONE]" in piece:
                    break  # as OpenAI's SDK does, closing the response
    assert vendor.connections == 1


async def test_what_comes_before_it_is_done_does_not_wait_for_its_end(vendor: Vendor, pool: Pool) -> None:
    vendor.answer = Answer((STOP + DONE,), content_type=STREAMED, ending="open")
    async with pool.http.stream("POST", vendor.url, headers={"accept": STREAMED}) as response:
        pieces = [piece async for piece in response.aiter_raw()]
    assert pieces == [STOP, DONE]


@pytest.mark.parametrize("streamed", [True, False])
async def test_no_answer_is_read_without_bound(vendor: Vendor, pool: Pool, streamed: bool) -> None:
    vendor.answer = Answer(tuple(repeat(b"data: 1\n\n" * 5000, 92)), ending="open")
    with pytest.raises(ProviderError, match=r"^Acme's answer went beyond") as told, explained(WORDS):
        await pool.http.post(vendor.url, headers={"accept": STREAMED if streamed else "application/json"})
    assert told.value.kind == "rubbish"
    await asyncio.wait_for(vendor.left.wait(), 0.5)


@pytest.mark.parametrize(
    ("line", "is_taken"), [(b"data: 1\n\n", True), (b"data: 1\r\n\r\n", True), (b"data: 1\n", False)]
)
async def test_no_event_of_a_stream_is_read_without_bound(
    vendor: Vendor, pool: Pool, line: bytes, is_taken: bool
) -> None:
    vendor.answer = Answer((line * 1000,) * 20, content_type=STREAMED)
    with nullcontext() if is_taken else pytest.raises(ProviderError, match="an event of Acme's went beyond"):
        answer = await pool.http.post(vendor.url, headers={"accept": STREAMED})
        assert answer.content == line * 20_000


async def test_a_refusal_is_read_as_far_as_it_may_tell_why(vendor: Vendor, pool: Pool) -> None:
    vendor.answer = Answer((b"why", b"x" * 20_000, b"never"), status=500, ending="open")
    answer = await pool.http.post(vendor.url)
    assert (answer.status_code, answer.text) == (500, "why")


async def test_an_answer_is_never_unfolded(vendor: Vendor, pool: Pool) -> None:
    vendor.answer = Answer((b"\x1f\x8b",), headers={"content-encoding": "gzip"})
    with pytest.raises(ProviderError, match="compressed"):
        await pool.http.post(vendor.url)
    assert vendor.posts[0].headers["accept-encoding"] == "identity"


async def test_redirects_are_not_followed(vendor: Vendor, pool: Pool) -> None:
    vendor.answer = Answer(status=307, headers={"location": f"{vendor.url}/elsewhere"})
    assert (await pool.http.post(vendor.url)).status_code == 307
    assert len(vendor.requests) == 1


def test_an_sdk_kept_quiet_still_warns(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("acme_sdk._base_client")
    quiet("acme_sdk")
    caplog.set_level(logging.DEBUG, "acme_sdk._base_client")
    logger.debug("a whole request")
    logger.warning("something to know")
    assert caplog.messages == ["something to know"]


DATE = "Wed, 21 Oct 2026 07:28:00 GMT"
RESTS: list[tuple[dict[str, str], float | None]] = [
    ({}, None),
    ({"retry-after": "60"}, 60.0),
    ({"retry-after": " 60 "}, 60.0),
    ({"retry-after": "0"}, 0.0),
    ({"retry-after": "7.66"}, 7.66),
    ({"retry-after-ms": "250", "retry-after": "60"}, 0.25),
    ({"retry-after-ms": "soon", "retry-after": "60"}, 60.0),
    ({"retry-after": "86401"}, None),
    ({"retry-after": "-5"}, None),
    ({"retry-after": "nan"}, None),
    ({"retry-after": "inf"}, None),
    ({"retry-after": "1e999"}, None),
    ({"retry-after": "6_0"}, None),
    ({"retry-after": "x" * 9999}, None),
    ({"retry-after": "Wed, 21 Oct 2026 07:29:30 GMT", "date": DATE}, 90.0),
    ({"retry-after": "Wed, 21 Oct 2026 07:27:00 GMT", "date": DATE}, None),
    ({"retry-after": "Thu, 22 Oct 2037 07:28:00 GMT", "date": DATE}, None),
    ({"retry-after": "Wed, 21 Oct 2026 07:29:30 GMT"}, None),
    ({"retry-after": "Wed, 99 Oct 2026 07:29:30 GMT", "date": DATE}, None),
    ({"retry-after": "Wed, 21 Oct 2026 07:29:30 -0000", "date": DATE}, None),
]


@pytest.mark.parametrize(("headers", "wanted"), RESTS)
def test_a_wish_for_rest_is_believed_in_seconds_or_as_a_date_up_to_a_day(
    headers: dict[str, str], wanted: float | None
) -> None:
    assert rest_s(httpx.Headers(headers)) == wanted

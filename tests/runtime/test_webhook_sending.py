"""Where a webhook may lead and where never, what its answer may cost us, and the customer's own check of it."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import trustme

from app.runtime.webhook_address import Permissions, RefusedAddressError, check_at_once, destination, permitted
from app.runtime.webhook_sending import Sender, Sent, body_of, signature
from app.store.outbound_tables import OutboxRow
from tests.runtime.customer import OK, Customer, a_customer
from tests.store.samples import NOON

OPEN = Permissions(http=True, private=True)
STRICT = Permissions()


def event(url: str, **payload: Any) -> OutboxRow:
    values: dict[str, Any] = {"status": "waiting", "reason": "scheduled"} | payload
    call = uuid4()
    return OutboxRow(
        subject_id=call,
        scheduled_call_id=call,
        seq=1,
        event="call.scheduled",
        payload=values,
        url=url,
        created_at=NOON,
    )


def names(*addresses: str, asked: list[str] | None = None) -> Callable[[str, int], Any]:
    """A resolver that knows these addresses for every name."""

    async def resolved(host: str, port: int) -> Sequence[str]:
        if asked is not None:
            asked.append(host)
        return addresses

    return resolved


async def sent(url: str, allowed: Permissions = OPEN, **given: Any) -> Sent:
    return await Sender("s", allowed, **given).send(event(url), NOON)


PUBLIC = ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2002:5db8:d70e::1", "64:ff9b::5db8:d70e")
INSIDE = (
    "127.0.0.1",
    "127.1.2.3",
    "10.0.0.5",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "::1",
    "fd12:3456::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
)
NEVER = (
    "169.254.169.254",
    "169.254.1.1",
    "fe80::1",
    "fe80::1%eth0",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "fd00:ec2::254",
    "168.63.129.16",
    "100.100.100.200",
    "192.0.0.192",
    "224.0.0.1",
    "ff02::1",
    "0.0.0.0",
    "::",
    "nonsense",
)


@pytest.mark.parametrize("address", PUBLIC)
def test_the_public_internet_is_sent_to(address: str) -> None:
    assert permitted(address, STRICT)


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_inside_is_sent_to_only_if_the_operator_says_so(address: str) -> None:
    assert not permitted(address, STRICT)
    assert permitted(address, OPEN)


@pytest.mark.parametrize("address", NEVER)
def test_some_addresses_are_never_sent_to(address: str) -> None:
    assert not permitted(address, STRICT)
    assert not permitted(address, OPEN)


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "127.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"]
)
async def test_this_machine_is_refused_however_it_is_written(host: str) -> None:
    async with a_customer() as customer:
        result = await sent(f"http://{host}:{customer.port}/", Permissions(http=True))
        assert result.status is None
        assert result.error
        assert customer.told == []


@pytest.mark.parametrize("address", [*INSIDE, *NEVER[:-1], "127.1", "2130706433", "0x7f.1", "127.0.0.1.", "localhost"])
def test_an_address_that_needs_no_look_up_is_judged_when_the_call_is_arranged(address: str) -> None:
    url = f"https://[{address}]/" if ":" in address else f"https://{address}/"
    with pytest.raises(RefusedAddressError) as refusal:
        check_at_once(url, STRICT)
    assert refusal.value.for_good


@pytest.mark.parametrize(
    "host", ["ats.example", "inside.ats.example", "8.8.8.8", "[2606:4700::1111]", "localhost.example"]
)
def test_a_name_is_not_looked_up_before_something_is_sent(host: str) -> None:
    check_at_once(f"https://{host}/hook", STRICT)
    check_at_once(f"http://{host}:8080/hook", Permissions(http=True))
    check_at_once("http://10.0.0.1/", Permissions(http=True, private=True))


@pytest.mark.parametrize("url", ["ftp://ats.example/", "https://", "https://u:p@ats.example/", "", "x"])
async def test_what_is_no_address_is_given_up_at_once(url: str) -> None:
    assert (await sent(url, resolver=names("127.0.0.1"))).for_good


async def test_http_is_refused_before_any_name_is_looked_up() -> None:
    asked: list[str] = []
    result = await sent("http://ats.example/", Permissions(private=True), resolver=names("127.0.0.1", asked=asked))
    assert (result.for_good, asked) == (True, [])
    assert "WEBHOOK_ALLOW_HTTP" in result.error


async def test_a_name_is_looked_up_once_and_what_was_judged_is_connected_to() -> None:
    """Rebinding: the second look-up, which would lead inside, never happens."""
    asked: list[str] = []
    async with a_customer() as customer:
        url = f"http://hooks.example.invalid:{customer.port}/in?key=1"
        assert await sent(url, resolver=names("127.0.0.1", asked=asked)) == Sent(200)
        (one,) = customer.told
        assert (one.path, one.headers["host"]) == ("/in?key=1", f"hooks.example.invalid:{customer.port}")
        assert asked == ["hooks.example.invalid"]


async def test_of_a_names_addresses_only_the_permitted_are_used() -> None:
    found = await destination("https://mixed.example/", STRICT, names("10.0.0.1", "93.184.215.14", "169.254.169.254"))
    assert found.addresses == ("93.184.215.14",)
    with pytest.raises(RefusedAddressError, match="WEBHOOK_ALLOW_PRIVATE"):
        await destination("https://inside.example/", STRICT, names("10.0.0.1"))


async def test_an_address_where_nobody_is_gives_way_to_the_next() -> None:
    async with a_customer() as customer:
        assert await sent(f"http://two.example:{customer.port}/", resolver=names("127.0.0.77", "127.0.0.1")) == Sent(
            200
        )
        assert len(customer.told) == 1


async def test_a_name_that_nobody_knows_is_tried_again() -> None:
    async def unknown(host: str, port: int) -> Sequence[str]:
        raise OSError("no such name")

    assert await sent("https://gone.example/", resolver=unknown) == Sent(
        None, "The name of this host is not known (DNS)."
    )


async def test_nobody_is_followed_elsewhere() -> None:
    async with a_customer() as inside:
        moved = f"HTTP/1.1 307 Moved\r\nlocation: {inside.url}\r\ncontent-length: 0\r\n\r\n".encode()
        async with a_customer(lambda nth: moved) as customer:
            result = await sent(customer.url)
        assert (result.status, result.for_good) == (307, False)
        assert "follow" in result.error
        assert inside.told == []


async def test_whoever_does_not_answer_is_not_waited_for() -> None:
    async with a_customer(lambda nth: None) as customer:
        assert await sent(customer.url, whole_s=0.3) == Sent(None, "It did not answer in time.")


async def test_an_endless_answer_is_not_read_to_its_end() -> None:
    endless = b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n" + b"x" * 4_000_000
    async with a_customer(lambda nth: endless) as customer:
        assert await asyncio.wait_for(sent(customer.url), 10) == Sent(200)


@pytest.mark.parametrize(
    "answer",
    [b"", b"hello\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"x: " + b"y" * 3_000_000 + b"\r\n\r\n", b"HTTP/1.1 OK\r\n\r\n"],
    ids=["nothing", "no-http", "huge-head", "no-status"],
)
async def test_an_answer_that_is_none_is_no_answer(answer: bytes) -> None:
    async with a_customer(lambda nth: answer) as customer:
        result = await sent(customer.url)
        assert result.status is None
        assert result.error


@pytest.mark.parametrize("status", [200, 201, 204, 299])
async def test_any_2xx_takes_it(status: int) -> None:
    async with a_customer(lambda nth: f"HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n".encode()) as customer:
        assert await sent(customer.url) == Sent(status)


def test_no_secret_and_no_word_that_was_not_given_is_in_the_body() -> None:
    body = body_of(event("https://ats.example/?key=hidden", to="+14155550123"))
    assert body["data"] == {"to": "+14155550123"}
    assert "hidden" not in str(body)
    assert "topsecret" not in repr(Sender("topsecret"))


def test_the_documents_check_finds_ours_and_no_other() -> None:
    text = Path("docs/webhooks.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    shown: dict[str, Any] = {}
    exec(code, shown)  # the very lines that customers copy
    ours, now = signature("k", b"{}", NOON), NOON.timestamp()
    assert shown["is_ours"]("k", ours, b"{}", now)
    assert not shown["is_ours"]("k", ours, b"{ }", now)
    assert not shown["is_ours"]("other", ours, b"{}", now)
    assert not shown["is_ours"]("k", ours, b"{}", now + 301)
    sample = re.search(r"`v1` is\s+`([0-9a-f]{64})`", text)
    assert sample is not None
    assert shown["is_ours"]("sample-secret", f"t=1772442251,v1={sample[1]}", b'{"type":"call.started"}', 1772442251)


async def test_the_certificate_is_that_of_the_name_not_of_the_address() -> None:
    authority = trustme.CA()
    there = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("hooks.example").configure_cert(there)
    asked: list[str | None] = []
    there.sni_callback = lambda _sock, name, _context: asked.append(name)
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    customer = Customer(lambda nth: OK)
    server = await asyncio.start_server(customer.serve, "127.0.0.1", 0, ssl=there)
    port = server.sockets[0].getsockname()[1]
    inside = Permissions(private=True)
    try:
        fine = await sent(f"https://hooks.example:{port}/", inside, resolver=names("127.0.0.1"), trust=trust)
        wrong = await sent(f"https://other.example:{port}/", inside, resolver=names("127.0.0.1"), trust=trust)
        strange = await sent(f"https://hooks.example:{port}/", inside, resolver=names("127.0.0.1"))
    finally:
        server.close()
        await customer.close()
        await server.wait_closed()
    assert fine == Sent(200)
    assert wrong == strange == Sent(None, "Its certificate is not trusted.")
    assert (len(customer.told), asked) == (1, ["hooks.example", "other.example", "hooks.example"])

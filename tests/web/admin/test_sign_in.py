from __future__ import annotations

import re

import httpx
import pytest

from app.web.admin.attempts import ADDRESSES, ALLOWED, WITHIN_S, Attempts
from app.web.admin.sessions import LIFE_S, SESSION
from tests.web.admin.conftest import Visitor
from tests.web.admin.house import PASSWORD, TestClock, TestHouse, a_whole_call

CALL = "/admin/calls/00000000-0000-4000-8000-000000000001"
PAGES = ["/admin/calls", CALL, f"{CALL}/hang-up", f"{CALL}/recording.wav", f"{CALL}/timeline.jsonl"]
PAGES += [f"{CALL}/transcript.txt", "/admin/personas", "/admin/no-such-page"]


@pytest.mark.parametrize("path", PAGES)
async def test_nobody_sees_a_page_before_signing_in(stranger: Visitor, path: str) -> None:
    answer = await stranger.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/admin/sign-in?next={path.replace('/', '%2F')}"
    assert answer.content == b""


@pytest.mark.parametrize("path", ["/admin/live", f"{CALL}/live"])
async def test_a_stream_of_nobody_is_told_not_to_come_again(stranger: Visitor, path: str) -> None:
    assert (await stranger.get(path, headers={"Accept": "text/event-stream"})).status_code == 204


@pytest.mark.parametrize("path", [f"{CALL}/hang-up", "/admin/sign-out"])
async def test_nobody_changes_anything_before_signing_in(stranger: Visitor, house: TestHouse, path: str) -> None:
    answer = await stranger.post(path, data={"token": await stranger.token("/admin/sign-in")})
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/sign-in")
    assert not house.hung_up


async def test_the_password_opens_and_leads_where_one_wanted_to_go(stranger: Visitor) -> None:
    answer = await stranger.sign_in(next="/admin/personas")
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/personas")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert f"Max-Age={LIFE_S}" in cookie
    assert "Path=/admin" in cookie
    assert "Secure" not in cookie
    assert (await stranger.get("/admin/personas")).status_code == 200
    again = await stranger.get("/admin/sign-in?next=//evil.example")
    assert (again.status_code, again.headers["location"]) == (303, "/admin/calls")


async def test_over_https_the_cookie_is_kept_to_it(house: TestHouse) -> None:
    house.secure = True
    transport = httpx.ASGITransport(house.app())
    async with Visitor(transport=transport, base_url="https://parley.test") as visitor:
        assert "Secure" in (await visitor.sign_in()).headers["set-cookie"]


@pytest.mark.parametrize("wrong", ["", "open-sesam", PASSWORD + " ", PASSWORD.upper(), "é", "\x00", "x" * 5000])
async def test_a_wrong_password_is_told_beside_the_field(stranger: Visitor, wrong: str) -> None:
    answer = await stranger.sign_in(wrong)
    assert answer.status_code == 403
    assert "This is not the password." in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert SESSION not in stranger.cookies


async def test_a_house_without_a_password_lets_nobody_in(house: TestHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.web.admin.house.PASSWORD", "")
    async with Visitor(transport=httpx.ASGITransport(house.app()), base_url="http://parley.test") as visitor:
        assert (await visitor.sign_in("")).status_code == 403


async def test_too_many_wrong_passwords_have_to_wait(stranger: Visitor, house: TestHouse) -> None:
    for _ in range(ALLOWED):
        assert (await stranger.sign_in("wrong")).status_code == 403
    refused = await stranger.sign_in()
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "300"
    assert "Try again in 5 minutes" in refused.text
    house.clock.passed_s = WITHIN_S + 1
    assert (await stranger.sign_in()).status_code == 303


def test_wrong_passwords_are_counted_by_address_and_not_without_bound() -> None:
    clock = TestClock()
    attempts = Attempts(clock)
    for _ in range(ALLOWED):
        attempts.failed("a")
    assert attempts.wait_s("a") == WITHIN_S
    assert attempts.wait_s("b") == 0
    for number in range(ADDRESSES):
        attempts.failed(str(number))
    assert attempts.wait_s("a") == 0  # forgotten, with the ten thousand that came after
    assert len(attempts._wrong) == ADDRESSES


async def test_a_session_ends_after_twelve_hours(visitor: Visitor, house: TestHouse) -> None:
    house.clock.passed_s = LIFE_S - 1
    assert (await visitor.get("/admin/calls")).status_code == 200
    house.clock.passed_s = LIFE_S + 1
    assert (await visitor.get("/admin/calls")).status_code == 303


async def test_signing_out_ends_the_session_also_for_a_copy_of_its_cookie(visitor: Visitor) -> None:
    copy = visitor.cookies[SESSION]
    answer = await visitor.post("/admin/sign-out", data={"token": await visitor.token()})
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/sign-in")
    assert SESSION not in visitor.cookies
    visitor.cookies.set(SESSION, copy, domain="parley.test", path="/admin")
    assert (await visitor.get("/admin/calls")).status_code == 303


@pytest.mark.parametrize("cookie", ["", "x", "W10.x", "é", "a" * 4000])
async def test_a_cookie_of_ones_own_making_opens_nothing(stranger: Visitor, cookie: str) -> None:
    answer = await stranger.get("/admin/calls", headers={"Cookie": f"{SESSION}={cookie}".encode()})
    assert answer.status_code == 303


async def test_a_changed_password_signs_everyone_out(
    visitor: Visitor, house: TestHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.web.admin.house.PASSWORD", "another")
    transport = httpx.ASGITransport(house.app())
    async with Visitor(transport=transport, base_url="http://parley.test", cookies=visitor.cookies) as same_browser:
        assert (await same_browser.get("/admin/calls")).status_code == 303


async def test_a_form_that_is_not_ours_changes_nothing(visitor: Visitor, house: TestHouse) -> None:
    call = await a_whole_call(house)
    path, token = f"/admin/calls/{call.id}/hang-up", await visitor.token()
    attempts = [
        ({}, {}),
        ({"token": "x"}, {}),
        ({"token": token}, {"Origin": "https://evil.example"}),
        ({"token": token}, {"Origin": "null"}),
        ({"token": token}, {"Sec-Fetch-Site": "cross-site"}),
        ({"token": token}, {"Sec-Fetch-Site": "same-site"}),
    ]
    for form, headers in attempts:
        answer = await visitor.post(path, data=form, headers=headers)
        assert answer.status_code == 403
        assert "This form is out of date" in answer.text
    ours = await visitor.post(path, data={"token": token}, headers={"Origin": "http://parley.test"})
    assert ours.status_code == 303


async def test_a_token_belongs_to_one_session(visitor: Visitor, house: TestHouse) -> None:
    async with Visitor(transport=httpx.ASGITransport(house.app()), base_url="http://parley.test") as other:
        await other.sign_in()
        token = await other.token()
    assert (await visitor.post("/admin/sign-out", data={"token": token})).status_code == 403


@pytest.mark.parametrize(
    ("body", "status"), [(b"a" * 20_000, 413), (b"\xff\xfe=1", 400), (b"&".join([b"a=1"] * 60), 400)]
)
async def test_a_body_that_is_no_form_is_refused(stranger: Visitor, body: bytes, status: int) -> None:
    answer = await stranger.post("/admin/sign-in", content=body)
    assert answer.status_code == status
    assert "<h1>" in answer.text


async def test_every_answer_is_dressed(visitor: Visitor) -> None:
    style = re.search(r'href="(/admin/static/[^"]+css)"', (await visitor.get("/admin/calls")).text)
    assert style
    for path in ["/admin/calls", "/admin/nothing", "/admin/sign-in", style[1], f"{CALL}/transcript.txt"]:
        headers = (await visitor.get(path)).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == (
            "no-store" if "static" not in path else "public, max-age=31536000, immutable"
        )

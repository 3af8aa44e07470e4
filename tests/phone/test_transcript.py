"""The server's account of a call is read back, and whatever is wrong with it is said in one line."""

from __future__ import annotations

import httpx
import pytest

from app.phone import transcript
from app.phone.transcript import Account, Line, fetch
from app.phone.webhook import PhoneError

SEGMENT = {
    "role": "agent",
    "text": "Hello there.",
    "heard_text": "Hello",
    "started_ms": 500,
    "interrupted": True,
    "anything": "more",
}
GOOD = [
    httpx.Response(200, json={"id": "7", "ended_at": None}),
    httpx.Response(200, json={"id": "7", "ended_at": "2026-01-01T00:00:00Z"}),
    httpx.Response(200, json={"segments": [SEGMENT]}),
]


async def read(*answers: httpx.Response | httpx.HTTPError) -> tuple[Account, list[httpx.Request]]:
    left, seen = list(answers), []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, httpx.HTTPError):
            raise answer
        return answer

    async with httpx.AsyncClient(transport=httpx.MockTransport(respond)) as client:
        return await fetch(client, "http://h/", "key", "CA1"), seen


async def test_it_waits_for_the_end_and_reads_every_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcript, "_ASK_AGAIN_S", 0.001)
    account, seen = await read(*GOOD)
    assert account == Account("7", (Line("agent", "Hello there.", "Hello", 0.5, True),))
    assert [request.url.path for request in seen] == [
        "/api/v1/calls/CA1",
        "/api/v1/calls/CA1",
        "/api/v1/calls/CA1/transcript.json",
    ]
    assert {request.headers["authorization"] for request in seen} == {"Bearer key"}


@pytest.mark.parametrize(
    ("answers", "complaint"),
    [
        ([httpx.Response(401)], "API key"),
        ([httpx.Response(404)], "answered 404"),
        ([httpx.Response(200, text="<html>")], "not JSON"),
        ([httpx.Response(200, json=[])], "not in order"),
        ([GOOD[1], httpx.Response(200, json={"segments": [{}]})], "transcript is not in order"),
        ([GOOD[0]], "still takes the call to be running"),
        ([httpx.ConnectError("no")], "ConnectError"),
    ],
)
async def test_what_goes_wrong_is_said(
    monkeypatch: pytest.MonkeyPatch, answers: list[httpx.Response | httpx.HTTPError], complaint: str
) -> None:
    monkeypatch.setattr(transcript, "SETTLE_S", 0.02)
    monkeypatch.setattr(transcript, "_ASK_AGAIN_S", 0.005)
    with pytest.raises(PhoneError, match=complaint):
        await read(*answers)

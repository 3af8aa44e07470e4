"""A house in which something has happened, so that what asks it at random finds something: the ids of that."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from tests.house import Lodging
from tests.web.admin.house import a_whole_call

NUMBER = "+14155550123"
_ROAD = (
    [("start", ""), ("user_turn", "yes, I agree"), ("user_turn", "A variable is a name that refers to a value.")]
    + [("user_turn", "I don't know")] * 2
    + [("user_turn", "skip")] * 20
)


@dataclass
class Outside:
    """Whom this process wanted to reach beyond this machine; nobody is."""

    wanted: list[object] = field(default_factory=list)

    def shut(self, patch: pytest.MonkeyPatch) -> None:
        """From now on only this machine is there."""
        connect = socket.socket.connect

        def near(given: socket.socket, address: Any) -> None:
            if given.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1"):
                self.wanted.append(address)
                raise ConnectionRefusedError("beyond this machine")
            connect(given, address)

        def known(host: Any, *_given: Any, **_more: Any) -> Any:
            raise socket.gaierror(f"nobody knows {host!r} here")

        patch.setattr(socket.socket, "connect", near)
        patch.setattr(socket, "getaddrinfo", known)


async def live_in(house: Lodging) -> dict[str, list[str]]:
    """Ids by the name of the parameter that takes them: a call that was had, one to place, interviews by text."""
    key = {"authorization": f"Bearer {house.api_key}"}
    async with httpx.AsyncClient(base_url=f"{house.url}/api/v1", headers=key, trust_env=False, timeout=30) as rest:
        scored = await _interview(rest, len(_ROAD))
        open_ = await _interview(rest, 3)
        wanted = {"to": NUMBER, "persona": "interviewer", "webhook_url": "https://ats.example/hook"}
        waiting = await _made(
            rest, "/calls", wanted | {"scheduled_at": (datetime.now(UTC) + timedelta(days=30)).isoformat()}
        )
        await _made(rest, "/do-not-call", {"number": "+4930123456", "note": "asked by mail"})
        (await rest.put(f"/numbers/{NUMBER}", json={"persona": "interviewer"})).raise_for_status()
        events = [one["id"] for one in (await rest.get("/webhooks")).raise_for_status().json()["items"]]
    had: Any = SimpleNamespace(db=house.house.db, files=house.house.archive.files)  # all that is wanted of a house
    call = await a_whole_call(had, persona="interviewer")
    return {
        "call_id": [str(call.id), str(waiting["id"])],
        "interview_id": [scored, open_],
        "event_id": events,
        "question_id": ["py-gil"],
        "number": ["+4930123456"],
        "e164": [NUMBER],
        "place": ["0", "1"],
    }


async def _made(rest: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await rest.post(path, json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def _interview(rest: httpx.AsyncClient, turns: int) -> str:
    id_ = (await _made(rest, "/interviews", {"persona": "interviewer", "topic": "python"}))["id"]
    for place, (type_, text) in enumerate(_ROAD[:turns]):
        body = {"event_type": type_, "event_id": f"e-{place}"} | ({"text": text} if text else {})
        answer = await rest.post(f"/interviews/{id_}/turns", json=body)
        if answer.status_code == 409:  # it is over
            break
        answer.raise_for_status()
    return str(id_)


async def answered(command: list[str], folder: Path, within_s: float) -> tuple[int, str]:
    """A command's exit code and what it said; it is ended if it takes too long."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), within_s)
    except TimeoutError:
        process.kill()
        said, _ = await process.communicate()
    return process.returncode or 0, said.decode(errors="replace")

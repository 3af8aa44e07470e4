"""What the server made of the call, read back over its REST API."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import httpx
from pydantic import BaseModel, ValidationError

from app.phone.webhook import PhoneError

SETTLE_S = 5.0
"""A server may still be writing the last line when we have hung up."""
_ASK_AGAIN_S = 0.2


class _Segment(BaseModel):
    role: str
    text: str
    heard_text: str
    started_ms: float
    interrupted: bool


class _Transcript(BaseModel):
    segments: list[_Segment]


class _Call(BaseModel):
    id: str
    ended_at: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """`text`: all of it; `heard`: as much as was heard; `at_s`: since the recording began."""

    role: str
    text: str
    heard: str
    at_s: float
    interrupted: bool


@dataclass(frozen=True, slots=True)
class Account:
    """The server's own account of a call: its id there, and its lines in order."""

    call_id: str
    lines: tuple[Line, ...]


async def fetch(client: httpx.AsyncClient, url: str, api_key: str, call_sid: str, *, over: bool = True) -> Account:
    """`over`: wait up to five seconds for the call to be over there. Raises PhoneError."""
    call = f"{url.rstrip('/')}/api/v1/calls/{call_sid}"
    headers = {"authorization": f"Bearer {api_key}"}
    try:
        async with asyncio.timeout(SETTLE_S):
            known = _Call.model_validate(await _get(client, call, headers))
            while over and known.ended_at is None:  # another process tells
                await asyncio.sleep(_ASK_AGAIN_S)
                known = _Call.model_validate(await _get(client, call, headers))
    except TimeoutError:
        raise PhoneError("The server still takes the call to be running: no transcript.") from None
    except ValidationError:
        raise PhoneError("The server's account of the call is not in order: no transcript.") from None
    try:
        transcript = _Transcript.model_validate(await _get(client, f"{call}/transcript.json", headers))
    except ValidationError:
        raise PhoneError("The server's transcript is not in order.") from None
    lines = (Line(s.role, s.text, s.heard_text, s.started_ms / 1000, s.interrupted) for s in transcript.segments)
    return Account(known.id, tuple(lines))


async def _get(client: httpx.AsyncClient, url: str, headers: dict[str, str]) -> object:
    try:
        response = await client.get(url, headers=headers)
    except httpx.HTTPError as error:
        raise PhoneError(f"The transcript cannot be read: {type(error).__name__}.") from None
    if response.status_code == httpx.codes.UNAUTHORIZED:
        raise PhoneError("The transcript cannot be read: the API key is not the server's.")
    if not response.is_success:
        raise PhoneError(f"The transcript cannot be read: the server answered {response.status_code}.")
    try:
        return response.json()
    except ValueError:
        raise PhoneError("The transcript cannot be read: the server's answer is not JSON.") from None

"""The far end of a call that the house has placed: whoever picks up, as Twilio's media stream carries them."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from twilio.request_validator import RequestValidator
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from app.phone.messages import SILENT_FRAME, StreamWriter, connected, encode_frames
from app.phone.twiml import ConnectStream, parse
from app.store.calls import get_call
from app.store.outbound_tables import CallAttemptRow
from app.store.settling import find_attempt
from app.store.tables import CallRow
from tests.babble import babble
from tests.carriers.twilio_calls import SID
from tests.end_to_end.placed import FROM, TO, Placed

WITHIN_S = 40.0


class Answered:
    """`id`: the attempt's, and the call's. Every mark is returned at once, as if it had been played."""

    def __init__(self, house: Placed, url: str, sid: str, socket: Any) -> None:
        self.house = house
        self.id = UUID(url.rpartition("/")[2])
        self._sid = sid
        self._socket = socket
        self._writer = StreamWriter(f"MZ{sid[2:]}", sid, SID)
        self._to_say: deque[str] = deque()
        self.media = 0
        self.marks = 0
        self.closed = asyncio.Event()

    async def start(self, parameters: dict[str, str]) -> None:
        await self._put(connected(), self._writer.start(parameters))

    async def says(self, seconds: float = 0.7, seed: int = 1) -> None:
        """Something for so long; what it was is for the recogniser to say. Until it has been said; what is heard from
        then on is the answer."""
        self._to_say.extend(encode_frames(babble(seconds, seed)))
        await self._until(lambda: not self._to_say)
        self.media = 0

    async def line(self) -> None:
        """The line in real time: what is to be said, or silence."""
        loop = asyncio.get_running_loop()
        began, sent = loop.time(), 0
        with contextlib.suppress(ConnectionClosed):
            while True:
                for _ in range(int((loop.time() - began) * 50) - sent):
                    sent += 1
                    await self._put(self._writer.media(self._to_say.popleft() if self._to_say else SILENT_FRAME))
                await asyncio.sleep(0.04)

    async def verdict(self, answered_by: str) -> None:
        """Twilio's own opinion."""
        url = self.house.rest.forms[0]["AsyncAmdStatusCallback"][0]
        await self.house.deliver(url, {"CallSid": self._sid, "AccountSid": SID, "AnsweredBy": answered_by})

    async def status(self, status: str) -> None:
        """Twilio tells how the call stands."""
        url = self.house.rest.forms[0]["StatusCallback"][0]
        await self.house.deliver(url, {"CallSid": self._sid, "CallStatus": status, "AccountSid": SID})

    async def is_spoken_to(self) -> None:
        await self._until(lambda: self.media > 0)

    async def has_heard_all(self) -> None:
        """The agent has spoken, and been silent for a second and a half since."""
        await self.is_spoken_to()
        heard = -1
        async with asyncio.timeout(WITHIN_S):
            while heard != self.media:
                heard = self.media
                await asyncio.sleep(1.5)

    async def is_hung_up_on(self) -> None:
        async with asyncio.timeout(WITHIN_S):
            await self.closed.wait()
        await self.status("completed")

    async def attempt(self) -> CallAttemptRow:
        async with self.house.lodging.house.db.reading() as session:
            attempt = await find_attempt(session, self.id)
        assert attempt is not None
        return attempt

    async def call(self) -> CallRow:
        """As it is stored once it is over."""
        async with asyncio.timeout(WITHIN_S):
            while True:
                async with self.house.lodging.house.db.reading() as session:
                    call = await get_call(session, self.id)
                if call is not None and call.ended_at is not None:
                    return call
                await asyncio.sleep(0.05)

    async def lines(self) -> list[tuple[str, str]]:
        """Who said what, as it is stored."""
        await self.call()
        found = await self.house.lodging.rest(f"/calls/{self.id}/transcript.json")
        return [(line["role"], line["text"]) for line in found["segments"]]

    async def read(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for raw in self._socket:
                message = json.loads(raw)
                if message["event"] == "media":
                    self.media += 1
                elif message["event"] == "mark":
                    self.marks += 1
                    await self._put(self._writer.mark(message["mark"]["name"]))
        self.closed.set()

    async def _put(self, *messages: str) -> None:
        for message in messages:
            await self._socket.send(message)

    async def _until(self, there: Any) -> None:
        async with asyncio.timeout(WITHIN_S):
            while not there():  # noqa: ASYNC110 - another task counts
                await asyncio.sleep(0.02)


@asynccontextmanager
async def picked_up(house: Placed) -> AsyncIterator[Answered]:
    """Somebody or something has answered the call that was dialled."""
    form = await house.dialled()
    url, sid = form["Url"][0], next(iter(house.rest.calls))
    answered = {"CallSid": sid, "AccountSid": SID, "From": FROM, "To": TO, "Direction": "outbound-api"}
    response = await house.post(url, answered)
    (verb, *_) = parse(response.content, response.headers["content-type"])
    assert isinstance(verb, ConnectStream)
    signature = RequestValidator(house.lodging.auth_token).compute_signature(verb.url, {})
    headers = {"x-twilio-signature": signature}
    async with connect(verb.url, additional_headers=headers, compression=None, proxy=None) as socket:
        far_end = Answered(house, url, sid, socket)
        await far_end.start(dict(verb.parameters))
        tasks = [asyncio.create_task(far_end.read()), asyncio.create_task(far_end.line())]
        try:
            yield far_end
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

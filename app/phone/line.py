"""A caller on the line: Twilio's side of a whole call, over the real protocol, against any running server.

async with Caller("http://127.0.0.1:8000", auth_token) as caller:
    if await caller.dial():
        await caller.heard_silence(700)
        caller.speak(sound, "What are your opening hours?")
        await caller.heard_reply()
        await caller.hang_up()
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import numpy as np
from numpy.typing import NDArray

from app.audio.reading import LINE_RATE_HZ
from app.audio.sound import Sound
from app.clock import Clock, SystemClock
from app.phone.conduct import Conduct, EndReason, Person
from app.phone.inspector import WireFaults
from app.phone.log import Entry, Log
from app.phone.playout import Gaps
from app.phone.sounds import to_line, write_stereo
from app.phone.stream import StreamSide
from app.phone.webhook import Parties, PhoneError, Server


class Caller:
    """One call. `url`: where the server is reached; `public_url`: its PUBLIC_URL, if that is another.
    `person`: what somebody does to whom the server puts the call through.

    `log`, `faults`, `gaps`, `told` and `end_reason` may be read at any time.
    Waiting methods return True when it happened, False if the call ended first, and raise TimeoutError.
    """

    def __init__(
        self,
        url: str,
        auth_token: str,
        from_: str = "+15550100001",
        to: str = "+15550100000",
        *,
        public_url: str | None = None,
        clock: Clock | None = None,
        listener: Callable[[Entry], None] | None = None,
        client: httpx.AsyncClient | None = None,
        person: Person = "no-answer",
    ) -> None:
        address = url.rstrip("/")
        self.parties = Parties(from_, to)
        self.log = Log(listener)
        self._clock = clock or SystemClock()
        self._client = client or httpx.AsyncClient(verify=address.startswith("https"), trust_env=False)
        self._own_client = client is None
        self._origin_s = self._clock.now()
        self._call: asyncio.Task[None] | None = None
        self._turned = asyncio.Event()
        server = Server(address, (public_url or address).rstrip("/"), auth_token)
        self._conduct = Conduct(server, self.parties, self._client, self.log, self.now, self._turn, person)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._call is not None:
            self._call.cancel()
            with suppress(asyncio.CancelledError, PhoneError):  # a PhoneError is in the log and among the faults
                await self._call
        if self._own_client:
            await self._client.aclose()

    def now(self) -> float:
        """Seconds since the number was dialled: the scale of the log, the ear and the mouth."""
        return self._clock.now() - self._origin_s

    async def dial(self) -> bool:
        """Rings. True once the stream runs; False if the server answered without one (`told`). Raises PhoneError."""
        if self._call is not None:
            raise PhoneError("This caller has already dialled; make another for another call.")
        self._origin_s = self._clock.now()
        self.log.add(0.0, "dialled")
        self._call = asyncio.create_task(self._conduct.run())
        while not self._conduct.streams and not self._call.done():
            await self._next_turn()
        if not self._conduct.streams:
            await self._call
        return bool(self._conduct.streams)

    def speak(self, sound: Sound | bytes, text: str = "") -> float:
        """Says it behind whatever is still being said; `bytes` are 8 kHz μ-law. Seconds of sound."""
        mulaw = sound if isinstance(sound, bytes) else to_line(sound)
        self._stream().mouth.say(mulaw, text)
        return len(mulaw) / LINE_RATE_HZ

    def press(self, keys: str) -> None:
        """Presses keys of `0-9*#A-D`, one every 200 ms. Raises ValueError for any other."""
        self._stream().mouth.press(keys)

    async def said_all(self, timeout_s: float = 60.0) -> bool:
        """Until everything queued to be said and pressed is on its way."""
        return await self._until(lambda now: self._stream().mouth.idle, timeout_s)

    async def heard_speech(self, timeout_s: float = 15.0) -> bool:
        """Until the agent is speaking, as heard."""
        return await self._until(lambda now: self._stream().playout.quiet_s(now) == 0.0, timeout_s)

    async def heard_reply(self, timeout_s: float = 15.0) -> bool:
        """Until the agent has begun to speak since the caller last stopped (or since the call began)."""

        def replied(now: float) -> bool:
            asked_s = max(self.log.times("caller_stopped") + self.log.times("digit"), default=0.0)
            return self._stream().mouth.idle and any(at_s >= asked_s for at_s in self.log.times("agent_started"))

        return await self._until(replied, timeout_s)

    async def heard_silence(self, quiet_ms: float = 700.0, timeout_s: float = 60.0) -> bool:
        """Until the agent, having spoken, is quiet for so long, nothing is queued and every mark has come back."""

        def quiet(now: float) -> bool:
            playout = self._stream().playout
            quiet_s = playout.quiet_s(now)
            return quiet_s is not None and quiet_s * 1000 >= quiet_ms and playout.idle(now)

        return await self._until(quiet, timeout_s)

    async def ended(self, timeout_s: float = 60.0) -> bool:
        """Until the call is over, after-stream request and all. True then. Raises PhoneError if that went wrong."""
        if self._call is None:
            raise PhoneError("Nobody has been dialled yet.")
        async with asyncio.timeout(timeout_s):
            await asyncio.shield(self._call)
        return True

    async def hang_up(self) -> None:
        """Says `stop`, closes the stream, and lets the server answer the after-stream request. Raises PhoneError."""
        await self._conduct.hang_up()
        await self.ended()

    @property
    def faults(self) -> WireFaults:
        """How often the server broke the protocol."""
        return self._conduct.faults

    @property
    def told(self) -> list[str]:
        """What the carrier's own voice said."""
        return self._conduct.told

    @property
    def whispered(self) -> list[str]:
        """What a person to whom the call was put through was told before."""
        return self._conduct.whispered

    @property
    def end_reason(self) -> EndReason:
        """Empty while the call lasts."""
        return self._conduct.end_reason

    @property
    def gaps(self) -> Gaps:
        """Over all streams of the call."""
        total = Gaps()
        for side in self._conduct.streams:
            total.add(side.playout.gaps)
        return total

    @property
    def unheard_ms(self) -> float:
        """Sound that was still queued when a stream closed: a goodbye cut short, if the agent closed it."""
        return sum(side.unheard_ms for side in self._conduct.streams)

    @property
    def deepest_queue_ms(self) -> float:
        """The most sound that was ever queued ahead."""
        return max((side.playout.deepest_s for side in self._conduct.streams), default=0.0) * 1000

    def ear(self) -> NDArray[np.int16]:
        """What the caller has heard since dialling: 8 kHz, 16-bit."""
        return self._mix([side.ear for side in self._conduct.streams])

    def voice(self) -> NDArray[np.int16]:
        """What the caller has said since dialling: 8 kHz, 16-bit."""
        return self._mix([side.mouth.spoken for side in self._conduct.streams])

    def save_wav(self, path: Path) -> None:
        """Stereo: the caller left, the caller's ear right. Raises OSError."""
        write_stereo(path, self.voice(), self.ear())

    def _mix(self, parts: list[Callable[[float], NDArray[np.int16]]]) -> NDArray[np.int16]:
        until_s = max(self.log.times("ended"), default=self.now())
        mixed = np.zeros(round(until_s * LINE_RATE_HZ), dtype=np.int16)
        for part in parts:  # streams of one call follow one another and never overlap
            mixed += part(until_s)
        return mixed

    def _stream(self) -> StreamSide:
        if not self._conduct.streams:
            raise PhoneError("There is no stream to talk over: dial first.")
        return self._conduct.streams[-1]

    async def _until(self, happened: Callable[[float], bool], timeout_s: float) -> bool:
        async with asyncio.timeout(timeout_s):
            while not happened(self.now()):
                if self._call is None or self._call.done():
                    return False
                await self._next_turn()
        return True

    async def _next_turn(self) -> None:
        turned = self._turned
        await turned.wait()

    def _turn(self) -> None:
        self._turned.set()
        self._turned = asyncio.Event()

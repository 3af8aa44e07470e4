"""A call played in real time: the phone's own line, with a mouth that mixes, and a plan of what is said when."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.phone.line import Caller
from app.phone.stream import StreamSide
from tests.bench.turns.sounds import Said
from tests.bench.turns_live import people
from tests.bench.turns_live.corpus import Over, Plan, Turn
from tests.bench.turns_live.mouth import Mouth
from tests.bench.turns_live.vendors import Listening
from tests.server import RunningServer

LATE_S = 7.0
"""A reply that has not come by then has not come."""
LONGEST_LINE_S = 45.0
TAKEN_UP_S = 6.0
"""For so long a caller whose noise silenced the agent waits for it to go on."""
SETTLED_MS, SETTLED_AFTER_NOISE_MS = 700.0, 1400.0
TICK_S = 0.02


@dataclass(slots=True)
class Event:
    """Something the caller did; seconds of the stream. `until_s`: when the line was at rest again. `agent_s`: when the
    agent began what was talked over."""

    what: Over | Turn
    said: list[Said]
    until_s: float = 0.0
    agent_s: float = 0.0
    sounding: bool = True


@dataclass(slots=True)
class Played:
    """A call, as the caller's end knows it. Times are seconds of the stream, as in the server's books."""

    plan: Plan
    sid: str = ""
    events: list[Event] = field(default_factory=list)
    ear: NDArray[np.int16] = field(default_factory=lambda: np.zeros(0, np.int16))
    cleared: list[float] = field(default_factory=list)
    seconds: float = 0.0
    trouble: str = ""
    mouth: Mouth | None = None
    transcript: list[dict[str, Any]] = field(default_factory=list)


class Actor:
    """Plays one plan. `asks`: what brings the agent to say something long; empty if it asks questions by itself."""

    def __init__(self, running: RunningServer, known: Listening, plan: Plan, to: str, asks: str) -> None:
        self._running = running
        self._known = known
        self._asks = asks
        self._played = Played(plan)
        self._caller: Caller = running.caller(to, f"+1555010{1000 + plan.number}")

    async def play(self) -> Played:
        """The whole call; `trouble` tells why it ended before its plan did."""
        async with self._caller as caller:
            if not await caller.dial():
                self._played.trouble = f"answered without a stream: {caller.told}"
                return self._played
            side: StreamSide = caller._conduct.streams[-1]
            plan = self._played.plan
            mouth = Mouth(plan.line, side.playout, side._origin_s, side._frames, plan.number)
            side.mouth = mouth  # type: ignore[assignment]
            self._played.mouth = mouth
            self._known.mouths.append(mouth)
            try:
                await self._exchanges(caller, mouth, plan)
            except (EndedEarlyError, TimeoutError) as error:
                self._played.trouble = f"{type(error).__name__} {error} after {mouth.now_s:.1f} s"
            finally:
                self._known.mouths.remove(mouth)
            await caller.hang_up()
            self._keep(caller, mouth)
        return self._played

    async def _exchanges(self, caller: Caller, mouth: Mouth, plan: Plan) -> None:
        await self._begun(20.0)
        await self._settled(SETTLED_MS)
        if not self._asks:
            await self._says(mouth, "Yes, I agree.")
            if await self._begun(LATE_S) is None:
                raise EndedEarlyError("no first question")
        for over, turn in plan.exchanges:
            if self._asks:
                await self._says(mouth, self._asks)
                if await self._begun(LATE_S) is None:
                    raise EndedEarlyError("no story")
            await self._talks_over(mouth, over)
            await self._answers(mouth, turn)
        await self._at(mouth, mouth.now_s + 0.5)

    async def _says(self, mouth: Mouth, text: str) -> None:
        said = mouth.sounds(people.says(text, self._played.plan.who).sound, text)
        await self._at(mouth, said.end_s)

    async def _talks_over(self, mouth: Mouth, over: Over) -> None:
        agent_s = mouth.now_s
        await self._at(mouth, agent_s + over.after_s)
        event = Event(over, [], agent_s=agent_s, sounding=self._sounding())
        said = mouth.sounds(over.clip.sound, over.clip.words)
        event.said.append(said)
        self._played.events.append(event)
        await self._at(mouth, said.end_s)
        if over.kind in ("interruption", "double talk"):
            await self._silent(2.0)
            await self._begun(LATE_S)
            await self._settled(SETTLED_MS)
        elif await self._cleared_since(mouth, said.begin_s):
            await self._begun(TAKEN_UP_S)
            await self._settled(SETTLED_AFTER_NOISE_MS)
        else:
            await self._settled(SETTLED_AFTER_NOISE_MS)
        event.until_s = mouth.now_s

    async def _answers(self, mouth: Mouth, turn: Turn) -> None:
        event, after_s = Event(turn, []), 0.0
        for clip, pause_s in zip(turn.clips, (*turn.pauses_s, 0.0), strict=True):
            event.said.append(mouth.sounds(clip.sound, clip.words, after_s))
            after_s = event.said[-1].end_s - mouth.now_s + pause_s
        self._played.events.append(event)
        await self._at(mouth, event.said[-1].end_s)
        if await self._begun(LATE_S) is None:
            event.until_s = mouth.now_s
            return
        event.until_s = mouth.now_s
        if self._asks:
            await self._settled(SETTLED_MS)

    # waiting

    def _sounding(self) -> bool:
        caller = self._caller
        return caller._stream().playout.quiet_s(caller.now()) == 0.0

    async def _tick(self) -> None:
        if self._caller.end_reason or self._caller._call is None or self._caller._call.done():
            raise EndedEarlyError("the agent ended the call")
        await asyncio.sleep(TICK_S)

    async def _at(self, mouth: Mouth, stream_s: float) -> None:
        while mouth.now_s < stream_s:
            await self._tick()

    async def _begun(self, within_s: float) -> float | None:
        """Until the agent sounds; when that was, or None if it does not."""
        until = self._caller.now() + within_s
        while not self._sounding():
            if self._caller.now() > until:
                return None
            await self._tick()
        return self._caller.now()

    async def _cleared_since(self, mouth: Mouth, begin_s: float) -> bool:
        """Was playback cut since then, up to a little later than now?"""
        await self._at(mouth, mouth.now_s + 0.4)
        return any(at - mouth.origin_s >= begin_s for at in self._caller.log.times("clear"))

    async def _silent(self, within_s: float) -> None:
        until = self._caller.now() + within_s
        while self._sounding() and self._caller.now() < until:
            await self._tick()

    async def _settled(self, quiet_ms: float) -> None:
        async with asyncio.timeout(LONGEST_LINE_S):
            while True:
                playout, now = self._caller._stream().playout, self._caller.now()
                quiet_s = playout.quiet_s(now)
                if quiet_s is not None and quiet_s * 1000 >= quiet_ms and playout.idle(now):
                    return
                await self._tick()

    def _keep(self, caller: Caller, mouth: Mouth) -> None:
        played, origin_s = self._played, mouth.origin_s
        played.sid = caller.parties.call_sid
        played.ear = caller.ear()[round(origin_s * 8000) :]
        played.cleared = [at - origin_s for at in caller.log.times("clear")]
        played.seconds = mouth.now_s
        if caller.faults.total:
            played.trouble += f" wire faults: {caller.faults}"


class EndedEarlyError(Exception):
    """The call did not go as far as its plan."""

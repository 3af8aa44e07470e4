"""Many callers at once, in a process of their own, so that what they cost is not taken for the server's.

`python -m tests.bench.crowd` is told on its standard input whom to ring and how (`Errand`, as JSON). It writes a line
`talking` once everyone is connected, `done` when the time is over, and then what the callers heard (`Heard`).
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass, field

import httpx

from app.phone.line import Caller
from app.phone.summary import delays
from tests.bench.speech import track

ASKED_EVERY_S = 0.05


@dataclass(frozen=True, slots=True)
class Errand:
    """`seconds`: how long to talk once all are connected, which they do within `ramp_s`; `watch_s`: how much longer,
    while it is watched how late the server is (that costs it something, so it comes after its cost has been read)."""

    url: str
    public_url: str
    auth_token: str
    callers: int
    seconds: float
    ramp_s: float = 3.0
    watch_s: float = 0.0


@dataclass(slots=True)
class Heard:
    """What came of it. `health_ms`: how long `/health` took, asked now and then: the server's lag, and some."""

    calls: int = 0
    gaps: int = 0
    gaps_ms: float = 0.0
    faults: int = 0
    fault: str = ""
    failed: int = 0
    greetings_ms: list[float] = field(default_factory=list)
    health_ms: list[float] = field(default_factory=list)
    late_ms: float = 0.0
    """The most that this process itself was behind: beyond a few ms, it is the callers that are measured."""


async def run(errand: Errand) -> Heard:
    """The whole errand."""
    heard = Heard()
    over, connected = asyncio.Event(), asyncio.Semaphore(0)
    async with httpx.AsyncClient(trust_env=False, limits=httpx.Limits(max_connections=100)) as client:
        calls = [asyncio.create_task(_call(errand, n, client, connected, over, heard)) for n in range(errand.callers)]
        for _ in calls:
            await connected.acquire()
        _say("talking")
        await asyncio.sleep(errand.seconds)
        _say("done")
        if errand.watch_s:
            await _watch(errand, heard)
        over.set()
        await asyncio.gather(*calls)
    return heard


async def _call(
    errand: Errand,
    number: int,
    client: httpx.AsyncClient,
    connected: asyncio.Semaphore,
    over: asyncio.Event,
    heard: Heard,
) -> None:
    await asyncio.sleep(errand.ramp_s * number / errand.callers)
    sound = track(errand.seconds + errand.ramp_s + errand.watch_s + 2, number)
    caller = Caller(errand.url, errand.auth_token, f"+1555011{number:04}", public_url=errand.public_url, client=client)
    try:
        async with caller:
            try:
                if not await caller.dial():
                    raise RuntimeError("no stream")
                caller.speak(sound)
                await caller.heard_speech(5)
            finally:
                connected.release()
            await over.wait()
            await caller.hang_up()
    except Exception as error:  # counted; the others go on
        heard.failed += 1
        heard.fault = heard.fault or f"{type(error).__name__}: {error}"
    _note(caller, heard)


def _note(caller: Caller, heard: Heard) -> None:
    heard.calls += 1
    heard.gaps += caller.gaps.count
    heard.gaps_ms += caller.gaps.total_ms
    heard.faults += caller.faults.total
    if caller.faults.total:
        heard.fault = str(caller.faults)
    if (greeting_ms := delays(caller.log).greeting_ms) is not None:
        heard.greetings_ms.append(round(greeting_ms, 1))


async def _watch(errand: Errand, heard: Heard) -> None:
    """While all go on talking, how quickly the server answers something that is nothing to do."""
    async with httpx.AsyncClient(trust_env=False) as client:
        await client.get(f"{errand.url}/health")
        until = time.monotonic() + errand.watch_s
        while (began := time.monotonic()) < until:
            await asyncio.sleep(ASKED_EVERY_S)
            heard.late_ms = max(heard.late_ms, (time.monotonic() - began - ASKED_EVERY_S) * 1000)
            asked = time.monotonic()
            await client.get(f"{errand.url}/health")
            heard.health_ms.append(round((time.monotonic() - asked) * 1000, 2))


def _say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _say(json.dumps(asdict(asyncio.run(run(Errand(**json.loads(sys.stdin.readline())))))))

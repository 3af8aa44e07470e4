"""Machines that share the dialling, as processes that are killed and frozen, and the carrier that they all reach."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess

from tests.carriers.twilio_calls import Behaviour, Form, TwilioCalls
from tests.runtime import a_machine

FORK = multiprocessing.get_context("forkserver")
FORK.set_forkserver_preload(
    ["tests.runtime.a_machine", "twilio.rest", "app.carriers.twilio_http", "aiosqlite", "asyncpg"]
)
STEP_S = 0.1


@dataclass
class Fleet:
    """`dies`: at which of all requests the machine that made it is killed, before (`False`) or after it rings.
    `meets(to, nth)`: what the nth request for a number that reaches the carrier meets.

    `deaths`, `frozen`: how many there were. `stood_still_s`: the longest that the carrier itself did nothing: one that
    is slower than the machines' limits proves nothing.
    """

    database_url: str
    machines: int
    dies: dict[int, bool]
    meets: Callable[[str, int], Behaviour]
    rest: TwilioCalls = field(default_factory=TwilioCalls)
    deaths: int = 0
    frozen: int = 0
    requests: int = 0
    stood_still_s: float = 0.0
    _reached: Counter[str] = field(default_factory=Counter)
    _urls: list[str] = field(default_factory=list)
    _running: dict[int, BaseProcess] = field(default_factory=dict)
    _thawing: list[asyncio.Future[None]] = field(default_factory=list)
    _killing: list[asyncio.Future[None]] = field(default_factory=list)

    def start(self, which: int) -> None:
        given = (self.database_url, self._urls[which], f"m{which}-{self.deaths}")
        machine = FORK.Process(target=a_machine.run, args=given, daemon=True)
        machine.start()
        self._running[which] = machine

    async def kill(self, which: int) -> None:
        """Kill a machine and put another in its place; the carrier goes on meanwhile."""
        machine = self._running[which]
        machine.kill()
        self.deaths += 1
        await asyncio.to_thread(machine.join, 10)
        if self._running[which] is machine:
            await asyncio.to_thread(self.start, which)

    def freeze(self, which: int, for_s: float) -> None:
        """A machine stands still, wherever it is, and goes on later as if nothing had been."""
        pid = self._running[which].pid
        if pid is not None and self._signal(pid, signal.SIGSTOP):
            self.frozen += 1
            self._thawing.append(asyncio.ensure_future(self._thaw(pid, for_s)))

    async def _thaw(self, pid: int, after_s: float) -> None:
        await asyncio.sleep(after_s)
        self._signal(pid, signal.SIGCONT)

    async def thawed(self) -> None:
        """Until nobody stands still any more."""
        await asyncio.gather(*self._thawing)

    def _signal(self, pid: int, number: int) -> bool:
        ours = any(machine.pid == pid and machine.is_alive() for machine in self._running.values())
        with suppress(ProcessLookupError):
            if ours:
                os.kill(pid, number)
        return ours

    def _behave(self, to: str, _: int) -> Behaviour:
        """Only what reached the carrier counts as a turn of the plan."""
        self._reached[to] += 1
        return self.meets(to, self._reached[to])

    def receives(self, which: int, form: Form, method: str, target: str) -> bool:
        """A request of the machine `which` has come; True if it died of it unheard."""
        if method != "POST":
            return False
        self.requests += 1
        rings = self.dies.get(self.requests)
        if rings is None:
            return False
        if rings:
            self.rest.reply(method, target, form)
        self._running[which].kill()
        self._killing.append(asyncio.ensure_future(self.kill(which)))
        return True

    async def watch(self) -> None:
        """How long the carrier stands still, at worst."""
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(STEP_S)
            self.stood_still_s = max(self.stood_still_s, loop.time() - before - STEP_S)

    async def open(self, urls: list[str]) -> None:
        """Every machine begins. `urls`: where each reaches the carrier."""
        self._urls = urls
        self.rest.behave = self._behave
        for which in range(self.machines):
            await asyncio.to_thread(self.start, which)

    async def close(self) -> None:
        for machine in tuple(self._running.values()):
            machine.kill()
        for task in self._thawing:
            task.cancel()
        await asyncio.gather(*self._thawing, *self._killing, return_exceptions=True)
        for machine in self._running.values():
            machine.kill()
            machine.join(10)


class _Line(TwilioCalls):
    """The carrier as one machine reaches it, so that it is known whose request it is."""

    def __init__(self, fleet: Fleet, which: int) -> None:
        super().__init__()
        self._fleet, self._which = fleet, which

    def reply(self, method: str, target: str, form: Form) -> tuple[int, dict[str, object]] | None:
        if self._fleet.receives(self._which, form, method, target):
            return None
        return self._fleet.rest.reply(method, target, form)


def deadly(calls: int, deaths: int) -> dict[int, bool]:
    """Requests that kill whoever made them, spread over those that `calls` calls make at least."""
    chance = random.Random(6)
    return {request: chance.random() < 0.6 for request in chance.sample(range(10, calls), deaths)}


@asynccontextmanager
async def a_fleet(fleet: Fleet) -> AsyncIterator[Fleet]:
    """It dials for as long as the `with` lasts."""
    lines = [_Line(fleet, which) for which in range(fleet.machines)]
    servers = [await asyncio.start_server(line.serve, "127.0.0.1", 0) for line in lines]
    watching = asyncio.ensure_future(fleet.watch())
    try:
        await fleet.open([f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}" for server in servers])
        yield fleet
    finally:
        watching.cancel()
        await fleet.close()
        for server, line in zip(servers, lines, strict=True):
            server.close()
            await line.close()
            await server.wait_closed()
        await fleet.rest.close()

"""The house closes: whoever is on the line, or about to be, is told goodbye first."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import pytest

from app.clock import SystemClock
from app.runtime import supervisor as supervising
from app.runtime.supervisor import Supervisor


class Running:
    """A call that ends when it is told goodbye, unless `fault`; notes how it was asked."""

    def __init__(self, house: Supervisor, sid: str, fault: Exception | None = None) -> None:
        self.asked: list[bool] = []
        self._house, self._sid, self._fault = house, sid, fault
        assert house.admission.take(sid, house.clock.now()) or house.admission.has(sid, house.clock.now())

    def comes(self) -> None:
        assert self._house.admission.hold(self._sid, self._house.clock.now())
        self._house._running[uuid4()] = cast("Any", self)

    def hang_up(self, _: str, *, politely: bool) -> None:
        self.asked.append(politely)
        if self._fault is not None:
            raise self._fault
        self._house.admission.release(self._sid)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Supervisor:
    monkeypatch.setattr(supervising, "GOODBYE_S", 0.4)
    monkeypatch.setattr(supervising, "LINGER_S", 0.05)
    monkeypatch.setattr(supervising, "STEP_S", 0.01)
    nothing = cast("Any", SimpleNamespace())
    return Supervisor(
        nothing,
        nothing,
        writer=nothing,
        hub=nothing,
        disk=nothing,
        files=nothing,
        accounts=nothing,
        clock=SystemClock(),
        maximum_calls=5,
    )


async def test_a_call_whose_fault_breaks_its_goodbye_costs_nobody_else_theirs(house: Supervisor) -> None:
    broken, sound = Running(house, "CA1", RuntimeError("broken")), Running(house, "CA2")
    broken.comes()
    sound.comes()
    await house.drain(0.5)
    assert sound.asked[0] is True
    assert broken.asked == [True, False]


async def test_a_caller_whose_stream_comes_during_the_goodbyes_hears_one_too(house: Supervisor) -> None:
    late = Running(house, "CA1")
    draining = asyncio.create_task(house.drain(0.4))
    await asyncio.sleep(0.1)
    late.comes()
    await draining
    assert late.asked[:1] == [True]

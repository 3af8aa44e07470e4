"""A network that is asked whether a pause is an end: beside the words, off the loop, and never missed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.audio.sound import Sound
from app.call.events import Event, PauseJudged, TranscriptReady
from app.runtime import work
from app.runtime.providers import Providers
from app.speech.protocols import Finding, Transcript
from app.speech.smart_turn import SETTING, SmartTurn
from tests.runtime.acting import TURN, Actor, fails
from tests.speech import onnx_file
from tests.stories.stage import persona


class Network:
    """Judges as it is told to."""

    def __init__(self, says: float | Exception) -> None:
        self.says, self.heard, self.closed = says, list[Sound](), False

    async def warm(self) -> None:
        if isinstance(self.says, Exception):
            raise self.says

    async def judge(self, sound: Sound) -> float:
        self.heard.append(sound)
        if isinstance(self.says, Exception):
            raise self.says
        return self.says

    async def check(self) -> Finding:
        return Finding(SETTING, not isinstance(self.says, Exception), "it is a network")

    async def aclose(self) -> None:
        self.closed = True


async def told(network: Network | SmartTurn | None, *, early: bool) -> list[Event]:
    """What a call hears of a turn that pauses."""
    providers = Providers([Actor("ears", [0.01, Transcript("hello", 0.9)])], [], [], pauses=network)
    events: list[Event] = []
    try:
        await providers.warm()
        await work.transcribe(7, TURN, providers.for_call(persona()), events.append, early=early)
    finally:
        await providers.aclose()
    return events


WORDS = TranscriptReady(7, "hello", 0.9)


async def test_a_pause_is_judged_beside_its_words() -> None:
    network = Network(0.873)
    assert await told(network, early=True) == [PauseJudged(7, 87), WORDS]
    assert network.heard == [TURN]
    assert network.closed


async def test_a_turn_that_is_over_is_not_judged_and_neither_is_one_in_a_house_without_a_network() -> None:
    network = Network(0.873)
    assert await told(network, early=False) == [WORDS]
    assert network.heard == []
    assert await told(None, early=True) == [WORDS]


@pytest.mark.parametrize("fault", [fails("busy"), fails("rubbish"), RuntimeError("broken")])
async def test_a_network_that_fails_costs_nothing_but_its_judgement(fault: Exception) -> None:
    network = Network(0.5)
    providers = Providers([Actor("ears", [0.01, Transcript("hello", 0.9)])], [], [], pauses=network)
    await providers.warm()
    network.says = fault
    events: list[Event] = []
    await work.transcribe(7, TURN, providers.for_call(persona()), events.append, early=True)
    await providers.aclose()
    assert events == [WORDS]


async def test_a_file_that_is_no_network_is_told_of_and_the_house_goes_on_without(tmp_path: Path) -> None:
    broken = SmartTurn(tmp_path / "nothing.onnx")
    providers = Providers([], [], [], pauses=broken)
    await providers.warm()
    (finding,) = await providers.check([])
    assert (finding.about, finding.ok) == (SETTING, False)
    await providers.aclose()


async def test_the_network_of_a_file_judges_a_calls_pause(tmp_path: Path) -> None:
    file = tmp_path / "smart-turn.onnx"
    file.write_bytes(onnx_file.judge())
    judged, words = sorted(
        await told(SmartTurn(file), early=True), key=lambda event: isinstance(event, TranscriptReady)
    )
    assert words == WORDS
    assert isinstance(judged, PauseJudged)
    assert 0 <= judged.complete <= 100


async def test_a_call_that_drops_the_turn_waits_for_no_judgement() -> None:
    class Slow(Network):
        async def judge(self, sound: Sound) -> float:
            await asyncio.sleep(3600)
            raise AssertionError

    providers = Providers([Actor("ears", [0.0, Transcript("hello", 0.9)])], [], [], pauses=Slow(0.5))
    events: list[Event] = []
    come = asyncio.Event()

    def tell(event: Event) -> None:
        events.append(event)
        come.set()

    work_of_it = asyncio.create_task(work.transcribe(7, TURN, providers.for_call(persona()), tell, early=True))
    await asyncio.wait_for(come.wait(), 10)
    work_of_it.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work_of_it
    assert events == [WORDS]
    await providers.aclose()

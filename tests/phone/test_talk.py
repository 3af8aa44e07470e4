"""A script is played with a caller's manners, over a real stream to a stand-in server."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.audio.sound import Sound
from app.carriers.protocol import DigitPressed, MediaArrived, StreamStopped
from app.personas.schema import Persona
from app.phone.line import Caller
from app.phone.script import Step
from app.phone.talk import Manners, play
from app.phone.voice import caller_persona, record
from tests.phone.stand_in import TOKEN, Session, StandIn, running

LOUD = b"\x00"
HASTY = Manners(quiet_ms=100, patience_s=2, finish_s=5, linger_s=0.3)


class Tone:
    """A synthesizer that hums: ten milliseconds a letter, in two pieces."""

    async def warm(self) -> None: ...

    def refuse(self, persona: Persona) -> str | None:
        return None

    async def speak(self, text: str, persona: Persona) -> AsyncIterator[Sound]:
        for _ in range(2):
            yield Sound(b"\x00\x40" * (80 * len(text)), 16_000)

    async def aclose(self) -> None: ...


def heard(event: object) -> bool:
    return isinstance(event, MediaArrived) and event.payload.strip(b"\xff") != b""


def silent(event: object) -> bool:
    return isinstance(event, MediaArrived) and not heard(event)


async def echo(session: Session) -> None:
    """Greets; replies to two utterances; then waits for the caller to go."""
    await session.say(LOUD * 800, "greeting")
    for number in range(2):
        await session.until(heard)
        await session.until(silent)
        for _ in range(30):  # 600 ms, so that the reply is heard as a piece of speech of its own
            await session.until(silent)
        await session.say(LOUD * 800, f"reply-{number}")
    await session.until(lambda event: isinstance(event, StreamStopped))


async def call(server: StandIn, *steps: Step) -> tuple[str | None, Caller]:
    sounds = await record(steps, caller_persona(), Tone())
    async with running(server), Caller(server.url, TOKEN) as caller:
        assert await caller.dial()
        return await play(caller, steps, sounds, HASTY), caller


@pytest.mark.slow
async def test_each_utterance_waits_for_the_agent_and_the_end_is_polite() -> None:
    complaint, caller = await call(StandIn(echo), Step(say="ten letters"), Step(say="and again"))
    assert complaint is None
    talk = [entry.kind for entry in caller.log if entry.kind.split("_")[0] in ("agent", "caller")]
    turn = ["agent_started", "agent_stopped"]
    assert talk == [*turn, "caller_started", "caller_stopped", *turn, "caller_started", "caller_stopped", *turn]
    assert caller.end_reason == "caller_hung_up"
    assert caller.faults.total == 0
    said = [entry.text for entry in caller.log if entry.kind == "caller_started"]
    assert said == ["ten letters", "and again"]


async def test_an_interruption_comes_while_the_agent_speaks() -> None:
    async def talk(session: Session) -> None:
        await session.media(LOUD * 40_000)
        await session.until(heard)
        await session.clear()
        await session.until(lambda event: isinstance(event, StreamStopped))

    steps = (Step(say="stop", interrupt_after_s=0.2), Step(hang_up=True))
    complaint, caller = await call(StandIn(talk), *steps)
    assert complaint is None
    started = caller.log.times("agent_started")[0]
    assert caller.log.times("caller_started")[0] - started == pytest.approx(0.2, abs=0.1)
    assert len(caller.log.times("clear")) == 1


async def test_keys_and_an_expected_end() -> None:
    async def talk(session: Session) -> None:
        await session.say(LOUD * 400, "greeting")
        await session.until(lambda event: event == DigitPressed("#"))
        await session.say(LOUD * 400, "goodbye")

    complaint, caller = await call(StandIn(talk), Step(digits="1#"), Step(expect_end=2))
    assert complaint is None
    assert caller.end_reason == "agent_hung_up"


async def test_an_end_that_does_not_come_is_a_complaint() -> None:
    complaint, caller = await call(StandIn(echo), Step(wait_ms=50), Step(expect_end=0.2))
    assert complaint is not None
    assert "within 0.2 s" in complaint
    assert caller.end_reason == "caller_hung_up"


async def test_an_end_that_comes_too_early_is_a_complaint() -> None:
    async def talk(session: Session) -> None:
        await session.say(LOUD * 400, "goodbye")

    complaint, _ = await call(StandIn(talk), Step(wait_ms=1000), Step(say="hello?"))
    assert complaint == "The call ended before step 2."


async def test_words_need_a_synthesizer() -> None:
    with pytest.raises(ValueError, match="no synthesizer"):
        await record([Step(say="hello")], caller_persona(), None)
    sounds = await record([Step(wait_ms=1), Step(say="four")], caller_persona("en-gb", "m3"), Tone())
    assert list(sounds) == [1]
    assert len(sounds[1][0]) == pytest.approx(320, abs=4)

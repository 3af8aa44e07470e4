"""Plays a script on a call, with the manners of a caller: speak when the agent has finished, and say goodbye."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass

from app.phone.line import Caller
from app.phone.script import Step


@dataclass(frozen=True, slots=True)
class Manners:
    """`quiet_ms`: silence after which the agent has finished. `patience_s`, `finish_s`: the longest wait for it to
    begin and to finish. `linger_s`: how long it is left to hang up first.
    """

    quiet_ms: float = 700.0
    patience_s: float = 20.0
    finish_s: float = 120.0
    linger_s: float = 3.0


async def play(
    caller: Caller, steps: Sequence[Step], sounds: Mapping[int, tuple[bytes, str]], manners: Manners | None = None
) -> str | None:
    """From a connected call to its end. None, or in one line what was expected and did not happen.

    `sounds`: 8 kHz μ-law and words by the step's place (see `voice.record`). Raises PhoneError.
    """
    talk = _Talk(caller, sounds, manners or Manners())
    for place, step in enumerate(steps):
        if caller.end_reason:
            return None if step.hang_up or step.expect_end else f"The call ended before step {place + 1}."
        complaint = await talk.do(place, step)
        if complaint is not None or step.hang_up:
            return complaint
    await talk.finish()
    return None


class _Talk:
    def __init__(self, caller: Caller, sounds: Mapping[int, tuple[bytes, str]], manners: Manners) -> None:
        self._caller = caller
        self._sounds = sounds
        self._manners = manners

    async def do(self, place: int, step: Step) -> str | None:
        if step.wait_ms is not None:
            await self._pause(step.wait_ms / 1000)
        elif step.hang_up:
            await self._caller.hang_up()
        elif step.expect_end is not None:
            return await self._expect_end(step.end_within_s)
        else:
            await self._speak(place, step)
        return None

    async def finish(self) -> None:
        """Lets the agent finish and hang up; does it for it otherwise."""
        if await self._agent_finished() and not await self._ended_within(self._manners.linger_s):
            await self._caller.hang_up()

    async def _speak(self, place: int, step: Step) -> None:
        if step.interrupt_after_s is None:
            going_on = await self._agent_finished()
        else:
            going_on = await self._patiently(self._caller.heard_reply(self._manners.patience_s))
            await self._pause(step.interrupt_after_s)
        if not going_on or self._caller.end_reason:
            return
        if step.digits is not None:
            self._caller.press(step.digits)
        else:
            self._caller.speak(*self._sounds[place])
        await self._caller.said_all()

    async def _agent_finished(self) -> bool:
        """The agent has replied and is quiet, or patience is at its end; False if the call has ended."""
        return await self._patiently(self._caller.heard_reply(self._manners.patience_s)) and await self._patiently(
            self._caller.heard_silence(self._manners.quiet_ms, self._manners.finish_s)
        )

    async def _expect_end(self, within_s: float) -> str | None:
        if await self._ended_within(within_s):
            return None
        await self._caller.hang_up()
        return f"The agent was expected to end the call within {within_s:g} s, and did not."

    async def _ended_within(self, seconds: float) -> bool:
        try:
            return await self._caller.ended(seconds)
        except TimeoutError:
            return False

    async def _pause(self, seconds: float) -> None:
        await self._ended_within(seconds)

    async def _patiently(self, wait: Awaitable[bool]) -> bool:
        try:
            return await wait
        except TimeoutError:
            return True

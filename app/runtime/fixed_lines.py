"""Lines that are the same on every call, spoken once and then kept on disk.

Around a voice it is used so:

    if (line := await fixed.kept(part, text, persona)) is not None:
        ...                                             # line.parts, as the voice would have given them
    else:
        ...                                             # ask the voice; then one of
        fixed.keep(part, text, persona, parts)          # all of it came
        fixed.give_up(part, text, persona)              # it did not

Calls that need the same line at the same time ask the voice once: the first is told that nothing is kept, the others
wait for what it gets, but never longer than asking the voice themselves would take. Nothing here raises, and a disk
that is full, slow or read-only costs a line in the log.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import structlog

from app.audio.reading import LINE_RATE_HZ
from app.audio.resample import LineEncoder
from app.audio.sound import Sound
from app.clock import Clock
from app.dialogue.flow import QuestionBank
from app.personas.schema import Persona
from app.runtime.fixed_texts import fixed_pieces, needed_pieces
from app.runtime.line_files import LARGEST_BYTES, KeptLine, LineFiles, line_name
from app.runtime.reporting import Reporter, Spent
from app.speech.protocols import FaultKind, ProviderError, SpeechPart, TextToSpeech, WordEnds

WAIT_S, SHORTEST_WAIT_S, LONGEST_WAIT_S = 0.4, 0.1, 1.0
"""How long a call waits for what another is getting: as long as the voice's last line took (the first, while none is
known), but no less than a look at the disk may take on a busy machine, and no more than anyone would notice."""
READ_WITHIN_S = 0.25
"""A disk that is slower than a voice is not waited for."""
PREPARED_WITHIN_S = 30.0
_OF_THE_VOICE: tuple[FaultKind, ...] = ("refused", "unfit")
"""What is wrong with one persona's voice alone."""

T = TypeVar("T")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A call is getting a line from its voice since `at_s`. `line`: what it got, or None if it got none."""

    at_s: float
    line: asyncio.Future[KeptLine | None]


class FixedLines:
    """`folder`: where the lines are kept; `bank`: the questions that interviewing personas ask."""

    def __init__(self, folder: Path, bank: QuestionBank, clock: Clock) -> None:
        self._files = LineFiles(folder)
        self._bank = bank
        self._clock = clock
        self._pieces: dict[str, tuple[Persona, frozenset[str]]] = {}
        self._asked: dict[str, _Asked] = {}
        self._took_s: dict[str, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._told: set[str] = set()
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="fixed-lines")

    def name(self, part: TextToSpeech, text: str, persona: Persona) -> str | None:
        """What the line is kept under; None if `text` is not fixed, or the voice's speech is not worth keeping."""
        if text not in self._fixed(persona):
            return None
        voice_key = part.voice_key(persona)
        return line_name(part.name, voice_key, text) if voice_key else None

    async def kept(self, part: TextToSpeech, text: str, persona: Persona) -> KeptLine | None:
        """The line, if it is fixed and there; None: ask the voice, then call `keep` or `give_up`."""
        name = self.name(part, text, persona)
        if name is None:
            return None
        another = self._asked.get(name)
        if another is not None:
            line = await self._of_another(another, part.name)
            if line is None and self._asked.get(name) in (None, another):
                self._ask(name)
            return line
        asked = self._ask(name)
        try:
            line = await self._read(name)
        except asyncio.CancelledError:
            self._answer(name, asked, None)
            raise
        if line is not None:
            self._answer(name, asked, line)
        return line

    def keep(self, part: TextToSpeech, text: str, persona: Persona, parts: Sequence[SpeechPart]) -> None:
        """All that the voice gave for `text`, whole and without a fault; kept soon, in the background."""
        name = self.name(part, text, persona)
        if name is None:
            return
        asked = self._asked.get(name)
        if asked is not None:
            self._took_s[part.name] = self._clock.now() - asked.at_s
        task = asyncio.create_task(self._keep(name, tuple(parts), asked))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def give_up(self, part: TextToSpeech, text: str, persona: Persona) -> None:
        """The voice did not give the line, or not all of it: whoever waits for it asks for themselves."""
        name = self.name(part, text, persona)
        if name is not None and (asked := self._asked.get(name)) is not None:
            self._answer(name, asked, None)

    async def prepare(self, part: TextToSpeech, personas: Iterable[Persona], reporter: Reporter | None = None) -> None:
        """Have `part` speak, one after the other, what holds a call together, where it is not kept yet.

        Ends early when the voice cannot be used: the calls will find out for themselves. `reporter` is told what was
        used.
        """
        for persona in personas:
            if part.refuse(persona) is not None:
                continue
            for text in needed_pieces(persona):
                if self.name(part, text, persona) is None or await self.kept(part, text, persona) is not None:
                    continue
                fault = await self._spoken(part, text, persona, reporter)
                if fault in _OF_THE_VOICE:
                    break
                if fault is not None:
                    return

    async def tidy(self) -> None:
        """Remove the lines that nobody has used for 90 days."""
        try:
            gone = await self._in_thread(self._files.tidy, self._clock.utc().timestamp())
        except OSError as error:
            self._tell("fixed_lines_not_tidied", error)
        else:
            if gone:
                _log.info("fixed_lines_removed", lines=gone)

    async def aclose(self) -> None:
        """Wait until what was to be kept is on disk."""
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _fixed(self, persona: Persona) -> frozenset[str]:
        known = self._pieces.get(persona.id)
        if known is None or known[0] is not persona:
            known = self._pieces[persona.id] = (persona, fixed_pieces(persona, self._bank))
        return known[1]

    def _ask(self, name: str) -> _Asked:
        asked = self._asked[name] = _Asked(self._clock.now(), asyncio.get_running_loop().create_future())
        return asked

    def _answer(self, name: str, asked: _Asked, line: KeptLine | None) -> None:
        if self._asked.get(name) is asked:
            del self._asked[name]
        if not asked.line.done():
            asked.line.set_result(line)

    async def _of_another(self, asked: _Asked, provider: str) -> KeptLine | None:
        """What the other call gets, if it gets it soon enough."""
        usual_s = max(SHORTEST_WAIT_S, min(self._took_s.get(provider, WAIT_S), LONGEST_WAIT_S))
        wait_s = min(usual_s, asked.at_s + 2 * usual_s - self._clock.now())  # one that is so late has come to a stop
        if wait_s > 0:
            await asyncio.wait((asked.line,), timeout=wait_s)
        return asked.line.result() if asked.line.done() else None

    async def _read(self, name: str) -> KeptLine | None:
        try:
            async with asyncio.timeout(READ_WITHIN_S):
                return await self._in_thread(self._files.read, name, self._clock.utc().timestamp())
        except OSError as error:  # TimeoutError among them
            self._tell("fixed_line_not_read", error)
            return None

    async def _keep(self, name: str, parts: tuple[SpeechPart, ...], asked: _Asked | None) -> None:
        line = None
        try:
            line = await self._in_thread(_whole, parts)
            if line is None:
                return
            if asked is not None and not asked.line.done():  # it stays asked until it is on disk: nobody asks again
                asked.line.set_result(line)
            await self._in_thread(self._files.write, name, line)
            self._told.discard("fixed_line_not_kept")
        except Exception as error:
            self._tell("fixed_line_not_kept", error)
        finally:
            if asked is not None:
                self._answer(name, asked, line)

    async def _in_thread(self, work: Callable[..., T], *args: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)

    async def _spoken(
        self, part: TextToSpeech, text: str, persona: Persona, reporter: Reporter | None
    ) -> FaultKind | None:
        """Have one line spoken and kept; what went wrong, if anything did."""
        parts: list[SpeechPart] = []
        began, first_ms, fault, whole = self._clock.now(), None, None, False
        try:
            async with asyncio.timeout(PREPARED_WITHIN_S), aclosing(_generator(part.speak(text, persona))) as speech:
                async for piece in speech:
                    first_ms = self._ms_since(began) if first_ms is None else first_ms
                    parts.append(piece)
            whole = True
        except Exception as error:
            fault = _kind(error)
            _log.warning(
                "fixed_lines_not_prepared", provider=part.name, persona=persona.id, kind=fault, why=_why(error)
            )
        finally:
            if whole:
                self.keep(part, text, persona, parts)
            else:
                self.give_up(part, text, persona)
            if first_ms is not None and reporter is not None:
                model, took_ms = part.model(persona), self._ms_since(began)
                reporter.spent(Spent("speak", part.name, model, took_ms, first_ms, characters=len(text)))
        return fault

    def _ms_since(self, began: float) -> int:
        return round((self._clock.now() - began) * 1000)

    def _tell(self, event: str, error: Exception) -> None:
        """Once, until it goes well again: a full disk would say it for every line of every call."""
        if event not in self._told:
            self._told.add(event)
            _log.warning(event, error=getattr(error, "strerror", None) or type(error).__name__)


def _whole(parts: Sequence[SpeechPart]) -> KeptLine | None:
    """The line's own sound and where its words end; None if it is nothing, or too long to be a line."""
    encoder, data = LineEncoder(), bytearray()
    ends: list[tuple[int, int]] = []
    for part in parts:
        if isinstance(part, WordEnds):
            ends += part.ends
        else:
            data += encoder.push(part)
    data += encoder.flush()
    if not 0 < len(data) <= LARGEST_BYTES:
        return None
    return KeptLine(Sound(bytes(data), LINE_RATE_HZ, "mulaw"), WordEnds(tuple(ends)) if ends else None)


async def _generator(speech: AsyncIterator[SpeechPart]) -> AsyncGenerator[SpeechPart]:
    """`speech`, closed when it is left."""
    try:
        async for part in speech:
            yield part
    finally:
        if isinstance(speech, AsyncGenerator):
            await speech.aclose()


def _kind(error: Exception) -> FaultKind:
    if isinstance(error, ProviderError):
        return error.kind
    return "late" if isinstance(error, TimeoutError) else "failed"


def _why(error: Exception) -> str:
    """A ProviderError speaks to the operator; what else an error says might quote the line."""
    return str(error) if isinstance(error, ProviderError) else type(error).__name__

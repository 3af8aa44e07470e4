"""Recognition, thought and speech for one call.

Every provider of a stage is asked in its turn, as `chain` says; a voice, once heard, is kept as long as it works.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from functools import partial
from typing import TypeVar

from pydantic import BaseModel

from app.audio.sound import Sound
from app.clock import Clock
from app.dialogue.flow import ModelRequest, Plan
from app.personas.schema import Persona
from app.runtime.attempt import Link, Request
from app.runtime.chain import CallChain
from app.runtime.fixed_lines import FixedLines
from app.runtime.limits import Limits, Pace
from app.runtime.metering import JudgementMeter, ReplyMeter, SpeechMeter, TranscriptMeter
from app.runtime.reporting import Reporter
from app.runtime.slow_voice import slowly
from app.runtime.voices import VoiceChain
from app.speech.protocols import (
    Form,
    LanguageModel,
    PauseJudge,
    ReplyPart,
    SpeechPart,
    SpeechToText,
    TextToSpeech,
    Tokens,
    Transcript,
)

T = TypeVar("T")


class CallProviders:
    """One call's. Whoever leaves a stream of it early must close it (`aclosing`): that closes the provider's.

    `pauses`: who hears whether a pause is an end, if anyone does.
    """

    def __init__(
        self,
        persona: Persona,
        ears: Sequence[Link[SpeechToText]],
        minds: Sequence[Link[LanguageModel]],
        voices: Sequence[Link[TextToSpeech]],
        *,
        reporter: Reporter,
        clock: Clock,
        prepare: Callable[[], None],
        lines: FixedLines | None = None,
        pauses: PauseJudge | None = None,
    ) -> None:
        self.persona = persona
        self.pauses = pauses
        self.prepare = prepare
        self._lines = lines
        self._ears = CallChain(ears, reporter, clock)
        self._minds = CallChain(minds, reporter, clock)
        self._voices = VoiceChain(voices, reporter, clock)
        self._opinions: dict[ModelRequest, tuple[BaseModel, str]] = {}
        self._speaks, self._hears = persona, persona

    def speak_slowly(self, slow: bool) -> None:
        """From now on, at the pace of one who was asked to; or as ever."""
        if slow != (self._speaks is not self.persona):
            self._speaks = slowly(self.persona) if slow else self.persona

    def expect(self, phrases: Sequence[str]) -> None:
        """The caller may say these, beside what the persona expects: for recognisers that want to know."""
        self._hears = self.persona.model_copy(update={"expects": (*self.persona.expects, *phrases)})

    async def transcribe(self, sound: Sound) -> Transcript:
        """The words of one complete turn. Raises ProviderError."""

        def begin(part: SpeechToText) -> AsyncIterator[Transcript]:
            return _once(lambda: part.transcribe(sound, self._hears))

        def pace(limits: Limits) -> Pace:
            return _at_once(limits.transcription_s(sound.duration_ms))

        return await _only(self._ears.pieces(Request(begin, pace, lambda _: TranscriptMeter(sound))))

    async def reply(self, plan: Plan) -> AsyncGenerator[ReplyPart]:
        """The reply in parts as they come, without the count: text, then complete tool calls.

        The flow's own words where the plan asks for no model. Raises ProviderError; `broken` if some of it came.
        """
        request = plan.model
        if request is None:
            yield plan.text
            return

        def begin(part: LanguageModel) -> AsyncIterator[ReplyPart]:
            return part.reply(plan, self.persona)

        asked = Request(begin, lambda limits: limits.text, lambda part: ReplyMeter(request, part.model_name))
        async with aclosing(self._minds.pieces(asked)) as pieces:
            async for piece in pieces:
                yield piece

    async def judge(self, request: ModelRequest, form: type[Form]) -> Form:
        """The request answered as a filled-in form. Raises ProviderError."""
        filled, _ = await self._judged(request, form)
        return filled

    async def opinion(self, request: ModelRequest, form: type[Form]) -> tuple[Form, str]:
        """The same with the name of the model that answered; what was answered once on this call is not asked again.
        Raises ProviderError."""
        known, name = self._opinions.get(request, (None, ""))
        if isinstance(known, form):
            return known, name
        filled, tokens = await self._judged(request, form)
        answer = filled, tokens.model if tokens is not None else ""
        self._opinions[request] = answer
        return answer

    async def _judged(self, request: ModelRequest, form: type[Form]) -> tuple[Form, Tokens | None]:
        def begin(part: LanguageModel) -> AsyncIterator[tuple[Form, Tokens | None]]:
            return _once(lambda: part.judge(request, form))

        asked = Request(begin, lambda limits: _at_once(limits.judge_s), lambda _: JudgementMeter[Form]())
        return await _only(self._minds.pieces(asked))

    async def speak(self, text: str) -> AsyncGenerator[SpeechPart]:
        """The speech as it comes. Raises ProviderError; `broken` if some of it came.

        A fixed line that is kept in the voice of this call is given even while that voice's provider is down.
        """
        voices = self._voices.order()
        slow = self._speaks is not self.persona
        if self._lines is None or slow or not voices or self._lines.name(voices[0].part, text, self.persona) is None:
            pieces = self._spoken(text, [])
        else:
            pieces = self._kept(text, voices[0].part, self._lines)
        async with aclosing(pieces):
            async for piece in pieces:
                yield piece

    async def _kept(self, text: str, voice: TextToSpeech, lines: FixedLines) -> AsyncGenerator[SpeechPart]:
        """From disk, or spoken and then kept."""
        if (line := await lines.kept(voice, text, self.persona)) is not None:
            for part in line.parts:
                yield part
            return
        asked: list[TextToSpeech] = []
        given: list[SpeechPart] = []
        whole = False
        try:
            async with aclosing(self._spoken(text, asked)) as pieces:
                async for piece in pieces:
                    given.append(piece)
                    yield piece
            whole = True
        finally:
            if whole:
                lines.keep(asked[-1], text, self.persona, given)
            if not whole or asked[-1] is not voice:
                lines.give_up(voice, text, self.persona)

    def _spoken(self, text: str, asked: list[TextToSpeech]) -> AsyncGenerator[SpeechPart]:
        """By the first voice that can. `asked`: is filled with the voices as they are."""

        def begin(part: TextToSpeech) -> AsyncIterator[SpeechPart]:
            asked.append(part)
            return part.speak(text, self._speaks)

        def meter(part: TextToSpeech) -> SpeechMeter:
            return SpeechMeter(text, partial(part.model, self.persona))

        return self._voices.pieces(Request(begin, lambda limits: limits.sound, meter))


def _at_once(limit_s: float) -> Pace:
    return Pace(limit_s, limit_s, limit_s)


async def _once(ask: Callable[[], Awaitable[T]]) -> AsyncGenerator[T]:
    """An answer that comes whole, as a stream of one piece."""
    yield await ask()


async def _only(pieces: AsyncGenerator[T]) -> T:
    async with aclosing(pieces):
        answer = await anext(pieces)
        async for _ in pieces:
            pass
    return answer

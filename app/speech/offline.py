"""`AI_MODE=offline`: speech made and recognised on this machine, and the flow's own words; no key and no network."""

from __future__ import annotations

import asyncio
import difflib
import os
import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable, Sequence
from threading import Event

from app.audio.sound import Sound
from app.dialogue.flow import ModelRequest, Plan
from app.personas.schema import OfflineVoice, Persona
from app.speech.espeak import OWNER, EspeakError, printable, synthesize
from app.speech.lanes import Lanes, WorkerLost
from app.speech.protocols import (
    Finding,
    Form,
    Provider,
    ProviderContext,
    ProviderError,
    SpeechPart,
    Tokens,
    Transcript,
    WordEnds,
)
from app.speech.shaping import shape
from app.speech.sphinx_worker import begin, process_id, transcribe
from app.speech.spoken_words import Begun, word_ends
from app.speech.vocabulary import LANGUAGE, Vocabulary, vocabulary
from app.speech.voices import variants, voices

_WORKERS = 2
"""Recognising processes unless `OFFLINE_WORKERS` says otherwise; never more than there are cores."""

_KNOWN = 64
"""Vocabularies that are kept: one for each persona, and for each interview that is under way."""

_LIMIT_S, _LIMIT_PER_SECOND = 5.0, 1.0
"""A turn's recognition may take this long, and this much more for each second of sound; more than the
slowest ever measured (0.64 of the sound, on a busy machine)."""

_TAIL_MS, _TAIL_INSIDE_MS = 120, 40
"""Silence behind a spoken piece: a breath after a sentence, less where the sentence goes on in the next piece."""

_SENTENCE = re.compile(r"\S.*?(?:[.!?…]+[\"'”’)]*(?=\s)|$)\s*", re.DOTALL)


class OfflineSpeechToText:
    """pocketsphinx in processes of its own, each persona with its own language model. English only."""

    name = "offline"

    def __init__(self, context: ProviderContext) -> None:
        self._expected = context.expected
        self._known: OrderedDict[tuple[str, tuple[str, ...]], tuple[Persona, Vocabulary]] = OrderedDict()
        mine = tuple(self._vocabulary(p) for p in context.personas.values() if _is_english(p))
        wanted = int(context.settings.get("OFFLINE_WORKERS", _WORKERS))
        self._lanes = Lanes(max(1, min(wanted, os.cpu_count() or 1)), process_id, begin, (mine,))

    async def warm(self) -> None:
        """Start the processes; each loads the decoders of the first eight personas."""
        await self._lanes.warm()

    async def transcribe(self, sound: Sound, persona: Persona) -> Transcript:
        """The turn's words, in the persona's vocabulary; empty when it was silent or nothing like them was said.

        `confidence` is a calibrated 0..1. Raises ProviderError: another language, or the worker was lost.
        """
        if not _is_english(persona):
            raise ProviderError(f"personas/{persona.id}.yaml: language: {_not_known(persona)}; {_ANOTHER}", "unfit")
        limit_s = _LIMIT_S + _LIMIT_PER_SECOND * sound.duration_ms / 1000
        try:
            found = await self._lanes.run(limit_s, transcribe, sound, self._vocabulary(persona))
        except WorkerLost as lost:
            raise ProviderError(f"the offline recogniser's process {lost}; another takes its place") from None
        except Exception as error:
            raise ProviderError(f"the offline recogniser failed: {type(error).__name__}") from error
        return Transcript(found.text, found.confidence)

    async def check(self, personas: Sequence[Persona]) -> Sequence[Finding]:
        """Personas whose language it does not know."""
        foreign = [persona for persona in personas if not _is_english(persona)]
        return [Finding(f"personas/{p.id}.yaml: language", False, _not_known(p), _ANOTHER) for p in foreign]

    async def aclose(self) -> None:
        """End the processes."""
        await self._lanes.aclose()

    def _vocabulary(self, persona: Persona) -> Vocabulary:
        """Of a persona, or of a call's: what its callers may say is made known with `expects`."""
        name = persona.id, persona.expects
        known = self._known.pop(name, None)
        if known is None or known[0].knowledge is not persona.knowledge:
            known = persona, vocabulary(persona, self._expected.get(persona.id, ()))
        self._known[name] = known
        while len(self._known) > _KNOWN:
            self._known.popitem(last=False)
        return known[1]


class OfflineLanguageModel:
    """No model: the dialogue flows are the brain, and their words are given sentence by sentence."""

    name = "offline"
    model_name = ""

    def __init__(self, _: ProviderContext) -> None: ...

    async def warm(self) -> None:
        """Nothing to do."""

    async def reply(self, plan: Plan, persona: Persona) -> AsyncIterator[str]:
        """`plan.text` in sentences; joined, they are the text again."""
        for sentence in _SENTENCE.findall(plan.text):
            yield sentence

    async def judge(self, request: ModelRequest, form: type[Form]) -> tuple[Form, Tokens | None]:
        """There is no model that could."""
        raise ProviderError("there is no model on this machine that could judge", "unfit")

    async def check(self, personas: Sequence[Persona]) -> Sequence[Finding]:
        """Nothing can be set wrongly."""
        return ()

    async def aclose(self) -> None:
        """Nothing to do."""


class OfflineTextToSpeech:
    """espeak-ng, on its one thread."""

    name = "offline"

    def __init__(self, _: ProviderContext) -> None: ...

    async def warm(self) -> None:
        """Load the library and its data."""
        await self._synthesized("Hello.", OfflineVoice())

    def refuse(self, persona: Persona) -> str | None:
        """Whether espeak-ng has the voice and the variant; if not, what it has that is nearest."""
        voice, where = persona.voice.offline, f"personas/{persona.id}.yaml: voice.offline"
        if voice.voice.lower() not in voices():
            return f"{where}.voice: espeak-ng has no voice {voice.voice!r}; {_there_are(voice.voice, voices())}"
        if voice.variant and voice.variant not in variants():
            return (
                f"{where}.variant: espeak-ng has no variant {voice.variant!r}; {_there_are(voice.variant, variants())}"
            )
        return None

    def model(self, persona: Persona) -> str:
        """Nobody charges for it."""
        return ""

    def voice_key(self, persona: Persona) -> str:
        """Making it anew costs 2 ms a second of speech: less than a file is worth."""
        return ""

    async def speak(self, text: str, persona: Persona) -> AsyncIterator[SpeechPart]:
        """Where words end, and the whole text in one 22.05 kHz `pcm16` sound; nothing if there is nothing to say.
        Raises ProviderError."""
        begun: list[Begun] = []
        data, rate_hz = await self._synthesized(text, persona.voice.offline, begun)
        ends = text.rstrip().endswith((".", "!", "?", "…", ":"))
        shaped = shape(data, rate_hz, _TAIL_MS if ends else _TAIL_INSIDE_MS)
        if not shaped.data:
            return
        length_ms = len(data) // 2 * 1000 // rate_hz
        if found := word_ends(printable(text), begun, length_ms, shaped.heard_ms):
            yield WordEnds(tuple(found))
        yield Sound(shaped.data, rate_hz)

    async def check(self, personas: Sequence[Persona]) -> Sequence[Finding]:
        """The personas' voices; what is wrong with them also stops the start."""
        refusals = [refusal for persona in personas if (refusal := self.refuse(persona))]
        return [Finding("voice.offline", False, refusal) for refusal in refusals]

    async def aclose(self) -> None:
        """Nothing to do: the library belongs to the process."""

    async def _synthesized(self, text: str, voice: OfflineVoice, begun: list[Begun] | None = None) -> tuple[bytes, int]:
        stop = Event()
        try:
            return await asyncio.get_running_loop().run_in_executor(OWNER, synthesize, text, voice, stop, begun)
        except EspeakError as error:
            raise ProviderError(str(error)) from None
        finally:
            stop.set()


_ANOTHER = "name another STT_PROVIDER"


def _not_known(persona: Persona) -> str:
    return f"the offline recogniser knows English (en) only, not {persona.language!r}"


def _is_english(persona: Persona) -> bool:
    return persona.language.partition("-")[0] == LANGUAGE


def _there_are(wanted: str, names: Iterable[str]) -> str:
    """`try a, b or c (there are 150)`: the nearest names, or the first ones."""
    every = sorted(names)
    near = difflib.get_close_matches(wanted.lower(), every, n=6, cutoff=0.4) or every[:12]
    return f"there are {len(every)}, nearest: {', '.join(near)}"


PROVIDER = Provider("offline", OfflineSpeechToText, OfflineLanguageModel, OfflineTextToSpeech)

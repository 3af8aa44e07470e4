"""What a provider of speech or thought must be able to do, and what it is given.

A provider is one file in this package with one `PROVIDER` constant; `registry` finds it. Callers put a time limit on
every call; a provider must stop its work when it is cancelled, and must never block the event loop.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeVar

from pydantic import BaseModel

from app.audio.sound import Sound
from app.dialogue.flow import ModelRequest, Plan, ToolCall
from app.personas.schema import Persona

Form = TypeVar("Form", bound=BaseModel)

FaultKind = Literal["key", "quota", "busy", "refused", "unfit", "unreachable", "late", "failed", "broken", "rubbish"]
"""Why a provider could not do its work, as far as it matters for what to do next.

`key`: none, or refused. `quota`: used up. `busy`: too many requests (429, 503). `refused`: it will not do this (400,
404, 422: a model or voice it does not have). `unfit`: this turn is not for this provider, which is well (a language it
does not speak). `unreachable`: no connection. `late`: over a time limit. `failed`: 5xx. `broken`: it stopped in the
middle. `rubbish`: an answer that is none.
"""


class ProviderError(Exception):
    """A provider could not do its work; the message is for the operator and holds no speech and no key.

    `retry_after_s`: for so long the vendor asks to be left alone.
    """

    def __init__(self, message: str, kind: FaultKind = "failed", retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.kind: FaultKind = kind
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check of one setting found. `about`: the setting, or the key in a persona's YAML. `mend`: what to do."""

    about: str
    ok: bool
    says: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words of one complete turn; empty `text` when nothing was said. `confidence` in 0..1 where known.

    `model`: who recognised them, as the price table names it; empty if nobody charges for it.
    """

    text: str
    confidence: float | None = None
    model: str = ""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What `model` read and wrote for one reply, as its vendor counts."""

    model: str
    read: int
    written: int


@dataclass(frozen=True, slots=True)
class WordEnds:
    """Where words end in a speech: (ms from its start, characters of its text up to there), rising.

    Times are of the whole speech, not of the piece of sound they came with; each end is told once.
    """

    ends: tuple[tuple[int, int], ...]


ReplyPart = str | ToolCall | Tokens
"""Text as it comes; then, if it asked for some, complete tool calls; then the count, where the vendor gives one."""

SpeechPart = Sound | WordEnds


class Part(Protocol):
    """What all parts of a provider share. `name`: the provider's."""

    name: str

    async def warm(self) -> None:
        """Get ready, so that the next caller does not wait for a connection.

        Called at the start, when the phone rings, and while a caller speaks: cheap when there is nothing to do, and
        what fails is for the log alone.
        """

    async def check(self, personas: Sequence[Persona]) -> Sequence[Finding]:
        """One cheap real request for each thing that may be set wrongly; never raises, and is done within 10 s."""

    async def aclose(self) -> None: ...


class SpeechToText(Part, Protocol):
    """Turns what a caller said into words."""

    async def transcribe(self, sound: Sound, persona: Persona) -> Transcript:
        """`sound`: the complete turn, the line's own 8 kHz μ-law. Raises ProviderError."""


class PauseJudge(Protocol):
    """A network that hears whether someone who pauses has finished. An option: without one the house's rules decide."""

    async def warm(self) -> None:
        """Get ready. Raises ProviderError."""

    async def judge(self, sound: Sound) -> float:
        """How likely the turn is complete, 0 to 1; `sound`: all of it, up to the pause. Raises ProviderError."""

    async def check(self) -> Finding:
        """Can it judge? Never raises."""

    async def aclose(self) -> None: ...


class LanguageModel(Part, Protocol):
    """Words the replies. `model_name`: who does, as the price table names it; empty if nobody charges for it."""

    model_name: str

    def reply(self, plan: Plan, persona: Persona) -> AsyncIterator[ReplyPart]:
        """The reply in parts as they come. Raises ProviderError."""

    async def judge(self, request: ModelRequest, form: type[Form]) -> tuple[Form, Tokens | None]:
        """The request answered as a filled-in form (structured output). Raises ProviderError; `rubbish` if what came
        back does not fit the form."""


class TextToSpeech(Part, Protocol):
    """Speaks them."""

    def refuse(self, persona: Persona) -> str | None:
        """None if the persona's voice can be spoken; else one line: the key in the YAML, what is wrong, what to
        do."""

    def model(self, persona: Persona) -> str:
        """Who speaks, as the price table names it; empty if nobody charges for it."""

    def voice_key(self, persona: Persona) -> str:
        """Everything that the sound of a text depends on, in one string: the same key and text are the same speech.

        Empty if its speech is not worth keeping."""

    def speak(self, text: str, persona: Persona) -> AsyncIterator[SpeechPart]:
        """The speech in pieces as they come, one rate and encoding throughout; and where its words end, if it is
        known, before or with the sound that they end in. Raises ProviderError."""


@dataclass(frozen=True, slots=True)
class ProviderContext:
    """What a provider may know at its making.

    `settings`: its own settings by name (upper case), strings. `expected`: by persona, sentences that its callers
    may say beside what the persona itself expects (answers to its interview's questions).
    """

    personas: Mapping[str, Persona]
    settings: Mapping[str, str] = field(default_factory=dict)
    expected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider. A part it does not offer is None. `settings`: names of settings that are its own, upper case."""

    name: str
    speech_to_text: Callable[[ProviderContext], SpeechToText] | None = None
    language_model: Callable[[ProviderContext], LanguageModel] | None = None
    text_to_speech: Callable[[ProviderContext], TextToSpeech] | None = None
    settings: tuple[str, ...] = ()

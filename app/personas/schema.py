"""A persona, as written in one YAML file under `personas/`.

Every number here is the persona's own manner; defaults are the house's. Unknown keys are refused, so that a misspelt
setting is found at the start and not on a call. Spoken lines may use `{name}` for the persona's name, and names of what
is known of whom a call is for: `app.personas.variables` puts them in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from app.personas.conduct import Conduct
from app.personas.lines import Lines
from app.personas.menu import MenuKey, wrong_menu
from app.personas.part import Key, Line, Part, Phrase, Spoken
from app.personas.phrases import BACKCHANNELS, STOP_WORDS
from app.personas.questions import Level
from app.personas.ringing_lines import LINES
from app.personas.stage import STAGES, Stages
from app.personas.transfer import Transfer

INTERVIEW = "interview"
"""The flow that needs an `interview` section."""

SOONEST_FILLER_MS = 500
KNOWN_VARIABLES = ("candidate_name", "role", "topic")
VARIABLE = r"^[A-Za-z_][A-Za-z0-9_]{0,39}$"


class Metadata(Part):
    """Where the persona came from; `source_template_id` ties it to the template it was made from."""

    source_template_id: Phrase
    version: int = Field(default=1, ge=1)


class OfflineVoice(Part):
    """A voice of espeak-ng: its name (`en-us`, `en-gb`, `de` …), a variant (`f2`, `m3` …), and how it speaks."""

    voice: Phrase = "en-us"
    variant: str = Field(default="", pattern=r"^([A-Za-z0-9]+)?$")
    words_per_minute: int = Field(default=165, ge=80, le=350)
    pitch: int = Field(default=50, ge=0, le=99)


class ElevenLabsVoice(Part):
    """A voice of ElevenLabs and the model that speaks it.

    Without a `voice_id` it is the operator's `ELEVENLABS_VOICE_ID`. What is left out of the manner (`stability` to
    `speed`) stays as the voice's owner has stored it at the vendor. The ranges are the vendor's. `timestamps`: ask when
    each word is spoken, so that the transcript of an interrupted sentence is exact.
    """

    voice_id: str | None = Field(default=None, pattern=r"^[A-Za-z0-9]{1,64}$")
    model_id: str = Field(default="eleven_flash_v2_5", pattern=r"^[a-z0-9_.-]{1,64}$")
    stability: float | None = Field(default=None, ge=0, le=1)
    similarity_boost: float | None = Field(default=None, ge=0, le=1)
    style: float | None = Field(default=None, ge=0, le=1)
    use_speaker_boost: bool | None = None
    speed: float | None = Field(default=None, ge=0.7, le=1.2)
    timestamps: bool = True


class SarvamVoice(Part):
    """A speaker of Sarvam and the model that speaks it; what is left out is the operator's, or the vendor's.

    Without a `language_code` it is the persona's language, as spoken in India. The ranges are the vendor's.
    """

    speaker: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_]{1,64}$")
    model: str | None = Field(default=None, pattern=r"^[a-z0-9_.:-]{1,64}$")
    language_code: str | None = Field(default=None, pattern=r"^[a-z]{2}-IN$")
    pace: float | None = Field(default=None, ge=0.5, le=2)
    temperature: float | None = Field(default=None, ge=0.01, le=1)


class Voice(Part):
    """One section for each provider of speech; each reads its own."""

    offline: OfflineVoice = OfflineVoice()
    elevenlabs: ElevenLabsVoice | None = None
    sarvam: SarvamVoice | None = None


class Patience(Part):
    """How long the persona waits. `silence_ms` ends a turn of which nothing better is known, and no turn waits for more
    than `longest_silence_ms`; shorter sounds than `minimum_utterance_ms` are noise. `think_ahead`: an answer is
    prepared in pauses, before it is certain that the caller has finished.

    `filler_after_ms` after a question the caller is told that an answer is on its way, if none has come; 0: never.
    """

    silence_ms: int = Field(default=600, ge=200, le=4000)
    longest_silence_ms: int = Field(default=2500, ge=200, le=8000)
    think_ahead: bool = True
    minimum_utterance_ms: int = Field(default=300, ge=60, le=2000)
    maximum_utterance_s: float = Field(default=60.0, ge=5, le=300)
    reprompt_after_s: float = Field(default=8.0, ge=2, le=120)
    maximum_reprompts: int = Field(default=2, ge=0, le=10)
    filler_after_ms: int = Field(default=1500, ge=0, le=10_000)
    unsure_below: float = Field(default=0.5, ge=0, le=1)
    """Words of which the recogniser is less confident than this may be others: they interrupt nobody, an assistant
    asks again, an interview takes them as an answer whose words are unverified. (0.5: measured, docs/offline-
    speech.md.)"""

    @field_validator("filler_after_ms")
    @classmethod
    def _never_or_later(cls, filler_after_ms: int) -> int:
        if 0 < filler_after_ms < SOONEST_FILLER_MS:
            text = f"must be 0 for never, or at least {SOONEST_FILLER_MS}: most answers are there by then"
            raise PydanticCustomError("persona", text)
        return filler_after_ms

    def is_unsure(self, confidence: float | None) -> bool:
        """Is this too little confidence? None, from a recogniser that gives none, is enough."""
        return confidence is not None and confidence < self.unsure_below


class Yielding(Part):
    """What it takes to interrupt. `sure_after_ms` of a voice of which the detectors are sure silence the agent, or
    `pause_after_ms` of one that is doubtful; `minimum_words`, or `accept_after_ms` of voice, take the floor.

    A word has some 400 ms, gaps included, and 300 of voice are hardly ever in it: later the agent would go on over it.
    """

    sure_after_ms: int = Field(default=80, ge=60, le=300)
    pause_after_ms: int = Field(default=160, ge=60, le=300)
    accept_after_ms: int = Field(default=1200, ge=200, le=10000)
    minimum_words: int = Field(default=1, ge=1, le=10)


class BargeIn(Yielding):
    """How the persona takes an interruption: see `Yielding`, and the words that always or never are one.

    `while_asking`: what it takes in a sentence that asks. `protected`: a sentence with one of these phrases in it (of
    consent, of law) is said to its end. After `pauses_at_most` false alarms in one reply only words interrupt it.
    `stop_words` and `backchannels` that are left out are the house's, in the persona's language.
    """

    enabled: bool = True
    greeting_interruptible: bool = False
    while_asking: Yielding | None = None
    protected: tuple[Spoken, ...] = ()
    pauses_at_most: int = Field(default=2, ge=0, le=20)
    stop_words: tuple[Spoken, ...] = STOP_WORDS["en"]
    backchannels: tuple[Spoken, ...] = BACKCHANNELS["en"]


class Limits(Part):
    """What a call may not go beyond, however well it is going."""

    maximum_call_s: float = Field(default=1800.0, ge=10, le=14_400)


class Knowledge(Part):
    """Something the persona knows: ways of asking for it, and the answer as spoken.

    Entries of one `topic` answer each other's follow-ups: after Saturday's hours, "and on Sunday?" is about hours.
    """

    id: Phrase
    topic: Phrase | None = None
    ask: tuple[Spoken, ...] = Field(min_length=1)
    answer: Line
    written: Line | None = None
    """The answer where nothing is spoken or recorded, in an interview by text; the spoken one if left out."""


class Interview(Part):
    """What an interviewing persona asks: a topic of the question bank, how many questions, and in which lines."""

    topic: Phrase = "general"
    counts: dict[Level, Annotated[int, Field(ge=0, le=20)]] = Field(
        default={Level.BASIC: 4, Level.MODERATE: 3, Level.ADVANCED: 3}
    )
    """How many questions of each level."""
    conduct: Conduct = Conduct()
    resume_within_min: int = Field(default=24 * 60, ge=0, le=60 * 24 * 30)
    """For so long after a call broke off the next call from or to the number takes the interview up again; 0: never."""


class Persona(Part):
    """The whole of a persona. `id` is the file's name without its ending."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")
    name: Phrase
    language: str = Field(default="en", pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")
    flow: str = Field(pattern=r"^[a-z][a-z_]*$")
    metadata: Metadata
    greeting: Line
    voice: Voice = Voice()
    patience: Patience = Patience()
    barge_in: BargeIn = BargeIn()
    limits: Limits = Limits()
    lines: Lines = Lines()
    instructions: str = Field(default="", max_length=8000)
    knowledge: tuple[Knowledge, ...] = ()
    expects: tuple[Spoken, ...] = ()
    """Phrases that callers are expected to say: the offline recogniser's vocabulary, beside the knowledge's own."""
    variables: tuple[Annotated[str, Field(pattern=VARIABLE)], ...] = ()
    """What its lines may name of a call that was arranged, beside `KNOWN_VARIABLES`."""
    keys: dict[Key, Phrase] = Field(default={})
    """What a key on the telephone stands for: a phrase, as if the caller had said it, or `repeat` or `goodbye`."""
    keypad: dict[Key, MenuKey] = Field(default={})
    """What a key does by itself; not for an interview, whose keys are in its conduct."""
    transfer: Transfer | None = None
    """The person who takes calls over. Key 0 asks for them unless it is given something else to do."""
    interview: Interview | None = None
    stages: Stages = ()

    @model_validator(mode="before")
    @classmethod
    def _in_its_language(cls, given: object) -> object:
        """The words that interrupt, those that do not, and what is said on calls that we place, are the house's of that
        language if there are any."""
        if not isinstance(given, dict):
            return given
        manners, lines = given.get("barge_in", {}), given.get("lines", {})
        if not isinstance(manners, dict) or not isinstance(lines, dict):
            return given
        language = str(given.get("language", "en"))[:2]
        of_language = {"stop_words": STOP_WORDS, "backchannels": BACKCHANNELS}
        theirs = {name: phrases[language] for name, phrases in of_language.items() if language in phrases}
        return {**given, "barge_in": {**theirs, **manners}, "lines": {**LINES.get(language, {}), **lines}}

    @field_validator("knowledge")
    @classmethod
    def _one_of_each(cls, knowledge: tuple[Knowledge, ...]) -> tuple[Knowledge, ...]:
        """No id twice, and no wording that would ask for two things at once."""
        doubled = [id_ for id_, count in Counter(entry.id for entry in knowledge).items() if count > 1]
        if doubled:
            raise PydanticCustomError("persona", f"two entries have the id {doubled[0]!r}; give one another id")
        owner: dict[str, str] = {}
        for entry in knowledge:
            for ask in entry.ask:
                if owner.setdefault(ask, entry.id) != entry.id:
                    text = f"{ask!r} asks for both {owner[ask]!r} and {entry.id!r}; take it out of one"
                    raise PydanticCustomError("persona", text)
        return knowledge

    @property
    def said_to_the_end(self) -> tuple[str, ...]:
        """Lines that nobody may cut short, because the law or fairness wants them heard."""
        conduct = self.interview.conduct if self.interview is not None else None
        lines = (conduct.disclosure, conduct.resumed) if conduct is not None else ()
        return tuple(re.sub(r"[\[\]]|,?\s*\{[^}]*\}", "", line) for line in lines)

    @property
    def menu(self) -> Mapping[str, MenuKey]:
        """What keys do by themselves: the keypad's, and 0 for a person if there is one and the key is free."""
        free = self.transfer is not None and self.flow != INTERVIEW and "0" not in self.keys
        return {"0": "transfer", **self.keypad} if free else self.keypad

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.flow == INTERVIEW and self.interview is None:
            text = "is missing, and the flow is interview; add the section with its topic"
            raise PydanticCustomError("persona", text, {"key": "interview"})
        interview = self.flow == INTERVIEW
        if wrong := wrong_menu(self.keypad, self.keys, interview=interview, person=self.transfer is not None):
            raise PydanticCustomError("persona", wrong, {"key": "keypad"})
        if self.flow == STAGES and not self.stages:
            text = "is missing, and the flow is stages; add the section with a list of stages"
            raise PydanticCustomError("persona", text, {"key": "stages"})
        return self

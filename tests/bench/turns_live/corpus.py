"""The calls: who rings over which line, what sounds over the agent, and what they answer, with pauses in it.

A call is a list of exchanges. In each the agent says something long, over which something may sound (`Over`), and then
the caller says something (`Turn`). Every call has a line of its own: a room, perhaps an echo, and a recogniser's style.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tests.bench.turns.sounds import SPEECH_RMS
from tests.bench.turns_live import people
from tests.bench.turns_live.people import Clip

OverKind = Literal["interruption", "double talk", "backchannel", "cough", "noise", "echo"]
Style = Literal["written", "full stops", "bare"]
"""How a recogniser writes: as it was meant; a full stop behind anything and no comma; small letters alone."""


@dataclass(frozen=True, slots=True)
class Over:
    """Sounds `after_s` seconds after the agent began to."""

    kind: OverKind
    name: str
    clip: Clip
    after_s: float


@dataclass(frozen=True, slots=True)
class Turn:
    """What the caller says, part by part, with these pauses between them. `pauses`: there is one, or more, in it."""

    name: str
    clips: tuple[Clip, ...]
    pauses_s: tuple[float, ...] = ()

    @property
    def pauses(self) -> bool:
        return bool(self.pauses_s) or PAUSES_HIMSELF in self.name


@dataclass(frozen=True, slots=True)
class Line:
    """`room_db`: the room under the caller's voice. `echo_db`, `echo_s`: the agent's own sound on its way back."""

    style: Style
    room_db: float
    echo_db: float | None = None
    echo_s: float = 0.0
    reverberant: bool = False

    @property
    def reflections(self) -> tuple[tuple[float, float], ...]:
        """By which ways the echo comes: (seconds later than the first, share)."""
        return (
            ((0.0, 1.0), (0.037, 0.6), (0.081, 0.45), (0.149, 0.3), (0.27, 0.15)) if self.reverberant else ((0.0, 1.0),)
        )

    @property
    def room_rms(self) -> float:
        return SPEECH_RMS * 10 ** (-self.room_db / 20)


@dataclass(frozen=True, slots=True)
class Plan:
    """One call."""

    number: int
    who: int
    line: Line
    exchanges: tuple[tuple[Over, Turn], ...]


PAUSES_S = (0.3, 0.45, 0.6, 0.75, 0.9, 1.05, 1.2)

SPLIT = (
    ("I was in charge of the night shift,", "and I trained everybody who was new to it."),
    ("We lost a big customer that spring,", "so we changed the way in which we answer complaints."),
    ("When two people disagree,", "I ask each of them to explain the other one's view."),
    ("My last project was a small library", "that reads the meters in a water plant."),
    ("Usually I write a list", "of everything that could possibly go wrong."),
    ("I think the most important thing is", "to be honest about what you do not know."),
    ("The team was quite young, but", "they learned very quickly."),
    ("I had to choose between", "a cheap solution and a safe one."),
    ("It took us about um", "four months to get it right."),
    ("I studied chemistry in Leeds,", "then I moved to Cardiff for work."),
    ("The reference is eight one four,", "seven seven zero, three six."),
    ("What I would like to know is", "whether you are open over the holidays."),
    ("Because the machines were old,", "we could not replace them all at once."),
    ("I would first of all speak with", "the person who reported it."),
)
THRICE = (
    ("Well, I would begin with the customer,", "find out what they are missing,", "and only then talk about money."),
    ("I worked in a hospital,", "in the laboratory there,", "for about six years."),
)
WHOLE = (
    "I would ask my manager for advice.",
    "It was a very good experience.",
    "I have done that for eleven years.",
    "Could you tell me how long this takes?",
    "Mostly I enjoy working with other people.",
    "We finished it two weeks before the deadline.",
    "No, I have never done that.",
    "I like it when things are well organised.",
    "About thirty people work there.",
    "I would explain it with a drawing.",
)
READ = (
    ("librivox-0880", "librivox-0890"),
    ("librivox-0920", "librivox-0930"),
    ("read-spk1-snt3", "read-spk1-snt5"),
    ("read-spk2-snt4", "read-spk2-snt2"),
    ("cards-005", "cards-003"),
)
PAUSES_HIMSELF = "jfk"
"""A recording of whoever stops for up to a second before he goes on."""
READ_WHOLE = ("jfk-1961", "read-spk1-snt1", "read-spk1-snt4", "go-forward")
"""Recordings."""
INTERRUPTIONS = (
    "Wait, wait.",
    "Hold on a second, I meant something else.",
    "Sorry, can I say something?",
    "Excuse me, what was that?",
    "Stop.",
    "That is not right.",
    "I did not understand the last part.",
    "Could you speak a little slower?",
    "Hang on, I have to get a pen.",
    "Before you go on, how much is it?",
    "Actually, my name is Daniel.",
    "Wait, which year do you mean?",
)
BACKCHANNELS = (
    "Mm-hmm.", "Yeah.", "Right.", "Okay.", "Uh-huh.", "Yeah, yeah.", "Sure.", "I see.", "Right, okay.", "Got it.",
)  # fmt: skip
ECHOES = ((-10.0, 0.10), (-14.0, 0.25), (-18.0, 0.40), (-25.0, 0.15))


def calls(count: int, exchanges: int, without: str = "") -> list[Plan]:
    """So many calls of so many exchanges; the first are of every kind already, every fifth has an echo. `without`: an
    interruption that is not to be."""
    overs = itertools.cycle(over for over in _mixed() if not without or over.clip.words != without)
    over_echoes = itertools.cycle(over for over in _over_echo() if not without or over.clip.words != without)
    turns = itertools.cycle(_turns())
    styles: tuple[Style, ...] = ("written", "full stops", "bare")
    plans = []
    for number in range(count):
        echo_db, echo_s = ECHOES[number // 5 % len(ECHOES)] if number % 5 == 3 else (None, 0.0)
        line = Line(styles[number % 3], (38.0, 26.0, 18.0)[number // 2 % 3], echo_db, echo_s)
        source = overs if echo_db is None else over_echoes
        plans.append(Plan(number, number, line, tuple((next(source), next(turns)) for _ in range(exchanges))))
    return plans


def _mixed() -> list[Over]:
    """Interruptions a third, backchannels a quarter, the rest noises and coughs; dealt in turn."""
    kinds: tuple[Iterator[Over], ...] = (_interruptions(), _backchannels(), _noises(), _coughs())
    pattern = (0, 1, 2, 0, 3, 1, 2, 0)
    return [next(kinds[pattern[place % len(pattern)]]) for place in range(256)]


def _over_echo() -> list[Over]:
    talk = _interruptions("double talk")
    nothing = Over("echo", "nothing but the echo", people.Clip("", np.zeros(8000)), 1.0)
    return [nothing if place % 3 == 0 else next(talk) for place in range(48)]


def _after_s(place: int) -> float:
    return 0.9 + 0.35 * (place * 5 % 7)


def _interruptions(kind: OverKind = "interruption") -> Iterator[Over]:
    for place in itertools.count():
        text, who = INTERRUPTIONS[place % len(INTERRUPTIONS)], place * 5 + place // 12
        clip = people.says(text, who)
        softly = kind == "interruption" and place % 4 == 3
        clip = people.Clip(clip.words, clip.sound * (0.35 if softly else 1.0))
        yield Over(kind, f"“{text}”{' softly' if softly else ''} by {who % 6}", clip, _after_s(place))


def _backchannels() -> Iterator[Over]:
    for place in itertools.count():
        text, who = BACKCHANNELS[place % len(BACKCHANNELS)], place * 5 + place // 10
        yield Over("backchannel", f"“{text}” by {who % 6}", people.says(text, who), _after_s(place + 2))


def _noises() -> Iterator[Over]:
    for seed in itertools.count():
        share = (1.0, 0.5, 0.25)[seed // 4 % 3]
        name, clip = (
            ("a knock", people.knocks(seed)),
            ("crackle", people.bursts(seed)),
            ("a tune", people.plays(seed)),
            ("a lorry", people.traffic(seed) or people.knocks(seed)),
        )[seed % 4]
        yield Over("noise", f"{name} at {share:g}", people.Clip("", clip.sound * share), _after_s(seed + 4))


def _coughs() -> Iterator[Over]:
    for seed in itertools.count():
        share = (1.0, 0.45)[seed // 3 % 2]
        clip = people.sniffs(seed) if seed % 4 == 3 else people.coughs(seed)
        name = "a sniff" if seed % 4 == 3 else "a cough"
        yield Over("cough", f"{name} at {share:g}", people.Clip("", clip.sound * share), _after_s(seed + 1))


def _turns() -> list[Turn]:
    """Pauses and whole answers in turn, by every voice."""
    found: list[Turn] = []
    read, read_whole = list(_read()), list(_read_whole())
    for place in range(140):
        who, pause_s = place + place // 14, PAUSES_S[place * 3 % 7]
        if place % 10 == 9 and read:
            found.append(read[place // 10 % len(read)])
        elif place % 10 == 4 and read_whole:
            found.append(read_whole[place // 10 % len(read_whole)])
        elif place % 10 == 7:
            parts = THRICE[place // 10 % 2]
            clips = tuple(people.says(part, who) for part in parts)
            found.append(Turn("three parts", clips, (pause_s, PAUSES_S[place % 7])))
        elif place % 3 == 2:
            found.append(Turn("whole", (people.says(WHOLE[place // 3 % len(WHOLE)], who),)))
        else:
            before, after = SPLIT[place % len(SPLIT)]
            found.append(Turn(f"pause of {pause_s} s", (people.says(before, who), people.says(after, who)), (pause_s,)))
    return found


def _read() -> Iterator[Turn]:
    for place, pair in enumerate(READ):
        clips = [clip for clip in (people.recorded(part) for part in pair) if clip]
        if len(clips) == len(pair):
            pause_s = PAUSES_S[place * 2 % 7]
            yield Turn(f"recorded, pause of {pause_s} s", tuple(clips), (pause_s,))


def _read_whole() -> Iterator[Turn]:
    for name in READ_WHOLE:
        if clip := people.recorded(name):
            yield Turn(f"recorded: {name}", (clip,))

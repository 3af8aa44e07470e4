"""Offline speech, measured: `python -m tests.bench.offline_speech`; docs/offline-speech.md holds its numbers.

The people of `../shared/speech` and its noises are left out, and said to be, where the folder is missing.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Iterable

import numpy as np

from app.audio.sound import Sound
from app.personas.schema import Metadata, Persona
from app.speech.offline import OfflineSpeechToText, OfflineTextToSpeech
from app.speech.protocols import ProviderContext
from app.speech.shaping import FULL_SCALE, active_level_db, step_levels
from app.speech.vocabulary import vocabulary, words
from tests.speech.callers import (
    PERSONAS,
    RECORDINGS,
    UNRELATED,
    VOICES,
    noises,
    recorded,
    spoken,
    transcripts,
    understood,
    word_errors,
)

LINES = (
    "Good morning, this is the corner café. How can I help you today?",
    "We open at eight in the morning and close at six in the evening, every day but Sunday.",
    "Yes.",
)
ANY_CALL = ("yes", "no thanks", "what did you say", "thank you very much", "one moment", "goodbye")
SUITS, RANKS = ("clubs", "spades", "hearts", "diamonds"), "ace two three four five six seven eight nine ten queen king"
CARDS = Persona(
    id="cards",
    name="Dealer",
    flow="assistant",
    metadata=Metadata(source_template_id="bench"),
    greeting="Hello.",
    expects=(*(f"{rank} of {suit}" for rank in RANKS.split() for suit in SUITS), "go forward ten meters", "turn left"),
)

Turn = tuple[Persona, Sound, str]


def show(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def own_phrases(persona: Persona, count: int = 12) -> list[str]:
    """Phrases of the persona's own, spread over its whole list, and some of any call.

    From the middle of each stretch: the first of each served to choose the recogniser's numbers.
    """
    every = [*(ask for entry in persona.knowledge for ask in entry.ask), *persona.expects]
    return [
        words(phrase) for phrase in (*every[len(every) // count // 2 :: max(1, len(every) // count)][:count], *ANY_CALL)
    ]


def in_domain(snr_db: float | None) -> list[Turn]:
    return [
        (persona, spoken(phrase, voice, snr_db), phrase)
        for persona in PERSONAS.values()
        for number, phrase in enumerate(own_phrases(persona))
        for voice in (VOICES[number % 6], VOICES[(number + 3) % 6])
    ]


def people(of_cards: bool) -> list[Turn]:
    """Recorded people: card players for a persona that expects them, or everyone else for the café."""
    if not RECORDINGS.exists():
        return []
    found = [(f, said) for f, said in transcripts().items() if f.startswith(("cards", "go")) is of_cards]
    return [(CARDS if of_cards else PERSONAS["receptionist"], recorded(f"speech/{f}"), said) for f, said in found]


async def recognise(name: str, turns: Iterable[Turn], recogniser: OfflineSpeechToText) -> None:
    """One line: how many turns were taken as understood, and of their words how many were wrong."""
    turns = list(turns)
    if not turns:
        show(f"{name:<42} left out: ../shared/speech is missing")
        return
    begun = time.perf_counter()
    found = await asyncio.gather(*(recogniser.transcribe(sound, persona) for persona, sound, _ in turns))
    took_s = time.perf_counter() - begun
    texts = [(said, understood(heard)) for (_, _, said), heard in zip(turns, found, strict=True)]
    wrong = sum(word_errors(said, text) for said, text in texts if said and text)
    count = sum(len(said.split()) for said, text in texts if said and text)
    spoken_s = sum(sound.duration_ms for _, sound, _ in turns) / 1000
    share = f"{wrong / count:.1%}" if count else "-"
    accepted = sum(bool(text) for _, text in texts) / len(texts)
    show(f"{name:<42} {len(turns):>5} {accepted:>9.0%} {share:>12} {took_s / spoken_s:>10.3f}")


async def synthesis() -> None:
    """Cost, first sound, where speech begins, and levels over the voices."""
    speech = OfflineTextToSpeech(ProviderContext(PERSONAS))
    await speech.warm()
    cost, first_ms, lead_ms, levels, peaks = [], [], [], [], []
    for variant in VOICES:
        persona = PERSONAS["assistant"]
        voice = persona.voice.offline.model_copy(update={"voice": variant[0], "variant": variant[1]})
        persona = persona.model_copy(update={"voice": persona.voice.model_copy(update={"offline": voice})})
        for line in LINES:
            begun = time.perf_counter()
            sounds = [part async for part in speech.speak(line, persona) if isinstance(part, Sound)]
            first_ms.append((time.perf_counter() - begun) * 1000)
            cost.append(first_ms[-1] / (sounds[0].duration_ms / 1000))
            samples = np.frombuffer(sounds[0].data, dtype="<i2").astype(np.float64)
            steps = step_levels(samples, sounds[0].rate_hz)
            lead_ms.append(float(np.flatnonzero(steps > 150)[0]) * 10)
            levels.append(active_level_db(steps))
            peaks.append(20 * np.log10(np.abs(samples).max() / FULL_SCALE))
    show(f"synthesis, ms per second of speech         {np.mean(cost):.2f} (worst {max(cost):.2f})")
    show(f"time to first sound, ms                    {np.median(first_ms):.1f} (worst {max(first_ms):.1f})")
    show(f"speech begins within, ms                   {max(lead_ms):.0f}")
    show(f"level, dBFS                                {min(levels):.1f} to {max(levels):.1f}, peak {max(peaks):.1f}")


async def lag_ms(recogniser: OfflineSpeechToText) -> float:
    """How late the event loop wakes, at worst, while turns are recognised."""
    worst, persona = 0.0, PERSONAS["receptionist"]
    turns = [spoken(UNRELATED[0]), spoken(UNRELATED[1])] * 2
    working = asyncio.gather(*(recogniser.transcribe(turn, persona) for turn in turns))
    while not working.done():
        asleep = time.perf_counter()
        await asyncio.sleep(0.002)
        worst = max(worst, time.perf_counter() - asleep - 0.002)
    await working
    return worst * 1000


async def main() -> None:
    show(f"python {sys.version.split()[0]}, {os.cpu_count()} cores")
    await synthesis()
    recogniser = OfflineSpeechToText(ProviderContext({**PERSONAS, "cards": CARDS}))
    begun = time.perf_counter()
    await recogniser.warm()
    show(f"warm start of the recogniser, s            {time.perf_counter() - begun:.2f}")
    sizes = ", ".join(f"{persona.id} {len(vocabulary(persona).words)}" for persona in PERSONAS.values())
    show(f"words known                                {sizes}")
    begun = time.perf_counter()
    alone = spoken("what are your opening hours")
    await recogniser.transcribe(alone, PERSONAS["receptionist"])
    took_ms = (time.perf_counter() - begun) * 1000
    show(f"a turn of {alone.duration_ms / 1000:.1f} s alone, ms                   {took_ms:.0f}")
    show(f"event loop late at worst, ms               {await lag_ms(recogniser):.1f}")
    show(f"\n{'':<42} turns  accepted  words wrong  real time")
    await recognise("expected, synthetic voices, clean", in_domain(None), recogniser)
    await recognise("expected, synthetic voices, 20 dB SNR", in_domain(20.0), recogniser)
    await recognise("expected, recorded people (cards)", people(of_cards=True), recogniser)
    cafe = PERSONAS["receptionist"]
    others = [(p, spoken(text, voice), "") for text in UNRELATED for voice in VOICES for p in PERSONAS.values()]
    await recognise("unrelated, synthetic voices", others, recogniser)
    await recognise("unrelated, recorded people", [(p, s, "") for p, s, _ in people(of_cards=False)], recogniser)
    await recognise("noise", [(cafe, noise, "") for noise in noises()], recogniser)
    await recogniser.aclose()


if __name__ == "__main__":
    asyncio.run(main())

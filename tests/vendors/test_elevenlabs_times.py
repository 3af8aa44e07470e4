"""When words end, as a local ElevenLabs tells through the real SDK: exact where it can be believed, else not told."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from itertools import pairwise
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from app.audio.sound import Sound
from app.speech.elevenlabs import ElevenLabsTextToSpeech
from app.speech.elevenlabs_lines import LONGEST_LINE_BYTES, TimedLines
from app.speech.elevenlabs_words import SpokenWords
from app.speech.protocols import ProviderError, SpeechPart, WordEnds
from tests.vendors.elevenlabs_speech import SPEECH, context, heard, parts, persona
from tests.vendors.elevenlabs_stand_in import Answer, StandIn, line, stand_in, timed, times

TEXT = "Well, see you at 9!"
ENDS = ((200, 5), (450, 9), (650, 13), (800, 16), (900, 19))
"""A twentieth of a second for each character; a word has been heard with its last letter."""


@pytest_asyncio.fixture
async def vendor(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StandIn]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with stand_in() as running:
        yield running


@pytest_asyncio.fixture
async def voice(vendor: StandIn) -> AsyncIterator[ElevenLabsTextToSpeech]:
    async with aclosing(ElevenLabsTextToSpeech(context(vendor.url))) as made:
        yield made


def ends(told: list[SpeechPart]) -> tuple[tuple[int, int], ...]:
    return tuple(end for part in told if isinstance(part, WordEnds) for end in part.ends)


async def test_the_ends_of_words_come_before_the_sound_they_are_in(
    vendor: StandIn, voice: ElevenLabsTextToSpeech
) -> None:
    vendor.answer = timed(line(SPEECH[:3200], times(TEXT[:8])), line(SPEECH[3200:7600], times(TEXT[8:], 0.4)))
    assert await parts(voice, text=TEXT) == [
        WordEnds(ENDS[:1]),
        Sound(SPEECH[:3200], 8000, "mulaw"),
        WordEnds(ENDS[1:]),
        Sound(SPEECH[3200:7600], 8000, "mulaw"),
    ]


@pytest.mark.parametrize("begin_s", [0.4, 0.0], ids=["from the speech's start", "from the stretch's"])
async def test_times_may_count_from_either_start(
    vendor: StandIn, voice: ElevenLabsTextToSpeech, begin_s: float
) -> None:
    third = times(TEXT[16:], 0.8 if begin_s else 0.0)
    vendor.answer = timed(
        line(SPEECH[:3200], times(TEXT[:8])),
        line(SPEECH[3200:6400], times(TEXT[8:16], begin_s)),
        line(SPEECH[6400:7600], third),
    )
    assert ends(await parts(voice, text=TEXT)) == ENDS


async def test_times_that_all_come_with_the_first_sound_are_taken_at_once(
    vendor: StandIn, voice: ElevenLabsTextToSpeech
) -> None:
    vendor.answer = timed(
        line(SPEECH[:800], times(TEXT)), *(line(SPEECH[at : at + 800]) for at in range(800, len(SPEECH), 800))
    )
    told = await parts(voice, text=TEXT)
    assert told[0] == WordEnds(ENDS)
    assert sum(part.samples for part in told if isinstance(part, Sound)) == len(SPEECH)


async def test_blanks_and_lines_however_they_come_change_nothing(
    vendor: StandIn, voice: ElevenLabsTextToSpeech
) -> None:
    whole = b"\n\r\n" + line(SPEECH[:3200], times(TEXT[:8])) + b"\n" + line(SPEECH[3200:], times(TEXT[8:], 0.4))
    for step in (1, 3, 1000, len(whole)):
        vendor.answer = timed(*(whole[at : at + step] for at in range(0, len(whole), step)))
        told = await parts(voice, text=f"  {TEXT}\n")
        assert b"".join(part.data for part in told if isinstance(part, Sound)) == SPEECH
        assert ends(told) == tuple((ms, place + 2) for ms, place in ENDS)
    vendor.answer = timed(b"data: " + whole.strip().replace(b"\n\n", b"\n\ndata: "))
    assert ends(await parts(voice, text=TEXT)) == ENDS


async def test_signs_that_end_lines_elsewhere_do_not_end_them_here(
    vendor: StandIn, voice: ElevenLabsTextToSpeech
) -> None:
    text = "Yes\u2028sir."
    told = {"audio_base64": "", "alignment": times(text)}
    vendor.answer = timed(json.dumps(told, ensure_ascii=False).encode() + b"\n", line(SPEECH))
    assert ends(await parts(voice, text=text)) == ((150, 3), (350, 8))


async def test_other_scripts_and_signs_are_counted_as_python_counts_them(
    vendor: StandIn, voice: ElevenLabsTextToSpeech
) -> None:
    text = "नमस्ते जी। 👍 café"
    vendor.answer = timed(line(SPEECH, times(text)))
    assert [text[:place] for _, place in ends(await parts(voice, text=text))] == [
        "नमस्ते",
        "नमस्ते जी।",
        "नमस्ते जी। 👍",
        "नमस्ते जी। 👍 café",
    ]


async def test_what_the_vendor_spells_out_is_not_our_text(vendor: StandIn, voice: ElevenLabsTextToSpeech) -> None:
    spelt = times("Well, see you at nine!")
    vendor.answer = timed(line(SPEECH, times(TEXT), normalized_alignment=spelt))
    assert ends(await parts(voice, text=TEXT)) == ENDS
    vendor.answer = timed(line(SPEECH, spelt))
    assert [type(part) for part in await parts(voice, text=TEXT)] == [Sound]


GOOD = times(TEXT)
ODD: list[Any] = [
    None,
    7,
    [],
    {},
    "times",
    GOOD | {"characters": None},
    GOOD | {"characters": [*TEXT[:-1], 5]},
    GOOD | {"characters": TEXT},
    GOOD | {"characters": list(TEXT.upper())},
    GOOD | {"characters": [*TEXT, "!"]},
    GOOD | {"character_end_times_seconds": GOOD["character_end_times_seconds"][:-1]},
    GOOD | {"character_start_times_seconds": [0.0]},
    GOOD | {"character_end_times_seconds": [math.nan] * len(TEXT)},
    GOOD | {"character_end_times_seconds": [math.inf] * len(TEXT)},
    GOOD | {"character_end_times_seconds": [10**400] * len(TEXT)},
    GOOD | {"character_start_times_seconds": [-1.0, *GOOD["character_start_times_seconds"][1:]]},
    GOOD | {"character_end_times_seconds": ["0.1"] * len(TEXT)},
    GOOD | {"character_end_times_seconds": [True] * len(TEXT)},
    GOOD | {"character_end_times_seconds": GOOD["character_end_times_seconds"][::-1]},
    times("another text"),
    times(TEXT + " and more"),
]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
async def test_times_that_cannot_be_are_not_told_and_the_sound_is_heard(
    vendor: StandIn, voice: ElevenLabsTextToSpeech, odd: Any
) -> None:
    vendor.answer = timed(line(SPEECH[:4000], odd), line(SPEECH[4000:], odd))
    told = await parts(voice, text=TEXT)
    assert b"".join(part.data for part in told if isinstance(part, Sound)) == SPEECH
    assert ends(told) == ()


async def test_what_was_right_stays_told_when_the_rest_is_odd(vendor: StandIn, voice: ElevenLabsTextToSpeech) -> None:
    vendor.answer = timed(
        line(SPEECH[:3200], times(TEXT[:8])), line(SPEECH[3200:6400], times("nonsense", 0.4)), line(SPEECH[6400:])
    )
    told = await parts(voice, text=TEXT)
    assert ends(told) == ENDS[:1]
    assert sum(part.samples for part in told if isinstance(part, Sound)) == len(SPEECH)


BAD_LINES = {
    "no json": b"sound?\n",
    "no object": b"[1]\n",
    "no field of ours": b'{"ok": true}\n',
    "no base64": b'{"audio_base64": "!!"}\n',
    "half of base64": b'{"audio_base64": "abc"}\n',
    "sound as a number": b'{"audio_base64": 7}\n',
    "very deep": b"[" * 100_000 + b"\n",
    "no utf-8": b"\xff\xfe\x00\n",
    "without end": b"x" * (LONGEST_LINE_BYTES + 1),
}


@pytest.mark.parametrize("bad", BAD_LINES.values(), ids=BAD_LINES)
async def test_a_line_that_is_none_ends_the_speech_with_what_came_before_it(
    vendor: StandIn, voice: ElevenLabsTextToSpeech, bad: bytes
) -> None:
    vendor.answer = timed(line(SPEECH[:800]), bad, line(SPEECH[800:]))
    sounds = voice.speak(TEXT, persona())
    assert await anext(sounds) == Sound(SPEECH[:800], 8000, "mulaw")
    with pytest.raises(ProviderError, match="ElevenLabs answered") as told:
        await anext(sounds)
    assert told.value.kind == "rubbish"


@pytest.mark.parametrize("ending", ["whole", "cut"])
async def test_half_a_line_at_the_end_is_a_stream_that_broke(
    vendor: StandIn, voice: ElevenLabsTextToSpeech, ending: str
) -> None:
    vendor.answer = timed(line(SPEECH[:800]), line(SPEECH[800:])[:500], ending=ending)
    with pytest.raises(ProviderError, match="broke off") as told:
        await heard(voice)
    assert told.value.kind == "broken"


async def test_the_vendor_may_fail_in_a_line(vendor: StandIn, voice: ElevenLabsTextToSpeech) -> None:
    for status, kind in (("quota_exceeded", "quota"), ("system_busy", "busy"), ("new_word", "failed")):
        vendor.answer = timed(line(SPEECH[:800]), json.dumps({"detail": {"status": status}}).encode())
        with pytest.raises(ProviderError, match=f"in its answer, {status}") as told:
            await heard(voice)
        assert told.value.kind == kind
        assert len(vendor.posts) == 1, "what has begun is not begun again"
        vendor.requests.clear()


async def test_a_line_is_passed_on_while_the_next_is_on_its_way(vendor: StandIn, voice: ElevenLabsTextToSpeech) -> None:
    vendor.answer = timed(line(SPEECH[:800], times(TEXT[:8])) + line(SPEECH[800:])[:300], ending="open")
    async with asyncio.timeout(2), aclosing(voice.speak(TEXT, persona())) as told:
        assert [await anext(told), await anext(told)] == [
            WordEnds(ENDS[:1]),
            Sound(SPEECH[:800], 8000, "mulaw"),
        ]


async def test_sound_alone_is_asked_for_where_the_persona_wants_no_times(
    vendor: StandIn, voice: ElevenLabsTextToSpeech
) -> None:
    vendor.answer = Answer((SPEECH,))
    assert [type(part) for part in await parts(voice, persona(timestamps=False))] == [Sound]
    assert vendor.posts[0].path.endswith("/stream")


@given(st.text(max_size=60), st.lists(st.integers(0, 60), max_size=5), st.booleans())
def test_the_ends_of_any_text_rise_and_are_the_ends_of_its_words(text: str, cuts: list[int], apart: bool) -> None:
    words, before_s = SpokenWords(text), 0.0
    found: list[tuple[int, int]] = []
    for begin, end in pairwise([0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]):
        if stretch := text[begin:end]:
            found += words.take(times(stretch, 0.0 if apart else before_s), before_s)
            before_s += 0.05 * len(stretch)
    assert [text[:place].split() for _, place in found] == [text.split()[: at + 1] for at in range(len(text.split()))]
    assert all(a < b and c < d for (a, c), (b, d) in pairwise(found))


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_any_bytes_are_lines_or_an_error_of_ours(pieces: list[bytes]) -> None:
    lines = TimedLines()
    with suppress(ProviderError):
        for piece in pieces:
            lines.push(piece)
        lines.flush()

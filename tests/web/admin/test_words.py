from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app.store.records import EventRecord
from app.web.admin import words
from app.web.admin.notes import note_of, notes_of
from app.web.health import Standing

APP = Path(words.__file__).parents[2]


def test_every_reason_that_the_house_gives_for_an_end_has_its_words() -> None:
    source = "\n".join(
        path.read_text()
        for folder in ("call", "runtime", "store", "web")
        for path in (APP / folder).rglob("*.py")
        if "admin" not in path.parts
    )
    given = set(re.findall(r'end_reason="([a-z-]+)"|"end_reason": "([a-z-]+)"|hang_up\("([a-z-]+)"', source))
    given |= set(re.findall(r'close_with\([^"\n]+"([a-z-]+)"\)()()', source))
    reasons = {reason for found in given for reason in found if reason}
    assert {"process-died", "stream-never-came", "operator", "shutdown", "caller-silent", "time-limit"} <= reasons
    assert reasons <= set(words.ENDINGS)


def test_every_note_that_a_call_takes_has_its_words() -> None:
    source = "\n".join(path.read_text() for folder in ("call", "runtime") for path in (APP / folder).rglob("*.py"))
    kinds = set(re.findall(r'Note\(\s*"([a-z-]+)"', source))
    assert {"barge-in-accepted", "noise", "reprompt", "messages-rejected"} <= kinds
    for kind in kinds:
        note = note_of(EventRecord(uuid4(), 0, kind))
        assert note.what != words.plain(kind), f"{kind} has no words of its own in notes.py"


@pytest.mark.parametrize(
    ("status", "reason", "text", "tone"),
    [
        ("completed", "completed", "Said goodbye", "good"),
        ("completed", "caller-hung-up", "Caller hung up", "plain"),
        ("lost", "process-died", "Lost: the server stopped in mid-call", "bad"),
        ("in-progress", None, "Talking now", "live"),
        ("failed", "a-new_reason", "A new reason", "bad"),
        ("failed", None, "Failed", "bad"),
    ],
)
def test_how_a_call_ended(status: str, reason: str | None, text: str, tone: str) -> None:
    assert words.ending(status, reason) == words.Said(text, tone)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seconds", "text"), [(None, "–"), (0, "0:00"), (59.4, "0:59"), (59.6, "1:00"), (125, "2:05"), (3725, "1:02:05")]
)
def test_how_long_it_took(seconds: float | None, text: str) -> None:
    assert words.duration(seconds) == text


@pytest.mark.parametrize(
    ("given", "text", "tone"),
    [
        ({}, "Taking calls", "good"),
        ({"calls": 3}, "Taking calls, 3 of 50 lines busy", "good"),
        ({"calls": 50}, "All 50 lines are taken", "attention"),
        ({"providers_warm": False}, "Not taking calls yet: speech is getting ready", "attention"),
        ({"draining": True, "calls": 50}, "Not taking calls: the server is stopping", "bad"),
    ],
)
def test_whether_calls_are_taken(given: dict[str, Any], text: str, tone: str) -> None:
    standing = Standing(**({"providers_warm": True, "draining": False, "calls": 0, "max_calls": 50} | given))
    assert words.standing(standing) == words.Said(text, tone)  # type: ignore[arg-type]


def test_a_withheld_number_is_said_to_be() -> None:
    assert words.phone("+266696687") == words.phone("Anonymous") == words.phone("") == "Number withheld"
    assert words.phone("+14155550100") == "+14155550100"


def test_the_line_in_words() -> None:
    assert words.line_quality(None) == []
    assert [said.tone for said in words.line_quality({"snr_db": 30.2, "clipped_share": 0.02})] == ["good", "attention"]
    assert words.line_quality({"snr_db": 4.4})[0].text == "Noisy (speech 4 dB above the room)"
    assert words.line_quality({"snr_db": None})[0].text == "No speech to measure"


@pytest.mark.parametrize(
    ("measured", "text"),
    [
        ({"loud_share": 0.04}, "Barely audible: the caller's voice was too quiet for words"),
        ({"sound_share": 0.6}, "Music, tones or noise without a voice: 60% of the call"),
        ({"lost_share": 0.021}, "Lost audio: 2.1% of the caller's sound never came"),
        ({"echo_rms": 600}, "Echo: the agent's own voice came back, at a level of 600"),
    ],
)
def test_what_else_can_be_wrong_with_a_line(measured: dict[str, Any], text: str) -> None:
    fine = {"snr_db": 30.0, "loud_share": 0.7, "sound_share": 0.1, "lost_share": 0.001, "echo_rms": 40}
    assert [said.tone for said in words.line_quality(fine)] == ["good"]
    assert words.line_quality(fine | measured)[1:] == [words.Said(text, "attention")]


def test_a_dead_line_is_said_to_be_dead_and_nothing_else() -> None:
    told = words.line_quality({"snr_db": None, "silent_share": 1.0, "echo_rms": 40})
    assert [said.text for said in told] == ["Not a sound came from the caller: muted, or half of the line was dead"]


def test_music_is_neither_speech_above_a_room_nor_the_agents_echo() -> None:
    music = {"snr_db": 5.7, "voiced_share": 0.93, "sound_share": 0.99, "echo_rms": 822}
    told = [said.text for said in words.line_quality(music)]
    assert told == ["No speech to measure", "Music, tones or noise without a voice: 99% of the call"]
    beeps = {"snr_db": 72.0, "voiced_share": 0.19, "sound_share": 0.19, "echo_rms": 60}
    assert [said.text for said in words.line_quality(beeps)] == ["No speech to measure"]


def test_a_bad_line_is_noted_with_its_cause_and_with_what_was_offered() -> None:
    told = note_of(EventRecord(uuid4(), 0, "bad-line", {"why": "lost-audio", "offer": "keys", "lost_percent": 24}))
    assert told.what == "The line was too bad to talk on"
    assert told.why == (
        "24 % of the caller's sound of the last ? s never came. The agent said so, and offered to go on by keypad."
    )
    closed = note_of(EventRecord(uuid4(), 0, "bad-line", {"why": "no-words", "offer": "none", "turns": 4}))
    assert closed.why.endswith("The agent had said so before, and ended the call.")


def test_a_pause_is_told_by_its_verdict() -> None:
    call = uuid4()
    pause, verdict = (
        EventRecord(call, 10, "barge-in-pause"),
        EventRecord(call, 20, "barge-in-rejected", {"why": "words"}),
    )
    assert [note.what for note in notes_of([pause, verdict], over=True)] == ["The agent paused, and went on"]
    assert notes_of([pause], over=False) == []
    assert [note.what for note in notes_of([verdict, EventRecord(call, 30, "barge-in-pause")], over=True)] == [
        "The agent paused, and went on",
        "The agent fell silent to listen",
    ]


def test_notes_give_their_reasons() -> None:
    call = uuid4()

    def why(kind: str, **detail: Any) -> str:
        return note_of(EventRecord(call, 0, kind, detail)).why

    assert "They pressed a key." in why("barge-in-accepted", by="keys")
    assert "180 ms" in why("noise", voiced_ms=180)
    assert "2nd time" in why("reprompt", count=2)
    assert "timed out" in why("provider-failed", stage="reply", reason="timed-out")
    assert why("something-new", depth=3) == "depth: 3"
    assert note_of(EventRecord(call, 0, "messages-rejected", {"too-big": 1, "no-json": 2})).what.startswith(
        "3 messages"
    )

"""A whole call over real sockets: what was said, what was heard, and what is kept of it afterwards."""

from __future__ import annotations

import asyncio
import csv
import io
import wave
from pathlib import Path

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import signal

from app.audio.mulaw import encode
from app.audio.reading import LINE_RATE_HZ
from app.cli.replaying import replay_files
from app.phone.line import Caller
from app.phone.sounds import loud_runs, read_wav
from app.phone.summary import delays
from tests.audio import labelled
from tests.babble import babble
from tests.end_to_end.waiting import ended_call
from tests.server import RunningServer

ALIGNED_MS = 150
"""How far the recording may be from what the ear got: the way of a message and a frame, on a machine that is busy when
the stream begins (100 ms were seen)."""
START_MS = 500
"""And at the very beginning, where the two clocks are started (200 ms were seen): from then on nothing drifts."""
Samples = NDArray[np.int16]


async def talk(caller: Caller, *sounds: bytes) -> None:
    """Say one thing after the other, each when the agent has finished, and hang up."""
    assert await caller.dial()
    assert await caller.heard_silence(500)
    for sound in sounds:
        caller.speak(sound)
        assert await caller.heard_reply()
        assert await caller.heard_silence(500)
    await caller.hang_up()


def from_stream_start(caller: Caller, samples: Samples) -> Samples:
    """The caller counts from dialling, the recording from the stream's start."""
    return samples[round(caller.log.times("started")[0] * LINE_RATE_HZ) :]


def lanes(recording: bytes) -> tuple[Samples, Samples]:
    """Caller and agent."""
    with wave.open(io.BytesIO(recording)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, LINE_RATE_HZ, 2)
        both = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").reshape(-1, 2)
    return both[:, 0], both[:, 1]


def likeness(one: Samples, other: Samples) -> tuple[float, float]:
    """How alike two sounds are at their best alignment, 0 to 1, and how many ms the second is behind there."""
    length = min(len(one), len(other))
    a, b = one[:length].astype(float), other[:length].astype(float)
    products = signal.correlate(b, a, method="fft")
    best = int(np.argmax(products))
    return products[best] / np.sqrt((a @ a) * (b @ b)), (best - (length - 1)) * 1000 / LINE_RATE_HZ


def loudness(samples: Samples) -> Samples:
    """The outline of a sound: how loud it is, smoothed over 20 ms. (A tone as such is like itself at every period.)"""
    return np.convolve(np.abs(samples.astype(float)), np.ones(160) / 160, "same").astype(np.int16)


def onsets_ms(samples: Samples) -> list[float]:
    """Where the sounds begin that follow 300 ms of silence."""
    runs = loud_runs(encode(samples.astype("<i2").tobytes()))
    ends = [-1.0, *(end for _, end in runs)]
    return [start * 1000 for (start, _), before in zip(runs, ends, strict=False) if start - before > 0.3]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return tmp_path


def fetch(server: RunningServer, sid: str, what: str) -> httpx.Response:
    return server.rest.get(f"/calls/{sid}/{what}").raise_for_status()


async def test_a_call_is_answered_told_and_kept(server: RunningServer, files: Path) -> None:
    async with server.caller() as caller:
        await talk(caller, babble(1.2, seed=1), babble(0.9, seed=2))
        sid = caller.parties.call_sid
        call = await ended_call(server, sid)
        assert (call["status"], call["end_reason"], call["direction"]) == ("completed", "caller-hung-up", "inbound")
        assert (call["from"], call["to"], call["persona"]) == ("+15550100001", "+15550100000", "brief")
        assert call["duration_s"] == pytest.approx(
            caller.log.times("stopped")[0] - caller.log.times("started")[0], abs=1.0
        )

        assert caller.faults.total == 0, str(caller.faults)
        assert caller.gaps.count == 0
        measured = delays(caller.log)
        assert measured.greeting_ms is not None
        assert measured.greeting_ms < 1500
        assert len(measured.replies_ms) == 2

        check_transcript(server, sid)
        recording = fetch(server, sid, "recording.wav").content
        check_recording(caller, recording)
        check_replay(server, sid, recording, files)


def check_transcript(server: RunningServer, sid: str) -> None:
    lines = server.transcript(sid)
    question, answer = "what are your opening hours", "Nine till five daily."
    assert [(line["role"], line["text"], line["heard_text"]) for line in lines] == [
        ("agent", "Hello there.", "Hello there."),
        ("caller", question, question),
        ("agent", answer, answer),
        ("caller", question, question),
        ("agent", answer, answer),
    ]
    assert all(line["final"] and not line["interrupted"] for line in lines)
    starts = [line["started_ms"] for line in lines]
    assert starts == sorted(starts)
    text = fetch(server, sid, "transcript.txt").text.splitlines()
    assert [line.split("] ")[1] for line in text] == [
        "Agent: Hello there.",
        *(f"Caller: {question}", f"Agent: {answer}") * 2,
    ]
    subtitles = fetch(server, sid, "transcript.vtt").text
    assert subtitles.startswith("WEBVTT\n")
    assert subtitles.count(" --> ") == 5
    rows = list(csv.DictReader(io.StringIO(fetch(server, sid, "transcript.csv").text)))
    assert [row["text"] for row in rows] == [line["text"] for line in lines]


def check_recording(caller: Caller, recording: bytes) -> None:
    """The caller's lane is what was said, to the sample; the agent's is what the ear got, when the ear got it."""
    caller_lane, agent_lane = lanes(recording)
    said, heard = from_stream_start(caller, caller.voice()), from_stream_start(caller, caller.ear())
    alike, behind_ms = likeness(said, caller_lane)
    assert alike > 0.99
    assert abs(behind_ms) <= 20, "a late start of the caller's clock, at most"
    alike, behind_ms = likeness(loudness(heard), loudness(agent_lane))
    assert alike > 0.93
    assert abs(behind_ms) <= ALIGNED_MS
    in_ear, in_file = onsets_ms(heard), onsets_ms(agent_lane)
    assert len(in_ear) == len(in_file) == 3
    assert in_file[0] == pytest.approx(in_ear[0], abs=START_MS)
    assert in_file[1:] == pytest.approx(in_ear[1:], abs=ALIGNED_MS)
    assert len(agent_lane) == pytest.approx(len(heard), abs=LINE_RATE_HZ // 2)


def check_replay(server: RunningServer, sid: str, recording: bytes, files: Path) -> None:
    """The timeline gives the same actions again, and so does the recording, heard anew."""
    timeline, sound = files / "call.jsonl", files / "call.wav"
    timeline.write_bytes(fetch(server, sid, "timeline.jsonl").content)
    sound.write_bytes(recording)
    for outcome in (replay_files(timeline, None), replay_files(timeline, sound)):
        assert outcome.differences == []
        assert outcome.actions > 20


@pytest.mark.skipif(
    not labelled.SPEECH.is_dir(), reason="the recordings are not there: ../shared/speech beside the repository"
)
async def test_recorded_people_are_heard_and_answered(server: RunningServer, files: Path) -> None:
    names = ("go-forward", "cards-001", "cards-003")

    async def one(name: str) -> Caller:
        caller = server.caller()
        async with caller:
            sound = read_wav(labelled.SPEECH / "speech" / f"{name}.wav")
            await talk(caller, encode(sound.data))
        return caller

    for caller in await asyncio.gather(*map(one, names)):
        sid = caller.parties.call_sid
        await ended_call(server, sid)
        roles = [line["role"] for line in server.transcript(sid)]
        assert roles[:3] == ["agent", "caller", "agent"]
        assert caller.faults.total == 0, str(caller.faults)
        assert caller.gaps.count == 0
        recording = fetch(server, sid, "recording.wav").content
        alike, _ = likeness(from_stream_start(caller, caller.voice()), lanes(recording)[0])
        assert alike > 0.99
        check_replay(server, sid, recording, files)


async def test_keys_reach_the_dialogue(server: RunningServer) -> None:
    async with server.caller() as caller:
        assert await caller.dial()
        assert await caller.heard_silence(300)
        caller.press("1")
        assert await caller.heard_reply()
        assert await caller.heard_silence(300)
        caller.press("0")
        assert await caller.ended()
        assert caller.end_reason == "agent_hung_up"
        assert caller.unheard_ms == 0, "the goodbye was heard to its end"
        sid = caller.parties.call_sid
        call = await ended_call(server, sid)
    assert call["end_reason"] == "completed"
    lines = [(line["role"], line["kind"], line["text"]) for line in server.transcript(sid)]
    assert [line for line in lines if line[0] == "caller"] == [("caller", "keys", "1"), ("caller", "keys", "0")]
    assert [text for role, _, text in lines if role == "agent"] == [
        "Hello there.",
        "Nine till five daily.",
        "Bye for now.",
    ]


async def test_monitors_see_the_call(server: RunningServer) -> None:
    def running() -> float:
        metrics = httpx.get(f"{server.url}/metrics", trust_env=False).text.splitlines()
        return float(next(line for line in metrics if line.startswith("parley_calls_running ")).split()[1])

    def ready() -> dict[str, object]:
        answer: dict[str, object] = httpx.get(f"{server.url}/ready", trust_env=False).json()
        return answer

    before, slots = await asyncio.to_thread(running), (await asyncio.to_thread(ready))["calls"]
    async with server.caller() as caller:
        assert await caller.dial()
        assert await caller.heard_speech()
        assert await asyncio.to_thread(running) == before + 1
        standing = await asyncio.to_thread(ready)
        assert standing["ready"] is True
        assert standing["calls"] == slots + 1  # type: ignore[operator]
        assert (await asyncio.to_thread(server.call, caller.parties.call_sid))["status"] == "in-progress"
        await caller.hang_up()
        await ended_call(server, caller.parties.call_sid)
    assert await asyncio.to_thread(running) == before

from __future__ import annotations

import csv
import io

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import StreamingResponse

from app.store.tables import CallRow
from app.store.transcripts import record_segments
from app.web.file_ranges import send_content
from tests.store.samples import line, talking
from tests.web.api.conftest import House

FORMULA = '=HYPERLINK("http://x")'
ARROW = "this --> <b>that</b> & 00:00:01.000 --> 00:00:02.000"


@pytest.fixture
async def call(house: House) -> CallRow:
    async with house.db.transaction() as session:
        call = await talking(session, call_sid="CA1")
        said = [
            line(
                call.id,
                "Good morning, how may I help?",
                seq=1,
                role="agent",
                heard_text="Good morning,",
                interrupted=True,
                started_ms=100,
                ended_ms=1_900,
            ),
            line(call.id, FORMULA, seq=2, started_ms=1_800, ended_ms=3_000, confidence=0.5),
            line(call.id, ARROW + "\n\nNOTE", seq=3, started_ms=3_723_004, ended_ms=3_723_004),
            line(call.id, "Bye", seq=4, role="agent", heard_text="", started_ms=3_800_000, ended_ms=3_800_000),
            line(call.id, "The caller pressed 1.", seq=5, role="system", kind="key"),
        ]
        await record_segments(session, said)
    return call


async def test_json_holds_everything(client: httpx.AsyncClient, call: CallRow) -> None:
    told = (await client.get(f"/api/v1/calls/{call.id}/transcript.json")).json()
    assert told["call_id"] == str(call.id)
    first = told["segments"][0]
    del first["id"]
    assert first == {
        "seq": 1,
        "turn": 1,
        "role": "agent",
        "text": "Good morning, how may I help?",
        "heard_text": "Good morning,",
        "started_ms": 100,
        "ended_ms": 1900,
        "interrupted": True,
        "final": True,
        "kind": "speech",
        "confidence": None,
    }
    assert [segment["role"] for segment in told["segments"]] == ["agent", "caller", "caller", "agent", "system"]


async def test_text_is_the_call_as_it_was_heard(client: httpx.AsyncClient, call: CallRow) -> None:
    answer = await client.get("/api/v1/calls/CA1/transcript.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.text.splitlines() == [
        "[00:00:00.100] Agent: Good morning, [interrupted; not heard: how may I help?]",
        f"[00:00:01.800] Caller: {FORMULA}",
        f"[01:02:03.004] Caller: {ARROW} NOTE",
        "[01:03:20.000] Agent: [not heard: Bye]",
        "[00:00:01.000] System: The caller pressed 1.",
    ]


async def test_subtitles_cannot_be_broken_by_what_is_said(client: httpx.AsyncClient, call: CallRow) -> None:
    answer = await client.get("/api/v1/calls/CA1/transcript.vtt")
    assert answer.headers["content-type"] == "text/vtt; charset=utf-8"
    head, *cues = answer.text.strip().split("\n\n")
    assert head == "WEBVTT"
    assert [cue.split("\n")[0] for cue in cues] == [
        "00:00:00.100 --> 00:00:01.900",
        "00:00:01.000 --> 00:00:02.000",
        "00:00:01.800 --> 00:00:03.000",
        "01:02:03.004 --> 01:02:03.005",
    ]
    assert all(len(cue.split("\n")) == 2 for cue in cues)
    assert cues[0].split("\n")[1] == "<v Agent>Good morning,</v>"
    said = cues[3].split("\n")[1]
    assert said.startswith("<v Caller>this --&gt; &lt;b&gt;that&lt;/b&gt; &amp; 00:00:01.000 --&gt;")


async def test_a_table_holds_no_formula(client: httpx.AsyncClient, call: CallRow) -> None:
    answer = await client.get("/api/v1/calls/CA1/transcript.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert [row["text"] for row in rows][1:3] == [f"'{FORMULA}", ARROW + "\n\nNOTE"]
    assert (rows[0]["interrupted"], rows[1]["interrupted"], rows[1]["confidence"]) == ("true", "false", "0.5")


async def test_a_call_of_which_nothing_is_left_has_an_empty_transcript(house: House, client: httpx.AsyncClient) -> None:
    async with house.db.transaction() as session:
        await talking(session, call_sid="CA2")
    assert (await client.get("/api/v1/calls/CA2/transcript.json")).json()["segments"] == []
    assert (await client.get("/api/v1/calls/CA2/transcript.txt")).text == ""
    assert (await client.get("/api/v1/calls/CA2/transcript.vtt")).text == "WEBVTT\n"
    assert (await client.get("/api/v1/calls/CA2/recording.wav")).status_code == 404
    assert (await client.get("/api/v1/calls/CA2/timeline.jsonl")).status_code == 404


@pytest.fixture
def sound(house: House, call: CallRow) -> bytes:
    content = bytes(range(256)) * 4
    house.files.recording(call.id).write_bytes(content)
    return content


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, 1024),
        ("bytes=-24", 1000, 1024),
        ("bytes=0-0", 0, 1),
        ("bytes=1000-99999", 1000, 1024),
        ("bytes=-99999", 0, 1024),
    ],
)
async def test_a_player_gets_the_part_it_asks_for(
    client: httpx.AsyncClient, sound: bytes, asked: str, start: int, end: int
) -> None:
    answer = await client.get("/api/v1/calls/CA1/recording.wav", headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.content == sound[start:end]
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/1024"
    assert answer.headers["content-length"] == str(end - start)


@pytest.mark.parametrize("asked", ["bytes=-", "bytes=9-3", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b", "nonsense"])
async def test_a_range_that_is_none_gets_the_whole(client: httpx.AsyncClient, sound: bytes, asked: str) -> None:
    answer = await client.get("/api/v1/calls/CA1/recording.wav", headers={"Range": asked})
    assert (answer.status_code, answer.content) == (200, sound)
    assert answer.headers["content-type"] == "audio/wav"
    assert answer.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=-0", "bytes=5000-6000"])
async def test_a_range_beyond_the_end_is_a_problem(client: httpx.AsyncClient, sound: bytes, asked: str) -> None:
    answer = await client.get("/api/v1/calls/CA1/recording.wav", headers={"Range": asked})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == "bytes */1024"
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_part_of_a_file_that_has_changed_is_not_mixed_with_the_old(
    client: httpx.AsyncClient, house: House, call: CallRow, sound: bytes
) -> None:
    tag = (await client.head("/api/v1/calls/CA1/recording.wav")).headers["etag"]
    headers = {"Range": "bytes=0-1", "If-Range": tag}
    assert (await client.get("/api/v1/calls/CA1/recording.wav", headers=headers)).status_code == 206
    house.files.recording(call.id).write_bytes(sound + b"more")
    assert (await client.get("/api/v1/calls/CA1/recording.wav", headers=headers)).status_code == 200


async def test_head_tells_the_length_and_sends_nothing(client: httpx.AsyncClient, sound: bytes) -> None:
    answer = await client.head("/api/v1/calls/CA1/recording.wav")
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", "1024")


async def test_a_recording_that_grows_while_it_is_sent_keeps_its_promised_length(house: House, call: CallRow) -> None:
    path = house.files.recording(call.id)
    path.write_bytes(b"a" * 300_000)
    content = await house.archive.find("recording", call.id)
    request = Request({"type": "http", "method": "GET", "path": "/", "headers": []})
    answer = await send_content(request, content, media_type="audio/wav", filename="growing.wav")
    path.write_bytes(b"a" * 300_000 + b"b" * 300_000)
    assert isinstance(answer, StreamingResponse)
    pieces = [bytes(piece) async for piece in answer.body_iterator]  # type: ignore[arg-type]
    assert b"".join(pieces) == b"a" * 300_000
    assert answer.headers["content-length"] == "300000"


async def test_the_timeline_is_sent_as_it_is(client: httpx.AsyncClient, house: House, call: CallRow) -> None:
    house.files.timeline(call.id).write_text('{"at": 0}\n')
    answer = await client.get("/api/v1/calls/CA1/timeline.jsonl")
    assert answer.headers["content-type"] == "application/jsonl"
    assert answer.text == '{"at": 0}\n'

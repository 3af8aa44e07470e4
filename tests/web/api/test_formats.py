from __future__ import annotations

import csv
import io
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.store.records import SegmentRecord
from app.web.api.formats import COLUMNS, as_csv, as_text, as_vtt
from tests.store.samples import line

CALL = UUID(int=1)


@st.composite
def lines(draw: st.DrawFn) -> SegmentRecord:
    return line(
        CALL,
        draw(st.text(max_size=30) | st.sampled_from(["-->", "\n\n", "=1+1", "\t=1", "</v>", "&lt;", "\r\n"])),
        heard_text=draw(st.text(max_size=30)),
        role=draw(st.sampled_from(["agent", "caller", "system"])),
        started_ms=draw(st.integers(-5, 10**8)),
        ended_ms=draw(st.integers(-5, 10**8)),
        interrupted=draw(st.booleans()),
    )


@given(st.lists(lines(), max_size=5))
def test_no_speech_breaks_a_text(said: list[SegmentRecord]) -> None:
    assert len(as_text(said).splitlines()) == len(said)


@given(st.lists(lines(), max_size=5))
def test_no_speech_breaks_subtitles(said: list[SegmentRecord]) -> None:
    head, *cues = as_vtt(said).rstrip("\n").split("\n\n")
    assert head == "WEBVTT"
    starts = []
    for cue in cues:
        times, words = cue.split("\n")
        start, end = times.split(" --> ")
        assert start < end or len(start) < len(end)
        starts.append((len(start), start))
        assert "-->" not in words
        inner = words.split(">", 1)[1].removesuffix("</v>")
        assert "<" not in inner
        assert ">" not in inner
    assert starts == sorted(starts)


@given(st.lists(lines(), max_size=5))
def test_no_speech_breaks_a_table_or_calculates_in_it(said: list[SegmentRecord]) -> None:
    rows = list(csv.reader(io.StringIO(as_csv(said), newline="")))
    assert rows[0] == list(COLUMNS)
    assert len(rows) == len(said) + 1
    for row, spoken in zip(rows[1:], said, strict=True):
        text = row[COLUMNS.index("text")]
        assert not text.startswith(("=", "+", "-", "@", "\t", "\r"))
        assert text.removeprefix("'") == spoken.text.removeprefix("'")

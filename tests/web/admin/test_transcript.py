from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from app.store.records import EventRecord, MetricsRecord
from app.web.admin.row import excerpt
from app.web.admin.transcript import LineView, entries_of, line_of
from app.web.admin.turns import BAR, turns_of
from tests.store.samples import line

CALL = uuid4()


def shown(text: str, *, over: bool = True, **given: Any) -> LineView:
    return line_of(line(CALL, text, **({"role": "agent"} | given)), "Ada", over=over)


def test_what_was_not_heard_is_what_is_left_of_the_text() -> None:
    view = shown("One two three.", heard_text="One two", interrupted=True)
    assert (view.heard, view.unheard, view.coming, view.interrupted) == ("One two", "three.", "", True)


def test_a_line_that_is_being_spoken_is_still_to_come_and_not_unheard() -> None:
    view = shown("One two three.", heard_text="One", final=False, over=False)
    assert (view.heard, view.unheard, view.coming) == ("One", "", "two three.")
    lost = shown("One two three.", heard_text="One", final=False, over=True)
    assert (lost.heard, lost.unheard, lost.coming) == ("One", "two three.", "")


def test_a_caller_is_always_heard_whole() -> None:
    view = shown("hello there", role="caller", heard_text="")
    assert (view.speaker, view.heard, view.unheard) == ("Caller", "hello there", "")


def test_a_reworded_line_keeps_both_wordings() -> None:
    view = shown("Something else.", heard_text="One two")
    assert (view.heard, view.unheard) == ("One two", "Something else.")


def test_lines_and_notes_stand_in_the_order_of_the_recording() -> None:
    lines = [
        line(CALL, "second", seq=1, started_ms=2000, ended_ms=3000),
        line(CALL, "first", seq=2, started_ms=1000, ended_ms=3000),
    ]
    events = [EventRecord(CALL, 2000, "noise"), EventRecord(CALL, 2500, "reprompt")]
    kinds = [
        getattr(entry, "heard", None) or getattr(entry, "what", "")
        for entry in entries_of(lines, events, "Ada", over=True)
    ]
    assert kinds == ["first", "A sound without words", "second", "The caller was silent"]


def test_the_longest_answer_fills_the_scale_and_steps_meet() -> None:
    slow = MetricsRecord(CALL, 1, 1000, 1500, 1900, 2000, 2150, 2500, 3000)
    quick = MetricsRecord(CALL, 2, 9000, 9500, 9600, None, None, 10_000, None)
    unanswered = MetricsRecord(CALL, 3, 20_000, 20_500)
    views = turns_of([slow, quick, unanswered])
    assert [(view.turn, view.total_ms) for view in views] == [(1, 2000), (2, 1000)]
    assert sum(step.width for step in views[0].steps) == pytest.approx(BAR)
    assert [step.kind for step in views[0].steps] == [
        "waited", "recognised", "thought", "worded", "spoke", "travelled",
    ]  # fmt: skip
    assert [step.kind for step in views[1].steps] == ["waited", "recognised", "spoke"]
    for before, after in zip(views[0].steps, views[0].steps[1:], strict=False):
        assert after.x == pytest.approx(before.x + before.width, abs=0.2)


def test_words_that_were_recognised_early_cost_no_time_of_their_own() -> None:
    (view,) = turns_of([MetricsRecord(CALL, 1, 1000, 1600, 1400, 1650, 1650, 1700, None)])
    assert [step.took_ms for step in view.steps] == [600, 0, 50, 0, 50]
    assert turns_of([]) == []


def test_an_excerpt_shows_the_word_that_was_looked_for() -> None:
    assert excerpt("short enough", "enough") == "short enough"
    cut = excerpt("x " * 200 + "needle" + " y" * 200, "NEEDLE and more")
    assert "needle" in cut
    assert cut.startswith("…")
    assert cut.endswith("…")
    assert len(cut) < 150

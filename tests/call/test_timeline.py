"""The diary of a call, and what a replay makes of it."""

from __future__ import annotations

import json

import pytest

from app.call import events as ev
from app.call.replay import replay
from app.call.timeline import EVENTS, TimelineWriter, read_event
from tests.stories.stage import Story


@pytest.mark.parametrize(
    "event",
    [
        ev.StreamStarted(),
        ev.TranscriptReady(3, 'quotes " and\nlines', 0.5),
        ev.ReplyDelta(3, "नमस्ते"),
        ev.ReplyEnded(3, end=True),
        ev.ReplyBroken(3, "Instead.", end=True),
        ev.SpeechReady(7, 1200, final=False),
        ev.SpeechReady(7, 1400, final=True, word_ends=((300, 5), (700, 11))),
        ev.MarkReturned("g0-1"),
        ev.DigitPressed("#"),
        ev.ProviderFailed("speak", 7, "timeout"),
        ev.HangUpAsked("operator", politely=True),
        ev.StreamStopped("line-lost"),
    ],
)
def test_every_event_comes_back_as_it_was(event: ev.Event) -> None:
    line = TimelineWriter().event(event, 1.5)[-1]
    assert read_event(json.loads(line)) == event


def test_every_kind_of_event_can_be_read() -> None:
    assert set(EVENTS) == {kind.__name__ for kind in ev.Event.__args__}


def told() -> Story:
    story = Story()
    story.caller.says("hello", at=2.0, lasts=1.0)
    return story.run(until=6)


def test_a_changed_decision_is_seen() -> None:
    was, wrong = '"action":"Ask","turn":1,"text":"hello"', '"action":"Ask","turn":1,"text":"Something else."'
    lines = [line.replace(was, wrong) for line in told().timeline]
    outcome = replay(lines)
    assert outcome.differences
    assert "Something else." in outcome.differences[0]


def test_a_missing_decision_is_seen() -> None:
    lines = [line for line in told().timeline if '"Ask"' not in line]
    assert "is {" in replay(lines).differences[0]


@pytest.mark.parametrize("lines", [[], [""], ["{}"], ['{"timeline": 99}'], ["nonsense"]])
def test_what_is_no_timeline_is_refused(lines: list[str]) -> None:
    with pytest.raises(ValueError, match=r"."):
        replay(lines)

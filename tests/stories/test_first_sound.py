"""How soon a sentence sounds, and what a voice that is no faster than the line makes of it."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from app.call import actions as act
from app.call import events as ev
from app.call.phases import Phase
from tests.stories.stage import GREETING, Story, persona

REPLY = "We have tables for two and for four and one by the window."
PATIENT = {"reprompt_after_s": 60}


def told(bit_ms: int, every_s: float, **changes: object) -> Story:
    story = Story(persona(patience=PATIENT, **changes), replies={"tell me": REPLY})
    story.caller.says("tell me", at=2.0, lasts=1.0)
    story.run(until=3.2)
    story.actor.bit_ms, story.actor.every_s = bit_ms, every_s
    return story


def sent(story: Story) -> list[act.SendAudio]:
    return [a for at, a in story.done if isinstance(a, act.SendAudio) and at > 3.2]


def gaps_ms(story: Story) -> list[int]:
    """Silences in the midst of the reply."""
    played = [span for span in story.line.played if span[0] > 3.2]
    return [round((later[0] - earlier[1]) * 1000) for earlier, later in pairwise(played)]


def test_a_sentence_sounds_as_soon_as_a_tenth_of_a_second_of_it_is_made() -> None:
    story = told(20, 0.02).run(until=12)
    hundred = next(at for at, e in heard_of(story) if e.ready_ms == 100)
    first = next(at for at, a in story.done if isinstance(a, act.SendAudio) and at > 3.2)
    assert first == pytest.approx(hundred)
    assert sent(story)[0].end_ms == 100


def heard_of(story: Story) -> list[tuple[float, ev.SpeechReady]]:
    """What the voice told of the reply, by the timeline."""
    records = [json.loads(line) for line in story.timeline if '"SpeechReady"' in line]
    return [
        (r["t"], ev.SpeechReady(r["piece"], r["ready_ms"], r["final"], r["word_ends"])) for r in records if r["t"] > 3.2
    ]


def test_a_voice_that_speaks_in_real_time_does_not_stutter() -> None:
    story = told(20, 0.02).run(until=12)
    assert max(gaps_ms(story)) <= 20, "no more than one of its bits, which the carrier smooths"
    assert story.agent.heard == [GREETING, REPLY]


@pytest.mark.parametrize(("bit_ms", "every_s"), [(20, 0.01), (60, 0.03), (100, 0.05), (250, 0.1), (800, 0.1)])
def test_a_voice_that_is_faster_leaves_no_gap_and_no_scrap(bit_ms: int, every_s: float) -> None:
    story = told(bit_ms, every_s).run(until=12)
    assert max(gaps_ms(story)) <= 1
    assert min(a.end_ms - a.start_ms for a in sent(story)) >= 100
    assert story.agent.heard == [GREETING, REPLY]


@pytest.mark.parametrize("returns_marks", [True, False])
@pytest.mark.parametrize("every_s", [0.03, 0.1, 0.4])
def test_a_voice_slower_than_the_line_leaves_gaps_and_is_heard_to_its_end(every_s: float, returns_marks: bool) -> None:
    story = told(20, every_s)
    story.line.returns_marks = returns_marks
    story.run(until=66)
    assert max(gaps_ms(story)) > 0
    assert story.agent.heard == [GREETING, REPLY]
    assert story.call.phase is Phase.WAIT_FOR_USER
    assert all(a.end_ms - a.start_ms >= 100 for a in sent(story)[:-1])
    last_played = story.line.played[-1][1]
    finished = next(
        at for at, a in story.done if isinstance(a, act.RecordSegment) and a.final and a.turn and a.role == "agent"
    )
    assert finished >= last_played - 0.001


def test_what_was_heard_of_a_slow_voice_is_not_more_than_it_had_said() -> None:
    story = told(20, 0.05)
    story.caller.says("no i mean on sundays", at=5.5, lasts=1.6)
    story.run(until=12)
    cleared = story.when(act.ClearPlayback)[0]
    played_ms = sum(round((end - begin) * 1000) for begin, end in story.line.played if 3.2 < begin < cleared)
    heard = story.agent.heard[1]
    assert REPLY.startswith(heard)
    assert heard
    assert len(heard) * story.actor.ms_per_char <= played_ms + story.actor.ms_per_char

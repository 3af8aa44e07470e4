"""The carrier's verdict on somebody who was silent at first and has been greeted: words count for more."""

from __future__ import annotations

import pytest

from app.call import events as ev
from tests.stories.placed import MESSAGE, placed


@pytest.mark.parametrize("at", [7.3, 8.0, 9.2])
@pytest.mark.parametrize("voicemail", ["hang_up", "leave_message"])
def test_one_who_was_silent_and_speaks_now_is_not_cut_off_by_a_verdict(at: float, voicemail: ev.Voicemail) -> None:
    story = placed(voicemail)
    story.caller.says("sorry i was looking for my glasses", at=7.0, lasts=2.0)
    story.verdict("machine_start", at=at)
    story.run(until=14)
    assert story.asked == ["sorry i was looking for my glasses"]
    assert story.recognised == ["human"]
    assert MESSAGE not in story.agent.heard


def test_a_machine_of_which_only_a_click_was_heard_is_found_out_when_our_line_is_over() -> None:
    story = placed()
    story.caller.coughs("", at=5.3, lasts=0.1)
    story.verdict("machine_end_beep", at=5.4)
    story.run(until=20)
    assert story.recognised == []
    assert MESSAGE in story.agent.heard

"""When what a flow planned, or a tool changed, comes to hold."""

from __future__ import annotations

from app.runtime.talk_state import TalkState


def test_a_tools_state_holds_once_its_turn_sounds_and_also_afterwards() -> None:
    talk = TalkState("old")
    talk.plan(1, "planned")
    talk.change(1, "changed")
    assert talk.now == "old"
    talk.sounds(1)
    assert talk.now == "changed"
    talk.change(1, "changed while it sounds")
    assert talk.now == "changed while it sounds"


def test_a_tools_state_is_void_with_its_turn() -> None:
    talk = TalkState("old")
    talk.plan(1, "planned")
    talk.drop(1)
    talk.change(1, "changed")
    talk.plan(2, "second")
    talk.sounds(2)
    talk.change(1, "late")
    assert talk.now == "second"

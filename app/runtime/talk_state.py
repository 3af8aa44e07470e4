"""The flow's state in one call: what holds, and what will hold once a turn's reply sounds."""

from __future__ import annotations

from collections.abc import Callable

from app.dialogue.flow import FlowState


class TalkState:
    """`now`: what holds. A turn's plan changes it when the turn is committed; until then it may be dropped.
    `changed()` is called whenever it has."""

    def __init__(self, state: FlowState, changed: Callable[[], None] = lambda: None) -> None:
        self.now = state
        self._changed = changed
        self._planned: dict[int, FlowState] = {}
        self._committed = 0

    def plan(self, turn: int, state: FlowState) -> None:
        """What holds if the reply to `turn` is heard."""
        self._planned[turn] = state

    def sounds(self, turn: int) -> None:
        """The reply to `turn` sounds; other plans are void."""
        self.now = self._planned.pop(turn, self.now)
        self._planned.clear()
        self._committed = turn
        self._changed()

    def drop(self, turn: int) -> None:
        """There will be no reply to `turn`."""
        self._planned.pop(turn, None)

    def change(self, turn: int, state: FlowState) -> None:
        """A tool used for `turn` changed the state, which may sound already. Of a turn that was dropped, or that
        another has followed, nothing stays."""
        if turn in self._planned:
            self._planned[turn] = state
        elif turn == self._committed:
            self.now = state
            self._changed()

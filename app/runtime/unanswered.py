"""What a caller has said that nothing was answered to yet, by lines of the transcript."""

from __future__ import annotations

from uuid import UUID

from app.call.actions import Ask, RecordSegment
from app.dialogue.flow import Line


class Unanswered:
    """One call's. A line is found again by `call/turn`."""

    def __init__(self, call_id: UUID) -> None:
        self._call_id = call_id
        self._asked: dict[int, tuple[str, tuple[Line, ...]]] = {}
        self._lines: dict[int, tuple[int, Line]] = {}

    def asked(self, ask: Ask) -> tuple[Line, ...]:
        """The lines that the words of `ask` stand in: its own, and those of a turn that was left without an answer."""
        before, lines = self._asked.get(ask.follows, ("", ()))
        text = ask.text
        if not (before and text.startswith(before)):
            before, lines = "", ()
        own = text[len(before) :].strip()
        if own:
            lines = (*lines, Line(own, self._name(ask.turn), ask.confidence))
        if not ask.early:
            self._asked[ask.turn] = (text, lines)
        return lines

    def written(self, segment: RecordSegment) -> None:
        """A line of the transcript, or more of one."""
        if segment.role == "caller" and segment.kind == "speech" and segment.text.strip():
            line = Line(segment.text, self._name(segment.turn), segment.confidence)
            self._lines[segment.number] = (segment.turn, line)

    def answered(self, turn: int) -> None:
        """The reply to `turn` sounds: what was said up to there is with the dialogue."""
        self._asked = {number: asked for number, asked in self._asked.items() if number > turn}
        self._lines = {number: line for number, line in self._lines.items() if line[0] > turn}

    def lines(self) -> tuple[Line, ...]:
        """What is left, in its order."""
        return tuple(line for _, (_, line) in sorted(self._lines.items()))

    def _name(self, turn: int) -> str:
        return f"{self._call_id}/{turn}"

"""The call's diary: everything that came in and went out, with its time, a line of JSON each.

    {"timeline": 1, "persona": {…}}                                  first line: what a replay needs to know
    {"frames": [[t, position, rms, voiced, noise_rms, speech, finality], …]}   frames between other lines, in one
    {"t": 1.25, "event": "TranscriptReady", "turn": 1, …}            what happened
    {"t": 1.95, "deadline": true}                                    a moment the core had asked for
    {"action": "Ask", "turn": 1, …}                                  what the core decided upon the line before

Times are seconds of the call. Feeding the first four kinds back in gives the fifth again: `replay` checks that.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from app.audio.reading import Reading
from app.call import actions, events
from app.call.actions import Action
from app.call.events import Event, FrameArrived
from app.personas.schema import Persona

VERSION = 1
FRAMES_A_LINE = 50
"""A second's; more would be lost at once if the process is killed."""

EVENTS: dict[str, type] = {kind.__name__: kind for kind in events.Event.__args__}
_FIELDS: dict[type, tuple[str, ...]] = {
    kind: tuple(field.name for field in dataclasses.fields(kind))
    for kind in (*events.Event.__args__, *actions.Action.__args__)
}


def _dump(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def action_record(action: Action) -> dict[str, Any]:
    """An action as its line's content."""
    kind = type(action)
    return {"action": kind.__name__, **{name: getattr(action, name) for name in _FIELDS[kind]}}


class TimelineWriter:
    """Turns what happens into lines. Frames are gathered, so lines may come with the next call."""

    __slots__ = ("_frames",)

    def __init__(self) -> None:
        self._frames: list[tuple[float | int, ...]] = []

    def header(self, persona: Persona, **about: str) -> str:
        """The first line; `about` is for people (ids, versions)."""
        return _dump({"timeline": VERSION, **about, "persona": persona.model_dump(mode="json")})

    def event(self, event: Event, now: float) -> list[str]:
        if isinstance(event, FrameArrived):
            r = event.reading
            self._frames.append((now, r.position, r.rms, int(r.voiced), r.noise_rms, r.speech, r.finality))
            return self.flush() if len(self._frames) >= FRAMES_A_LINE else []
        kind = type(event)
        record = {"t": now, "event": kind.__name__, **{name: getattr(event, name) for name in _FIELDS[kind]}}
        return [*self.flush(), _dump(record)]

    def deadline(self, now: float) -> list[str]:
        return [*self.flush(), _dump({"t": now, "deadline": True})]

    def actions(self, done: list[Action]) -> list[str]:
        return [*self.flush(), *(_dump(action_record(action)) for action in done)] if done else []

    def flush(self) -> list[str]:
        """Frames that are still to be written."""
        if not self._frames:
            return []
        line = _dump({"frames": self._frames})
        self._frames = []
        return [line]


def read_persona(header: str) -> Persona:
    """The persona of a timeline's first line. Raises ValueError if it is no timeline of ours."""
    record = json.loads(header)
    if not isinstance(record, dict) or record.get("timeline") != VERSION:
        raise ValueError(f"not a timeline of version {VERSION}: its first line must say so")
    return Persona.model_validate(record["persona"])


def read_event(record: dict[str, Any]) -> Event:
    """The event of a line's content; a field younger than the timeline is as it is by default."""
    kind = EVENTS[record["event"]]
    event: Event = kind(**{name: _frozen(record[name]) for name in _FIELDS[kind] if name in record})
    return event


def _frozen(value: Any) -> Any:
    """JSON knows lists alone; events hold tuples."""
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def read_frame(frame: list[Any]) -> tuple[float, Reading]:
    """One entry of a `frames` line: when it came, and its reading; older timelines know less of it."""
    now, position, rms, voiced, noise_rms, *more = frame
    return now, Reading(position, rms, bool(voiced), noise_rms, *more)

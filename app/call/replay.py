"""Feeds a timeline back into the core and compares what it decides with what it decided then."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from app.audio.reading import Reading
from app.call.actions import Action
from app.call.events import FrameArrived
from app.call.machine import Call
from app.call.timeline import action_record, read_event, read_frame, read_persona

SHOWN = 20
"""Differences kept; one wrong decision changes all that follow."""


@dataclass(slots=True)
class Replay:
    """What came of it. `differences`: lines for people, empty if every action was the same."""

    events: int = 0
    actions: int = 0
    call_s: float = 0.0
    differences: list[str] = field(default_factory=list)


def replay(lines: Iterable[str], hear: Callable[[int], Reading] | None = None) -> Replay:
    """Replay a timeline. `hear(position)`: the audio chain's reading of the frame there, to run that again as well.

    Raises ValueError for what is no timeline.
    """
    source = iter(lines)
    call = Call(read_persona(next(source, "")))
    result = Replay()
    pending: list[dict[str, Any]] = []
    for line in source:
        record = json.loads(line)
        if "action" in record:
            _compare(result, record, pending)
            continue
        _leftover(result, pending)
        for now, actions in _feed(call, record, hear):
            result.events += 1
            result.call_s = now
            pending += [json.loads(json.dumps(action_record(action))) for action in actions]
    _leftover(result, pending)
    return result


def _feed(
    call: Call, record: dict[str, Any], hear: Callable[[int], Reading] | None
) -> Iterator[tuple[float, list[Action]]]:
    if "frames" in record:
        for frame in record["frames"]:
            now, reading = read_frame(frame)
            if hear is not None:
                reading = hear(reading.position)
            yield now, call.handle(FrameArrived(reading), now)
    elif "event" in record:
        yield record["t"], call.handle(read_event(record), record["t"])
    elif "deadline" in record:
        yield record["t"], call.handle_deadline(record["t"])
    else:
        raise ValueError(f"a timeline has no such line: {sorted(record)}")


def _compare(result: Replay, recorded: dict[str, Any], pending: list[dict[str, Any]]) -> None:
    result.actions += 1
    again = pending.pop(0) if pending else None
    if again != recorded:
        _differ(result, f"at {result.call_s:.3f} s: was {json.dumps(recorded)}, is {json.dumps(again)}")


def _leftover(result: Replay, pending: list[dict[str, Any]]) -> None:
    while pending:
        _differ(result, f"at {result.call_s:.3f} s: was nothing, is {json.dumps(pending.pop(0))}")


def _differ(result: Replay, what: str) -> None:
    if len(result.differences) < SHOWN:
        result.differences.append(what)

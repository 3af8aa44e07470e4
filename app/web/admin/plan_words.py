"""When somebody may be rung, and how often it is tried, in words."""

from __future__ import annotations

from app.dialling.plan import DEFAULT_DELAYS_S, Plan
from app.dialling.window import DAYS, Windows, write_clock

_KINDS = {"busy": "busy", "no_answer": "no answer", "voicemail": "a machine", "failed": "not getting through"}


def windows_in_words(windows: Windows) -> list[str]:
    """`Mon, Fri 09:00 to 17:00`, one for each window; none for any time."""
    found = []
    for window in windows:
        days = ", ".join(DAYS[day].capitalize() for day in sorted(window.days))
        every = "Every day" if len(window.days) == len(DAYS) else days
        found.append(f"{every} {write_clock(window.begins)} to {write_clock(window.ends)}")
    return found


def delays_in_words(plan: Plan) -> list[str]:
    """`After busy: 5 min, 15 min`, for each way in which an attempt may end."""
    found = []
    for kind, usual in DEFAULT_DELAYS_S.items():
        waits = ", ".join(_wait(delay_s) for delay_s in plan.delays_s.get(kind) or usual)
        found.append(f"After {_KINDS[kind]}: {waits}")
    return found


def _wait(delay_s: int) -> str:
    if delay_s % 3600 == 0:
        return f"{delay_s // 3600} h"
    return f"{delay_s // 60} min" if delay_s % 60 == 0 else f"{delay_s} s"

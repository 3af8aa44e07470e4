"""What came of an attempt: who or what answered, or why nobody did."""

from __future__ import annotations

from enum import StrEnum


class Disposition(StrEnum):
    """How one attempt ended."""

    PERSON = "person"
    MACHINE = "machine"
    MESSAGE_LEFT = "message-left"
    FAX = "fax"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    LINES_FULL = "lines-full"
    REFUSED = "refused"
    THROTTLED = "throttled"
    CANCELLED = "cancelled"
    ABANDONED = "abandoned"
    UNKNOWN = "unknown"


COUNTED = frozenset(Disposition) - {Disposition.THROTTLED, Disposition.ABANDONED}
"""Those that use up one of a call's attempts: the others never rang anybody, and are nobody's fault."""

_BY_STATUS = {
    "busy": Disposition.BUSY,
    "no-answer": Disposition.NO_ANSWER,
    "failed": Disposition.FAILED,
    "refused": Disposition.REFUSED,
    "abandoned": Disposition.ABANDONED,
}


def disposition(
    status: str, *, answered_by: str | None, message_left: bool = False, cancelled_by_us: bool = False
) -> Disposition:
    """What a final `status` means. `answered_by`: the carrier's verdict (`human`, `machine_start`, `machine_end_beep`,
    `fax`, `unknown`), or `human` once words have told; without one, who answers is taken for a person."""
    if status == "completed":
        return _answered(answered_by or "", message_left)
    if status == "canceled":
        return Disposition.CANCELLED if cancelled_by_us else Disposition.FAILED
    return _BY_STATUS.get(status, Disposition.UNKNOWN)


def _answered(answered_by: str, message_left: bool) -> Disposition:
    if answered_by.startswith("machine"):
        return Disposition.MESSAGE_LEFT if message_left else Disposition.MACHINE
    return Disposition.FAX if answered_by == "fax" else Disposition.PERSON


def is_machine(answered_by: str | None) -> bool:
    """Does a verdict say that no person is there?"""
    return bool(answered_by) and (str(answered_by).startswith("machine") or answered_by == "fax")

"""How calls that we place stand, and why, in words."""

from __future__ import annotations

from collections.abc import Mapping

from app.dialling.progress import FINAL
from app.store.outbound_tables import CallAttemptRow, ScheduledCallRow
from app.web.admin.words import Said, plain

AGAIN = frozenset({"busy", "no-answer", "voicemail", "failed", "lines-full"})
"""Reasons of a waiting call that was tried before."""

WAITING: Mapping[str, Said] = {
    "scheduled": Said("Waits for its time", "plain"),
    "busy": Said("The line was busy, will try again", "attention"),
    "no-answer": Said("Rang out, will try again", "attention"),
    "voicemail": Said("A machine answered, will try again", "attention"),
    "failed": Said("The call did not get through, will try again", "attention"),
    "lines-full": Said("They answered when all our lines were taken, will try again", "attention"),
    "outside-window": Said("Waits for the hours when they may be rung", "plain"),
    "number-limit": Said("Their number was rung often enough today", "plain"),
    "number-in-use": Said("Their number is being rung for another call", "plain"),
    "carrier-busy": Said("The carrier takes no more at the moment", "attention"),
    "never-dialled": Said("A server stopped before it rang, will be rung", "attention"),
}
OVER: Mapping[str, Said] = {
    "answered": Said("They answered", "good"),
    "message-left": Said("A message was left on their machine", "good"),
    "attempts-used-up": Said("Nobody was reached, no attempt is left", "bad"),
    "busy-every-time": Said("The line was busy every time", "bad"),
    "no-answer-every-time": Said("Rang out every time", "bad"),
    "voicemail-every-time": Said("A machine answered every time", "bad"),
    "failed-every-time": Said("The call never got through", "bad"),
    "lines-full-every-time": Said("They answered, and all our lines were taken every time", "bad"),
    "refused-by-carrier": Said("The carrier will not ring this number", "bad"),
    "do-not-call": Said("Not rung: the number is on the do-not-call list", "bad"),
    "never-allowed": Said("Not rung: no hour is left at which they may be", "bad"),
    "fax": Said("A fax machine answered", "bad"),
    "outcome-unknown": Said("The carrier could not be asked whether it rang; we do not ring on a guess", "bad"),
    "cancelled": Said("Cancelled", "plain"),
}
STOPPED: Mapping[str, str] = {
    "most-calls-fail": "most of its last calls failed",
    "account-refused": "the carrier refuses our account",
    "operator": "somebody stopped it",
}
SOURCES: Mapping[str, str] = {
    "rest": "by REST",
    "page": "on this page",
    "csv": "from a sheet",
    "callee": "they said so in a call",
}
_ENDED: Mapping[str, Said] = {
    "person": Said("They answered", "good"),
    "machine": Said("A machine answered", "attention"),
    "message-left": Said("A message was left", "good"),
    "fax": Said("A fax machine answered", "bad"),
    "busy": Said("Busy", "attention"),
    "no-answer": Said("Rang out", "attention"),
    "failed": Said("Did not get through", "bad"),
    "lines-full": Said("They answered, and all our lines were taken", "bad"),
    "refused": Said("The carrier refused it", "bad"),
    "throttled": Said("The carrier took no more just then", "attention"),
    "cancelled": Said("Cancelled", "plain"),
    "abandoned": Said("Never dialled: the server stopped", "attention"),
    "unknown": Said("Nobody knows whether it rang", "bad"),
}
_UNDER_WAY: Mapping[str, str] = {
    "planned": "About to be dialled",
    "dialling": "Being dialled",
    "queued": "With the carrier",
    "initiated": "Being connected",
    "ringing": "Ringing",
    "in-progress": "Talking now",
}


def stands(row: ScheduledCallRow) -> Said:
    """How a call stands, and why."""
    if row.status == "waiting":
        return WAITING.get(row.reason) or Said(plain(row.reason), "plain")
    if row.status == "calling":
        return Said("Being hung up" if row.cancel_asked else "Being rung", "live")
    return OVER.get(row.reason) or Said(plain(row.reason), "good" if row.status == "completed" else "bad")


def attempt_ended(row: CallAttemptRow) -> Said:
    """How one attempt ended, or how far it is."""
    if row.disposition is not None:
        return _ENDED.get(row.disposition) or Said(plain(row.disposition), "plain")
    if row.status in FINAL:
        return Said("Over: who answered is not known yet", "plain")
    return Said(_UNDER_WAY.get(row.status, plain(row.status)), "live")

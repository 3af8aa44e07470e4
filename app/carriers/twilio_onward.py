"""Reads what Twilio tells when a stream or a `<Dial>` has ended (WIRE facts A.5, B.7)."""

from __future__ import annotations

from collections.abc import Mapping

from app.carriers.onward import DialEnd, StreamOver
from app.carriers.twilio_incoming import parse_incoming
from app.carriers.twilio_status import whole

_OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
_ENDS: Mapping[str, DialEnd] = {
    "completed": "answered",
    "answered": "answered",
    "busy": "busy",
    "no-answer": "no-answer",
    "canceled": "no-answer",
}


def parse_stream_over(form: Mapping[str, str]) -> StreamOver:
    """Raises IncomingError without a usable CallSid. Somebody who hung up on the whisper was never joined."""
    status = form.get("DialCallStatus", "")
    end: DialEnd | None = _ENDS.get(status, "failed") if status else None
    if end == "answered" and form.get("DialBridged", "").lower() == "false":
        end = "declined"
    over = form.get("CallStatus", "") in _OVER
    return StreamOver(parse_incoming(form).call_sid, over, end, whole(form.get("DialCallDuration")))

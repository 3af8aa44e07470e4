"""Reads what Twilio tells of calls that we placed (WIRE facts B.5); to be believed once its signature is checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

from app.carriers.placing import Report, ReportError

_SID = re.compile(r"CA[A-Za-z0-9]{1,62}")
_WORD = re.compile(r"[a-z_-]{1,32}")


def parse_status(form: Mapping[str, str]) -> Report:
    """A status callback. Raises ReportError."""
    status = form.get("CallStatus", "")
    if not _WORD.fullmatch(status):
        raise ReportError("The callback does not say how the call stands.")
    return Report(
        call_sid=_sid(form),
        status=status,
        at=_time(form.get("Timestamp", "")),
        duration_s=whole(form.get("CallDuration")),
        answered_by=_word(form.get("AnsweredBy", "")),
        sequence=whole(form.get("SequenceNumber")),
    )


def parse_verdict(form: Mapping[str, str]) -> Report:
    """The verdict of asynchronous answering-machine detection. Raises ReportError."""
    answered_by = _word(form.get("AnsweredBy", ""))
    if answered_by is None:
        raise ReportError("The callback does not say who answered.")
    return Report(call_sid=_sid(form), status="", answered_by=answered_by)


def _sid(form: Mapping[str, str]) -> str:
    sid = form.get("CallSid", "")
    if not _SID.fullmatch(sid):
        raise ReportError("The callback does not say which call it is about.")
    return sid


def _word(text: str) -> str | None:
    return text if _WORD.fullmatch(text) else None


def whole(text: str | None) -> int | None:
    """A number of seconds or the like as Twilio writes it; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else None


def _time(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None

"""How things are called on the pages: how calls ended, how the line was, how long it took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.web.health import Standing

Tone = Literal["good", "attention", "bad", "live", "plain"]


@dataclass(frozen=True, slots=True)
class Said:
    """A short sentence, and what it means for the reader."""

    text: str
    tone: Tone


ENDINGS: Mapping[str, Said] = {
    "completed": Said("Said goodbye", "good"),
    "caller-hung-up": Said("Caller hung up", "plain"),
    "caller-silent": Said("Caller was silent", "attention"),
    "time-limit": Said("Reached the longest a call may last", "attention"),
    "operator": Said("Hung up from here", "plain"),
    "shutdown": Said("The server was stopping", "attention"),
    "all-lines-busy": Said("All lines were busy", "attention"),
    "stream-never-came": Said("Answered, but no sound ever came", "bad"),
    "line-lost": Said("The line was lost", "bad"),
    "fault": Said("A fault here ended it", "bad"),
    "process-died": Said("Lost: the server stopped in mid-call", "bad"),
}
"""Every reason for which a call ends, in words; also the choices of the list's filter."""

RUNNING: Mapping[str, Said] = {
    "ringing": Said("Ringing", "live"),
    "in-progress": Said("Talking now", "live"),
}

_STATUSES: Mapping[str, Said] = {
    "completed": Said("Ended", "plain"),
    "failed": Said("Failed", "bad"),
    "lost": Said("Lost", "bad"),
    "busy": Said("All lines were busy", "attention"),
}
_WITHHELD = frozenset({"", "anonymous", "restricted", "unavailable", "unknown", "+266696687", "+7378742833"})
"""What Twilio gives for a number that its owner keeps back; the digits spell ANONYMOUS and RESTRICTED."""


def ending(status: str, end_reason: str | None) -> Said:
    """How a call ended, or how it stands."""
    if status in RUNNING:
        return RUNNING[status]
    if end_reason and end_reason in ENDINGS:
        return ENDINGS[end_reason]
    known = _STATUSES.get(status, Said("Ended", "plain"))
    return Said(plain(end_reason), known.tone) if end_reason else known


def plain(slug: str) -> str:
    """A slug that we have no sentence for, as words: `two-words` is `Two words`."""
    text = " ".join(slug.replace("-", " ").replace("_", " ").split())
    return text[:1].upper() + text[1:]


def standing(house: Standing) -> Said:
    """Whether calls are taken, for the top bar."""
    if house.draining:
        return Said("Not taking calls: the server is stopping", "bad")
    if not house.providers_warm:
        return Said("Not taking calls yet: speech is getting ready", "attention")
    if house.calls >= house.max_calls:
        return Said(f"All {house.max_calls} lines are taken", "attention")
    busy = f", {house.calls} of {house.max_calls} lines busy" if house.calls else ""
    return Said(f"Taking calls{busy}", "good")


def duration(seconds: float | None) -> str:
    """`2:05`, or `1:02:05` from an hour on; a dash where it is not known."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def clock(at_ms: int) -> str:
    """Where in a call: like `duration`, seconds cut and not rounded, as players show them."""
    return duration(max(0, at_ms) // 1000)


def phone(number: str) -> str:
    """A telephone number, or that it was withheld."""
    return "Number withheld" if number.strip().lower() in _WITHHELD else number


def line_quality(measured: Mapping[str, Any] | None) -> list[Said]:
    """The caller's line in sentences; empty if nothing was measured."""
    if not measured:
        return []
    return [said for said in (_noise(measured.get("snr_db")), _clipping(measured.get("clipped_share"))) if said]


def _noise(snr_db: Any) -> Said | None:
    """Words for a signal-to-noise ratio. docs/audio.md: from 10 dB down, sounds begin to be lost."""
    if not isinstance(snr_db, int | float):
        return Said("No speech to measure", "plain")
    figure = f"speech {snr_db:.0f} dB above the room"
    if snr_db >= 25:
        return Said(f"Clear ({figure})", "good")
    if snr_db >= 10:
        return Said(f"Some noise ({figure})", "plain")
    return Said(f"Noisy ({figure})", "attention")


def _clipping(share: Any) -> Said | None:
    if not isinstance(share, int | float) or share < 0.0005:
        return None
    return Said(f"Too loud at times: {share:.1%} of the sound is cut off", "attention")

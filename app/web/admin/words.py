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
    "transferred": Said("Left us for a person", "plain"),
    "caller-silent": Said("Caller was silent", "attention"),
    "voicemail": Said("A machine answered", "attention"),
    "message-left": Said("Left a machine its message", "good"),
    "fax": Said("A fax answered", "attention"),
    "do-not-call": Said("Asked not to be rung again", "attention"),
    "bad-line": Said("The line was too bad to talk on", "attention"),
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


DEAD_SHARE = 0.995
"""Digital silence in all but the clicks of switching."""
FAINT_SHARE = 0.1
"""Of a caller's voice usually two thirds are loud enough to begin an utterance."""
SOUND_SHARE = 0.25
"""A quarter of the call; a room with knocks in it stays below."""
LOST_SHARE = 0.005
"""Half a percent is a word in a minute."""
ECHO_RMS = 250
"""The level at which speech may go on (docs/audio.md): less of an echo is never taken for a voice."""


def line_quality(measured: Mapping[str, Any] | None) -> list[Said]:
    """The caller's line in sentences; empty if nothing was measured. Where tones or music sound there may be no speech
    to be above the room, and what sounds beside the agent is no echo of it."""
    if not measured:
        return []
    if _number(measured, "silent_share") >= DEAD_SHARE:
        return [Said("Not a sound came from the caller: muted, or half of the line was dead", "attention")]
    sound = _number(measured, "sound_share")
    voice = _number(measured, "voiced_share") or 1.0
    judged = (
        _noise(measured.get("snr_db") if voice > sound else None),
        _faint(measured.get("loud_share")),
        _clipping(measured.get("clipped_share")),
        _steady_sound(sound),
        _lost(_number(measured, "lost_share")),
        _echo(_number(measured, "echo_rms")) if sound < SOUND_SHARE else None,
    )
    return [said for said in judged if said]


def _number(measured: Mapping[str, Any], name: str) -> float:
    """0 for what an older call did not measure."""
    value = measured.get(name)
    return float(value) if isinstance(value, int | float) else 0.0


def _faint(loud_share: Any) -> Said | None:
    if not isinstance(loud_share, int | float) or loud_share >= FAINT_SHARE:
        return None
    return Said("Barely audible: the caller's voice was too quiet for words", "attention")


def _steady_sound(share: float) -> Said | None:
    if share < SOUND_SHARE:
        return None
    return Said(f"Music, tones or noise without a voice: {share:.0%} of the call", "attention")


def _lost(share: float) -> Said | None:
    if share < LOST_SHARE:
        return None
    return Said(f"Lost audio: {share:.1%} of the caller's sound never came", "attention")


def _echo(rms: float) -> Said | None:
    if rms < ECHO_RMS:
        return None
    return Said(f"Echo: the agent's own voice came back, at a level of {rms:.0f}", "attention")


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

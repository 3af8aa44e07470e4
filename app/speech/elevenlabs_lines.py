"""ElevenLabs's timed speech: a line of JSON for each stretch of sound, with the times of its characters.

The lines are cut here, not by the SDK: it drops a line that it cannot read without a word, takes some signs inside a
text for the ends of lines (U+2028, U+0085), and lets a line without end grow as long as it likes.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from app.speech.elevenlabs_errors import failure
from app.speech.protocols import ProviderError

LONGEST_LINE_BYTES = 2 * 1024 * 1024
"""Two minutes of sound and the times of 5,000 characters fit in; the vendor's lines hold a second or two."""
_EVENT = b"data:"
"""The vendor documents the stream as events, and sends it without their prefix."""
_RUBBISH = "ElevenLabs answered with something that is not sound"


@dataclass(frozen=True, slots=True)
class TimedSound:
    """One line. `data`: its sound, as asked for; `alignment`: what the vendor says of its characters, unchecked."""

    data: bytes
    alignment: Any


class TimedLines:
    """Takes bytes as they come, gives every line as soon as it is whole."""

    def __init__(self) -> None:
        self._held = bytearray()

    def push(self, received: bytes) -> list[TimedSound]:
        """Raises ProviderError: `rubbish`, or what the vendor says went wrong."""
        searched = len(self._held)
        self._held += received
        found: list[TimedSound] = []
        begin = 0
        while (end := self._held.find(b"\n", max(begin, searched))) >= 0:
            found += _line(bytes(self._held[begin:end]))
            begin = end + 1
        del self._held[:begin]
        if len(self._held) > LONGEST_LINE_BYTES:
            raise ProviderError("ElevenLabs answered with a line that does not end", "rubbish")
        return found

    def flush(self) -> list[TimedSound]:
        """The last line, which need not be ended. Raises ProviderError as `push`; `broken` for half a line."""
        rest, self._held = bytes(self._held), bytearray()
        try:
            return _line(rest)
        except _NoJSONError:
            if _bare(rest).startswith(b"{"):
                raise ProviderError("ElevenLabs broke off in the middle of its answer", "broken") from None
            raise


class _NoJSONError(ProviderError): ...


def _bare(line: bytes) -> bytes:
    return line.strip().removeprefix(_EVENT).lstrip()


def _line(line: bytes) -> list[TimedSound]:
    """None for a blank one."""
    line = _bare(line)
    if not line:
        return []
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        raise _NoJSONError(_RUBBISH, "rubbish") from None
    if not isinstance(told, dict):
        raise ProviderError(_RUBBISH, "rubbish")
    coded = told.get("audio_base64")
    if coded is None and "detail" in told:
        raise failure(told)
    if coded is None and "alignment" not in told:
        raise ProviderError(_RUBBISH, "rubbish")
    return [TimedSound(_sound(coded), told.get("alignment"))]


def _sound(coded: Any) -> bytes:
    if coded is None:
        return b""
    try:
        return base64.b64decode(coded, validate=True)
    except (ValueError, TypeError):
        raise ProviderError(_RUBBISH, "rubbish") from None

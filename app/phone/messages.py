"""What Twilio says through a media stream (WIRE facts A.2), with strings where it writes strings.

This is the far side of the wire, written on its own: sharing code with the carrier floor would let one mistake hide on
both sides.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

from app.audio.reading import FRAME_LINE_SAMPLES, FRAME_MS, LINE_RATE_HZ

SILENCE_BYTE = b"\xff"
"""μ-law for a sample of 0."""


def encode_frames(mulaw: bytes) -> list[str]:
    """Cuts 8 kHz μ-law into 20 ms frames in base64, the last one filled up with silence; ready to be sent."""
    size = FRAME_LINE_SAMPLES
    padded = mulaw + SILENCE_BYTE * (-len(mulaw) % size)
    return [base64.b64encode(padded[at : at + size]).decode("ascii") for at in range(0, len(padded), size)]


SILENT_FRAME = encode_frames(SILENCE_BYTE * FRAME_LINE_SAMPLES)[0]


def connected() -> str:
    """The first message: no stream yet, no number."""
    return json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"})


class StreamWriter:
    """One stream's messages, numbered as they are written."""

    __slots__ = ("_account_sid", "_call_sid", "_chunk", "_sequence", "stream_sid")

    def __init__(self, stream_sid: str, call_sid: str, account_sid: str) -> None:
        self.stream_sid = stream_sid
        self._call_sid = call_sid
        self._account_sid = account_sid
        self._sequence = 0
        self._chunk = 0

    def start(self, parameters: Mapping[str, str]) -> str:
        """`parameters`: those of the TwiML's `<Stream>`."""
        return self._message(
            "start",
            {
                "accountSid": self._account_sid,
                "streamSid": self.stream_sid,
                "callSid": self._call_sid,
                "tracks": ["inbound"],
                "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": LINE_RATE_HZ, "channels": 1},
                "customParameters": dict(parameters),
            },
        )

    def media(self, payload: str) -> str:
        """One frame, in base64. Written by hand, for it is needed fifty times a second for every caller."""
        timestamp_ms = self._chunk * FRAME_MS
        self._sequence += 1
        self._chunk += 1
        return (
            f'{{"event":"media","sequenceNumber":"{self._sequence}","streamSid":"{self.stream_sid}",'
            f'"media":{{"track":"inbound","chunk":"{self._chunk}","timestamp":"{timestamp_ms}","payload":"{payload}"}}}}'
        )

    def mark(self, name: str) -> str:
        return self._message("mark", {"name": name})

    def dtmf(self, digit: str) -> str:
        return self._message("dtmf", {"track": "inbound_track", "digit": digit})

    def stop(self) -> str:
        return self._message("stop", {"accountSid": self._account_sid, "callSid": self._call_sid})

    def _message(self, event: str, body: Mapping[str, object]) -> str:
        self._sequence += 1
        return json.dumps(
            {"event": event, "sequenceNumber": str(self._sequence), "streamSid": self.stream_sid, event: body},
            separators=(",", ":"),
        )

"""What Twilio is told through a media stream: exactly the keys of WIRE facts A.3, else it is ignored."""

from __future__ import annotations

import base64
import json


def encode_media(stream_sid: str, mulaw: bytes) -> str:
    """`mulaw`: 8 kHz μ-law without a header, any length. Raises ValueError when empty."""
    if not mulaw:
        raise ValueError("An empty piece of sound cannot be sent.")
    payload = base64.b64encode(mulaw).decode("ascii")
    # base64 needs no escaping, so that the long string is not scanned once more
    return f'{{"event":"media","streamSid":{json.dumps(stream_sid)},"media":{{"payload":"{payload}"}}}}'


def encode_mark(stream_sid: str, name: str) -> str:
    """`name` comes back when everything queued so far has been played, or at once upon a clear."""
    return json.dumps({"event": "mark", "streamSid": stream_sid, "mark": {"name": name}}, separators=(",", ":"))


def encode_clear(stream_sid: str) -> str:
    """Empties the queue; every pending mark is echoed."""
    return json.dumps({"event": "clear", "streamSid": stream_sid}, separators=(",", ":"))

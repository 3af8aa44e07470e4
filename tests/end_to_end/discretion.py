"""What must not be in a server's log, looked for in all that it wrote."""

from __future__ import annotations

import re

from tests.server import RunningServer

SPOKEN = (
    "opening hours",
    "nine till five",
    "hello there",
    "a story",
    "miller",
    "bye for now",
    "we close, bye",
    "boots",
)
"""Of what the tests' personas and callers say."""
NUMBERS = re.compile(r"(?<!\d)\+?1?555010\d{4}(?!\d)")
STREAM_TOKEN = re.compile(r"[A-Za-z0-9_-]{60,}\.[A-Za-z0-9_-]{20,}")


def indiscretions(server: RunningServer) -> list[str]:
    """The lines that say too much: speech, a number in full, a password, a key, a token."""
    given = server.settings.get("SESSION_SECRET")
    secret = given or (server.data_dir / "session-secret").read_text(encoding="utf-8").strip()
    forbidden = (*SPOKEN, server.auth_token, server.api_key, server.admin_password, secret)
    return [
        line
        for line in server.said().splitlines()
        if any(word in line.lower() for word in map(str.lower, forbidden))
        or NUMBERS.search(line)
        or STREAM_TOKEN.search(line)
    ]

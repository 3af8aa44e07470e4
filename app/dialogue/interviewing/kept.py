"""A session as JSON and back: it outlives calls and processes."""

from __future__ import annotations

import json

from pydantic import TypeAdapter, ValidationError

from app.dialogue.interviewing.session import Session

VERSION = 1
"""Of the form. A field that is added with a default needs no new one."""

_SESSION = TypeAdapter(Session)


class UnreadableSessionError(ValueError):
    """Not a session of ours. The message holds nothing of what it holds."""


def dump(session: Session) -> str:
    """`session` as JSON; `load` gives the same again."""
    return f'{{"interview":{VERSION},"session":{_SESSION.dump_json(session).decode()}}}'


def load(text: str) -> Session:
    """The session that was dumped. Raises UnreadableSessionError."""
    try:
        kept = json.loads(text)
    except ValueError:
        raise UnreadableSessionError("a kept interview is no JSON; it was changed by another hand") from None
    if not isinstance(kept, dict) or kept.get("interview") != VERSION:
        raise UnreadableSessionError(f"a kept interview is not of version {VERSION}; migrate it, or run what wrote it")
    try:
        return _SESSION.validate_python(kept.get("session"))
    except ValidationError as error:
        where = ".".join(map(str, error.errors(include_input=False, include_url=False)[0]["loc"]))
        raise UnreadableSessionError(f"a kept interview does not fit at {where or 'its beginning'}") from None

"""The lines of an interview with the candidate's name and the role in them, where a persona's lines leave a place."""

from __future__ import annotations

import re
from typing import Any

from app.personas.conduct import Conduct

_PLACE = re.compile(r"(,?\s*)\{\s*(candidate_name|role)\s*\}")


def addressed(conduct: Conduct, candidate_name: str = "", role: str = "") -> Conduct:
    """`conduct` with `{candidate_name}` and `{role}` filled in; what is not known is left out with the comma or the
    space before it. What is filled in is never looked at again: a name that holds braces stays as it is."""
    known = {name: " ".join(value.split()) for name, value in (("candidate_name", candidate_name), ("role", role))}

    def filled(line: str) -> str:
        text = _PLACE.sub(lambda place: f"{place[1]}{known[place[2]]}" if known[place[2]] else "", line)
        bare = text.lstrip(" ,")
        return text if bare == text else bare[:1].upper() + bare[1:]

    changed: dict[str, Any] = {}
    for name in Conduct.model_fields:
        value = getattr(conduct, name)
        if isinstance(value, str) and "{" in value:
            changed[name] = filled(value)
        elif isinstance(value, tuple) and any("{" in line for line in value):
            changed[name] = tuple(map(filled, value))
    return conduct.model_copy(update=changed) if changed else conduct

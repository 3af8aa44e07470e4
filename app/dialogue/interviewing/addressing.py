"""The lines of an interview with the candidate's name and the role in them, where a persona's lines leave a place."""

from __future__ import annotations

from typing import Any

from app.personas.conduct import Conduct
from app.personas.variables import filled


def addressed(conduct: Conduct, candidate_name: str = "", role: str = "") -> Conduct:
    """`conduct` with `{candidate_name}` and `{role}` filled in, as `app.personas.variables` does it; every other place
    is left out."""
    known = {name: " ".join(value.split()) for name, value in (("candidate_name", candidate_name), ("role", role))}
    changed: dict[str, Any] = {}
    for name in Conduct.model_fields:
        value = getattr(conduct, name)
        if isinstance(value, str) and "{" in value:
            changed[name] = filled(value, known)
        elif isinstance(value, tuple) and any("{" in line for line in value):
            changed[name] = tuple(filled(line, known) for line in value)
    return conduct.model_copy(update=changed) if changed else conduct

"""Finds the carriers: every module in this package that has a `CARRIER`."""

from __future__ import annotations

import importlib
import pkgutil

import app.carriers
from app.carriers.protocol import Carrier


def carriers() -> dict[str, Carrier]:
    """All carriers by name, in the order of their modules' names."""
    found: dict[str, Carrier] = {}
    for module in sorted(pkgutil.iter_modules(app.carriers.__path__), key=lambda info: info.name):
        carrier = getattr(importlib.import_module(f"app.carriers.{module.name}"), "CARRIER", None)
        if carrier is not None:
            found[carrier.name] = carrier
    return found


def carrier(name: str) -> Carrier:
    """Raises LookupError, with the names there are."""
    known = carriers()
    if name not in known:
        raise LookupError(f"There is no carrier {name!r}; there are: {', '.join(known)}.")
    return known[name]

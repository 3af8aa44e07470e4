"""Who answered a call that we placed, and how that was known, in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

_WHO: Mapping[str, str] = MappingProxyType(
    {
        "screened": "Whoever answered asks who is calling, or has us wait",
        "greeted": "Nobody said anything, so the agent began",
        "person": "A person answered",
        "talking": "A person talks with the agent",
        "machine": "A machine answered",
    }
)
_SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "short": "What they said was as short as a person's greeting.",
        "endless": "What was said was longer than any person's greeting.",
        "mailbox": "It said what only machines say.",
        "screening": "A service asked for a name and a reason.",
        "asked": "They asked who is calling.",
        "hold": "They asked to wait for a moment.",
        "human": "The carrier held it for a person.",
        "machine": "The carrier held it for a machine.",
        "machine-done": "The carrier held it for a machine, whose greeting is over.",
        "turn": "They answered.",
        "enough": "They asked more often who is calling than the agent tells.",
    }
)
_VERDICTS: Mapping[str, str] = MappingProxyType(
    {
        "human": "a person",
        "machine_start": "a machine",
        "machine_end_beep": "a machine, after its beep",
        "machine_end_silence": "a machine that has fallen silent",
        "machine_end_other": "a machine whose greeting is over",
        "fax": "a fax",
        "unknown": "not known",
    }
)
_KNOWN: Mapping[str, str] = MappingProxyType(
    {
        "person": "They had spoken as a person does before, so it changed nothing.",
        "talking": "They were talking with the agent already, so it changed nothing.",
        "screened": "Whoever answered had asked who is calling, or to wait, so it changed nothing.",
    }
)


def answered_by(detail: Mapping[str, Any]) -> tuple[str, str]:
    """Who is there, and by what."""
    return _WHO.get(str(detail.get("who")), "Somebody answered"), _SIGNS.get(str(detail.get("sign")), "")


def carrier_verdict(detail: Mapping[str, Any]) -> tuple[str, str]:
    """What the carrier made of it, and whether that still counted."""
    verdict = _VERDICTS.get(str(detail.get("verdict")), "nothing that is known")
    return f"The carrier's verdict: {verdict}", _KNOWN.get(str(detail.get("who")), "")

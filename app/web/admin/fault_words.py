"""A provider's fault, said so that an operator understands what it cost and what it takes to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_WORK = {
    "transcribe": "recognise the caller's words",
    "reply": "word an answer",
    "speak": "speak a sentence",
}
_WHY = {
    "key": "It has no key, or refuses the one that is set: correct the setting and start again.",
    "quota": "The account's quota is used up: raise it, or wait for its renewal.",
    "busy": "It had too many requests, and asked to be left alone for a while.",
    "refused": "It refused the request, as it does for a model or a voice that it does not have.",
    "unfit": "It was not made for this turn.",
    "unreachable": "It could not be reached.",
    "late": "It took too long.",
    "failed": "It failed.",
    "broken": "It broke off in the middle.",
    "rubbish": "What it answered could not be used.",
}
_NOBODY = {
    "transcribe": "Nobody else could, so the caller was asked again.",
    "reply": "Nobody took over: the agent made do with what it had, or with its own words.",
    "speak": "Nobody else could speak it.",
}


def fault_words(detail: Mapping[str, Any]) -> tuple[str, str]:
    """What happened, and why it did, how long it took and who took over."""
    stage, took_ms = str(detail.get("stage")), detail.get("took_ms")
    what = f"{name_of(detail.get('provider'))} could not {_WORK.get(stage, 'do its work')}"
    why = why_of(detail.get("kind")) or "It failed."
    if took_ms == 0:
        why = f"{why} That was earlier: it was not asked now, but left alone."
    elif isinstance(took_ms, int):
        why = f"{why} That took {took_ms} ms."
    return what, f"{why} {_then(stage, detail.get('then'))}".strip()


def why_of(kind: object) -> str:
    """One sentence for a kind of fault; empty for what is none."""
    return _WHY.get(str(kind), "")


def _then(stage: str, then: object) -> str:
    if then == "again":
        return "It was asked once more."
    if then == "nobody":
        return _NOBODY.get(stage, "Nobody took over.")
    return f"{name_of(then)} took over." if then else ""


def name_of(provider: object) -> str:
    """A provider's name as people write it; its own name where we know no better."""
    known = {"elevenlabs": "ElevenLabs", "openai": "The OpenAI-compatible server", "offline": "This machine"}
    name = str(provider) if provider else "A provider"
    return known.get(name, name[:1].upper() + name[1:])

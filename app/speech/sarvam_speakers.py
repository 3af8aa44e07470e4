"""Who speaks at Sarvam. Each family of models has speakers of its own; the vendor takes no other."""

from __future__ import annotations

GONE = ("bulbul:v1", "bulbul:v2")
"""Models that the vendor answers with an error."""

V3 = frozenset((
    "shubh", "aditya", "ritu", "priya", "neha", "rahul", "pooja", "rohan", "simran", "kavya",
    "amit", "dev", "ishita", "shreya", "ratan", "varun", "manan", "sumit", "roopa", "kabir",
    "aayan", "ashutosh", "advait", "anand", "tanya", "tarun", "sunny", "mani", "gokul", "vijay",
    "shruti", "suhani", "mohit", "kavitha", "rehan", "soham", "rupali",
))  # fmt: skip
_OF_V2 = frozenset(("anushka", "manisha", "vidya", "arya", "abhilash", "karun", "hitesh"))
_NAMED_LIKE_V3, _NAMED_LIKE_V4 = "bulbul:v3", "bulbul:v4"
"""One word (`ritu`); a name, a language and a style (`simran_en_customer`)."""


def own_speaker(model: str) -> str | None:
    """The speaker that the vendor itself would take; None for a model that nobody here knows."""
    if model.startswith(_NAMED_LIKE_V4):
        return "shubh_enhi_ads"
    return "shubh" if model.startswith(_NAMED_LIKE_V3) else None


def fault_of(speaker: str, model: str) -> str | None:
    """One line if `model` cannot have such a speaker; a name that is merely new is the vendor's to judge."""
    if speaker != speaker.lower():
        return f"speakers are in lower case; write {speaker.lower()}"
    if model.startswith(_NAMED_LIKE_V3) and (speaker in _OF_V2 or "_" in speaker):
        return f"{speaker} is a speaker of another model, not of {model}; take one of {', '.join(sorted(V3))}"
    if model.startswith(_NAMED_LIKE_V4) and "_" not in speaker:
        return f"{speaker} is a speaker of another model, not of {model}, whose names are like {own_speaker(model)}"
    return None

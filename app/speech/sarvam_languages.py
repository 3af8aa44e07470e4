"""Languages as Sarvam names them: two or three letters and `-IN`, whatever country the persona's own tag names."""

from __future__ import annotations

HEARD = frozenset((
    "as", "bn", "brx", "doi", "en", "gu", "hi", "kn", "kok", "ks", "mai", "ml",
    "mni", "mr", "ne", "od", "pa", "sa", "sat", "sd", "ta", "te", "ur",
))  # fmt: skip
"""What saaras v3 and v4 transcribe."""
SPOKEN = frozenset(("bn", "en", "gu", "hi", "kn", "ml", "mr", "od", "pa", "ta", "te"))
"""What bulbul v3 and v4-flash speak."""

ENGLISH = "en-IN"
UNKNOWN = "unknown"
"""The vendor finds out by itself; on turns of less than three seconds not well, so it is told where it can be."""

_ITS_NAMES = {"or": "od"}
"""Odia is `or` in ISO 639, `od` here."""


def heard_as(language: str) -> str:
    """The code to transcribe a persona's `language` (`hi`, `en-GB`) by; `unknown` if the vendor has none."""
    return _code(language, HEARD) or UNKNOWN


def spoken_as(language: str) -> str | None:
    """The code to speak it by; None if the vendor does not."""
    return _code(language, SPOKEN)


def _code(language: str, known: frozenset[str]) -> str | None:
    letters = language.partition("-")[0]
    name = _ITS_NAMES.get(letters, letters)
    return f"{name}-IN" if name in known else None

"""Stage directions: what a model writes about its voice and not for it, such as "*smiles*", "(laughs)", "[pause]"."""

from __future__ import annotations

import re

LATER = -1
"""Not to be told before more of the text is there."""
LONGEST_ASIDE = 60
"""Characters between its marks; what is longer is meant to be said. More is never waited for."""
_MOST_WORDS = 6
_WORD = re.compile(r"[^\W\d_]+")


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ACTS = _listed(
    "laughs laughing laughter chuckles chuckling giggles giggling smiles smiling grins grinning sighs sighing pauses "
    "pausing pause nods nodding winks winking gasps gasping coughs coughing sniffles whispers whispering shrugs "
    "shrugging exhales exhaling inhales inhaling snorts yawns yawning clears clearing giggle chuckle smirks smirking"
)
"""What is hardly ever said in brackets or slanted letters, but done."""
_SLANTED = _listed(
    "waves waving beams beaming blushes breathes listens thinks checks looks leans takes laugh sigh smile wink nod gasp"
)
"""More that is done between asterisks or in square brackets, where words in round ones may be meant."""
_SQUARE = _listed(
    "interrupted applause silence typing music beat softly gently warmly cheerfully happily excited excitedly curious"
)
"""And in square brackets alone."""
_LEADS_ON = _listed("to at in into with and her his their a an for")
_KINDS = _listed(
    "long short brief soft light slight deep small warm gentle awkward dramatic nervous quick little slow happy sad "
    "softly gently warmly slightly quietly lightly nervously briefly"
)
_DEEDS = _listed(
    "laugh laughs laughter chuckle chuckles sigh sighs breath smile smiles silence giggle giggles pause pauses nod"
)
_STATES = _listed("is are was were has have had of can will may do does don't")
"""Behind one of the acts, they make it a sentence: "(smiles are free)"."""

_BEGINNINGS = frozenset(word[:n] for word in _ACTS | _SLANTED | _SQUARE | _KINDS for n in range(1, len(word) + 1))


def aside_end(text: str, inner: int, closer: str, *, last: bool) -> int | None:
    """The end of the stage direction whose words begin at `inner` and which `closer` ends; None if it is none.

    `last`: no more text will come. `LATER` if it may become one.
    """
    first = _WORD.match(text, inner)
    if first is None:
        return LATER if inner >= len(text) and not last else None
    acts = _ACTS if closer == ")" else _ACTS | _SLANTED | _SQUARE if closer == "]" else _ACTS | _SLANTED
    if first.end() == len(text) and not last:
        return LATER if first.group().lower() in _BEGINNINGS else None
    if first.group().lower() not in acts | _KINDS:
        return None
    stop = min(len(text), inner + LONGEST_ASIDE + len(closer))
    close = text.find(closer, inner, stop)
    line = text.find("\n", inner, stop if close < 0 else close)
    if close >= 0 and line < 0:
        return close + len(closer) if _is_aside(text[inner:close], acts, surely=closer != ")") else None
    return LATER if line < 0 and not last and stop == len(text) else None


def _is_aside(content: str, acts: frozenset[str], *, surely: bool) -> bool:
    """`surely`: whatever follows the act belongs to it; else only what cannot be the thing that does it."""
    words = content.lower().strip(" .…!").split()
    if not words or len(words) > _MOST_WORDS:
        return False
    if words[0] in acts and len(words) > 1:
        leads_on = words[1].endswith("ly") or words[1] in _LEADS_ON
        return leads_on or (words[1] not in _STATES and (surely or not words[0].endswith("ing")))
    if words[0] in acts:
        return True
    return words[0] in _KINDS and len(words) > 1 and words[1].strip(",") in _DEEDS | _ACTS

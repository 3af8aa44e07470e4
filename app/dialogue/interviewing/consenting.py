"""Whether words agree to an interview that is automated and recorded, refuse it, or do neither.

A refusal ends the talk, an agreement begins it: both must be plain. A question, a condition, or a yes beside a no is
neither, and is asked about once more.
"""

from __future__ import annotations

import re

from app.dialogue import intents
from app.dialogue.intent import intent
from app.dialogue.interviewing import controls
from app.dialogue.wording import Words, words

_ABOUT = frozenset(
    words(
        "agree accept consent permission record recorded recording recordings call talk interview computer machine "
        "robot automated bot ai voice person human written talking speaking interviewed interviewing being to it by on "
        "both happy glad fully totally completely absolutely definitely certainly understand understood any "
        "everything part take anyone kindly am at still afraid problem"
    )
)
"""What is asked about, and how people go on about it: said beside a yes or a no, it leaves it as plain as it was."""

_AGREES = intent(
    (
        *(" ".join(phrase) for phrase in intents.YES.phrases),
        "i agree", "agree", "agreed", "i consent", "i give my consent", "i give consent", "i accept", "accepted",
        "that is fine", "that is fine with me", "fine", "fine with me", "fine by me", "that is okay",
        "that is okay with me", "okay with me", "that works", "that works for me", "i am fine with that",
        "i am okay with that", "i am happy with that", "you have my consent", "permission granted", "yes i do",
        "no problem", "not a problem", "you may", "all right with me", "happy to", "fine with it", "continue",
        "let us continue", "proceed", "please proceed", "carry on", "please continue",
    ),
    alone=("i do", "oh i do", "well i do"),
)  # fmt: skip
_NO_OBJECTION = intent(
    ("no problem", "i do not mind", "no objection", "no objections", "i have no objection", "i have no objections",
     "not a problem", "no problem with that", "why not", "that is no problem", "i have no problem with that",
     "i do not mind that", "i do not object", "i have no objection to that", "i do not have a problem with that",
     "i do not have any objections", "i do not have any problem with that")
)  # fmt: skip
_REFUSES = intent(
    ("no", "not really", "absolutely not", "certainly not", "definitely not", "not okay", "not at all", "never",
     "rather not", "i am afraid not", "of course not", "i guess not", "i do not think so", "not interested",
     "not today", "please do not", "no thank you", "no way", "sure not", "never mind"),
    alone=("i do not", "i will not", "i can not", "i would not"),
)  # fmt: skip
_UNWILLING = re.compile(
    r"\bnot (?:(?:really|actually|even|at all|personally) )*"
    r"(?:(?:want|wish|like)(?! to \w)|(?:want|wish|like) to (?:be|do|go|continue|talk|speak|take|agree|have|give|start"
    r"|begin|proceed|participate)|agree|consent|accept|allow|permit|record|be recorded|comfortable|willing|okay with"
    r"|all right with|fine with|happy|prepared|give)\b"
    r"|\b(?:rather|prefer|prefer to|rather you did|like to) not\b"
    r"|\b(?:i|must|to|have to|should|would|no) (?:decline|refuse|object|disagree)\b"
    r"|\b(?:with)?out (?:me|my consent|my agreement)\b|\bno (?:recordings?|consent|interview)\b"
)
"""A sentence that says no, whatever it goes on to name."""
_STRONG = re.compile(r"\b(?:absolutely|certainly|definitely|sure) not\b|\bnot okay\b")
_AGREEING = frozenset(words("yes sure fine okay absolutely definitely certainly mind problem agree agreed"))
_DOUBTS = frozenset(
    words(
        "if unless until but before after only except provided condition though however although because maybe "
        "perhaps depends question questions again hello sorry other else instead rather otherwise"
    )
)
"""Beside a yes these make it another: a condition, a doubt, a request to hear it again."""
_DENIES = frozenset(words("not no never without refuse disagree object decline nobody none nothing neither nor"))
_BEGINS = frozenset(words("no well um uh er oh ah so sorry but actually really please thank you"))
_ASKS_FIRST = frozenset(words("what who which how why when where do does did can could is are will would shall should"))
_ASKS = frozenset(words("what who whose whom which how where"))


def agrees(said: Words) -> bool | None:
    """The answer to the question of consent: agreed, refused, or None if it is neither of them plainly."""
    if _NO_OBJECTION.plain(said) or _NO_OBJECTION.plain(_behind_no(said)):
        return True
    if _asks(said) or controls.of_words(said) in ("repeat", "slower", "more-time"):
        return None
    if intents.STOP.meant(said) or intents.GOODBYE.meant(said):
        return False
    if _refuses(said):
        return False
    plain = (said in _AGREES.alone or _AGREES.plain(said, _ABOUT)) and not (_DENIES | _DOUBTS) & set(said)
    return True if plain else None


def _refuses(said: Words) -> bool:
    """A no alone, or a sentence that refuses; not one with a yes in it, or with a second no that turns it round."""
    rest = _behind_no(said)
    told = " ".join(rest)
    found = _UNWILLING.search(told)
    if found is None:
        mixed = _AGREEING & set(_STRONG.sub("", " ".join(said)).split())
        return (rest in _REFUSES.alone or _REFUSES.plain(said, _ABOUT)) and not mixed
    apart = set((told[: found.start()] + told[found.end() :]).split())
    return not apart & (_AGREEING | _DENIES)


def _behind_no(said: Words) -> Words:
    """Without the no, or the sounds, that somebody begins with."""
    place = 0
    while place < len(said) and said[place] in _BEGINS:
        place += 1
    return said[place:] or said


def _asks(said: Words) -> bool:
    """Whether it is a question, with or without a yes before it."""
    rest = said[1:] if said[:1] in (("yes",), ("okay",), ("no",), ("sure",), ("well",), ("so",), ("and",)) else said
    return bool(rest) and (rest[0] in _ASKS_FIRST or bool(_ASKS & set(said)))

"""Who has answered a call that we placed: one table of what is heard and told, and what follows from it.

    WAITING ── the first words, or the carrier's verdict ──> PERSON · SCREENED · MACHINE
       └────── nobody says anything ────────────────────────> GREETED

A carrier listens for seconds and may be wrong; words are there sooner, and count for more. Nobody who has said
something that a person says is taken for a machine because of a verdict that comes later: only what a machine says can
do that, and nothing at all once they have answered us (TALKING). A screening voice is a machine by its sound, so the
carrier is not asked about it: whoever was promised comes, or a mailbox, and both will be heard.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Who(StrEnum):
    """Who is there, as far as is known. GREETED: nobody spoke, and was greeted all the same. PERSON: somebody who spoke
    as a person does. TALKING: somebody who has answered us. SCREENED: something or somebody that was told who
    rings, or has us wait, and may fetch whom we want."""

    WAITING = "waiting"
    SCREENED = "screened"
    GREETED = "greeted"
    PERSON = "person"
    TALKING = "talking"
    MACHINE = "machine"


class Sign(StrEnum):
    """What was heard (the first eight), told by the carrier (the next three), or noticed. SHORT: a few words as of a
    person. LONG: more than most people say, but nothing that tells. ENDLESS: more than anybody says. MAILBOX: only a
    machine says so. SCREENING: a service asks who rings and why; ASKED: so does somebody. HOLD: we are to wait.
    WORDLESS: a sound without words. HUMAN, MACHINE, MACHINE_DONE (its greeting is over): verdicts. SILENCE: nothing,
    for as long as is waited. TURN: words that were put to the dialogue. ENOUGH: who rings was asked more often than is
    answered."""

    SHORT = "short"
    LONG = "long"
    ENDLESS = "endless"
    MAILBOX = "mailbox"
    SCREENING = "screening"
    ASKED = "asked"
    HOLD = "hold"
    WORDLESS = "wordless"
    HUMAN = "human"
    MACHINE = "machine"
    MACHINE_DONE = "machine-done"
    SILENCE = "silence"
    TURN = "turn"
    ENOUGH = "enough"


_TOLD_MACHINE = {Sign.MAILBOX: Who.MACHINE}
_ASKS = {Sign.HOLD: Who.SCREENED, Sign.SCREENING: Who.SCREENED, Sign.ASKED: Who.SCREENED, Sign.ENOUGH: Who.PERSON}

FOLLOWS: Mapping[Who, Mapping[Sign, Who]] = MappingProxyType(
    {
        Who.WAITING: {
            **_TOLD_MACHINE,
            **_ASKS,
            Sign.SHORT: Who.PERSON,
            Sign.ENDLESS: Who.MACHINE,
            Sign.HUMAN: Who.PERSON,
            Sign.MACHINE: Who.MACHINE,
            Sign.MACHINE_DONE: Who.MACHINE,
            Sign.SILENCE: Who.GREETED,
        },
        Who.SCREENED: {**_TOLD_MACHINE, **_ASKS, Sign.SHORT: Who.PERSON, Sign.SILENCE: Who.GREETED},
        Who.GREETED: {
            **_TOLD_MACHINE,
            Sign.SCREENING: Who.SCREENED,
            Sign.HUMAN: Who.PERSON,
            Sign.MACHINE: Who.MACHINE,
            Sign.MACHINE_DONE: Who.MACHINE,
            Sign.TURN: Who.TALKING,
        },
        Who.PERSON: {**_TOLD_MACHINE, Sign.SCREENING: Who.SCREENED, Sign.TURN: Who.TALKING},
        Who.TALKING: {},
        Who.MACHINE: {},
    }
)
"""What is not in it changes nothing."""


def next_who(who: Who, sign: Sign) -> Who:
    """Who is there once `sign` is known."""
    return FOLLOWS[who].get(sign, who)


def of_verdict(answered_by: str) -> Sign | None:
    """What a carrier's verdict says (`human`, `machine_start`, `machine_end_beep` …; WIRE B.7); None for `unknown`, and
    for what nobody has heard of."""
    if answered_by == "human":
        return Sign.HUMAN
    if answered_by.startswith("machine_end"):
        return Sign.MACHINE_DONE
    return Sign.MACHINE if answered_by.startswith("machine") or answered_by == "fax" else None

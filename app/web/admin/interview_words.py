"""How interviews are called on the pages: how they stand, how a question went, why a key point was found or not.

Nothing here speaks of the person: there are words for what was heard, and for what was not.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.dialogue.interviewing.life import Phase
from app.dialogue.interviewing.record import Kind
from app.dialogue.judging.judgement import Coverage
from app.dialogue.judging.points import Verdict
from app.dialogue.scoring.card import CheckWhy, QuestionCard
from app.store.interview_list import Standing
from app.web.admin.words import Said

ENDED: Mapping[Standing, Said] = {
    "complete": Said("All questions were put", "good"),
    "stopped": Said("Ended by the candidate", "plain"),
    "refused": Said("Did not agree to it", "plain"),
    "not-agreed": Said("No clear agreement", "attention"),
    "open": Said("Not over yet", "live"),
}
"""How an interview stands; also the choices of the list's filter."""

OPEN: Mapping[Phase, Said] = {
    Phase.NEW: Said("Not begun yet", "plain"),
    Phase.CONSENT: Said("Agreement is being asked for", "live"),
    Phase.ASKING: Said("Going on", "live"),
    Phase.STOPPING: Said("Going on", "live"),
    Phase.PAUSED: Said("Broken off: it can be taken up again", "attention"),
}

VERDICTS: Mapping[Verdict, str] = {
    Verdict.CORRECT: "correct",
    Verdict.PARTIAL: "partial",
    Verdict.INCORRECT: "not what was looked for",
    Verdict.NOT_KNOWN: "“I don't know”",
}

ATTEMPTS: Mapping[Kind, str] = {
    "first": "Answer",
    "hinted": "Answer after the hint",
    "correction": "Correction",
}

COVERAGE: Mapping[Coverage, Said] = {
    Coverage.COVERED: Said("Heard", "good"),
    Coverage.UNVERIFIED: Said("To be listened to", "attention"),
    Coverage.MISSED: Said("Not heard", "plain"),
}

REASONS: Mapping[str, str] = {
    "said": "",
    "gist": "in words of their own",
    "quoted": "",
    "unsure-words": "the recogniser was not sure of these words",
    "listed": "in a mere list of words",
    "not-said": "",
    "not-meant": "words of it were there, but what was said does not mean it",
    "denied": "it was denied",
    "not-denied": "it should have been denied",
    "swapped": "it was said of something else",
    "opposite": "a word turns it round",
    "no-quote": "the model showed no words for it",
    "quote-not-said": "the model's quote was not said",
    "quote-too-short": "the model's quote was too short",
    "quote-too-long": "the model's quote was too long",
    "question-words": "these are the question's own words",
    "evasive": "nothing definite was said",
    "instructions": "these words were said to the judge",
    "not-borne-out": "the answer's words do not bear it out",
    "not-judged": "",
}
"""Why a key point is what it is; docs/judging.md has the slugs. Empty where there is nothing to add."""

CHECKS: Mapping[CheckWhy, str] = {
    "unsure-words": "The recogniser was not sure of these words; they count for the candidate.",
    "listed": "It stands in a mere list of words, and does not count.",
    "unsure-line": "The recogniser was not sure of this line, and nothing was found in it.",
}

_LEFT: Mapping[str, str] = {
    "skipped": "Passed over",
    "silence": "No answer was heard",
    "stopped": "The talk was ended here",
}


def standing(value: Standing, phase: Phase) -> Said:
    """How an interview stands."""
    return OPEN.get(phase, ENDED["open"]) if value == "open" else ENDED[value]


def reason(slug: str) -> str:
    """Why, in words; a slug that we have none for as it is."""
    return REASONS.get(slug, slug.replace("-", " "))


def course(question: QuestionCard) -> str:
    """How a question went, from verdict to verdict."""
    if question.state == "not-asked":
        return "Not asked"
    if question.talk_points is None:
        return "Still open"
    verdicts = [VERDICTS[verdict] for verdict in question.path]
    if not verdicts:
        return _LEFT.get(question.left, "No answer")
    told = f"{verdicts[0]} at first" if len(verdicts) == 1 else f"{verdicts[0]}, then {verdicts[1]} after the hint"
    if len(verdicts) == 1 and question.hints:
        told = f"{told}, and no answer to the hint"
    if question.corrected:
        told = f"{told}; the correction counts"
    return told[:1].upper() + told[1:]

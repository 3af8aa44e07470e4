"""A few sentences about what was heard. Each carries the words that it rests on; what has none is told as not heard,
which says nothing of why. There is no sentence about the person: how somebody is cannot be quoted."""

from __future__ import annotations

from collections.abc import Sequence

from app.dialogue.interviewing.session import Consent
from app.dialogue.judging.judgement import Coverage
from app.dialogue.judging.points import Verdict
from app.dialogue.scoring.card import Evidence, PointCard, QuestionCard, Sentence
from app.personas.questions import Level


def summary(consent: Consent | None, questions: Sequence[QuestionCard]) -> tuple[Sentence, ...]:
    """The sentences, in the order of the talk."""
    sentences = [_agreement(consent)]
    judged = [question for question in questions if question.attempts]
    for level in Level:
        of_level = [question for question in judged if question.level is level]
        sentences += _level(level, of_level) if of_level else ()
    sentences += [_full(judged), _hinted(judged), _corrected(judged), _not_known(judged), _nothing(judged)]
    sentences += _left(questions)
    return tuple(sentence for sentence in sentences if sentence is not None)


def _agreement(consent: Consent | None) -> Sentence | None:
    if consent is None:
        return None
    said = "agreed" if consent.agreed else "did not agree"
    if consent.how == "key":
        return Sentence("record", f"The candidate {said} to the interview, by key {consent.words}.")
    words = Evidence(consent.words, "".join(consent.segments[:1]), "consent", 0, 0, len(consent.words))
    return Sentence("heard", f"The candidate {said} to the interview.", (words,))


def _level(level: Level, questions: Sequence[QuestionCard]) -> list[Sentence]:
    """How many of the key points were heard, and how many may have been."""
    points = [point for question in questions for point in question.key_points]
    heard = [point for point in points if point.coverage is Coverage.COVERED]
    unsure = [point for point in points if point.coverage is Coverage.UNVERIFIED]
    whole = f"the {_count(len(points), 'key point')} of the {level.value} questions that were answered"
    if heard:
        sentences = [Sentence("heard", f"Of {whole}, {len(heard)} {_were(heard)} heard.", _quotes(heard))]
    else:
        sentences = [Sentence("not-heard", f"Of {whole}, none was heard for certain.")]
    if unsure:
        told = f"Of {whole}, {len(unsure)} may have been said in words that are not sure: a person should listen."
        sentences.append(Sentence("unsure", told, _quotes(unsure)))
    return sentences


def _full(questions: Sequence[QuestionCard]) -> Sentence | None:
    full = [it for it in questions if all(point.coverage is Coverage.COVERED for point in it.key_points)]
    if not full:
        return None
    quotes = _quotes([point for question in full for point in question.key_points])
    return Sentence("heard", f"Every key point was heard in answer to {_named(full)}.", quotes)


def _hinted(questions: Sequence[QuestionCard]) -> Sentence | None:
    return _only_in(questions, "hinted", "After the hint, more was heard in answer to")


def _corrected(questions: Sequence[QuestionCard]) -> Sentence | None:
    return _only_in(questions, "correction", "In a correction, more was heard in answer to")


def _only_in(questions: Sequence[QuestionCard], attempt: str, told: str) -> Sentence | None:
    quotes: list[Evidence] = []
    named: list[QuestionCard] = []
    for question in questions:
        covered = question.of(Coverage.COVERED)
        found = [it.evidence for it in covered if it.evidence is not None and it.evidence.attempt == attempt]
        quotes += found
        named += [question] if found else []
    return Sentence("heard", f"{told} {_named(named)}.", tuple(quotes)) if named else None


def _not_known(questions: Sequence[QuestionCard]) -> Sentence | None:
    found = [(it, attempt) for it in questions for attempt in it.attempts if attempt.verdict is Verdict.NOT_KNOWN]
    if not found:
        return None
    quotes = tuple(
        Evidence(line.text, line.segment, attempt.kind, part, 0, len(line.text))
        for _, attempt in found
        for part, line in enumerate(attempt.lines)
    )
    named = _named(list(dict.fromkeys(question for question, _ in found)))
    return Sentence("heard", f"The candidate said that they do not know, or passed, at {named}.", quotes)


def _nothing(questions: Sequence[QuestionCard]) -> Sentence | None:
    """Who said that they do not know is told of above."""
    nothing = [
        question
        for question in questions
        if all(point.coverage is Coverage.MISSED for point in question.key_points)
        and any(attempt.verdict not in (None, Verdict.NOT_KNOWN) for attempt in question.attempts)
    ]
    if not nothing:
        return None
    return Sentence("not-heard", f"Nothing that was looked for was heard in answer to {_named(nothing)}.")


def _left(questions: Sequence[QuestionCard]) -> list[Sentence]:
    """Questions without an answer, and why, as far as it is on record."""
    asked = [question for question in questions if not question.attempts and question.state != "not-asked"]
    skipped = [question for question in asked if question.left == "skipped"]
    silent = [question for question in asked if question.left == "silence"]
    unanswered = [question for question in asked if question.left not in ("skipped", "silence")]
    unasked = [question for question in questions if question.state == "not-asked"]
    told = (
        (skipped, "The candidate passed over {}."),
        (silent, "No answer was heard to {}."),
        (unanswered, "There is no answer yet to {}."),
        (unasked, "{} {} not asked."),
    )
    sentences: list[Sentence] = []
    for found, text in told:
        if found:
            named = _named(found)
            named = named[:1].upper() + named[1:] if text.startswith("{}") else named
            sentences.append(Sentence("record", text.format(named, "were" if len(found) > 1 else "was")))
    return sentences


def _quotes(points: Sequence[PointCard]) -> tuple[Evidence, ...]:
    return tuple(point.evidence for point in points if point.evidence is not None)


def _named(questions: Sequence[QuestionCard]) -> str:
    numbers = [str(question.place + 1) for question in questions]
    if len(numbers) == 1:
        return f"question {numbers[0]}"
    return f"questions {', '.join(numbers[:-1])} and {numbers[-1]}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _were(found: Sequence[PointCard]) -> str:
    return "was" if len(found) == 1 else "were"

"""The judge that needs no model: finds each key point in the words of the answer, by rules that anybody can read, and
where it is given something to know meanings by, in what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.dialogue.judging.asides import passed_over
from app.dialogue.judging.hearing import Found, Hearing
from app.dialogue.judging.judgement import (
    LISTED,
    UNSURE_WORDS,
    Answer,
    Coverage,
    Judgement,
    PointVerdict,
    Question,
    Quote,
    settled,
)
from app.dialogue.judging.likeness import features, near
from app.dialogue.judging.meaning import Meaning, WeightsError, likely
from app.dialogue.judging.meaning_weights import COEFFICIENTS, THRESHOLD
from app.dialogue.judging.not_known import not_known
from app.dialogue.judging.patterns import expected
from app.dialogue.judging.points import Verdict
from app.dialogue.judging.tokens import Token, tokens
from app.dialogue.judging.windows import Window

NAME, VERSION = "offline", "4"
"""The version changes with every rule, every list of words and every weight, so that a score tells what it was made
by."""
BY_WORDS_ALONE = f"{VERSION}-words"
"""The version where there is nothing to know meanings by."""

_CONTRARY = frozenset(("opposite", "denied"))
_SURE = frozenset(("opposite", "denied", "swapped"))
"""What words find of a key point that meaning does not look at again."""
_FEWEST = 2
"""Words that count; of a single one only its word tells anything."""
_AROUND = 3
"""Words to each side of the evidence that a quote takes along, within its clause, so that it can be read."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the words of an answer come to. `free`: the places of those that count. `points`: before one is held against
    another. `judgement`: by words alone. `settled`: it stays so, for there is nothing in it that meaning could find; or
    something was said to the judge, and what is left of such sentences may mean anything."""

    said: tuple[Token, ...]
    free: tuple[int, ...]
    points: tuple[PointVerdict, ...]
    judgement: Judgement
    settled: bool


def judge(question: Question, answer: Answer, meaning: Meaning | None = None) -> Judgement:
    """The verdict on one attempt. Never raises, whatever was said; the same words have the same verdict.

    `meaning`: finds what was said in other words than anybody thought of. It takes tenths of a second of the processor:
    on a thread, where others wait. Who says that they do not know is known by words alone, with it and without.
    """
    heard = hear(question, answer)
    if meaning is None:
        return heard.judgement
    if heard.settled:
        return replace(heard.judgement, version=VERSION)
    try:
        measured, places = features(question, heard.said, heard.free, heard.points, meaning)
    except WeightsError:
        return heard.judgement
    found = zip(heard.points, likely(measured, COEFFICIENTS), near(measured), places, strict=True)
    points = _not_against(tuple(_meant(*one, answer, heard.said) for one in found))
    verdict, reason = settled(points)
    return Judgement(question.id, verdict, points, NAME, VERSION, reason)


def hear(question: Question, answer: Answer) -> Heard:
    """What the words alone tell."""
    said = tokens(answer)
    waited = expected(question)
    passed = passed_over(answer, said, waited.asked)
    hearing = Hearing(said, passed, waited)
    alone = tuple(_verdict(point.id, hearing, hearing.find(point), answer, said) for point in waited.points)
    points = _not_against(alone)
    known = not not_known(
        [token for place, token in enumerate(said) if passed.get(place) != "instructions"], frozenset(waited.asked[0])
    )
    verdict, reason = settled(points, known)
    if verdict is Verdict.INCORRECT and len(passed) == len(said):
        reason = passed[0] if said else "silent"
    judgement = Judgement(question.id, verdict, points, NAME, BY_WORDS_ALONE, reason)
    free = tuple(place for place in range(len(said)) if place not in passed and place not in hearing.bare)
    final = reason != "counted" or len(free) < _FEWEST or "instructions" in passed.values()
    return Heard(said, free, alone, judgement, final)


def _meant(
    point: PointVerdict, likelihood: float, is_near: bool, window: Window, answer: Answer, said: Sequence[Token]
) -> PointVerdict:
    """What meaning makes of a key point, likely to be covered so far, and if it is, by the words of `window`. What is
    not near it does not mean it."""
    if point.reason in _SURE or point.reason == LISTED:
        return point
    if likelihood < THRESHOLD:
        return PointVerdict(point.key_point, Coverage.MISSED, "not-meant") if point.counts else point
    if point.counts or not is_near:
        return point
    quote = quoted(answer, said, window[0], window[-1])
    if answer[quote.part].unsure:
        return PointVerdict(point.key_point, Coverage.UNVERIFIED, UNSURE_WORDS, quote)
    return PointVerdict(point.key_point, Coverage.COVERED, "meant", quote)


def _verdict(id_: str, hearing: Hearing, found: Found | None, answer: Answer, said: Sequence[Token]) -> PointVerdict:
    if found is None:
        return PointVerdict(id_, Coverage.MISSED, "not-said")
    if not found.good:
        doubtful = any(answer[said[place].part].unsure for place in range(found.begin, found.last + 1))
        return PointVerdict(id_, Coverage.MISSED, "not-said" if doubtful else found.reason)
    quote = quoted(answer, said, found.begin, found.last)
    if hearing.listed(found):
        return PointVerdict(id_, Coverage.UNVERIFIED, LISTED, quote)
    if answer[quote.part].unsure:
        return PointVerdict(id_, Coverage.UNVERIFIED, UNSURE_WORDS, quote)
    return PointVerdict(id_, Coverage.COVERED, found.reason, quote)


def _not_against(points: tuple[PointVerdict, ...]) -> tuple[PointVerdict, ...]:
    """Whoever says the contrary of one key point has not covered another by the way."""
    good = [point for point in points if point.counts]
    if len(good) != 1 or not any(point.reason in _CONTRARY for point in points):
        return points
    return tuple(
        PointVerdict(point.key_point, Coverage.MISSED, "contradicted") if point.counts else point for point in points
    )


def quoted(answer: Answer, said: Sequence[Token], begin: int, last: int) -> Quote:
    """The words from `begin` to `last` (included) as they were said, with a few around. Of words in several parts,
    those of the part that holds most of them."""
    evidence = said[begin : last + 1]
    parts = [token.part for token in evidence]
    part = max(sorted(set(parts)), key=parts.count)
    places = [place for place in range(begin, last + 1) if said[place].part == part]
    first, final = places[0], places[-1]
    while first > 0 and places[0] - first < _AROUND and _beside(said[first - 1], said[places[0]]):
        first -= 1
    while final + 1 < len(said) and final - places[-1] < _AROUND and _beside(said[final + 1], said[places[-1]]):
        final += 1
    start, end = said[first].begin, said[final].end
    return Quote(answer[part].text[start:end], part, start, end, answer[part].id)


def _beside(token: Token, other: Token) -> bool:
    return (token.part, token.clause) == (other.part, other.clause)

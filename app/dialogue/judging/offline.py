"""The judge that needs no model: finds each key point in the words of the answer, by rules that anybody can read."""

from __future__ import annotations

from collections.abc import Sequence

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
from app.dialogue.judging.not_known import not_known
from app.dialogue.judging.patterns import expected
from app.dialogue.judging.points import Verdict
from app.dialogue.judging.tokens import Token, tokens

NAME, VERSION = "offline", "3"
"""The version changes with every rule and every list of words, so that a score tells what it was made by."""

_CONTRARY = frozenset(("opposite", "denied"))
_AROUND = 3
"""Words to each side of the evidence that a quote takes along, within its clause, so that it can be read."""


def judge(question: Question, answer: Answer) -> Judgement:
    """The verdict on one attempt. Never raises, whatever was said; the same words have the same verdict."""
    said = tokens(answer)
    waited = expected(question)
    passed = passed_over(answer, said, waited.asked)
    hearing = Hearing(said, passed, waited)
    points = _not_against(
        tuple(_verdict(point.id, hearing, hearing.find(point), answer, said) for point in waited.points)
    )
    known = not not_known(
        [token for place, token in enumerate(said) if passed.get(place) != "instructions"], frozenset(waited.asked[0])
    )
    verdict, reason = settled(points, known)
    if verdict is Verdict.INCORRECT and len(passed) == len(said):
        reason = passed[0] if said else "silent"
    return Judgement(question.id, verdict, points, NAME, VERSION, reason)


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

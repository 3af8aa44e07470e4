"""Key points with their evidence: what a judgement found, each quote looked up where it says that it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.dialogue.interviewing.record import Kind
from app.dialogue.judging.judgement import Answer, Coverage, Judgement, PointVerdict
from app.dialogue.scoring.card import Evidence, Line, PointCard


def lines_of(said: Answer, confidence: Sequence[float | None]) -> tuple[Line, ...]:
    """An answer as lines. `confidence`: of each part, as far as it is known."""
    known = [*confidence, *([None] * len(said))]
    return tuple(Line(part.text, part.id, known[place], part.unsure) for place, part in enumerate(said))


def points_of(
    judgement: Judgement, kind: Kind, lines: Sequence[Line], names: Mapping[str, str]
) -> tuple[PointCard, ...]:
    """A judgement's key points. `names`: what the question's key points say, by id; others are passed over."""
    return tuple(_point(it, kind, lines, names[it.key_point]) for it in judgement.points if it.key_point in names)


def best(attempts: Iterable[Sequence[PointCard]], names: Mapping[str, str]) -> tuple[PointCard, ...]:
    """Each of the question's key points as the best attempt has it, with the earlier one's words where they are
    alike; one that nobody judged was not heard."""
    found: dict[str, PointCard] = {}
    for card in (card for attempt in attempts for card in attempt):
        if card.id not in found or _worth(card) > _worth(found[card.id]):
            found[card.id] = card
    missed = Coverage.MISSED
    return tuple(found.get(id_) or PointCard(id_, text, missed, "not-judged", False) for id_, text in names.items())


def _worth(card: PointCard) -> tuple[bool, bool, bool]:
    return card.coverage is Coverage.COVERED, card.counts, card.coverage is Coverage.UNVERIFIED


def _point(verdict: PointVerdict, kind: Kind, lines: Sequence[Line], name: str) -> PointCard:
    """What has no words to show for it was not heard, whatever a judge says."""
    evidence = _evidence(verdict, kind, lines)
    if verdict.coverage is Coverage.MISSED or evidence is None:
        reason = verdict.reason if verdict.coverage is Coverage.MISSED else "quote-not-said"
        return PointCard(verdict.key_point, name, Coverage.MISSED, reason, False)
    return PointCard(verdict.key_point, name, verdict.coverage, verdict.reason, verdict.counts, evidence)


def _evidence(verdict: PointVerdict, kind: Kind, lines: Sequence[Line]) -> Evidence | None:
    quote = verdict.quote
    if quote is None or not quote.text or not 0 <= quote.part < len(lines):
        return None
    line = lines[quote.part]
    if line.text[quote.begin : quote.end] != quote.text:
        return None
    return Evidence(quote.text, line.segment, kind, quote.part, quote.begin, quote.end)

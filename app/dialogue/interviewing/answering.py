"""From an answer to its judgement, and on to the hint or to the next question."""

from __future__ import annotations

from dataclasses import replace

from app.dialogue.interviewing.draft import Draft
from app.dialogue.interviewing.happening import Words
from app.dialogue.interviewing.life import Life, OutOfOrderError
from app.dialogue.interviewing.record import Attempt, Left
from app.dialogue.judging import offline
from app.dialogue.judging.judgement import Answer, Judgement, Said
from app.dialogue.judging.points import Verdict, earns_hint

LONGEST_ANSWER = 20_000
"""Characters of one attempt that are kept: some twenty minutes of speech, and less than the judge looks at."""


def hold(draft: Draft, words: tuple[Words, ...], unsure_below: float, at: str) -> None:
    """Put `words` to what is held of the answer so far."""
    record = draft.record
    draft.note(
        held=(*record.held, *_said(words, unsure_below)),
        held_confidence=(*record.held_confidence, *(part.confidence for part in words)),
        held_at=record.held_at or at,
    )


def answer(draft: Draft) -> None:
    """What is held is the answer: it goes to the judge."""
    _attempt(draft)
    _to_the_judge(draft)


def add(draft: Draft, words: tuple[Words, ...], unsure_below: float) -> None:
    """The candidate went on while the judge was thinking: it is one answer, judged anew."""
    *before, last = draft.record.attempts
    longer = replace(
        last,
        said=(*last.said, *_said(words, unsure_below)),
        confidence=(*last.confidence, *(part.confidence for part in words)),
    )
    draft.note(attempts=(*before, longer))
    _to_the_judge(draft)


def take_up(draft: Draft) -> None:
    """The candidate wants to go on with an answer that is with the judge: it is held, and nothing is judged yet."""
    *before, last = draft.record.attempts
    draft.live("go on")
    draft.note(attempts=tuple(before), held=last.said, held_confidence=last.confidence, held_at=last.at)


def length(draft: Draft) -> int:
    """Characters of the answer so far: of what is held, or of what is with the judge."""
    record = draft.record
    said = record.attempts[-1].said if record.with_judge else record.held
    return sum(len(part.text) for part in said)


def settle(draft: Draft, judgement: Judgement) -> None:
    """The judge has spoken. Raises OutOfOrderError if it was of something else."""
    _judge(draft, judgement)
    record = draft.record
    if record.life is Life.JUDGED and earns_hint(record.verdicts):
        draft.live("hint")
        draft.note(hints=record.hints + 1, checked=False, missed=0, murmurs=0)
        draft.say_of("acknowledgement", draft.conduct.acknowledgements, "acknowledgement")
        draft.say("hint", f"{_line(draft.conduct.hints, draft)} {record.question.hint}")
        draft.think()
        return
    if record.life is Life.JUDGED:
        draft.live("close")
    if judgement.verdict is Verdict.NOT_KNOWN:
        draft.say_of("acknowledgement", draft.conduct.moving_on, "moving on")
    else:
        draft.say_of("acknowledgement", draft.conduct.acknowledgements, "acknowledgement")
    go_on(draft)


def close(draft: Draft, left: Left) -> None:
    """The question that the candidate is at is over, as it stands. What is held of an answer counts: the judge that
    needs nobody looks at it."""
    correction = draft.record.next_kind == "correction"
    if draft.record.held:
        _attempt(draft)
    if draft.record.with_judge:
        record = draft.record
        _judge(draft, offline.judge(record.question, record.attempts[-1].said))
        if draft.record.life is Life.JUDGED:
            draft.live("close")
    else:
        draft.live("leave")
    if not correction:
        draft.note(left=left)


def go_on(draft: Draft) -> None:
    """After a question was closed: back to the open one after a correction, the next one, or the end."""
    if draft.session.correcting is not None:
        draft.change(correcting=None)
        draft.say("correction", draft.conduct.back)
        draft.put()
        return
    if draft.session.place + 1 >= len(draft.session.records):
        draft.finish("complete", draft.conduct.closing)
        return
    draft.change(place=draft.session.place + 1)
    draft.live("ask")
    draft.put()


def _said(words: tuple[Words, ...], unsure_below: float) -> Answer:
    return tuple(
        Said(part.text, part.segment, unsure=part.confidence is not None and part.confidence < unsure_below)
        for part in words
    )


def _attempt(draft: Draft) -> None:
    """What is held becomes an attempt."""
    record = draft.record
    made = Attempt(
        record.next_kind,
        record.held,
        record.held_confidence,
        record.held_at,
        cut=sum(len(part.text) for part in record.held) >= LONGEST_ANSWER,
    )
    draft.live("answer")
    draft.note(attempts=(*record.attempts, made), held=(), held_confidence=(), held_at="", missed=0, murmurs=0, left="")


def _to_the_judge(draft: Draft) -> None:
    """Ask for a judgement; for "I don't know" none is needed, and nobody waits for it."""
    record = draft.record
    draft.change(request=draft.session.request + 1)
    plain = offline.judge(record.question, record.attempts[-1].said)
    if plain.verdict is Verdict.NOT_KNOWN:
        settle(draft, plain)
    else:
        draft.judge()


def _judge(draft: Draft, judgement: Judgement) -> None:
    record = draft.record
    expected = [point.id for point in record.question.key_points]
    if judgement.question != record.question.id or [point.key_point for point in judgement.points] != expected:
        raise OutOfOrderError("a judgement came that is not of the question in hand")
    *before, last = record.attempts
    draft.note(attempts=(*before, replace(last, judgement=judgement)))
    draft.live("judge")


def _line(lines: tuple[str, ...], draft: Draft) -> str:
    return lines[draft.session.place % len(lines)]

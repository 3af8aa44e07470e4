"""The candidate's own controls, while a question is in hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from app.dialogue.interviewing import answering
from app.dialogue.interviewing.draft import Draft
from app.dialogue.interviewing.life import Life
from app.dialogue.interviewing.session import Used
from app.personas.conduct import KeyMeaning


def use(draft: Draft, control: KeyMeaning, words: str, at: str) -> None:
    """Do what the candidate wants, and keep that they wanted it."""
    used = Used(control, draft.record.question.id, words, at)
    draft.change(controls=(*draft.session.controls, used))
    _USES[control](draft)


def corrects(draft: Draft, words: str, at: str) -> bool:
    """The candidate corrects an answer in one breath: make room for it, without a word. False if that cannot be; then
    it has been said why, and the question in hand again."""
    draft.change(controls=(*draft.session.controls, Used("correct", draft.record.question.id, words, at)))
    why_not = _reopen(draft)
    if why_not:
        draft.say("correction", why_not)
        draft.put(again=True)
    return not why_not


def while_judged(draft: Draft, control: KeyMeaning, words: str, at: str) -> None:
    """The same while an answer is with the judge: there is only its end to wait for, or to put off."""
    if control in ("more-time", "correct"):
        answering.take_up(draft)
        use(draft, "more-time", words, at)
    elif control == "stop":
        use(draft, control, words, at)
    else:
        draft.judge()


def re_ask(draft: Draft) -> None:
    """Take up the question in hand where it stands: the judge is asked again, or the candidate is."""
    if draft.record.with_judge:
        draft.judge()
    else:
        draft.put(again=True)


def _repeat(draft: Draft) -> None:
    draft.say("encouragement", draft.conduct.again)
    draft.put(again=True)


def _slower(draft: Draft) -> None:
    draft.change(slow=True)
    draft.say("encouragement", draft.conduct.slower)
    draft.put(again=True)


def _skip(draft: Draft) -> None:
    answering.close(draft, "skipped")
    draft.say_of("acknowledgement", draft.conduct.moving_on, "moving on")
    answering.go_on(draft)


def _more_time(draft: Draft) -> None:
    draft.note(stretched=min(draft.record.stretched + 1, 10))
    draft.say_of("encouragement", draft.conduct.take_time, "take your time")
    draft.think()


def _stop(draft: Draft) -> None:
    draft.phase("ask to stop")
    draft.change(unclear=0)
    draft.say("confirmation", draft.conduct.stop)
    draft.quick()


def _correct(draft: Draft) -> None:
    why_not = _reopen(draft)
    draft.say("correction", why_not or draft.conduct.correct)
    draft.put(again=True)


def _reopen(draft: Draft) -> str:
    """The last answer: to the question in hand if its hint was just given, else to the one before. The line that says
    why that cannot be, or nothing."""
    session = draft.session
    if draft.record.life in (Life.HINTED, Life.REOPENED):
        return ""
    before = session.place - 1
    if before < 0:
        return draft.conduct.nothing_to_correct
    if session.records[before].reopened:
        return draft.conduct.corrected_before
    draft.change(correcting=before)
    draft.live("reopen")
    draft.note(reopened=True, checked=False, missed=0, murmurs=0)
    return ""


_USES: Mapping[KeyMeaning, Callable[[Draft], None]] = MappingProxyType(
    {
        "repeat": _repeat,
        "slower": _slower,
        "skip": _skip,
        "more-time": _more_time,
        "correct": _correct,
        "stop": _stop,
    }
)
"""Yes and no are no controls: they answer a question of ours."""

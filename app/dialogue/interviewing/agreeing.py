"""What an interview asks beside its questions, and takes no chances with: consent at its beginning, and whether to
stop. Silence is never a yes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from app.dialogue import intents
from app.dialogue.interviewing import answering, consenting, controlling, controls
from app.dialogue.interviewing.draft import Draft
from app.dialogue.interviewing.happening import UserTurn
from app.dialogue.interviewing.session import Consent
from app.dialogue.wording import Words, words

_UNCLEAR = 3
"""Turns and silences without a clear yes or no; then there is no agreement."""
_STOP_ASKED = 2
"""How often "would you like to end here?" is asked; then the interview goes on, for only a yes ends it."""


def disclose(draft: Draft) -> None:
    """Say what this is, and ask whether it may be."""
    draft.change(unclear=0)
    draft.say("disclosure", draft.conduct.disclosure, to_its_end=True)
    draft.say("consent", draft.conduct.consent)
    draft.quick()


def consent(draft: Draft, turn: UserTurn, unsure_below: float, asked_back: Callable[[Words], str]) -> None:
    """The candidate's answer to it. Words that the recogniser is not sure of agree to nothing, and refuse nothing; a
    question about the interview is answered."""
    text = " ".join(part.text for part in turn.words)
    said = words(text)
    if turn.digits:
        key = controls.of_keys(turn.digits, draft.conduct.keys, asks_yes_or_no=True)
        agreed = {"yes": True, "no": False, "stop": False}.get(key or "")
        again = key in ("repeat", "slower")
    else:
        sure = all(part.confidence is None or part.confidence >= unsure_below for part in turn.words)
        agreed = consenting.agrees(said) if sure else None
        again = intents.REPEAT.meant(said) or intents.REPEAT_QUESTION.meant(said) or controls.SLOWER.meant(said)
    if agreed is None and again:
        disclose(draft)
    elif agreed is None and said and (intents.WAIT.meant(said) or controls.MORE_TIME.meant(said)):
        draft.say_of("encouragement", draft.conduct.take_time, "take your time")
        draft.normal()
    elif agreed is None and said and (aside := asked_back(said)):
        draft.say("aside", aside)
        draft.say("consent", draft.conduct.consent)
        draft.quick()
    elif agreed is None:
        unclear(draft)
    else:
        _decided(draft, turn, text, agreed)


def _decided(draft: Draft, turn: UserTurn, text: str, agreed: bool) -> None:
    segments = tuple(part.segment for part in turn.words if part.segment)
    how: Literal["voice", "key", "text"] = "key" if turn.digits else "text" if turn.written else "voice"
    draft.change(consent=Consent(agreed, how, turn.digits or text, segments, turn.at), unclear=0)
    if not agreed:
        draft.finish("refused", draft.conduct.refused)
        return
    draft.phase("agree")
    draft.say("opening", draft.conduct.opening)
    answering.go_on(draft)


def unclear(draft: Draft) -> None:
    """Neither yes nor no, or nothing at all."""
    draft.change(unclear=draft.session.unclear + 1)
    if draft.session.unclear >= _UNCLEAR:
        draft.finish("not-agreed", draft.conduct.not_agreed)
        return
    draft.say("consent", draft.conduct.consent_again)
    draft.quick()


def stop(draft: Draft, turn: UserTurn) -> None:
    """The candidate's answer to whether they want to end here."""
    said = words(" ".join(part.text for part in turn.words))
    if turn.digits:
        key = controls.of_keys(turn.digits, draft.conduct.keys, asks_yes_or_no=True)
        ends = {"yes": True, "stop": True, "no": False}.get(key or "")
    else:
        ends = controls.wants_to_end(said)
    if ends:
        _stopped(draft)
    elif ends is None and draft.session.unclear + 1 < _STOP_ASKED:
        _once_more(draft)
    else:
        draft.phase("go on")
        draft.change(unclear=0)
        draft.say("encouragement", draft.conduct.going_on)
        controlling.re_ask(draft)


def silent(draft: Draft) -> None:
    """Nobody says whether to end. Asked once more; then the rest is kept for another time."""
    if draft.session.unclear + 1 < _STOP_ASKED:
        _once_more(draft)
    else:
        draft.break_off(draft.conduct.silence)


def _once_more(draft: Draft) -> None:
    draft.change(unclear=draft.session.unclear + 1)
    draft.say("confirmation", draft.conduct.stop)
    draft.quick()


def _stopped(draft: Draft) -> None:
    answering.close(draft, "stopped")
    draft.change(correcting=None)
    if draft.record.open:
        answering.close(draft, "stopped")
    draft.finish("stopped", draft.conduct.stopped)

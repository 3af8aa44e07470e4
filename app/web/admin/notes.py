"""What happened beside the words, said so that an operator understands it, with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from app.web.admin import answering_words, waiting_words
from app.web.admin.fault_words import fault_words, why_of
from app.web.admin.fixed_notes import FIXED
from app.web.admin.words import plain

Detail = Mapping[str, Any]
PAUSE = "barge-in-pause"
UNUSUAL_MS = 300
"""A turn that was waited for so much more or less than the persona's silence is worth a note."""
_VERDICTS = ("barge-in-accepted", "barge-in-rejected", "barge-in-ignored")


class Event(Protocol):
    """An event of a call, as stored."""

    id: UUID
    at_ms: int
    seq: int
    kind: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class NoteView:
    """A quiet note between the lines: what happened, and why (empty where there is nothing to add)."""

    key: str
    at_ms: int
    seq: int
    what: str
    why: str


def note_of(event: Event) -> NoteView:
    """An event in words; one that we have no words for is shown by its name."""
    words = _WORDS.get(event.kind)
    what, why = words(event.detail) if words else (plain(event.kind), _figures(event.detail))
    return NoteView(f"n-{event.id.hex[:12]}", event.at_ms, event.seq, what, why)


def notes_of(events: Iterable[Event], *, over: bool) -> list[NoteView]:
    """All notes of a call. A pause is told by its verdict, and by itself only if the call ended before one came."""
    listed = sorted(events, key=lambda event: (event.at_ms, event.seq))
    pending = None
    for event in listed:
        if event.kind == PAUSE:
            pending = event.id
        elif event.kind in _VERDICTS:
            pending = None
    told = [event for event in listed if event.kind != PAUSE or (over and event.id == pending)]
    return [note_of(event) for event in told if event.kind != "turn-ended" or _is_unusual(event.detail)]


def _is_unusual(detail: Detail) -> bool:
    """Was the wait for a turn's end one that an operator may wonder about?"""
    wait_ms, usual_ms = detail.get("wait_ms"), detail.get("usual_ms")
    return isinstance(wait_ms, int) and isinstance(usual_ms, int) and abs(wait_ms - usual_ms) >= UNUSUAL_MS


def _accepted(detail: Detail) -> tuple[str, str]:
    why = {
        "words": "Their words were meant to interrupt.",
        "stop-word": "They said a word that always interrupts this persona.",
        "voice": "They kept talking for longer than this persona talks over anyone.",
        "keys": "They pressed a key.",
        "unheard": "What they said could not be recognised, so they were given the floor.",
    }
    return "The caller took the floor", _sentences(why.get(str(detail.get("by")), ""), _heard_of_it(detail))


_NO_INTERRUPTION = {
    "words": "Their words were no interruption, such as “yes” or “right”, or no words at all.",
    "backchannel": "They only showed that they were listening, as with “yes” or “right”.",
    "no-words": "There were no words in it.",
    "few-words": "It was too few words for this persona, and none that always interrupts it.",
    "unsure": "The recogniser was not sure enough of the words.",
    "echo": "It was the agent's own words that came back from the line.",
    "too-short": "The sound was too short to be speech.",
    "unheard": "What was said could not be recognised.",
}


def _rejected(detail: Detail) -> tuple[str, str]:
    why = _NO_INTERRUPTION.get(str(detail.get("why")), "")
    return "The agent paused, and went on", _sentences(why, _heard_of_it(detail))


def _ignored(detail: Detail) -> tuple[str, str]:
    """It was judged while the agent went on."""
    why = _NO_INTERRUPTION.get(str(detail.get("why")), "")
    return "The agent heard something, and went on", _sentences(why, _heard_of_it(detail))


def _heard_of_it(detail: Detail) -> str:
    """The figures of a sound over the agent, as far as they were noted."""
    voice_ms, after_ms = detail.get("voice_ms"), detail.get("after_ms")
    loudest, echo = detail.get("loudest"), detail.get("echo")
    if not all(isinstance(figure, int) for figure in (voice_ms, after_ms, loudest, echo)):
        return ""
    asking = " The agent was asking, when it takes more to interrupt it." if detail.get("asking") is True else ""
    return (
        f"It had {voice_ms} ms of clear voice, was as loud as {loudest} (the line's echo: {echo}), "
        f"and was settled after {after_ms} ms.{asking}"
    )


def _sentences(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _echo(detail: Detail) -> tuple[str, str]:
    return "The agent heard itself", "Its own words came back from the line when it had finished. They are no answer."


def _noise(detail: Detail) -> tuple[str, str]:
    voiced_ms = detail.get("voiced_ms")
    length = f" It had {voiced_ms} ms of voice in it." if isinstance(voiced_ms, int) else ""
    return "A sound without words", f"Nothing was recognised in it, so it was not answered.{length}"


def _reprompt(detail: Detail) -> tuple[str, str]:
    count = detail.get("count")
    times = f" For the {_ordinal(count)} time running." if isinstance(count, int) and count > 1 else ""
    return "The caller was silent", f"The agent asks again.{times}"


def _speculation(detail: Detail) -> tuple[str, str]:
    begun, used = detail.get("replies", 0), detail.get("replies_used", 0)
    words, words_used = detail.get("words", 0), detail.get("words_used", 0)
    return (
        "Answers were prepared in pauses",
        f"{used} of {begun} begun early were used, and {words_used} of {words} transcriptions.",
    )


def _filler(detail: Detail) -> tuple[str, str]:
    after_ms = detail.get("after_ms")
    after = f" It came {after_ms / 1000:.1f} s after the question." if isinstance(after_ms, int) else ""
    return "A filler bridged the wait", f"There was no answer yet.{after}"


def _provider_failed(detail: Detail) -> tuple[str, str]:
    stages = {
        "transcribe": "The caller's words could not be recognised",
        "reply": "No answer could be made",
        "speak": "A sentence could not be spoken",
    }
    what = stages.get(str(detail.get("stage")), "A provider failed")
    reason = detail.get("reason")
    return what, why_of(reason) or (f"The provider's fault: {plain(str(reason)).lower()}." if reason else "")


def _useless_reply(detail: Detail) -> tuple[str, str]:
    why = {
        "empty": "It was empty.",
        "unspeakable": "It held nothing that can be said aloud, such as emoji, code or stage directions alone.",
        "endless": "The model wrote on and on, and nothing of it could be said aloud.",
    }
    return "The model's answer was of no use", f"{why.get(str(detail.get('reason')), '')} {_OWN_WORDS}".strip()


def _tool_fault(detail: Detail) -> tuple[str, str]:
    why = {
        "unknown-tool": "It asked for a tool that does not exist, and was told so.",
        "not-json": "What it gave with it could not be read, and it was told so.",
        "unfit": "What it gave with it did not fit, and it was told so.",
        "broke": "The tool has a fault; nothing was done, and the model was told so. The log says where.",
        "twice": "It asked for the very same thing twice; it was done once.",
        "no-end": "It asked again and again, so that the answer was left to the persona's own words if it had none.",
    }
    tool = detail.get("tool")
    what = f"The model's use of “{tool}” failed" if tool else "The model's use of a tool failed"
    return what, why.get(str(detail.get("reason")), "")


_OWN_WORDS = "The persona's own words were said instead."


def _bad_line(detail: Detail) -> tuple[str, str]:
    causes = {
        "steady-sound": "{sound_percent} % of the last {seconds} s were music, tones or noise, with no voice in them.",
        "faint": "The voice was too quiet: only {loud_percent} % of it reached the level at which it can be heard.",
        "too-loud": "The voice was overdriven: {too_loud_percent} % of the last {seconds} s were cut off.",
        "lost-audio": "{lost_percent} % of the caller's sound of the last {seconds} s never came.",
        "noises": "There were {noises} sounds in a row without a word.",
        "no-words": "Not a word was understood in {turns} of the caller's turns running.",
    }
    offers = {
        "keys": "The agent said so, and offered to go on by keypad.",
        "ring-again": "The agent said so, and asked to be rung again.",
        "none": "The agent had said so before, and ended the call.",
    }
    cause = causes.get(str(detail.get("why")), "").format_map({**dict.fromkeys(_LINE_FIGURES, "?"), **detail})
    return "The line was too bad to talk on", f"{cause} {offers.get(str(detail.get('offer')), '')}".strip()


_LINE_FIGURES = ("sound_percent", "seconds", "loud_percent", "too_loud_percent", "lost_percent", "noises", "turns")


def _rejected_messages(detail: Detail) -> tuple[str, str]:
    total = sum(count for count in detail.values() if isinstance(count, int))
    noun = "message" if total == 1 else "messages"
    return f"{total} {noun} from the line ignored", _figures(detail)


def _figures(detail: Detail) -> str:
    return ", ".join(f"{plain(str(name)).lower()}: {value}" for name, value in detail.items())


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _fixed(what: str, why: str) -> Callable[[Detail], tuple[str, str]]:
    return lambda _: (what, why)


_WORDS: Mapping[str, Callable[[Detail], tuple[str, str]]] = {
    **{kind: _fixed(*words) for kind, words in FIXED.items()},
    "barge-in-accepted": _accepted,
    "barge-in-rejected": _rejected,
    "barge-in-ignored": _ignored,
    "echo": _echo,
    "noise": _noise,
    "reprompt": _reprompt,
    "provider-failed": _provider_failed,
    "filler": _filler,
    "turn-ended": waiting_words.turn_ended,
    "pause-kept": waiting_words.pause_kept,
    "speculation": _speculation,
    "provider-fault": fault_words,
    "bad-line": _bad_line,
    "answered-by": answering_words.answered_by,
    "carrier-verdict": answering_words.carrier_verdict,
    "messages-rejected": _rejected_messages,
    "reply-useless": _useless_reply,
    "tool-fault": _tool_fault,
}

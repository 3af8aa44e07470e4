"""Notes of a call that always say the same: what is told of each kind, and why it was so."""

from __future__ import annotations

from collections.abc import Mapping

FIXED: Mapping[str, tuple[str, str]] = {
    "screening-answered": (
        "The agent said who is calling, and why",
        "Whoever answered wanted to know that first.",
    ),
    "message-again": (
        "The message was begun again",
        "The machine's beep came after its beginning.",
    ),
    "no-more-calls": (
        "They asked not to be rung again",
        "Their number is on the do-not-call list now, and the call was ended.",
    ),
    "barge-in-pause": (
        "The agent fell silent to listen",
        "The call ended before it was settled who had the floor.",
    ),
    "voice-taken-over": (
        "The voice broke off in a sentence",
        "What was missing of it was spoken anew, by another voice if there is one.",
    ),
    "reply-broken": (
        "The model broke off in its answer",
        "What was whole of it was said; if nothing was, the flow's own words were.",
    ),
    "caller-went-on": (
        "The caller went on speaking",
        "The answer to the first part was withdrawn, and the whole was answered.",
    ),
    "stale-transcript": (
        "A late recognition was thrown away",
        "The talk had moved on before it came.",
    ),
    "stale-reply": (
        "A late answer was thrown away",
        "The talk had moved on before it came.",
    ),
    "key-kept": (
        "A key was pressed and kept",
        "What is said first is heard to its end; the key counted then.",
    ),
    "key-ignored": (
        "A key was pressed and ignored",
        "Keys do not count while a line is spoken to its end.",
    ),
    "digits-sent": (
        "Keys were pressed on their line",
        "Somebody of ours asked for it. What the keys were is kept only if SHOW_DIGITS says so.",
    ),
    "digits-refused": (
        "Keys were not pressed any more",
        "Somebody of ours asked for it when the call was ending.",
    ),
    "answer-overdue": (
        "No answer came in time",
        "The agent says so, and the call goes on.",
    ),
    "empty-reply": (
        "The answer was empty",
        "It had no words in it, so nothing was said.",
    ),
    "reply-cut": (
        "The answer was cut short",
        "It went on for longer than anyone listens; it was ended with its sentence.",
    ),
    "unspoken-reply": (
        "The answer could not be spoken",
        "No speech came of it, so the agent asks again.",
    ),
    "agent-mute": (
        "The agent had no voice any more",
        "Nothing of its last answers could be spoken, so the call was ended.",
    ),
    "goodbye-unheard": (
        "The goodbye may not have been heard",
        "The line did not confirm it in time, so the call was ended anyway.",
    ),
    "silence": (
        "The caller was silent",
        "They had the time that the question allows; the agent says something to that.",
    ),
    "opening-unheard": (
        "What must be heard first was not spoken whole",
        "No voice could say all of it. It is said once more before anything is asked; the second time the call ends.",
    ),
    "recording-not-kept": (
        "There is no recording of this call",
        "The caller did not agree to being recorded, or was gone before they could. The transcript stays.",
    ),
    "stage-not-skipped": (
        "The model wanted to skip a stage",
        "It may lead on to the next stage alone, so the talk went there.",
    ),
    "judged-offline": (
        "The model did not judge this answer",
        "It failed or was late, so the judge that needs nobody decided, and the interview went on.",
    ),
}

"""How a scored interview is led: every line that the interviewer says beside the questions, and what the keys do."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from app.personas.part import Key, Line, Part

KeyMeaning = Literal["yes", "no", "repeat", "slower", "skip", "more-time", "correct", "stop", "person"]

_JUDGES = re.compile(
    r"(?<!all )\bright\b|\b(?:good|great|correct|excellent|perfect|wrong|exactly|nice|brilliant|wonderful|super|true"
    r"|false|well done|not quite|almost|impressive|unfortunately)\b",
    re.IGNORECASE,
)


def _neutral(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Raises PydanticCustomError for an acknowledgement that tells what the answer was worth."""
    for place, line in enumerate(lines):
        found = _JUDGES.search(line)
        if found:
            told = {"key": place, "word": found[0]}
            raise PydanticCustomError("persona", "'{word}' judges the answer; say only that it was heard", told)
    return lines


Lines = Annotated[tuple[Line, ...], Field(min_length=1)]


class Conduct(Part):
    """The lines. Where there are several, they take turns. None holds anything of a question or of an answer."""

    disclosure: Line = (
        "Before we begin: I am an automated interviewer, a computer and not a person. This talk is recorded and "
        "written down, and a person may check it afterwards."
    )
    """Heard to its end before anything is asked."""
    consent: Line = "Do you agree to this, and shall we go on? Say yes or press one, or say no or press two."
    consent_again: Line = (
        "I need a clear yes or no. Do you agree that this interview is automated and recorded? Press one for yes, or "
        "two for no."
    )
    refused: Line = "That's all right. There will be no interview then, and this recording is not kept. Goodbye."
    not_agreed: Line = (
        "I haven't heard your agreement, so we stop here, and this recording is not kept. You are welcome to call "
        "again. Goodbye."
    )
    no_person_instead: Line = (
        "I can't put you through to a person, and this interview is led by a computer. So we leave it, and this "
        "recording is not kept. Please turn to the people who invited you. Goodbye."
    )
    """To somebody who wants a person rather than to agree, where nobody can be rung."""
    no_person: Line = (
        "I can't put you through to a person, I'm sorry. You can end the interview at any time by saying stop."
    )
    """The same, once they have agreed."""
    opening: Line = "Thank you. Let's begin."
    acknowledgements: Annotated[Lines, AfterValidator(_neutral)] = (
        "Thank you.",
        "All right, thank you for that.",
        "I see, thanks.",
        "Okay, that's noted.",
        "Thanks for telling me.",
    )
    """Said after every answer, whatever it was worth."""
    moving_on: Lines = ("That's fine.", "No problem at all.", "That's all right, never mind.")
    """When the candidate skips a question or does not know."""
    unanswered: Line = "We'll leave this one."
    """When a question stays without an answer after the one check."""
    hints: Lines = ("Let me give you a hint.", "Here is a thought that may help.")
    again: Line = "Of course. Here is the question again."
    slower: Line = "Of course, more slowly."
    take_time: Lines = ("Of course, take your time.", "No hurry, I'm here.")
    check: Line = "Take your time. I'm still here. You can also say skip, or ask me to repeat the question."
    """The one gentle check, after the think time."""
    not_understood: Line = "I'm sorry, I didn't catch that. Could you say it again?"
    correct: Line = "Of course. Please tell me your better answer."
    nothing_to_correct: Line = "There is no earlier answer to correct yet."
    corrected_before: Line = "You have corrected that answer once already, so it stays as it is."
    back: Line = "Now back to where we were."
    stop: Line = "Would you like to end the interview here? Please say yes or no."
    going_on: Line = "All right, we go on."
    stopped: Line = "All right, we'll stop here. Thank you very much for your time. Goodbye."
    silence: Line = "I can't hear you, so I'll stop here for now. Call again, and we go on at this question. Goodbye."
    resumed: Line = (
        "Hello again. Our interview broke off, and we take it up where we were. I am still an automated interviewer, "
        "and this is still recorded."
    )
    half_said: Line = "You had begun to answer, and I have kept that. Please go on from there, or start afresh."
    unknown_key: Line = "That key does nothing here. You can press the star key to hear the question again."
    closing: Line = "That was my last question. Thank you very much for your answers. Goodbye."
    keys: dict[Key, KeyMeaning] = Field(
        default={
            "1": "yes",
            "2": "no",
            "*": "repeat",
            "#": "skip",
            "3": "slower",
            "4": "more-time",
            "5": "correct",
            "0": "stop",
            "9": "person",
        }
    )

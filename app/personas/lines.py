"""What a persona says when no model is asked."""

from __future__ import annotations

from pydantic import Field

from app.personas.part import Line, Part
from app.personas.ringing_lines import LINES


class Lines(Part):
    """The persona's fixed lines, for when no model is asked.

    `unknown` and `not_understood` are said first; their `_more` take turns with them afterwards, so that nobody hears
    the same excuse twice running. `not_understood_help` is for the third time in a row and after. `fillers` take turns
    where an answer is slow.
    """

    reprompts: tuple[Line, ...] = Field(default=("Are you still there?",), min_length=1)
    silence_goodbye: Line = "I can't hear you, so I'll hang up now. Goodbye."
    goodbye: Line = "Goodbye."
    time_up: Line = "I'm sorry, our time is up. Thank you for calling. Goodbye."
    not_understood: Line = "Sorry, I didn't catch that. Could you say it again?"
    not_understood_more: tuple[Line, ...] = ("I'm sorry, the line isn't clear. Please say that once more.",)
    not_understood_help: Line = "I still can't make out the words. Please speak slowly, in a short sentence."
    unknown: Line = "I'm sorry, I don't know that."
    unknown_more: tuple[Line, ...] = ("That is something I can't tell you, I'm afraid.",)
    listening: Line = "I'm listening. Go ahead."
    waiting: tuple[Line, ...] = Field(default=("Of course, take your time.", "No hurry. I'm here."), min_length=1)
    """When the caller asks for a moment."""
    thanks: Line = "You're welcome. Is there anything else?"
    unknown_key: Line = "That key does nothing here. Just talk to me."
    fillers: tuple[Line, ...] = ("One moment.", "Let me think.")
    trouble: Line = "Sorry, I had a little trouble there. Could you say that again?"
    closing_down: Line = "I'm sorry, I have to end our call now. Please ring again in a few minutes. Goodbye."
    no_person: Line = "I'm sorry, I can't put you through to a person on this line. Shall we go on?"
    """To somebody who asks for a person, where the persona names none."""
    bad_line: Line = "I'm sorry, this line is very bad, and I can't make out what you say."
    bad_line_keys: Line = "You can go on with the keys of your telephone, or ring again later."
    bad_line_ring_again: Line = "Please ring again, from somewhere quieter if you can, or try once more now."
    closing_bad_line: Line = "I'm sorry, I still can't make you out on this line. Please ring again. Goodbye."
    voicemail: Line = LINES["en"]["voicemail"]
    """To a machine that answers a call of ours: who rings, why, and how to ring back."""
    screening: Line = LINES["en"]["screening"]
    """To whoever asks who is calling, before the person that we ring has come: who, and why."""
    never_again: Line = LINES["en"]["never_again"]
    """To somebody who wants no more calls; the call ends with it."""

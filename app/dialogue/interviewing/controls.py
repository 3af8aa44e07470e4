"""What a candidate wants of the interview itself, told from an answer: by being short, or by its very words.

An answer may hold any of these words. "Skip the cache and ask the database" skips nothing; "my last answer" is
corrected only by somebody who says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.dialogue import intents
from app.dialogue.intent import intent
from app.dialogue.wording import SHORT_WORDS, Words, words
from app.personas.conduct import KeyMeaning

FEW = 3
"""Fewer words than this are believed only from a recogniser that is sure of them."""
_CORRECTS_WITHIN = 20
"""Words from the beginning in which somebody says that they correct an answer; later they are telling a story."""
_AN_ANSWER = 3
"""Words with a meaning behind the wish to correct: then the better answer has been said in the same breath."""

SLOWER = intent(
    (
        "slower", "more slowly", "slow down", "speak slower", "speak slowly", "talk slower", "say that slowly",
        "say it slowly", "you are too fast", "you speak too fast", "you are talking too fast",
        "you are speaking too fast", "that was too fast", "a bit slower", "a little slower", "speak more slowly",
        "repeat that slowly", "repeat it slowly", "say that more slowly", "not so fast", "repeat the question slowly",
        "repeat the question more slowly", "repeat that more slowly", "ask more slowly", "read it slowly",
    ),
)  # fmt: skip

MORE_TIME = intent(
    (
        "some more time", "a little more time", "a bit more time", "i need more time", "give me more time",
        "can i have more time", "i need longer", "i need to think", "i have to think", "i am still thinking",
        "still thinking", "let me think for a moment", "let me think for a minute", "i want to think about it",
        "a little more time please", "give me a few more seconds", "give me a few seconds", "give me some more time",
    ),
    alone=("more time", "more time please"),
)  # fmt: skip

_GO_BACK = intent(
    (
        "go back", "go back to the last question", "go back to the previous question", "go back one question",
        "back to the last question", "back to the previous question", "the previous question again",
        "answer the last question again", "answer the previous question again", "correction", "i made a mistake",
        "i was wrong", "that was wrong", "can i correct that", "i want to correct that", "let me correct that",
        "let me correct myself", "i want to correct myself", "i take that back", "can i change that",
        "i want to change that", "i would like to correct that", "i would like to change that",
        "correct that", "i would like to correct myself",
    ),
)  # fmt: skip
_CORRECTS = re.compile(
    r"\b(?:correct|change|revise|redo|fix|improve|amend|rephrase|add (?:something )?to|take back|go back to|return to)"
    r" my (?:very )?(?:last |previous |earlier |first |former )?(?:answer|reply|response)\b"
)

_DENIES = frozenset(words("not no never without refuse disagree object unless"))

CONTINUES = intent(
    (
        "go on", "let us go on", "continue", "let us continue", "keep going", "carry on", "i want to continue",
        "i want to go on", "do not stop", "no do not stop", "do not end", "no go on", "please continue", "no continue",
        "no let us go on", "no let us continue", "i would like to continue", "i would like to go on", "no keep going",
        "next question", "no i want to continue", "not yet", "i do not want to stop", "resume", "proceed",
    ),
    beside=1,
)  # fmt: skip
ENDS = intent(
    (
        "yes", "yes please", "yes i do", "yes i would", "yes stop", "please", "please do", "end it", "end it here",
        "sure", "that is right", "correct", "exactly", "of course", "i do", "i would", "okay", "all right",
        "yes end it", "yes i want to stop", "i am sure", "definitely", "absolutely",
    ),
    beside=1,
)  # fmt: skip


def of_words(said: Words) -> KeyMeaning | None:
    """The control that these words are; None for anything that may be an answer."""
    if intents.STOP.meant(said) or intents.GOODBYE.meant(said):
        return "stop"
    if correction_ends(said) is not None or _GO_BACK.meant(said):
        return "correct"
    if SLOWER.meant(said):
        return "slower"
    if intents.REPEAT_QUESTION.meant(said) or intents.REPEAT.meant(said):
        return "repeat"
    if intents.SKIP.plain(said):
        return "skip"
    if MORE_TIME.meant(said) or intents.WAIT.meant(said):
        return "more-time"
    return None


def correction_ends(said: Words) -> int | None:
    """How many words it takes until the candidate has said that they correct an answer; None if they do not."""
    found = _CORRECTS.search(" ".join(said[:_CORRECTS_WITHIN]))
    return len(found.string[: found.end()].split()) if found else None


def holds_the_correction(said: Words) -> bool:
    """Whether the better answer came in the same breath."""
    ends = correction_ends(said)
    return ends is not None and sum(word not in SHORT_WORDS for word in said[ends:]) >= _AN_ANSWER


def of_keys(digits: str, keys: Mapping[str, KeyMeaning], *, asks_yes_or_no: bool) -> KeyMeaning | None:
    """What the last key that means something here stands for. Yes and no mean something only where they are asked
    for; stop is a no to an interview that has not begun, and a yes to ending it."""
    wanted = (
        {"yes", "no", "stop", "repeat", "slower", "person"} if asks_yes_or_no else set(keys.values()) - {"yes", "no"}
    )
    return next((keys[key] for key in reversed(digits) if keys.get(key) in wanted), None)


def wants_to_end(said: Words) -> bool | None:
    """The answer to "would you like to end here?"; None if it is none."""
    if CONTINUES.meant(said):
        return False
    if intents.STOP.meant(said) or intents.GOODBYE.meant(said):
        return True
    if intents.NO.plain(said) or "no" in said[:1]:
        return False
    return True if ENDS.meant(said) and not _DENIES & set(said) else None

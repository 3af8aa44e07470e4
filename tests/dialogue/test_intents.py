"""What a caller wants of the talk itself is told from what merely contains the same words."""

from __future__ import annotations

import pytest

from app.dialogue import intents
from app.dialogue.intent import Intent
from app.dialogue.wording import words

MEANT = {
    "GOODBYE": ("goodbye", "Bye-bye!", "okay thanks for your help, bye", "I have to go", "great, see you sunday, bye"),
    "NOTHING_MORE": ("that's all", "No, that's all, thank you.", "nothing else thanks", "I have no more questions"),
    "THANKS": ("thanks", "thank you very much", "great, thank you", "oh that's very helpful, thanks"),
    "REPEAT": ("repeat that please", "say that again", "sorry, what did you say?", "I didn't catch that", "what"),
    "REPEAT_QUESTION": ("can you repeat the question please", "sorry what was the question", "could you rephrase that"),
    "WAIT": ("one moment please", "hold on", "let me think about that", "give me a minute", "just a second"),
    "YES": ("yes", "yes I'm ready", "sure, go ahead", "okay let's start", "ready when you are", "yes please begin"),
    "NO": ("no", "not yet", "no I'm not ready", "not quite"),
    "SKIP": ("skip", "next question please", "can we skip this one", "I'd rather not answer", "pass"),
    "NOT_KNOWN": ("I don't know", "no idea sorry", "I'm not sure", "I really don't know the answer"),
    "STOP": ("stop", "I want to stop the interview", "let's stop here please", "sorry I'm not interested"),
}  # fmt: skip
NOT_MEANT = {
    "GOODBYE": ("before you say goodbye what time do you close", "how do I say goodbye in french", "by the way"),
    "NOTHING_MORE": ("is that all you have for lunch", "that is all very well but where are you"),
    "THANKS": ("thanks but how much is the soup",),
    "REPEAT": ("how often do buses repeat their round", "I said that again and again to my team"),
    "WAIT": ("I would wait for the tests to pass", "is there a long wait for a table"),
    "YES": ("no", "I am not", "how long will it take"),
    "SKIP": ("then I go to the next question that the customer has", "the tests pass on my machine"),
    "NOT_KNOWN": ("I don't know every detail but I would start by measuring where the time goes",),
    "STOP": ("I would stop the deployment and roll back to the last version",),
}


def cases(table: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(name, text) for name, texts in table.items() for text in texts]


def intent(name: str) -> Intent:
    found = getattr(intents, name)
    assert isinstance(found, Intent)
    return found


@pytest.mark.parametrize(("name", "text"), cases(MEANT))
def test_it_is_meant(name: str, text: str) -> None:
    assert intent(name).meant(words(text))


@pytest.mark.parametrize(("name", "text"), cases(NOT_MEANT))
def test_it_is_not_meant(name: str, text: str) -> None:
    assert not intent(name).meant(words(text))


def test_thanks_are_no_goodbye() -> None:
    said = words("thank you very much for your help")
    assert not intents.GOODBYE.meant(said)
    assert not intents.NOTHING_MORE.meant(said)

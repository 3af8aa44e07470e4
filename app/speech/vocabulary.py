"""What a caller of a persona is expected to say, as sentences for the offline recogniser's language model.

The recogniser knows no words but these, which is what makes it good at them. They come from the persona itself
(what it expects, the ways of asking for what it knows, what its keys stand for, its stop words and backchannels)
and from what any caller says on any call.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.personas.schema import Persona
from app.speech.numbers import in_words

LANGUAGE = "en"
"""The language of the acoustic model that pocketsphinx carries."""

ANY_CALLER = (
    "hello", "hi", "hi there", "good morning", "good afternoon", "good evening",
    "yes", "yes please", "yes i do", "yeah", "yep", "no", "no thanks", "no thank you", "nope", "not really",
    "maybe", "i think so", "i don't think so", "i don't know", "i am not sure", "i'm not sure",
    "okay", "ok", "all right", "alright", "sure", "right", "great", "perfect", "fine", "that's fine", "that's right",
    "thanks", "thank you", "thank you very much", "thanks a lot", "please",
    "sorry", "pardon", "what", "what was that", "what did you say", "i didn't hear that",
    "can you repeat that", "could you repeat that please", "say that again", "could you say that again please",
    "can you repeat the question", "can you help me", "i have a question", "i would like to ask something",
    "stop", "wait", "hold on", "one moment", "just a moment", "excuse me", "let me think",
    "are you there", "who are you", "what can you do", "what can i ask you",
    "goodbye", "good bye", "bye", "bye bye", "that's all", "that is all", "that's all thank you",
    "nothing else", "no that's all thank you", "thank you goodbye", "thanks bye", "have a nice day",
)  # fmt: skip

_BEFORE = ("can you tell me", "could you tell me", "please tell me", "i would like to know", "i want to know", "and")
_AFTER = ("please", "today", "thank you")
_OWN_WEIGHT = 3
"""How often a phrase of the persona counts against one with something before or behind it."""
_ANY_SHARE = 0.25
"""Share of what is said on a call that any caller might say; measured against 0.01, where a "yes" drowned."""

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*|[0-9]+")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Sentences of lower-case words, each with its weight: how often it counts as said. Hashable and small."""

    weighted: tuple[tuple[str, int], ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """Every sentence as often as it counts."""
        return tuple(sentence for sentence, weight in self.weighted for _ in range(weight))

    @property
    def words(self) -> tuple[str, ...]:
        """Each word once, sorted."""
        return tuple(sorted({word for sentence, _ in self.weighted for word in sentence.split()}))


def vocabulary(persona: Persona, expected: tuple[str, ...] = ()) -> Vocabulary:
    """All that callers of `persona` are expected to say; `expected`: beside what the persona itself says of it."""
    questions = [words(ask) for entry in persona.knowledge for ask in entry.ask]
    own = [words(phrase) for phrase in (*persona.expects, *persona.keys.values())]
    own += [words(phrase) for phrase in (*persona.barge_in.stop_words, *persona.barge_in.backchannels)]
    weights = dict.fromkeys(own + questions, _OWN_WEIGHT) | dict.fromkeys(map(words, expected), 1)
    for number, question in enumerate(dict.fromkeys(questions)):
        for framed in (f"{_BEFORE[number % len(_BEFORE)]} {question}", f"{question} {_AFTER[number % len(_AFTER)]}"):
            weights[framed] = weights.get(framed, 0) + 1
    of_anyone = dict.fromkeys(map(words, ANY_CALLER))
    each = max(1, round(sum(weights.values()) * _ANY_SHARE / (1 - _ANY_SHARE) / len(of_anyone)))
    for phrase in of_anyone:
        weights[phrase] = weights.get(phrase, 0) + each
    return Vocabulary(tuple(sorted((sentence, weight) for sentence, weight in weights.items() if sentence)))


def words(phrase: str) -> str:
    """`phrase` as it is spoken: lower-case words with single blanks, numbers written out, no other signs."""
    plain = phrase.lower().replace("’", "'").replace("-", " ").replace("&", " and ").replace("%", " percent ")
    return " ".join(in_words(found) if found.isdigit() else found for found in _WORD.findall(plain))

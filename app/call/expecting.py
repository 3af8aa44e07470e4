"""What a line of the agent's expects of the caller, by its words, where its flow does not say."""

from __future__ import annotations

import re

from app.call.endpointing import Expects

_SENTENCE = re.compile(r"[^.!?？؟]+[.!?？؟]*")
_YES_NO = re.compile(
    r"^(?:(?:so|and|okay|now|then|well|or|first|thank you|thanks),? )*(?:is|are|was|were|do|does|did|have|has|had|can"
    r"|could|will|would|shall|should|may|may i|might|am) ",
)
_JUST_SAY = re.compile(r"\b(?:just )?say yes\b")
_THOUGHT = re.compile(
    r"\b(?:tell me|describe|explain|walk me through|talk me through|give me an example|what would you|how would you"
    r"|how do you|how did you|why (?:do|did|would|is|are|have)|think of a time)\b"
)
_ALTERNATIVES = re.compile(r"\bor\b")
_LAST = 2
"""Sentences: a question is often followed by one more word of kindness."""


def expects_of(text: str) -> Expects:
    """`text`: the agent's line, as far as it was heard. English; of other languages nothing is known."""
    sentences = [found.group().strip().lower() for found in _SENTENCE.finditer(text)]
    for sentence in reversed([sentence for sentence in sentences if len(sentence) > 1][-_LAST:]):
        if _JUST_SAY.search(sentence):
            return "yes-no"
        if _THOUGHT.search(sentence) and "would you like" not in sentence:
            return "thought"
        if sentence.endswith(("?", "？", "؟")):
            return "yes-no" if _YES_NO.match(sentence) and not _ALTERNATIVES.search(sentence) else ""
    return ""

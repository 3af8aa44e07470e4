"""Whether what a caller has said so far sounds finished, by its words alone.

Recognisers differ: some write no punctuation, some end everything with a full stop. So a full stop proves nothing, a
last word that needs another after it proves that more is to come, and only short answers that need nothing more are
taken as whole. English; of other languages nothing but their punctuation is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from app.call.clauses import closes, lacks_something

Kind = Literal["plain", "whole", "open", "dictating", "thinking", "leaning", "unknown"]
"""`plain`: a short answer that is complete (a yes, a thank-you). `whole`: a question, or a wish put as one. `open`: it
ends where no utterance ends. `dictating`: figures or letters, one group after another. `thinking`: they say that they
want time. `leaning`: its last clause seems to lack something. `unknown`: it may be either."""


@dataclass(frozen=True, slots=True)
class Completeness:
    """`why`: a slug for the timeline, never the words themselves."""

    kind: Kind
    why: str


def _listed(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


def _phrases(*lines: str) -> str:
    """A pattern for any of the phrases, which bars part."""
    return "|".join(re.escape(phrase.strip()) for line in lines for phrase in line.split("|"))


_OPEN_WORDS = _listed(
    "and but or nor because so since unless until while although though whereas if whether that which who whose whom",
    "where when than as like the a an my your his her its our their this these those some any every each no",
    "of to in on at by for from with without about into onto over under between through during before after against",
    "am is are was were be been being do does did have has had having will would can could shall should may might",
    "must not very really quite too more most less basically mainly mostly especially including i'm you're we're",
    "they're i've we've i'd i'll we'll it's there's that's what's namely plus minus versus per via also then i we he",
    "she they",
)
"""An utterance hardly ever ends with one of these. ("Yes it is", "I do" and their like are looked for first.)"""
_POINTS_AT = _listed("that this these those")
_SUBJECT_AND_VERB = 2
"""After more words than these they may be an object: "I have never done that"."""
_BE = r"(?:am|is|are|was|were|do|does|did|have|has|had|can|could|will|would|should|may|might|must)"
_WHOLE_ENDINGS = (
    rf"(?:yes|no|yeah|nope|yep|sure) (?:i|we|it|they|he|she|that|there) {_BE}(?: not|n't)?",
    r"(?:i|we|they|he|she|it) (?:think|hope|believe|guess) (?:so|not)",
    r"(?:nothing|something|anything|like|about|for|do) (?:to |like )?that",
    r"that (?:is|was) (?:it|that|all)",
    rf"(?:where|what|who|how|than|as|all|whatever|which) (?:i|we|you|they|he|she|it) {_BE}",
    r"(?:people|things?|persons?|teams?|systems?|places?|projects?|stuff|ones?|someone|something|somebody)"
    r" (?:(?:that|who|which|to) )?(?:(?:i|we|you|they|he|she)(?:'ve|'d| have| had)? )?\w+"
    r" (?:of|to|in|on|at|by|for|with|from|about|through)",
    r"what (?:is|was|are|were) (?:it|that|this|these|those)(?: (?:for|about|like))?",
    r"(?:^|(?:any|no|once|some|much|lot|bit|little|do|know|hear|learn|say|want|need|and|it|or|them|you|me) )"
    r"(?:more|less)",
    _phrases("me too|not really"),
    r"^(?:and |but |so |okay )?(?:what|when|where|who|why|which|how)",
    r"(?:go|goes|going|went|carry|carried|move|moved|come|came|so|later|early|from then|turn(?:ed)?|worked) on",
    r"(?:log|logs|logged|check|checked|sign|signed|join|joined|come|came|plug|plugged|built|get|got) in",
    r"\b(?:what|who|whom|where|which|how|nothing|something|someone|anything|everything)(?: [\w']+){1,5}"
    r" (?:of|to|in|on|at|by|for|with|from|about|like|through|after|into|over|up)",
)
_MAY_BE_ALL = re.compile(rf"\b(?:{'|'.join(_WHOLE_ENDINGS)})$")
_HESITATIONS = _listed("um uhm umm uh uhh er err erm hmm hm mm ah eh well like")
_THINKING = re.compile(
    r"\b(?:let me (?:think|see)|give me (?:a|one|some) (?:moment|second|minute|time)"
    r"|(?:one|just a|a) (?:moment|second|minute)|i(?:'m| am) thinking|i(?:'ll| will)? (?:need|have) to think"
    r"|(?:that's |that is )?a? ?(?:good|hard|tough|difficult) question|hold on|hang on|bear with me"
    r"|how (?:do|shall|should|can) i (?:put|say) (?:it|this|that))(?: about (?:it|that|this))?$"
)
_PROMISES = re.compile(
    r"\b(?:i mean|you know|for example|for instance|first of all|in other words|let's say|that means|what happened is"
    r"|the thing is|the problem is|on the other hand|on the one hand)$"
    r"|^(?:well |so |and |okay )*(?:if|while|although|though|whenever|when|once) "
    r"(?:i|we|you|he|she|it|they|there|the|a|my|our|your|someone|people) (?:[\w']+ ){1,6}[\w']+$"
    r"|\b(?:first|firstly|at first|not only|either|on the one hand) (?!and|of)"
    r"(?!.*\b(?:then|second|secondly|next|after|later|finally|but|or|other|now)\b)(?:[\w']+ ){2,12}[\w']+$"
)
"""Words that lead up to something, and the first half of what has two."""
_LEAD = r"(?:(?:oh|well|um|uh|okay|ok|right|so|and) )*"
_ANSWERS = _phrases(
    "yes|yeah|yep|no|nope|nah|sure|okay|ok|right|correct|exactly|absolutely|definitely|certainly|of course|maybe",
    "perhaps|not really|not yet|not at all|i do|i don't|i did|i didn't|i am|i'm not|i don't know|i do not know|no idea",
    "i have no idea|i'm not sure|skip|repeat|please repeat|that's all|that is all|that's it|that is it|nothing else",
    "nothing more|i'm done|i am done|that was all|thank you very much|thank you|thanks|goodbye|bye bye|bye|hello|hi",
    "ready|i'm ready|i am ready|go ahead|go on|carry on|stop|fine|good|great|perfect|that's right|that is right",
)
_AFTER = _phrases(
    "please|thanks|thank you|it is|it was|i am|i do|i did|i think so|that's all|that is all|goodbye|bye|sir|madam",
    "ready|i'm ready|i am ready|go ahead",
)
_PLAIN = re.compile(rf"^{_LEAD}(?:{_ANSWERS})(?: (?:{_AFTER}))*$")
_ASKS = _phrases(
    "what|when|where|who|why|which|how|can|could|would|will|do|does|did|is|are|was|were|have|has|may|shall|should"
)
_QUESTION = re.compile(
    rf"^(?:(?:oh|well|um|uh|okay|ok|and|so|sorry|actually|hello|hi|yeah|yes|no|but|then) )*(?:{_ASKS})\b"
)
_TURNED = r"(?:is|are|am|was|were|do|does|did|have|has|had|can|could|will|would|should|may|might|shall)(?:n't)?"
_TOLD = re.compile(
    rf"^(?:(?:oh|well|um|uh|okay|ok|and|so|sorry|actually|hello|hi|yeah|yes|no|but|then) )*"
    rf"(?:when|where|why|who|which|what|how)(?!(?:'s|'re|'d|'ll)? {_TURNED}\b|'s |'re |'d |'ll )"
    rf"(?! about)(?!(?: (?!(?:i|we|you|they|he|she|it)\b)[\w']+){{1,3}} {_TURNED}"
    rf" (?:i|you|we|they|he|she|it|there|the|your|my|this|that)\b)"
)
"""What begins as a question and is none, for its verb stays behind its subject: "when two people disagree I ask"."""
_QUESTION_WORDS = 4
"""A question shorter than this may still be on its way: "can I", "what about"."""
_FIGURES = _listed(
    "zero oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen",
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety double triple dash dot",
)
_DICTATES_FROM = 3
"""Figures or single letters in a row that are being dictated; two may be a time or a price."""
_LONE = 5
"""A single figure of fewer digits is a year or a price."""
_SHORT_NUMBER = 7
"""Digits of a local number: these may be all, if the voice says so as well."""
_WHOLE_NUMBER = 10
"""Digits of a telephone number, without the country: so many are a whole group of groups."""
_LONGEST = 2000
_WORD = re.compile(r"[\w'’@.+-]*\w")


def completeness(text: str, language: str = "en") -> Completeness:
    """How finished `text` sounds; `language` as the persona has it (`en`, `en-GB`)."""
    tail = text[-_LONGEST:].strip().lower().replace("’", "'")
    if not tail:
        return Completeness("unknown", "no-words")
    if tail.endswith(("...", "…", ",", "-", "–", "—", ":", ";", "、", "،")):
        return Completeness("open", "punctuation")
    if not language.startswith("en"):
        return (
            Completeness("whole", "question")
            if tail.endswith(("?", "？", "؟"))
            else Completeness("unknown", "language")
        )
    return _english(tail)


def _english(tail: str) -> Completeness:
    words = _WORD.findall(tail)
    if not words:
        return Completeness("unknown", "no-words")
    plain = " ".join(words)
    if _THINKING.search(plain):
        return Completeness("thinking", "asks-for-time")
    if _PLAIN.match(plain):
        return Completeness("plain", "short-answer")
    if words[-1] in _HESITATIONS:
        return Completeness("open", "hesitation")
    if (dictated := _dictated(words)) is not None:
        return dictated
    return _clause(words, plain, asked=tail.endswith("?"))


def _clause(words: list[str], plain: str, *, asked: bool) -> Completeness:
    """Words that end in a clause, of one sort or another. `asked`: the recogniser put a question mark behind it."""
    if closes(plain):
        return Completeness("unknown", "closing-words")
    if _MAY_BE_ALL.search(plain):
        return Completeness("unknown", "may-be-all")
    if _PROMISES.search(plain):
        return Completeness("open", "first-half")
    if words[-1] in _POINTS_AT and len(words) > _SUBJECT_AND_VERB:
        return Completeness("leaning", "seems-to-lack")
    if words[-1] in _OPEN_WORDS:
        return Completeness("open", "needs-more")
    begins = _QUESTION.match(plain) is not None
    short = len(words) < _QUESTION_WORDS
    if begins and not short and (asked or not _TOLD.match(plain)):
        return Completeness("whole", "question")
    if (begins and short and not asked) or lacks_something(words):
        return Completeness("leaning", "seems-to-lack")
    return Completeness("unknown", "may-be-all")


def _dictated(words: list[str]) -> Completeness | None:
    """Figures or letters at the end, if enough of them follow one another."""
    count = digits = 0
    for word in reversed(words):
        if word.isdigit():
            count, digits = count + 1, digits + len(word)
        elif word in _FIGURES or (len(word) == 1 and word.isalpha()):
            count, digits = count + 1, digits + 1
        else:
            break
    if digits < (_DICTATES_FROM if count > 1 else _LONE):
        return None
    if digits >= _WHOLE_NUMBER:
        return Completeness("unknown", "whole-number")
    return Completeness("dictating", "figures" if digits < _SHORT_NUMBER else "enough-figures")

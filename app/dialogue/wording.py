"""Words as they are compared: one way of writing for what may be said, spelt or recognised in several.

Recognisers differ in case, punctuation, contractions, figures and hyphens; after this module they do not. English; for
another language only the stemmer changes, and the short words count like any others.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from snowballstemmer import stemmer

Words = tuple[str, ...]

_LONGEST = 4_000
"""Characters looked at: five minutes of speech. What comes after cannot change what the caller wants."""

_CONTRACTED = {
    "won't": "will not", "can't": "can not", "cannot": "can not", "shan't": "shall not", "ain't": "is not",
    "let's": "let us", "gonna": "going to", "wanna": "want to", "gotta": "got to", "lemme": "let me",
    "gimme": "give me", "dunno": "do not know", "y'all": "you all", "ok": "okay", "alright": "all right",
    "goodbye": "bye", "byebye": "bye", "thanks": "thank you", "thankyou": "thank you", "cheers": "thank you",
    "hiya": "hello", "hi": "hello", "hey": "hello", "yeah": "yes", "yep": "yes", "yup": "yes", "nope": "no",
    "whats": "what is", "thats": "that is", "dont": "do not", "im": "i am", "hows": "how is", "wheres": "where is",
    "shut": "close", "shuts": "closes", "kid": "child", "kids": "children", "loo": "toilet", "practise": "practice",
    "restroom": "toilet", "bathroom": "toilet", "telephone": "phone", "mum": "mother", "mom": "mother",
}  # fmt: skip
_ENDINGS = (("n't", " not"), ("'re", " are"), ("'ll", " will"), ("'ve", " have"), ("'m", " am"), ("'d", " would"))
_IS = frozenset({"what", "where", "when", "who", "how", "that", "it", "there", "here", "he", "she", "this", "why"})
_FIGURES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_JOINED = (
    ("wi fi", "wifi"), ("good bye", "bye"), ("e mail", "email"), ("take away", "takeaway"), ("take out", "takeout"),
    ("a m", "am"), ("p m", "pm"), ("web site", "website"), ("car park", "carpark"), ("voice mail", "voicemail"),
)  # fmt: skip

_STEMMER = stemmer("english")
_JOINING = frozenset(("and", "but", "so", "because", "also", "then", "or", "plus"))
_PAUSE = re.compile(r"[.?!;:,]+(?:\s|$)")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


@lru_cache(maxsize=4096)
def words(text: str) -> Words:
    """`text` as lower-case words: no punctuation, contractions written out, small figures as words."""
    plain = _plain(text[:_LONGEST]).lower().replace("’", "'").replace("%", " percent ")
    spoken = " ".join(_written_out(word) for word in _WORD.findall(plain))
    padded = f" {spoken} "
    for apart, together in _JOINED:
        padded = padded.replace(f" {apart} ", f" {together} ")
    return tuple(padded.split())


def _plain(text: str) -> str:
    """`text` without accents: a recogniser may write "cafe" for "café"."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def clauses(text: str) -> tuple[Words, ...]:
    """`text` cut at its punctuation and at the words that join clauses; recognisers often give no punctuation."""
    found: list[Words] = []
    for part in _PAUSE.split(text[:_LONGEST]):
        clause: list[str] = []
        for word in (*words(part), None):
            if word is None or word in _JOINING:
                found.append(tuple(clause))
                clause = []
            else:
                clause.append(word)
    return tuple(clause for clause in found if clause)


def _written_out(word: str) -> str:
    if word in _CONTRACTED:
        return _CONTRACTED[word]
    if word.isascii() and word.isdigit() and len(word) < 3 and int(word) < len(_FIGURES):
        return _FIGURES[int(word)]
    for ending, full in _ENDINGS:
        if word.endswith(ending):
            return word.removesuffix(ending) + full
    if word.endswith("'s"):
        return word.removesuffix("'s") + (" is" if word.removesuffix("'s") in _IS else "")
    return word.replace("'", "")


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """`word` without its grammatical ending: "reservations" and "reserve" are one."""
    return str(_STEMMER.stemWord(word))


def stems(said: Words) -> Words:
    """Every word of `said` without its ending, in the same order."""
    return tuple(map(stem, said))


SHORT_WORDS = frozenset(
    words(
        "a an the i me my we us our you your it its is are am was were be been being do does did done have has had "
        "will would can could should shall may might must to of for in on at by with from as and or but if so than "
        "then there here this that these those some any just please not no yes okay um uh er hm well oh ah like "
        "also too very really he she him her his they them their about tell say know want need let get got give go "
        "going right now today what how when where who which why hello sorry thank actually maybe perhaps kind "
        "sort guess think something anything everything nothing someone anyone somewhere anywhere thing things "
        "sort else exactly near nearby tonight yesterday guys wonder wondering own place still again already bit "
        "little lot look possible quick quickly question"
    )
)
"""Words that say little by themselves: they count, but lightly."""

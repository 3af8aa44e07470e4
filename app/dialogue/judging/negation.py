"""Whether something is said or denied: "it is hoisted" and "it is not hoisted" share all their words."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from app.dialogue.judging.tokens import Token
from app.dialogue.wording import stems, words

DENIES = frozenset(words("not never no neither nor without nothing nobody nobodi none hardly non"))
"""Words that turn what follows them round."""
KEEPS_OFF = DENIES | frozenset(
    words("prevent avoid forbid stop disallow instead rather impossible error refuse fail illegal forbidden")
)
"""Words that do as well for something that is expected to be denied."""
_NEW_SUBJECT = frozenset(
    words(
        "it they we you i he she this these those which who that but because so and if when while whereas though "
        "although"
    )
)
_BELIEVES = frozenset(words("think believe say true case mean suppose guess assume"))
_HARMLESS = (
    ("not", "only"), ("not", "just"), ("not", "sure"), ("not", "know"), ("not", "certain"), ("not", "exactly"),
    ("not", "remember"), ("not", "forget"), ("not", "until"), ("not", "to"), ("not", "every"), ("not", "always"),
    ("not", "necessarily"), ("never", "forget"), ("no", "matter"), ("no", "doubt"), ("no", "problem"), ("no", "longer"),
    ("no", "i"), ("no", "it"), ("why", "not"), ("nothing", "but"), ("without", "question"),
)  # fmt: skip
_PURPOSE = frozenset(
    words("sure ensure check verify prevent avoid whether if so confidence confident confirm guarantee")
)
_MAKES_NOTHING_OF = frozenset(words("happen work apply exist possible allowed true matter help hold occur correct"))
_ALL_THE_SAME = frozenset(words("how if whether what which who whose where when much really to"))
"""What follows in "it does not matter how many", which takes nothing back."""
_AUXILIARY = frozenset(
    words("is are was were do does did can could will would should has have had must may might am be been")
)
CONTRASTS = frozenset(words("and but while whereas although though so because or with unlike"))
"""Words at which another thing may be taken up."""
TURNS = CONTRASTS - frozenset(words("and or with"))
"""Those at which a statement ends."""
SUBORDINATES = frozenset(words("after when if once even while as because since although before"))
"""Words that begin a clause which says little without the next."""
_LACKS = frozenset(stems(words("ignore ignores lack lacks lose loses refuse refuses neglect")))
"""Verbs by which something is there no more, or was never heeded."""
_REACH_OF_LACK = 3
_REACH = 4
_REACH_OF_DENIAL = 8
"""Words back from what is denied to the word that denies it."""


def denied(said: Sequence[Token], place: int, last: int, evidence: Collection[int] = ()) -> bool:
    """Whether the word at `place` is denied before it, or the statement that ends at `last` right behind. `evidence`:
    places of words that are expected, and so deny nothing."""
    return _before(said, place, evidence) or _behind(said, last)


def _before(said: Sequence[Token], place: int, evidence: Collection[int]) -> bool:
    here = said[place]
    back = place - 1
    while back >= 0 and place - back <= _REACH:
        token = said[back]
        if token.sentence != here.sentence or token.clause != here.clause:
            return False
        if token.word in DENIES:
            return not _harmless(said, back)
        if token.stem in _LACKS and back not in evidence and place - back <= _REACH_OF_LACK:
            return not describes(said, back)
        if token.word == "of" and back and said[back - 1].word == "instead" and back - 1 not in evidence:
            return True
        if token.word == "than" and back and said[back - 1].word == "rather":
            return True
        if token.word in _NEW_SUBJECT:
            return _disbelieved(said, back)
        back -= 1
    return False


def describes(said: Sequence[Token], place: int) -> bool:
    """Whether it is no verb here: "sends lost packets again", "the lost ones"."""
    return said[place].word == "lost" and not (place and said[place - 1].word in _AUXILIARY | _NEW_SUBJECT)


def _disbelieved(said: Sequence[Token], subject: int) -> bool:
    """Whether the clause that begins at `subject` hangs on "I don't think" or "it is not true"."""
    back = subject - 1 if said[subject].word != "that" else subject
    if back >= 0 and said[back].word == "that":
        back -= 1
    near = [token for token in said[max(0, back - 3) : back + 1] if token.sentence == said[subject].sentence]
    believes = any(token.word in _BELIEVES for token in near[-1:])
    return believes and any(token.word in DENIES for token in near)


def _harmless(said: Sequence[Token], place: int) -> bool:
    """Whether the denial is none: "not only", "so that it does not break", "I could not reproduce it at first"."""
    following = said[place + 1].word if place + 1 < len(said) else ""
    before = said[place - 1].word if place else ""
    if (said[place].word, following) in _HARMLESS or (before, said[place].word) in _HARMLESS:
        return True
    ahead = [token.word for token in said[place + 1 : place + 5]]
    if "than" in ahead and any(word in ("more", "longer", "later", "over") for word in ahead):
        return True
    if before == "could" and place > 1 and said[place - 2].word in ("i", "we"):
        return True
    if following in DENIES or before in DENIES:
        return True
    since = [token for token in said[max(0, place - 8) : place] if token.sentence == said[place].sentence]
    return any(token.word in _PURPOSE for token in since)


def _behind(said: Sequence[Token], last: int) -> bool:
    """Whether the statement is taken back right after it: "hoisting does not happen"."""
    after = [token for token in said[last + 1 : last + 5] if token.sentence == said[last].sentence]
    words = [token.word for token in after]
    for place, word in enumerate(words[:2]):
        if word == "not" and place and words[place - 1] in _AUXILIARY:
            if words[place + 1 : place + 2] == ["matter"] and (words[place + 2 :] or [""])[0] in _ALL_THE_SAME:
                return False
            return any(one in _MAKES_NOTHING_OF for one in words[place + 1 : place + 3])
    return False


def has_denial(said: Sequence[Token], begin: int, end: int, evidence: Collection[int] = ()) -> bool:
    """Whether anything in or shortly before the words from `begin` to `end` (included) denies or keeps off.
    `evidence`: places of what is to be denied."""
    first = begin
    while first > 0 and begin - first < _REACH_OF_DENIAL and said[first - 1].clause == said[begin].clause:
        if said[first - 1].word in CONTRASTS:
            break
        first -= 1
    for place in range(first, min(end + 3, len(said))):
        token = said[place]
        if token.sentence != said[begin].sentence or (place > end and token.word in CONTRASTS):
            return False
        if place not in evidence and (token.stem in KEEPS_OFF or token.word in KEEPS_OFF):
            return True
    return False

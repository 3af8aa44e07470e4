"""Whether the last clause of what was said lacks something, as far as its words show it: English, by lists and order.

Weaker than a last word that proves that more is to come: these words end an utterance now and then ("that is what I
need", "in London"), so they only take away the right to be answered sooner than usual.
"""

from __future__ import annotations

import re


def _listed(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


_TAKES_OBJECT = _listed(
    "make makes made making take takes took taking give gives gave giving get gets got getting put puts putting",
    "use uses using need needs needed want wants wanted add adds added adding build builds built building find",
    "finds found finding keep keeps kept keeping bring brings brought bringing create creates created creating",
    "write writes wrote writing include includes included involve involves involved require requires required",
    "provide provides provided cause causes caused let lets tell tells told telling ask asks asked show shows",
    "showed send sends sent sending buy bought hold holds held set sets setting meet meets join joins prefer prefers",
    "preferred say says said saying mean means meant see saw seeing become became becoming seem seems seemed avoid",
    "avoids avoided allow allows allowed enable enables enabled reduce reduces reduced replace replaces replaced",
    "handle handles handled support supports supported convince convinced consider considered discuss discussed",
    "mention mentioned describe describes described implement implemented contain contains contained expect expects",
    "expected decide decides decided deciding offer offers offered produce produces produced receive receives",
    "received spend spends spent hurt hurts hit hits lack lacks want introduce introduced choose chose pick picked",
    "carry carried solve solved open opened run fix fixed check checked test tested deploy deployed own owned",
)
_BE = _listed("be is are am was were been being get gets got it's that's they're we're i'm")
"""A passive's: "how it was built" has its object."""
_QUALIFIES = _listed(
    "almost nearly even only just always usually mainly particularly still also never often simply both either neither",
    "several few many another other next last first second third same own hundred thousand million dozen couple",
    "good new old big small large high low long short slow quick fast early late young great nice bad hard easy",
    "little main whole different important certain similar single simple special general specific possible real",
    "recent previous current former technical personal professional social public private local national",
    "common clear full free open strong weak deep wide thin thick heavy light hot cold better best worse worst",
    "bigger biggest larger smaller higher lower older younger longer shorter ill huge tiny rather fairly pretty",
)
"""They stand before what they qualify, or at the end of a predicate: it depends on what is before them."""
_BEFORE_A_NOUN = _listed(
    "a an the my our your his her its their this that these those some any no every each another of at in on for with",
    "to from by about into as",
)
_ALONE = _listed(
    "almost nearly even only just usually mainly particularly simply hundred thousand million dozen couple rather",
    "fairly pretty",
)
"""These hardly ever end anything, whatever is before them."""
_LEADS = _listed("oh well um uh okay ok right so and but yes yeah no then")
_PLACES = _listed("at in on during after before with for from by since within under over throughout through")
_OPENS_TWO = _listed("unless although though while whereas if when whenever once since after before until")
_SUBJECTS = _listed("i we you they he she it there who that which this these those people someone everyone nobody")
_STANDS_ALONE = _listed(
    "depends works worked helps helped agree agreed understand understood remember forget forgot guess know knew think",
    "hope left quit resigned see do did can could will would was were is are am have has had tried failed won lost",
    "happened changed go went",
)
_ROUGHLY = _listed("about around over nearly almost roughly or")
_NUMBER = re.compile(
    r"^(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty)$"
)
_PAIRS = {("each", "other"), ("one", "another"), ("the", "same"), ("the", "other"), ("the", "others"), ("so", "much")}
_ASKED_FOR = _listed("what how whatever where whom that which as than why")
"""What follows them lacks nothing that was not said before: "what they need", "how it works"."""
_ARTICLES = _listed("a an the my our your his her its their")
_SUBJECT_ALONE = 3
_SHORT_PHRASE = 6
_SHORT_HALF = 9
_CLOSES = re.compile(
    r"\b(?:that's about it|so yeah|or something(?: like that)?|and so on|and things like that|and stuff like that"
    r"|if that makes sense|i guess|i suppose|i would say|i'd say|to be honest|in the end|as a result"
    r"|that's (?:how|why|what) (?:\w+ ){1,6}\w+|that's my (?:answer|story)|that would be (?:it|all)"
    r"|(?:any|no) questions|thank you|thanks"
    r"|or whatever|as well|at all|all the time|every day|at the moment|right now|these days|so far|since then)$"
)


def lacks_something(words: list[str]) -> bool:
    """Does the end of this look like the middle of a clause? `words`: lower case, bare of punctuation."""
    while words and words[0] in _LEADS:
        words = words[1:]
    if not words:
        return False
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if (before, last) in _PAIRS or (len(words) > 2 and words[-3] in _ASKED_FOR and before in _SUBJECTS):
        return False
    if words[0] in _ARTICLES and len(words) <= _SUBJECT_ALONE:
        return True
    if last in _TAKES_OBJECT and len(words) > 1 and before not in _BE:
        return True
    if last in _ALONE or (last in _QUALIFIES and _before_a_noun(words)):
        return True
    if before in _SUBJECTS and last not in _STANDS_ALONE and len(words) <= _SHORT_PHRASE:
        return True
    if _NUMBER.match(last) and before in _ROUGHLY:
        return True
    if words[0] in _PLACES and len(words) <= _SHORT_PHRASE and not _SUBJECTS & set(words[1:]) - {"that", "this"}:
        return True
    return words[0] in _OPENS_TWO and len(words) <= _SHORT_HALF


def _before_a_noun(words: list[str]) -> bool:
    """Does the run of qualifying words at the end follow a word that needs a noun? ("a more difficult")"""
    for word in reversed(words[:-1]):
        if word in _BEFORE_A_NOUN:
            return True
        if word not in _QUALIFIES and word not in ("very", "more", "most", "really", "quite", "less", "and"):
            return False
    return False


def closes(plain: str) -> bool:
    """Does it end in words that people close with? They may still go on."""
    return bool(_CLOSES.search(plain))

"""What is in an answer and is no answer: the question said back, remarks to whoever judges, ways of saying nothing.

Such words are passed over, wherever they stand; the rest of the answer counts as if it were all there is. A candidate
may say anything to the judge: here it is recognised, so as not to be taken for content, and nowhere is it obeyed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from app.dialogue.judging.judgement import Said
from app.dialogue.judging.tokens import LONGEST, Token
from app.dialogue.wording import words

_ECHO = 4
"""So many words in a row as in the question or its hint are said back, not said."""
_JOINING = frozenset(words("and but so because also then plus anyway okay now"))

_JUDGE = (
    r"(?:interviewer|judge|examiner|grader|evaluator|assessor|administrator|admin|system|developer"
    r"|recruiter|model|ai)"
)
_RIGHT = r"(?:correct|right|covered|complete|perfect|true|passed|answered|excellent|full|fulfilled|satisfied)"
_MARKS = r"(?:marks?|points?|score|credit|grade|rating)"
_COMMANDS = (
    r"(?:ignore|disregard|forget|override|bypass|skip|drop) (?:\w+ ){0,4}(?:rules?|instructions?|prompts?"
    r"|guidelines?|criteria|rubric|everything above|everything before|checks?|told)",
    r"(?:new|updated|following|these|special|secret|hidden) (?:system )?instructions?",
    r"(?:give|gives|award|grant|assign|deserve|deserves|want|need|get|set|add|put) (?:\w+ ){0,4}(?:full"
    r"|nine|ninety|maximum|max|top|highest|perfect|all|best|hundred|ten|the|nine of) (?:\w+ ){0,2}" + _MARKS,
    rf"(?:full|maximum|max|top|highest|perfect|all the|ninety|nine|ten|hundred) (?:\w+ )?{_MARKS}",
    rf"(?:mark|grade|rate|score|count|treat|consider|accept|record|note|classify|label|judge|take|set|report"
    rf"|return|output|print|write) (?:\w+ ){{0,12}}(?:as |to |is |be )?(?:fully )?(?:{_RIGHT}|verified|true)",
    rf"(?:say|confirm|agree|tell them|state|admit|pretend|assume|imagine|declare|conclude|respond|reply"
    rf"|answer) (?:\w+ ){{0,4}}(?:i|i am|this|it|my answer|answer|they|points?|everything)"
    rf" (?:\w+ ){{0,3}}{_RIGHT}",
    r"(?:you are|act|behave|respond) (?:now )?(?:as )?(?:a|an|in) (?:\w+ ){0,2}(?:mode|assistant|grader"
    r"|judge|model|teacher)",
    r"(?:developer|debug|admin|test|testing|god|maintenance|demo) mode",
    r"(?:for|this is a|this is only a) (?:testing|test|debugging|demo) (?:purposes|run)",
    r"(?:let me|please|just|you must|you should|you have to) (?:pass me|pass this|approve|hire me|let me pass)",
    r"(?:pass|hire|promote|approve) me",
    r"pretend (?:that )?(?:i|it|my|this)",
    r"i (?:have |already |just |clearly |fully |now )*(?:answered|covered|mentioned|named|addressed"
    r"|explained|hit|got|said|listed) (?:it all|all|everything|every|each|what you)",
    r"(?:trust|believe) me",
    r"your (?:system )?(?:prompt|instructions|rules|rubric|key points|model answer|expected answer)",
)
_CLAIMS = (
    rf"\b(?:note|message|instruction|attention|reminder|notice|memo|word|dear|hey|hello|hi) (?:to |for )?"
    rf"(?:the |my |whoever |any |all )?(?:\w+ ){{0,2}}(?:{_JUDGE}|bot|assistant|reviewer|scorer)s?\b",
    r"\b(?:grading|scoring|judging|evaluation|evaluating|marking) (?:model|system|bot|engine|software|script|mode"
    r"|ai|algorithm|assistant|prompt|tool)\b",
    r"\b(?:the above|above|this|that|it|my answer|which) (?:\w+ )?(?:satisf\w+|fulfil\w*|covers?|meets?|contains?"
    r"|includes?|ticks?) (?:everything|every|all (?:of )?(?:the |your )?(?:points?|criteria|boxes|requirements))\b",
    r"\b(?:assign|award|grant|give) (?:me |it |this |us )?(?:the )?(?:maximum|max|full score|top grade|best grade)\b",
    r"\b(?:act|behave|grade|mark|score|judge|treat|proceed|continue) (?:\w+ ){0,3}as if (?:i|this|it|my|the)\b",
    r"\b(?:set|switch|change|turn) (?:\w+ ){0,4}mode (?:to|on|off)\b",
    r"\bi (?:have |already |just |clearly |fully |now )*(?:answered|covered|mentioned|named|addressed)"
    r" (?:all|every|everything|each)\b",
    rf"\b(?:points?|criteria|criterion|rubric|requirements|expectations"
    rf"|boxes)\b (?:\w+ ){{0,30}}?(?:{_RIGHT}|met|mentioned|addressed|ticked|hit|yes|present|included)\b",
    rf"\b(?:{_RIGHT}|met|mentioned|addressed|tick) (?:\w+ ){{0,3}}(?:key )?(?:points|criteria)\b",
    rf"\b(?:as|being|speaking as|i am|this is|from|by) (?:the |your |an |a |now )*{_JUDGE}\b",
    rf"\b(?:the |your |my |other |last |previous )*{_JUDGE} (?:has |have |already |just |had |now |must "
    rf"|will |should )*(?:said|writes?|told|confirmed|confirms|says|agreed|agrees|approved|decided|marked"
    rf"|verified|scored|noted|accepted)\b",
    r"\bcandidate (?:has |have |is |was |did |does |correctly |fully |clearly |just |already |should "
    r"|must )*(?:correct\w*|full\w*|explain\w*|cover\w*|mention\w*|demonstrat\w*|know\w*|answer\w*|get|gets"
    r"|deserv\w*|pass\w*|show\w*|receiv\w*|name\w*|score\w*|understand\w*)\b",
    r"\b(?:the |this |said )?(?:candidate|user|applicant|interviewee|participant|respondent|speaker) (?:\w+ ){0,2}"
    r"(?:said|told|gave|knew|knows|has|\w{3,}ed|says|tells|gives)\b",
    r"\b(?:score|grade|points?|marks?|rating) (?:is |are |equals |equal |of |to |colon )*(?:nine|ninety|ten|hundred"
    r"|full|max\w*|top|best)\b",
    rf"\b(?:verdict|judgement|judgment|evaluation|assessment|result|score|grade|status|coverage)\b (?:is "
    rf"|was |equals |colon |of |should be |must be )*(?:{_RIGHT}|nine|ninety|pass|maximum|hundred|positive)\b",
    rf"\b(?:the|my|this|that|above) (?:\w+ )?answer (?:is|was|has been|counts|should be|must be|covers"
    rf"|contains|holds|includes|matches|meets|satisfies|deserves)(?: as| all| every| the| fully| completely"
    rf"| a| absolutely| totally)* (?:{_RIGHT}|key|points?|expected|model|required|good|hundred)\b",
    r"\b(?:model|expected|reference|sample|ideal) answer\b",
    r"\bend of (?:the )?(?:answer|transcript|interview|candidate)\b",
    r"\b(?:key point|evidence|quote|covered|missed|verdict) (?:\w+ )?(?:one|two|three|four|five|yes|covered"
    r"|true|check)\b",
    r"\brubric\b",
    r"\b(?:are|is|were|was) (?:all|both|fully|already|clearly|thereby|hereby) (?:of them )?"
    r"(?:covered|mentioned|said|met|named)\b",
    r"\b(?:write|print|say|output|return|put) (?:down )?(?:correct|covered|passed|full)\b",
    r"\brepeat after me\b",
    r"\bif you are (?:an |a |the )?(?:artificial intelligence|language model|ai|bot|machine|computer)\b",
    r"\b(?:reply|respond) (?:only |just )?with (?:the )?(?:word |verdict )?(?:correct|covered|passed)\b",
    r"\bsystem message\b|\boverride (?:is )?active\b|\bcoverage to\b",
)
_EVASIVE = (
    r"(?:it|that|this|well|which) (?:really |always |all |just |very much )*depends(?: on"
    r" (?:the |a |many |your |a lot of |several |different )*(?:situation|case|context|project|things?"
    r"|factors?|circumstances|team|company|day))?$",
    r"(?:would|will|have to|need to|must|should|can|could) (?:\w+ ){0,3}(?:look (?:it|that|this) up"
    r"|look into (?:it|that|this)|google (?:it|that|this)|check (?:it|that) online|read up|get back to you)",
    r"there (?:are|is) (?:so |very )?(?:many|several|a lot of|lots of|different|various|quite some|some|big"
    r"|a big|important) (?:\w+ )?(?:differences?|ways|things|reasons|aspects|answers|advantages|uses"
    r"|approaches|factors|points)$",
    r"(?:it is|that is|this is) (?:a |an |very |quite |really |such )*(?:good|great|interesting|important"
    r"|difficult|tough|broad|complex|useful) (?:\w+ )?(?:question|topic|subject|concept|matter|thing)",
    r"(?:i|we) (?:have |often |always |usually |already |really )*(?:use|used|worked with|dealt with|seen"
    r"|done|heard of|heard about|read about) (?:it|them|this|that|these|those)(?: (?:a lot|quite|very|many"
    r"|several|times|often|always|for|years|a|long|time|in|on|my|our|all|most|daily|projects?|work|team"
    r"|company|job))*$",
    r"good for (?:many|a lot of|lots of|all kinds of) (?:\w+ )?things?",
)
_FRANK = re.compile(
    r"\b(?:(?:to be|if i am|i will be|let me be|being) (?:\w+ )?(?:honest|frank|fair|truthful)(?! (?:with|about|to))"
    r"|to tell (?:you )?the truth|honestly(?! (?:why|what|that|how)))\b"
)
"""What people say before anything at all, and which is no honesty towards anybody."""
_COMMAND = re.compile("|".join(rf"\b(?:{one})\b" for one in _COMMANDS))
_CLAIM = re.compile("|".join(_CLAIMS))
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|could|will|would|does|do|did|you|it|they|we|i|one|there|when"
    r"|if)\b|\w(?:s|ed)\b"
)
_MORE = re.compile(
    r"\b(?:i|he|she|they|it) (?:\w+ )?(?:said|mentioned|covered|answered|named|explained|know|counts?"
    r"|was right|is right)\b"
    r"|\b(?:counts?|including|such as)\b"
)
_COUNTS = re.compile(r"\b(?:counts?|(?:i|he|she) (?:said|mentioned|covered|named))\b")
_OVERRIDES = frozenset(words("ignore disregard forget override bypass"))
"""Commands after which nothing in the sentence is an answer."""
_EVADES = re.compile("|".join(rf"\b(?:{one})" for one in _EVASIVE))
_OPENS = re.compile(r"\[\s*/?[A-Z]{3,}\s*\]|[{\[]\s*[\"'{]|```|<\s*/?[a-zA-Z][^<>]{0,80}>")
_CLOSES = re.compile(r"[}\]]|```|>")
_ROLE = re.compile(
    r"(?:^|[\s\"'#*\[])(?:system|assistant|interviewer|judge|evaluator|grader|admin|verdict|score|rubric"
    r"|key[ _-]?points?|quote|evidence)\]?"
    r"\s*[:=]",
    re.IGNORECASE,
)
_MOST_LINES = 50
"""Lines like those of a form that are looked for in one segment."""
_WINDOW = 40
"""Words; a sentence without end (recognisers give few full stops) is looked at in pieces of this length."""


def passed_over(answer: Sequence[Said], said: Sequence[Token], asked: Iterable[Sequence[str]]) -> dict[int, str]:
    """The places of words in `said` that do not count, with the reason. `asked`: stems of the question and its hint."""
    found = dict.fromkeys(_written(answer, said), "instructions")
    for sentence in _sentences(said, frozenset(found)):
        for place in _remarks(said, sentence):
            found[place] = "instructions"
        for place in _evasions(said, sentence):
            found.setdefault(place, "evasive")
    for text in asked:
        for place in _echoes(said, tuple(text)):
            found.setdefault(place, "question-words")
    return found


def _sentences(said: Sequence[Token], written: frozenset[int]) -> Iterator[range]:
    """Places of the sentences; markup is one of its own, and so is what comes behind it."""
    begin = 0
    for place in range(1, len(said) + 1):
        ends = place == len(said) or said[place].sentence != said[begin].sentence
        ends = ends or (place in written) != (begin in written) or place - begin >= 2 * _WINDOW
        if ends or (place - begin >= _WINDOW and said[place].word in _JOINING):
            yield range(begin, place)
            begin = place


def pieces(said: Sequence[Token], places: range) -> Iterator[range]:
    """A sentence cut at its commas and at the words that join clauses."""
    begin = places.start
    for place in places[1:]:
        if said[place].clause != said[place - 1].clause or said[place].word in _JOINING:
            yield range(begin, place)
            begin = place
    yield range(begin, places.stop)


def _spans(said: Sequence[Token], places: range, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Where `pattern` is in these words: places, first and behind the last."""
    text = " ".join(said[place].word for place in places)
    for match in pattern.finditer(text):
        begin = places.start + text.count(" ", 0, match.start())
        yield begin, begin + match.group().strip().count(" ") + 1


def _remarks(said: Sequence[Token], sentence: range) -> Iterator[int]:
    """Words spoken to the judge: a claim about the score takes its sentence with it, a command its clause."""
    if any(True for _ in _spans(said, sentence, _CLAIM)):
        yield from sentence
        return
    spans = tuple(_spans(said, sentence, _COMMAND))
    pending = False
    overriding = any(said[begin].word in _OVERRIDES for begin, _ in spans)
    wholly = overriding or (bool(spans) and any(True for _ in _spans(said, sentence, _COUNTS)))
    for piece in pieces(said, sentence) if spans else ():
        ordered = any(begin < piece.stop and piece.start < end for begin, end in spans)
        pending = ordered or (pending and (wholly or not _states(said, piece)))
        if pending:
            yield from piece


def _states(said: Sequence[Token], piece: range) -> bool:
    """Whether a clause after a command states something of its own, and no more of what the judge is to believe."""
    text = " ".join(said[place].word for place in piece)
    return bool(_VERB.search(text)) and not _MORE.search(text)


def _evasions(said: Sequence[Token], sentence: range) -> Iterator[int]:
    for piece in pieces(said, sentence):
        if any(True for _ in _spans(said, piece, _EVADES)):
            yield from piece
    for begin, end in _spans(said, sentence, _FRANK):
        if begin == 0 or said[begin].clause != said[begin - 1].clause or said[begin - 1].word in _JOINING:
            yield from range(begin, end)


def _written(answer: Sequence[Said], said: Sequence[Token]) -> Iterator[int]:
    """Words inside markup and JSON, and sentences that begin like a line of a form."""
    areas: dict[int, tuple[int, int]] = {}
    labelled: set[int] = set()
    for part, one in enumerate(answer):
        text = one.text[:LONGEST]
        opens, closes = _OPENS.search(text), max((match.end() for match in _CLOSES.finditer(text)), default=0)
        if opens and opens.end() < closes:
            areas[part] = (opens.start(), closes)
        inside = range(*areas.get(part, (0, 0)))
        ends = {match.end() for match in islice(_ROLE.finditer(text), _MOST_LINES) if match.start() not in inside}
        own = [token for token in said if token.part == part] if ends else []
        labelled.update(next((token.sentence for token in own if token.begin >= end), -1) for end in ends)
    for place, token in enumerate(said):
        begin, end = areas.get(token.part, (0, 0))
        if begin <= token.begin < end or token.sentence in labelled:
            yield place


def _echoes(said: Sequence[Token], asked: tuple[str, ...]) -> Iterator[int]:
    known = {asked[place : place + _ECHO] for place in range(len(asked) - _ECHO + 1)}
    stems = tuple(token.stem for token in said)
    for place in range(len(stems) - _ECHO + 1):
        if stems[place : place + _ECHO] in known:
            yield from range(place, place + _ECHO)

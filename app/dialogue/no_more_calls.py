"""Whether somebody does not want to be rung again: "don't call me again", "take me off your list".

What they say is kept for good and ends the call, so it must be all that they say. Who tells what a customer once
shouted, who does not want to be rung before nine, and who does not want to be called Bob, have not asked for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from app.call.first_words import plain
from app.dialogue.wording import words

_MOST_WORDS = 25
"""In all; who says more is telling something."""
_BESIDE = 2
"""Words beside the wish that are no part of saying it: "stop calling me you scoundrels"."""
_SENTENCE = re.compile(r"[.!?;:\n]+")

_CALL = r"(?:call|ring|phone|telephone|contact|dial)"
_CALLING = r"(?:calling|ringing|phoning|telephoning|contacting|dialling|dialing|bothering|harassing)"
_LIST = (
    r"(?:list|lists|call list|calling list|contact list|contacts|phone list|marketing list|database|system|records|"
    r"files|do not call list)"
)
_MINE = r"(?:me|us|my number|our number|my name)"
_THIS = r"(?:this number|the number|that number)"
"""In an answer about programs, a number is taken off a list; here it must be theirs, or the list ours."""
_GOES_ON = r"(?:again|any|anymore|ever|please|thank|okay|bye|or|and|it|you|i|this|now)\b"
_BOB = rf"(?: (?:on )?(?:this|my) number| here)?(?! (?!{_GOES_ON})\w)"
"""Behind "call me": nothing that somebody is called, and no hour."""
_ENGLISH = re.compile(
    rf"\b(?:do not|never|not to) (?:you )?(?:ever )?{_CALL} ?(?:me |us |here |this number |my number |back )*"
    rf"(?:ever )?(?:again|any more|anymore|ever|no more)\b"
    rf"|\b(?:never|do not ever) {_CALL} (?:me|us){_BOB}"
    rf"|\bdo not {_CALL} (?:this|my|our) (?:number|phone)\b"
    rf"|\b(?:stop|quit|cease) {_CALLING} (?:me|us){_BOB}"
    rf"|\b(?:stop|quit|cease) {_CALLING}(?: (?:here|this number|my number|my phone|my house|again))?$"
    rf"|\b(?:take|remove|delete|get|strike|erase) (?:{_MINE}|{_THIS}(?= \w+ (?:of )?your)) "
    rf"(?:off|from|out of|of|off of) (?:\w+ )?{_LIST}\b"
    rf"|\b(?:put|add|place) (?:{_MINE}|{_THIS}) (?:on|to|onto) (?:your |the |a )?do not call(?: list)?\b"
    rf"|\b(?:delete|remove|lose|forget|erase) (?:(?:my|our) (?:phone )?number|this phone number)\b"
    rf"|\b(?:lose|forget) this number\b|(?<!are )(?<!were )\bno more (?:phone )?calls\b"
    rf"|\bdo not want (?:any |any more |more |your |these |such )+(?:phone )?calls\b"
    rf"|\bdo not want to be (?:called|rung|phoned|contacted|telephoned)\b"
    rf"|\bdo not want you to {_CALL} me (?:again|any more|anymore)\b"
)
_WEAK = re.compile(rf"\bdo not {_CALL} (?:me|us|here)$")
"""Enough only where nothing but politeness is said beside it."""
_POLITE = frozenset(
    words(
        "please okay hello thank you sorry no yes just look listen sir madam and i said so well oh um uh er right all "
        "at bye very much once more a ma'am mister hi again"
    )
)
_SAYING_IT = _POLITE | frozenset(
    words(
        "not interested am was have had told already asked this is it the that second third fourth last time times "
        "enough stop seriously ever any anymore now want do really god sake damn hell bloody jesus christ wrong number "
        "got get or will going to report sue police lawyer call calls calling me my of for people keep kept every day "
        "can could would you're your immediately permanently forever idiots idiot but be we us our too be can't need "
        "like from on in off way must"
    )
)
_ANOTHERS = frozenset(
    words(
        "if what how when unless until before after because while during except he she they him her them his their "
        "who customer customers client clients user users boss manager colleague colleagues caller patient friend "
        "mother father wife husband someone somebody say says saying tell tells telling example imagine suppose "
        "today tomorrow tonight week weekend weekends month morning evening night afternoon lunch work yet late early "
        "monday tuesday wednesday thursday friday saturday sunday back later function method api them"
    )
)
"""Said of somebody else, or for a while."""

_OTHERS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "de": re.compile(
            r"\bruf(?:en|t)? (?:sie )?(?:mich|uns|hier|diese nummer) (?:bitte )?(?:hier )?(?:nicht|nie|niemals) "
            r"(?:mehr|wieder|noch einmal|nochmal)(?: hier)? an\b"
            r"|\b(?:nicht|nie) (?:mehr|wieder) an(?:zu)?rufen\b|\bkeine (?:weiteren )?anrufe mehr\b"
            r"|\b(?:nehmen|streichen|loschen|entfernen) sie (?:mich|meine nummer|meinen namen)(?: bitte)? "
            r"(?:von|aus) (?:ihrer|der|ihren|dieser) \w+\b"
            r"|\b(?:loschen|streichen) sie (?:bitte )?meine nummer\b|\bhoren sie auf (?:mich|hier|uns) anzurufen\b"
        ),
        "fr": re.compile(
            r"\bne m appelez (?:plus|jamais)\b|\bn appelez (?:plus|jamais)\b|\bne me rappelez (?:plus|jamais|pas)\b"
            r"|\b(?:arretez|cessez) de m appeler\b|\b(?:plus|pas) d appels\b"
            r"|\b(?:retirez|enlevez|supprimez|rayez) (?:moi|mon numero|mon nom)(?: de (?:votre|vos|la) \w+)?\b"
        ),
        "es": re.compile(
            r"\bno me llam(?:e|es|en) (?:mas|nunca)\b|\bno (?:me )?vuelv(?:a|as|an) a llamar(?:me)?\b"
            r"|\bdej(?:e|a|en) de llamar(?:me|nos)?\b|\b(?:quite|quiten|quita)me de (?:su|la|tu) lista\b"
            r"|\b(?:borre|borren|borra|elimine|eliminen|elimina) mi (?:numero|nombre)\b"
        ),
    }
)
_BESIDE_OTHERS = 5


def wants_no_more_calls(text: str, language: str = "en") -> bool:
    """Whether these words, all of a turn, ask for no more calls. `language`: the talk's; English counts in all."""
    if len(text) > 400:
        return False
    pattern = _OTHERS.get(language[:2])
    if pattern is not None and _is_all(pattern, plain(text)):
        return True
    said = [words(sentence) for sentence in _SENTENCE.split(text)]
    if sum(map(len, said)) > _MOST_WORDS or any(_ANOTHERS & set(sentence) for sentence in said):
        return False
    return any(_asks(" ".join(sentence)) for sentence in said)


def _asks(sentence: str) -> bool:
    if (found := _ENGLISH.search(sentence)) is not None:
        return sum(word not in _SAYING_IT for word in _around(sentence, found)) <= _BESIDE
    found = _WEAK.search(sentence)
    return found is not None and all(word in _POLITE for word in _around(sentence, found))


def _is_all(pattern: re.Pattern[str], said: str) -> bool:
    found = pattern.search(said)
    return found is not None and len(_around(said, found)) <= _BESIDE_OTHERS


def _around(said: str, found: re.Match[str]) -> list[str]:
    return f"{said[: found.start()]} {said[found.end() :]}".split()

"""Whether somebody says that they do not know, which is an answer of its own, and honest."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from app.dialogue.judging.tokens import Token
from app.dialogue.wording import SHORT_WORDS, words

_MOST_BESIDE = 4
"""Words with a meaning beside it; whoever says more attempts an answer."""

_KNOW = r"(?:know|remember|recall|think of|come up with|have an answer|have a clue|understand)"
_NOT_KNOWN = re.compile(
    r"\b(?:"
    rf"(?:do|did|would|can|could) not (?:\w+ ){{0,2}}{_KNOW}"
    r"|(?:no|not a|not the|have no|without a|not any) (?:\w+ )?(?:idea|clue|answer|knowledge|experience with)"
    r"|not (?:\w+ )?(?:sure|certain|familiar|aware)|unsure|unfamiliar|clueless|no comment|nothing comes to mind"
    r"|(?:have|had|did) (?:never|not) (?:\w+ )?(?:heard|used|learned|learnt|worked|come across|seen|done"
    r"|studied|touched|dealt|encounter\w*|use|learn|work|hear|need\w*)"
    r"|(?:^|(?<=i )|(?<=have )|(?<=had )|(?<=we ))"
    r"never (?:heard|used|learned|learnt|worked|came across|seen|done|did|studied|touched|had to|dealt|encountered)"
    r"|forgot|forgotten|beats me|you (?:have )?got me|over my head|drawing a blank|draw a blank"
    r"|mind is blank"
    r"|(?:pass|skip)(?= (?:on|this|that|it|please|sorry|one|the|and|i)\b|$)|(?<=will )(?:pass|skip)"
    r"|next (?:question|one)"
    r"|move on|(?:can|could|shall|let) (?:we|us|i) (?:please )?go on"
    r"|i give up|i am (?:lost|stuck|out|blank)|rather not (?:answer|say)|i have nothing|sorry no"
    r"|slipped my mind|escapes me|not my (?:thing|area|field|strength|topic|strong)|(?:ask|asking) me something else"
    r"|not come to (?:me|mind)|never came up|not got (?:a|any) (?:clue|idea)|haven t (?:a|the) clue|google it"
    r"|(?:can not|could not) (?:really |honestly |even )?(?:say|tell|answer|help|think)"
    r")\b"
)
_OWN = frozenset(
    words(
        "sorry honest honestly unfortunately afraid answer question topic moment head top real truth truthful "
        "truthfully concept term word familiar never ever heard hear use used learn learned work worked before "
        "project next skip pass move mind blank idea clue remember recall forget forgot forgotten sure certain "
        "come across case company school university definitely absolutely slight slightest faint foggiest good "
        "great tough hard difficult exact detail specific explain know studied study yet since long ago please "
        "fair enough rather nothing lost stuck give up far"
    )
)
"""Words that people say beside it."""


def not_known(said: Sequence[Token], asked: Collection[str]) -> bool:
    """Whether this, as it was said, is no attempt at an answer. `asked`: stems of the question; naming its subject is
    none either."""
    text = " ".join(token.word for token in said[:200])
    if not _NOT_KNOWN.search(text):
        return False
    rest = _NOT_KNOWN.sub(" ", text).split()
    own = {token.word for token in said if token.stem in asked}
    beside = [word for word in rest if word not in SHORT_WORDS and word not in _OWN and word not in own]
    return len(said) <= 200 and len(beside) <= _MOST_BESIDE

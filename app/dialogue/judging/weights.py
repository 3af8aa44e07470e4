"""How much a word of a wording says by itself."""

from __future__ import annotations

from app.dialogue.wording import SHORT_WORDS, stems, words

EMPTY = frozenset(
    stems(
        words(
            "a an the i me my we us our you your it its is are am was were be been being do does did has have had will "
            "would can could shall should may might must to of for in on at by with from as and or but if so that this "
            "these those he she him her they them their then than there here also too very just please um uh oh well "
            "about who which what how"
        )
    )
)
"""Words that are no part of what is looked for."""
_TELLING = frozenset(stems(words("done again first always often still own nothing else")))
"""Small words that tell enough, in an answer, to be more than light."""
LIGHT = (
    frozenset(stems(tuple(SHORT_WORDS)))
    | frozenset(
        stems(
            words(
                "use used make made take put call called work works thing way lot people person really always often "
                "same everybody everyone somebody someone anybody anyone"
            )
        )
    )
) - _TELLING
"""Words that say little."""
LIGHT_WEIGHT, ASKED_WEIGHT = 0.44, 0.44
CONTENT = 0.45
"""A term of at least this weight says something by itself; of others there must be two."""
GENERIC = frozenset(
    stems(
        words(
            "data value object item element code number result task information problem program check keep find store "
            "need add look show give case condition action part area several list element system process use way"
        )
    )
)
"""Words that go with anything; with few wordings, they may be missing."""
GENERIC_WEIGHT = 0.4
COMMON_WEIGHT, RARE_WEIGHT = 0.6, 1.4
"""With few wordings, what everybody says all day tells less than what is said of this alone."""

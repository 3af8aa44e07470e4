"""Small lists about words: which are common, and which exclude each other."""

from __future__ import annotations

from types import MappingProxyType

from app.dialogue.wording import SHORT_WORDS, words

COMMON = SHORT_WORDS | frozenset(
    words(
        "last list lost least first second third time times code good god cat class glass store story start state "
        "stage test text taste toast next sort short sword look loop lock block black back pack read red road write "
        "right wrote made make take talk walk work word world were where there their three tree true through "
        "thought taught though tell call cell sell still style stable table able mean main man men many money much "
        "match each reach teach change chance charge large long along line link like light late later letter let "
        "set sit site side size catch seen scene son some same seem team term turn torn town down done gone gun begin "
        "been bean being bring brought people purple problem program project product process person parson part "
        "party port point paint print plan plain place please police play pay pray price prize put push pull poll "
        "pool pole full fall fill file while field failed fail feel fell felt fault fast feast fix fox box books "
        "book boot boat both bath path pass past post best rest just must most cost cast coast case cause course "
        "house horse hours ours use used user users value valley variable function object number string thread "
        "queue error order older other another mother father small smell little less keep kept key keys kind kit "
        "cut cute could would should shout about above again against ago air all always among any area around ask "
        "away baby ball bank base basic because become before behind believe below better between big bit body "
        "break build business buy came can car care carry certain check child city clear close cold color come "
        "complete consider contain continue control cool copy corner country create cross customer data date day "
        "deal deep describe design detail develop die difference different difficult direct discuss door draw drive "
        "drop dry during early easy eat effect either else employee end enough even event ever every exactly "
        "example expect explain eye face fact family far feature few final find fine finish fire five fly follow "
        "food foot force form four free friend from front game gave general get girl give glad great ground group "
        "grow half hand happen happy hard head hear heart heat heavy help here high him hold home hope hot hour how "
        "hundred idea important inside instead issue job join know land language learn leave left level life live "
        "local manager matter maybe memory might mind minute miss moment month more morning move name near need "
        "never new night nothing notice now often old once one only open orange out outer over own page piece "
        "question quick quickly quiet quite really reason remember return review room rule run safe said sale save "
        "saw say school screen see send sense sentence server service several share she show sign simple since six "
        "sleep slow so software something soon sound space speak special stand stay step stop street strong study "
        "such sure system than thank that them then thing think this those today together too took top tool toward "
        "try two type under understand until upon usual very voice wait want warm wash watch water way week well "
        "went what when which who whole why wide will win wind window wish with without woman wonder wood year yes "
        "yet young hosting model mobile module modern global guess guest quest cash sink sync sequel threat couple "
        "cope scope pie python clause clothes closed"
    )
)
"""Words that are themselves too often to be taken for others, alone."""

GLUE = frozenset(
    words(
        "a an the this that these those it its they them their he she him her his we us our you your i me my is are "
        "was were be been being am has have had do does did can could will would shall should may might must because "
        "so when if while then than what which who whose how why where to for from with there as let get gets"
    )
)
"""Words that sentences are made of; a list of key words has none."""

_OPPOSITES = """
remember keep: delete lose forget remove destroy empty emptied gone clear wipe disappear vanish reset
access know hold save: delete lose forget remove destroy
still grow: delete lose empty emptied gone clear wipe disappear vanish reset
fast: slow
slow: fast
less few save: more
more: less
once: every each always
single one: many several all multiple
same: different another new
different: same
share shared: copy separate own
inside inner: outside
early: late
local: global
global: local
immutable: mutable
mutable: immutable
lazy: whole
listen: ignore shout
calm: shout angry
first: last
last: first
parallel: one single
true truthy: false falsy
false falsy: true truthy
little few low: more much lot high
empty: full
correct: wrong
possible: impossible
allowed: forbidden
required: optional
early: late
same identical: different
inherit: copy
sorted ordered: unsorted unordered
unordered: ordered
private: public
public: private
always: never sometimes
never: always
before: after
after: before
"""
OPPOSITES = MappingProxyType(
    {
        word: frozenset(words(against))
        for line in filter(None, _OPPOSITES.splitlines())
        for meant, _, against in [line.partition(": ")]
        for word in words(meant)
    }
)
"""What makes a sentence say the opposite when it stands in a word's place."""

_RIVALS = """
let var const
list tuple set dictionary array
null undefined
process thread
get post put patch delete
append extend
shallow deep
call apply bind
map filter reduce
two=double three=triple
authentication authorization=authorisation
horizontal vertical
staticmethod classmethod
microtask macrotask
stack queue heap
tcp udp
unit integration
sql nosql
local global
synchronous asynchronous
mutable immutable
public private
class instance
args kwargs
pull push
"""
RIVALS = tuple(tuple(tuple(one.split("=")) for one in line.split()) for line in _RIVALS.splitlines() if line)
"""Things that are told apart: what is said of one is not said of the other. Each with its other names."""

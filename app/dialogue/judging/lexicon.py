"""Small lists about words: which are common, which a recogniser writes for terms of the trade, which exclude each
other."""

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

_MISHEARD = """
async: a sink, a sync, i sync, ace ink, a sing, as sink, sink
await: a weight, a wait, aweight
closure: clothes sure, close your, close sure, closer, clothe sure, close her
closures: clothes sures, close yours, closers
cache: cash
caching: cashing
cached: cashed
python: pie thon, pie ton, pie phone, pison
json: jason, jay son, j son, jay sun
sql: sequel, s q l, see quell, ess queue ell
queue: cue, q, kew, que
array: a ray, or ray, a rate, arrey
boolean: bullion, boo lean, bool ian
tuple: couple, topple, two pull, too pull, tupple, touple, tuba, two ple
tuples: couples, topples, two pulls
thread: threat, tread, thred
threads: threats, treads, threds
hoisting: hosting, hoist thing, moisting, heisting
hoisted: hosted, moisted
yield: yelled, heeled, yelt, yealed
yields: yells, heels
mutable: mute able, mutual, neutral
immutable: in mutable, imm mutable, a mutable, immune table, immutible, image table
scope: cope, soap, scoop
scoped: coped, scooped
callback: call back, call bag, callbag
callbacks: call backs, call bags
null: knoll, nul
node: note
dom: dawn, d o m
api: a p i, a pie, ape i, a p eye
apis: a p is, a pies
http: h t t p
html: h t m l
css: c s s, see ss
cpu: c p u, sea pew, see p u, see pew, sea p you
io: i o, eye oh, i owe
gil: gill, g i l
git: get hub, gut
github: get hub
url: u r l, you are l
dns: d n s
tdd: t d d
ci: c i, sea eye
rest: wrist
regex: reg ex, wreck ex
lambda: lamb da, lamp da, lam the
event: even
loop: loupe, lube
prototype: pro to type, proto type
const: cons, konst
var: far, bar, war
typeof: type off
docker: doctor, dock her
merge: march, marge
branch: brunch, bench
branches: brunches, benches
invalidation: in validation, invalid asian, in validate shun
hashable: hash able, hash a bull, has able, ashable
decorator: deck or eater, decor ate or
generator: generate or, general later
iterator: it or ate or, it a rater
inheritance: in herit ants, in heritance
polymorphism: poly morphism, polly more fizz um
encapsulation: in capsule ation, in capsulation
recursion: re cursion, ricker shun, re curse ion
function: funk shun, fun shun, junction, funk sean, function
variable: very able, vary able, variables able
parallel: para lell, pair of el
profiler: pro filer
undefined: on defined, un defined, undefind, and defined
declaration: deck laration, declare ration
vital: fight all, vitle
signs: sines
bugs: bucks, bux
readable: reed able, read able
example: exam pull, eggs ample
priority: priority eyes
allergies: aller jeez, allergy is
top: tap
urls: you are else, you are ells, earls
stateless: state less, stay less
parameterised: para meter rised, parameter ised
override: over ride, over write
overriding: over riding
prioritise: priority eyes, prior it eyes
finish: finnish
apologise: apolo jize
calm: come, karm, com
variables: very ables, vary ables
scope: scoop
nothing: no thing
reference: refer ants, reverence, ref runs
nested: nest id, nasty
shallow: shall low, shadow
identity: i dent it tea
unique: you neek, eunuch
equality: e quality
error: terror, era, eros
errors: terrors, eras
server: sever, surfer, serve her
boss: bus, bosh
together: to get her, two gather
together: too gather
kernel: colonel, kernal
client: cliant, clyde
mutex: mew tex, mute ex, mutexes
salt: sold, sault
hash: hatch, hush
hashed: hatched
commit: comet, come it, commet
commits: comets
merged: marched
rebase: re base, free base, rebate
debounce: the bounce, de bounce, d bounce, dee bounce
throttle: trottle, throttled, full throttle
deepcopy: deep coffee, deep copy
lightweight: light wait, light weight, lite weight
deploy: the ploy, de ploy
container: contain her
request: re quest, quest
index: in decks, in dex, in ducks
scan: scam
exception: acceptance, acception, exemption
exceptions: acceptances, acceptance, exemptions
except: accept
true: threw
write: right
writes: rights
logs: locks
base: bass
sorted: sort it, sordid
test: tast
module: mod jewel, modul
modules: mod jewels
component: come ponent
deadline: dead line, dad line
deadlines: dead lines
priority: pry ority, prior rity
colleague: call league, collie
colleagues: call leagues
apologise: a poll a guys, apolo guys
compromise: come promise, comp remise
supervisor: super visor, super visa
feedback: feet back, feed bag
latency: late and see, latent see
"""
MISHEARD = MappingProxyType(
    {
        words(heard): meant
        for line in filter(None, _MISHEARD.splitlines())
        for meant, _, rest in [line.partition(": ")]
        for heard in rest.split(", ")
    }
)
"""What recognisers of everyday English write for terms of the trade. It counts where a question waits for the term."""

_OPPOSITES = """
remember keep access know hold save: delete lose forget remove destroy
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

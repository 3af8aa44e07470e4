"""What a recogniser writes for terms of the trade and for some everyday words, as it was heard: one word a line."""

from __future__ import annotations

from types import MappingProxyType

from app.dialogue.wording import words

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
check: cheque
again: a gain
away: a way
another: a nother
arrive: a rive
realistic: realist tick, real istic
weight: wait
reliable: re liable
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

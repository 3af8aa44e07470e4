"""Words that mean the same often enough for an answer: one group a line, phrases parted by commas.

A group is for what people say in answers about work and software; it need not hold anywhere else. Opposites, \
and things
that interviews ask to tell apart (let and var, list and tuple), are never in one group.
"""

from __future__ import annotations

from types import MappingProxyType

from app.dialogue.judging.tokens import stems_of
from app.dialogue.wording import words

_GENERAL = """
fast, quick, rapid, speedy, swift, speed, in no time, performant
make faster, speed up, quicker, improve performance, boost performance, accelerate
slow, takes long, takes a long time, sluggish, takes ages
error, bug, mistake, fault, defect, problem, issue, failure, trouble
fix, repair, solve, resolve, sort out, correct, mend, put right, work out
solution, answer, workaround, way out, remedy
go back, revert, roll back, rollback, undo, return to, restore, get back to, step back, switch back, back out
old, early, previous, prior, former, past, last, before
version, state, copy, snapshot, revision
change, modify, alter, edit, update, mutate, altering, adjust
can not change, can not be changed, can not modify, can not be modified, can not be altered, can not alter, \
immutable, unchangeable, read only, never changes, does not change, not mutable, never modified, never change, \
must not change, frozen, not be modified, not be changed, can not edit, can not be edited, stays the same, fixed
can change, can be changed, mutable, can be modified, changeable, can be altered, can modify, can be edited
remember, keep, hold, retain, hold on to, preserve, still know, store, save, maintain, hang on to, still there, \
still in there
access, reach, see, use, get at, refer to
remove, delete, drop, erase, get rid of, take away, clear out
add, append, insert, push, put in, attach
make, create, build, construct, produce, generate, set up, instantiate, born
get, fetch, retrieve, obtain, load, receive
begin, start, kick off, launch
end, finish, complete, done, over, be through, terminate
return, give back, hand back, hands back, gives back, pass back, spit out
inside, within, in another, nested, inner, enclosed, contained in
outside, outer, parent, enclosing, surrounding, containing, environment, outer scope
visible, exist, available, accessible, live, there in, known
whole, entire, complete, all of the, full, everywhere
only one, single, just one, one only, a single, exactly one
at once, at the same time, simultaneous, in parallel, parallel, concurrently, at any moment, side by side, \
at the same moment
one at a time, one by one, one after the other, one after another, step by step, piece by piece, bit by bit, turn, \
sequentially, in turn
small, tiny, little, compact, lightweight
big, large, huge, massive, enormous, giant, great, heavy
few, less, fewer, smaller amount, reduce, lower, save, decrease, minimise, cut down
more, additional, extra, increase, grow
easy, simple, straightforward, not complicated, effortless
understand, comprehend, grasp, follow, readable, make sense of
hard, difficult, tricky, complicated, complex, challenging, tough
clear, obvious, plain, clean, self explanatory, unambiguous
important, critical, crucial, essential, vital, matter
urgent, pressing, deadline, time sensitive, due
ask, question, enquire, inquire, request
help, support, assist, assistance, jump in, step in, lend a hand, hand, back up, stand by
talk, speak, discuss, communicate, conversation, chat, speak to
listen, hear out, off chest, vent, let off steam, pay attention, let them finish, let them talk, \
let them speak, not interrupt, do not interrupt, without interrupting, hear them out, give ear
calm, cool, patient, composed, polite, professional, keep my temper, relaxed, do not take it personally
apologise, sorry, regret, say sorry, apology
empathy, sympathy, understanding, understand their, understand how, put myself in their, feel for, their shoes, \
i can understand, frustration
customer, client, user, caller, consumer
colleague, teammate, coworker, co worker, team member, other developer, peer, workmate
team, everybody, everyone, group, several people, multiple people, many people, others
manager, boss, lead, supervisor, superior
together, jointly, with each other, as a team, collaborate, cooperate, team up
follow up, get back to, call back, ring back, phone back, check back, contact again, come back to, \
contact them again, check in, keep informed, keep updated, keep in the loop, update them
inform, tell, notify, let know, report, announce, update
find out, investigate, look into, figure out, analyse, examine, diagnose, research, dig into, track down, \
understand what, get to the bottom
measure, profile, benchmark, monitor, metrics, time it, measurement, dev tools, developer tools, profiler, \
monitoring, tracing, how long
narrow down, isolate, pinpoint, locate, find which, break down, divide, bisect, identify, which part
verify, check, confirm, test, make sure, ensure, validate, be sure, double check, see if, see whether
compare, contrast, put next to, look at both, before and after
recent, lately, new, newly, last week, just, latest
release, deploy, ship, roll out, publish, go live, put live, push to production, deployment
plan, prepare, schedule, organise
decide, choose, pick, select, settle on
avoid, prevent, stop from, keep from, protect against, not have to, instead of
protect, secure, safe, guard, defend, hide, shield, can not touch, private, privacy, can not be touched, \
not accessible from outside, encapsulate, not visible outside
learn, study, find out about, get to know, pick up, teach myself
experience, worked with, years of, background, practical knowledge
practise, practice, try out, exercise, experiment, hands on, play around, try, play with, tinker
example, for instance, sample, case
reason, cause, why, source, root cause, due to
result, outcome, effect, consequence, output, impact
find out what happened, what happened, what went wrong, what is wrong, what exactly happened, the facts
unexpected, surprising, weird, strange, odd, funny, confusing, unpredictable, wrong result, surprise, \
counter intuitive, strange result
same, identical, equal, very same, equivalent
share, common, in common, shared between
separate, independent, isolated, on its own, alone, by itself, apart, decoupled, self contained, standalone, \
not depend, does not depend, not rely, does not rely, no dependency, stand alone, loosely coupled
depend, rely, need, require
name, title, label, call it
explain, describe, tell how, walk through, clarify, show
feedback, comment, remark, suggestion, review
review, look at each other, look over, check each other, read through, second pair of eyes, \
four eyes
agree, consensus, compromise, come to an agreement, meet in the middle, align
honest, open, transparent, truthful, frank, admit
trust, rely on, count on, confidence, faith
goal, aim, target, purpose, direction
responsible, owner, ownership, accountable, in charge, take care of, look after
repeat, again, every time, over and over, repeatedly, each time, once more, every call, next time
once, one time, only once, a single time, first time, just once
automatically, by itself, on its own, without doing anything, by machine
by hand, manually, manual, yourself
rarely, seldom, not often, infrequent
often, frequently, regularly, a lot, many times, all the time
document, write down, note, write up, record, documentation, wiki, put in writing
outdated, out of date, stale, old data, no longer valid, no longer true, not valid any more, no longer current, \
not up to date, expired, out of sync, no longer correct, wrong by then, obsolete
up to date, fresh, current, in sync
wait, pause, sit idle, hang
block, stop everything, hold up, freeze, get stuck
does not block, non blocking, without blocking, not blocked, keep going, carry on, goes on, continue, not wait, \
does not wait, without waiting, never blocks, keep running, meanwhile, in the meantime
cheap, inexpensive, cost less, affordable
expensive, costly, cost a lot, heavy
cost, price, money
risk, danger, hazard, could go wrong
priority, importance, most important, first things first, what comes first
step, phase, stage, part, chunk, piece, smaller task, subtask
shortcut, quick fix, quick and dirty, hack, corner, cut corners, dirty solution
who changed what, who did what, who changed, who wrote, blame, audit trail, author of
backup, not lost, do not lose, safe copy, recover
understandable, readable, legible, easy to read
"""
_TECHNICAL = """
function, method, procedure, routine, subroutine, callable
variable, value, identifier, name, binding
scope, lexical scope, environment, context, surroundings, lexical environment
argument, parameter, input
block, brace, curly brace, curly bracket, curly braces
object, instance
list, array
dictionary, dict, map, hash map, hash table, key value
string, text
number, integer, int, digit
type, data type, datatype
element, item, entry, member
throw, raise, error out
exception, error
reference error, error if you use it before, error when you access it before, throws before
declare, define, introduce, declaration, before the line, definition
hoist, moved to the top, lifted to the top, pulled to the top
coerce, convert, cast, conversion, type coercion, implicit conversion, turn into
strict, exact, without converting, without conversion
asynchronous, async, not synchronous
callback, handler
queue, waiting list, line up, queued, task queue, callback queue, message queue
stack, call stack
loop, iterate, cycle, go through, walk through, traverse
thread, worker thread
process, multiprocessing, multi process, separate process
core, cpu, processor
cpu bound, number crunching, heavy computation, calculation, compute intensive, computing, heavy calculation, \
crunch number, cpu intensive, cpu heavy
io bound, input output, io, waiting for network, waiting on the network, network, disk, file, waiting for file, i o
memory, ram, heap space
browser, runtime, web api, operating system, libuv, node itself
timer, timeout, set timeout, interval
server, machine, host, box, backend machine
database, db, sql, postgres, mysql, table, data store, storage
query, select statement, lookup
cache, redis, memcached, keep a copy
latency, delay, response time, lag
request, http call, api call
network, connection, wire
key, dictionary key, identifier
hashable, hashed, can be hashed, has a hash
lazy, on demand, only when needed, when asked for, when you ask for, when needed, as needed, not up front, \
just in time
yield, yield keyword, yields
branch, own copy, feature branch, separate line
merge, combine, bring together, integrate
pull request, merge request, pr, code review, before merging, before it is merged, before they get merged
commit, check in, save change
test, unit test, check automatically
mock, stub, fake, test double
assertion, assert, expectation
refactor, clean up, restructure, rework, tidy up
readability, readable code, clean code
docker, container, image
log, logging, log file, stack trace, trace
debugger, breakpoint, step through, debug, print statement, console log
reproduce, make it happen again, recreate, repeat the bug
load balancer, spread the load, distribute traffic, balance the load
scale, grow, handle more users, more traffic
replica, copy of the database, standby, redundant, redundancy
encrypt, encryption, scramble, tls, https, ssl
password, credential, secret
authenticate, log in, login, who you are, prove identity, identity
authorise, permission, allowed to, rights, access control, role
inherit, extend, subclass, derive, child class, parent class
class, blueprint, template
decorator, wrap, wrapper
prototype, proto chain, prototype chain
promise, future, deferred
resolve, fulfil, settle, succeed
reject, fail, error case
garbage collector, garbage collection, free memory, release memory
leak, memory leak, never freed
index, database index
sort, order, arrange
filter, keep only, sift
html, markup, page structure
dom, document object model, page element
css, style, styling
json, serialised data
api, interface, endpoint
http, web protocol
global, everywhere, whole program
private, hidden, encapsulate, encapsulation, internal, hide
counter, count
constant, const
default, default value, default argument
none, null, nothing
undefined, not defined, no value yet, not set
copy, duplicate, clone
shallow, first level, top level only, one level
deep, all levels, nested copy, recursively
reference, pointer, address, points to, point to the same
import, module, package, library
environment, virtual environment, venv, sandbox
comprehension, one line loop
feature flag, toggle, feature toggle, flag
canary, small percentage, some of the users, few users first, gradually
monitor, observe, watch, keep an eye on, alert, alarm, dashboard
edge case, corner case, boundary, extreme value, special case, unusual input
requirement, specification, what is needed, what they want
technical debt, debt
shard, partition, split the data
consistent, consistency, same data everywhere, always correct
eventual consistency, eventually, after a while the same
invalidate, expire, time to live, ttl, invalidation, throw away the copy, when to refresh, valid, evict
"""
Phrase = tuple[str, ...]

PRONOUNS = frozenset(stems_of("him her them it me us you his their my your our its"))
"""Words that may stand anywhere in a phrase: "call back" is in "call them back" too."""
PARTICLES = frozenset(words("into back up out down off away over on in apart"))
"""What may follow its verb at a distance: "turns the text into a number"."""


def bare(stems: Phrase) -> Phrase:
    """A phrase without its pronouns; one of pronouns alone stays."""
    return tuple(stem for stem in stems if stem not in PRONOUNS) or stems


def _groups() -> dict[Phrase, tuple[int, ...]]:
    found: dict[Phrase, tuple[int, ...]] = {}
    for number, line in enumerate(filter(None, (_GENERAL + _TECHNICAL).splitlines())):
        for phrase in line.split(", "):
            stems = bare(stems_of(phrase))
            if number not in found.get(stems, ()):
                found[stems] = (*found.get(stems, ()), number)
    return found


GROUPS = MappingProxyType(_groups())
"""Every phrase, as stems, with the groups that it is in."""
PREFIXES = frozenset(phrase[:end] for phrase in GROUPS for end in range(1, len(phrase) + 1))
_SAME = (
    "fast apologise colleague manager customer delete goal honest outdated immutable memory database dictionary async "
    "exception verify urgent team deadline measure reproduce release follow narrow branch pull password encrypt recent "
    "separate trust empathy calm listen revert once avoid protect practise experience lazy coerce hoist yield thread "
    "multiprocessing example priority compromise agree backup inherit undefined none repeat argument callback readable "
    "rollback sorry small shortcut expensive cheap risk unexpected latency private together often"
)
CLOSE = frozenset(number for word in _SAME.split() for number in GROUPS.get(stems_of(word), ()))
"""Groups whose words mean the same by themselves; of the others one word alone proves nothing."""
LONGEST = max(map(len, GROUPS))
STARTS = frozenset(phrase[0] for phrase in GROUPS)
"""The stems that a phrase may begin with."""
PARTED = frozenset(phrase for phrase in GROUPS if len(phrase) == 2 and phrase[1] in PARTICLES)
"""Phrases that may have words between their two."""
PARTED_STARTS = frozenset(phrase[0] for phrase in PARTED)

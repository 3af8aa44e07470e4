"""How people put in everyday speech what books say in one word: one group a line. Its manner: `synonyms`."""

SPOKEN = """
linear, straight, straight line, in a row, one line
history, log, past, commit log, timeline
rewrite, overwrite, falsify, change the past, replace
replay, apply again, re apply, redo, copy over, repeat on, stick on, put on top, sit on top
join, tie together, combine, connect, link, bring together, merge, unite, glue together, knot
client, caller, requester, sender, you, browser, user side, front end, consumer
server, backend, back end, other side, host, machine
client error, your fault, client's fault, you messed up, you did something wrong, bad request, mistake in the \
request, caller's fault, you sent something wrong, you asked for something wrong
server error, their fault, server's fault, they messed up, server crashes, backend crashes, server crashed, server \
broke, went wrong on the server, internal error, server has a problem
not found, does not exist, is not there, missing, not there, no such, gone, four hundred four, could not be found
unauthorized, not allowed, no permission, not logged in, forbidden, no access, access denied, not authorised
wrong, incorrect, bad, false, faulty, invalid, not right, off, broken
concurrent, simultaneous, at the same time, at once, in parallel, meanwhile
data, variable, record, value, state, field
timing, who comes first, who gets there first, who is first, luck, chance, order of execution, which one is faster
unpredictable, random, luck, chance, not deterministic, non deterministic, never know, you never know, sometimes this \
sometimes that
lock, mutex, semaphore, guard, synchronized, critical section, lock around
message, queue, channel, pass on, send over
single, one, little, alone, only, sole, individual
isolation, isolated, by itself, on its own, alone, separately, independent, walled off, separated, shielded, sealed \
off
component, part, piece, module, unit, class, building block, thing
work together, play together, fit together, interact, talk to each other, cooperate, go through, in combination, end \
to end
mock, fake, stub, pretend, replace, dummy, test double, simulate, faked
fast, quick, in milliseconds, in no time, within seconds, quickly, speedy, rapid, comes quicker, instantly, in a \
second
slow, takes long, takes longer, drags, takes more time, expensive, gets slower, slower, cost time
hash, fingerprint, one way, digest, hashing function, scrambled, hashed
salt, random value, random string, random extra, salted, something random
plain text, clear text, readable, unencrypted, as it is, in the clear, open text
bcrypt, argon, argon two, scrypt, slow hash, key stretching, pbkdf
kernel, core of the system, operating system core, system core
operating system, os, o s, linux, windows
whole, full, complete, entire, all of a, everything
lightweight, light, small, tiny, slim, few megabytes, little resources, less resources, not heavy
start, boot, boot up, launch, come up, be up, spin up
strong, better, more, stricter, harder
base case, stop condition, stopping condition, end condition, exit, exit condition, termination condition, when to \
stop, where it stops, where it ends, stops at some point, way out, case in which it stops, abort condition, \
terminating case
stack overflow, recursion error, recursion limit, stack blows up, stack gets full, run out of stack, too deep, \
maximum depth, infinite, never ends, goes on for ever, endless, for ever
call itself, calls itself, invokes itself, refers to itself, uses itself, call the same function, itself
load, work, pressure, stress, burden, traffic, less to do, relief, requests
reduce, relieve, take off, lighten, less, fewer, spare, unburden, can breathe
stale, old, outdated, out of date, not current, out of sync, expired, obsolete, wrong by then, behind, not fresh, old \
data
sorted, in order, ordered, alphabetical, ascending, arranged, sequence, in the right order
middle, centre, center, half way, halfway, in between, mid point
halve, half, cut in half, cut in two, split in two, chop in half, divide by two, fifty percent, left half, right \
half, throw away half
logarithmic, log n, log of n, logarithm, o log n, log time
friendly, polite, kind, nice, smile, with a smile, courteous, warm, pleasant, respectful, calm
proof, evidence, confirmation, trace, record, prove
bank statement, card payment, paid by card, credit card, bank account, card slip, account statement, transaction
loyalty card, customer card, customer account, membership, bonus card, member card
damage, worn, torn, dirty, used, broken, stain, scratched, condition, defect, label, tag
exchange, swap, another one, replace, change it for, replacement, different one
voucher, store credit, gift card, coupon, credit note, gift voucher, store voucher
sign, cone, warning sign, notice, tape, barrier
block off, cordon off, secure, keep people away, so nobody slips, close off, stand next to, rope off, mark, seal off
clean up, mop up, wipe, wipe up, sweep, clean, remove it, dry, soak up
supervisor, foreman, shift leader, manager, boss, team leader, head, lead, line manager
report, tell, inform, call, let know, notify, ring, announce, pass on
source, origin, where it comes from, which machine, cause, where from, what is dripping, leak
confidential, secret, stays at work, not public, private, discreet, discretion, privacy, data protection
non disclosure agreement, nda, n d a, confidentiality agreement, contract, secrecy, i signed
decline, say no, not allowed to, not talk about, can not say, can not tell, keep it to myself, refuse, not tell, keep \
quiet
change the subject, talk about something else, other topic, something else, ask about, different topic, how is your
daily, every day, each day, every morning, each morning, once a day
stand up, short call, quick call, video chat, video call, call, morning call, check in, short meeting
chat, slack, teams, messenger, text message, channel, message, post
status, when i am around, available, availability, calendar, online, reachable
in person, face to face, at the office, in the office, on site, on thursdays, go in, real life, offline, physically
pause, quiet, silence, calm, stop, no more, until things go quiet, nothing happens, rest, inactive, idle
at most, no more than, maximum, not more than, only one, limit, at least between
interval, every so many milliseconds, milliseconds, per second, time window, period, time span, every few
limit the rate, rate limit, limit how often, limits, one through, restrict, slow down
search field, search box, input field, typing, auto complete, search bar, while typing, keystrokes
scroll, scrolling, resize, resizing, mouse move
shallow, only outer, outer level, outer one, first level, not deep, surface, superficial, top level
deepcopy, deep copy, copy deep, full copy, completely copied, real copy, copy everything, recursive copy
inner, nested, inside, sub, child, deeper
shared, same ones, the same, same objects, in both, show up in both, still connected, linked, point to the same, \
common
scan, search, go through, look at, read, check, walk through, step through, loop over
row, line, record, entry
full table scan, every single row, every row, all rows, whole table, go through everything, scan everything, all of \
the rows, scanning the table, each row
index, phone book, table of contents, register, lookup table
tree, b tree, sorted structure, phone book, balanced tree
insert, insertion, add a row, write, update, writing, new row, save
space, storage, disk, room, memory, disk space, takes more space, drive, room on the drive
avoid, skip, spare, save, not have to, need not, jump straight, without, do not have to
find, look up, jump to, jumps straight to, locate, search, get to, reach, go straight to
privacy, data protection, gdpr, personal data
test, try out, verify, check, probe
error message, trace back, traceback, stack trace, message, output
log, logs, print, printing, output, record
expected, supposed, should, wanted, desired
expect, suppose, await, count on
compile, build, translate, transpile, compilation
interpret, interpreter, run line by line, executed directly, line by line
static, before it runs, before running, at compile time, in advance, ahead of time, beforehand
dynamic, while running, at runtime, at run time, while it runs, during execution
type, kind, sort, class of
method, function on the object, action, behaviour
attribute, property, field, member, data on the object, characteristic
constructor, init, initialiser, set up method, init method
interface, contract, api, what it offers, outside view
inherit, take over, get from the parent, gets everything from, reuse from, extend, derive, subclass, children
override, overwrite, replace the method, own version, redefine
polymorphism, many forms, different behaviour, behave differently, same method different
encapsulate, hide, keep private, bundle, protect from outside, internal, not visible, wrap
abstract, hide details, simplify, general, leave out the details
reuse, use again, not repeat, don't repeat, use it twice, share code, less duplication, no copy paste, reusable
maintain, keep up, easy to change, change later, maintainable, look after
modular, split up, separate parts, divided, small parts, structured
dependency, package, library, what it needs, third party
version control, git, source control, track changes, history of changes
conflict, clash, collide, contradiction, collision, get in the way, get in each other's way
resolve, settle, sort out, decide which, clear up, solve
branch, side line, own line, copy of the code, feature line
review, look over, check by a colleague, second pair of eyes, someone else reads, peer review
pipeline, ci, continuous integration, automatic build, automatic checks, github actions, jenkins
deploy, release, go live, put it on the server, ship, roll out, bring to production
rollback, go back, undo, old version, previous version, revert
scale, more machines, more servers, grow, handle more, bigger
horizontal, more machines, more servers, add servers, several machines
vertical, bigger machine, stronger machine, more cpu, more ram
fault tolerant, keeps working, survive, redundant, fail over, failover, no single point
idempotent, twice the same, repeat without, same result, no matter how often, several times the same
stateless, keeps no state, nothing stored, each request on its own, remembers nothing
session, logged in, stays logged in, remember the user
cookie, stored in the browser, small file in the browser, browser sends
token, ticket, jwt, j w t, key
encrypted, scrambled, https, secure connection, nobody can read, unreadable
hacker, attacker, bad guy, someone evil, malicious, evil, thief
injection, inject, smuggle in, slip in, insert code, put code in
parameterised, prepared statement, prepared, placeholder, bind parameters, parameterized, bound
validate, check the input, verify, sanitise, filter, clean, escape
transaction, all or nothing, together or not at all, commit or roll back, atomic, as one unit
rollback, undo everything, undone, cancelled
primary key, unique id, unique number, identifies the row, identifier
foreign key, reference to another table, refers to another, link to another table, points to another table
join, combine tables, bring tables together, connect tables
normalise, no redundancy, split into tables, avoid duplicates, not store twice
nosql, document database, mongo, without schema, schema less, key value store
schema, structure, columns, fixed structure, layout
query, ask the database, question to the database, select
latency, delay, lag, waiting time, time it takes, response time
throughput, how many per second, amount per second, requests per second
bandwidth, speed of the line, data rate
protocol, rules for talking, set of rules, agreed way
request, ask for, call, question, ask the server
response, answer, reply, what comes back, result
header, meta data, extra information, metadata
body, content, payload, actual data
get, read, fetch, retrieve, only reads
post, create, send, submit, new one
put, replace, update, overwrite
delete, remove, get rid of, erase
promise, later, future value, placeholder, not there yet
pending, waiting, not done yet, not finished, still running, in progress, open
fulfilled, resolved, worked, success, done, successful, works out, goes well, succeeded
rejected, failed, error, goes wrong, failure, fails
async, in the background, not blocking, without waiting, not wait, later on, meanwhile
await, wait for, wait until, pause until, hold until
callback, function that is called later, call me back, function you pass, function given
event, click, something happens, action, signal
listener, handler, something that listens, function that reacts, event listener, event handler
bubble, go up, travel up, rise, propagate, move up, goes upwards
closure, remembers its surroundings, remember the environment, keeps its variables, function with its environment
scope, where it is visible, visible, area, reach, where you can use it, where it lives, valid, known, exist
hoist, pull up, lift up, move up, moved to the top, pulled to the top, goes to the top
block, braces, curly brackets, brackets, if or for, loop or if
reassign, give a new value, another value, new value, set again, change the value, overwrite, assign again, point to \
something else
constant, fixed, never changes, stays the same, unchanging, can not be changed, cast in stone
mutable, changeable, can be changed, can change, you can change it, editable, modifiable, you can alter, add and \
remove, can modify, can still change
immutable, unchangeable, can not be changed, can not change, set in stone, frozen, fixed, read only, stays as it is, \
not changeable, can not modify, can not be altered, you can not alter, can not touch, never change, not mutable
identity, same object, very same, one and the same, same place in memory, same address, literally the same, same \
thing in memory
equality, same value, equal value, same content, look alike, look the same, same contents, equal
coercion, convert, turn into, conversion, change the type, cast, make a string into a number, transform, string into \
a number, automatic conversion
strict, exact, type too, no conversion, type as well, both type and value
undefined, no value, never set, not set, nothing assigned, not assigned, nothing put in, without a value, empty by \
default
null, empty on purpose, nothing on purpose, intentionally empty, set to nothing, deliberately empty
truthy, counts as true, true, like true
falsy, counts as false, false, like false
spread, three dots, dot dot dot, dots
destructure, take apart, pull out, unpack, unpacking
arrow function, short function, fat arrow, lambda
module, file, own file, separate file, package
export, share, make available, give out, offer
import, bring in, use from, take from, load
bundle, pack together, put together in one file, bundler, webpack
dom, page, document, tree of elements, elements of the page, html tree
render, draw, paint, display, show on the screen
virtual dom, copy of the dom, compare with the dom, diff
component, building block, reusable part, piece of the page
state, data that changes, current data, memory of the component
generator, yield, hands out one by one, one at a time
lazy, only when you ask, when you ask for it, when needed, on demand, just when, not before, as you go, when asked
memory, ram, space, heap
iterate, loop over, go over, step through, walk over, go through, run through, one after the other
iterator, thing you can loop over, next element, gives the next
comprehension, one liner, short loop, list in one line, compact loop
decorator, wrapper, wraps a function, function around a function, puts something around, at sign
context manager, with statement, with block, with
exception, error, something goes wrong, crash, failure, blow up
raise, throw, cause an error, signal an error
catch, handle, deal with, react to, intercept
finally, always runs, in any case, at the end anyway, no matter what, whatever happens
swallow, hide, ignore, lose, not see, never notice, sweep under the carpet, silently, mask, conceal
dictionary, dict, key value, lookup table, map, hash map, label to value
key, label, name, identifier
value, content, what is stored, data
unique, only once, no duplicates, just once, each only one time, no doubles, not twice
duplicate, double, twice, repeat, repeated
list, array, collection, sequence
tuple, fixed list, read only list, pair
set, collection without duplicates, bag of unique
slice, part of a list, cut out a piece, sub list, portion
virtual environment, venv, own environment, separate environment, isolated environment, own box, private box
requirements, requirements file, list of packages, dependencies file, requirements txt, lock file
install, set up, put on, pip install
type hint, annotation, type annotation, hint
test suite, all tests, tests
fixture, set up, prepared data, test data
coverage, how much is tested, percentage of the code
regression, break again, old bug comes back, works no longer, worked before
gil, one thread at a time, only one thread, global lock
multiprocessing, several processes, more processes, multiple processes, processes instead of threads
cpu bound, number crunching, heavy maths, heavy computation, calculating, computing, lots of calculation
io bound, waiting for, network stuff, disk access, files and network
garbage collector, cleans up, cleaned up automatically, frees memory, gc, g c
reference count, how many names point, number of references, counts references, tally
complexity, how it grows, big o, how long it takes, effort
bottleneck, slow part, slowest part, what holds it up, where the time goes, narrow spot
profile, measure, find out where, time it, measure where, see where
requirement, need, what they want, what is wanted, wish, demand
stakeholder, people involved, those concerned, client and boss, everyone affected
estimate, guess, rough time, how long, approximate, rough number
priority, what comes first, most important, first things first, what matters most, rank, order of importance, urgent
deadline, due date, cut off, when it is due, time limit, due, last day, date
delegate, hand over, give to someone, pass on, let someone else, hand off, distribute
feedback, what people say, opinion, response, criticism, comments, what they think
motivate, encourage, praise, cheer up, lift up, recognition, inspire
conflict, argument, fight, disagreement, quarrel, dispute, tension
compromise, middle ground, both can live with, meet half way, something for both, give and take, middle way, half way
mediate, third person, neutral person, go between, moderator, someone neutral
listen, hear, hear out, let them finish, let them talk, pay attention, let them explain, ears open, take in
empathy, put myself in, understand how they feel, their shoes, their side, their point of view, see it from their \
side
honest, straight, open, come clean, tell the truth, admit, frank, truthful, transparent, upfront
apologise, say sorry, excuse, sorry
escalate, go to my boss, take it higher, bring in the boss, involve the manager, go to the manager, pull in
improve, get better, do better, make better, enhance, learn from
learn, take away, pick up, get better at, teach myself
mentor, experienced colleague, someone who knows, coach, teacher, senior, buddy
document, write down, note down, put in writing, write up, keep a record, notes
plan, schedule, timetable, roadmap, list of steps
organise, structure, put in order, arrange, set up, get in order
focus, concentrate, one thing at a time, no distraction, undisturbed
stress, pressure, busy, overload, too much
calm, cool, quiet, not shout, keep cool, patient, deep breath, polite, relaxed
risk, worst case, what can go wrong, danger, what if it fails, if it goes wrong
alternative, option, other way, plan b, another way, choice, other possibility, different way
goal, aim, target, where we want to go, what we want, purpose, objective, what it is for, what we are aiming for
team, group, all of us, everyone, colleagues, people
trust, rely on, count on, believe in, depend on each other, confidence
respect, treat well, take seriously, appreciate, value, treat with respect
responsibility, own it, take the blame, stand up for, be accountable, my fault, my job to
regular, every week, weekly, once a week, each week, again and again, every month, daily
read, fetch, answer, access, lookup, look up
share, use the same, all use, in common, shared between
tell, inform, let know, let no, let them no
sure, certain, positive
"""

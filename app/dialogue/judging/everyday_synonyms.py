"""Words of work and of everyday that mean the same in an answer: one group a line. Its manner: `synonyms`."""

EVERYDAY = """
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
listen, hear out, off chest, vent, let off steam, pay attention, let them finish, let them talk, let them speak, \
not interrupt, do not interrupt, without interrupting, hear them out, give ear
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
review, look at each other, look over, check each other, read through, second pair of eyes, four eyes
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
worst case, worst thing, worst that can happen, what could go wrong, if it goes wrong, consequence
involve, have a say, take part, participate, let decide, include people, ask for ideas, own ideas, contribute
agenda, know beforehand, what it is about, purpose, topic list
error, exception, something goes wrong, goes wrong, something breaks, an error occurs, exception is thrown, \
exception in between
attacker, hacker, malicious, bad guy, intruder, criminal
inject, smuggle, bring in, insert
later, in the future, at some point, not there yet, eventually, afterwards, some time later
worry, concern, fear, doubt, objection, what bothers them
reason, why it is needed, explain why, background
privately, private, alone, one to one, in private, under four eyes, face to face, behind closed doors
realistic, achievable, honest plan, can be kept
tell openly, frankly, openly, straight out, say clearly, be upfront, admit
immediately, at once, straight away, right away, as soon as, early, promptly, without delay, first thing
postpone, later date, move back, push back, put off, delay, extension, extend, new date, new deadline
leave out, cut, drop, reduce scope, cut the scope, essentials, what matters most, must have, minimum
introduce, show round, show around, meet the team, get to know
buddy, mentor, contact person, someone to ask
refuse, will not lie, not lie, do not lie, can not do that, say no, not tell a lie
escalate, go to higher, next level, someone above, human resources, superior
truth, honesty, true, not lie
assumption, assume, what i assume
reversible, can be undone, can still reverse, reverse, go back on, undo
counts references, reference count, reference counting, number of references
cycle, circle, circular, refer to each other, point to each other, each other
abort, cancel, throw away the old, abort controller
debounce, wait until typing stops, pause in typing, small delay
bubble, bubble up, propagate, go up, passes up
web worker, worker, background thread
chunk, cut into pieces, chop up, small pieces, break up, split into parts
escape, sanitise, encode, clean the input, filter the input
type checker, mypy, my py, static check, checker
ignore, does not care, not checked, no effect, do nothing, not enforced
asterisk, star
wrap, around the function, put around, before and after
syntactic sugar, sugar, nicer syntax, another way of writing, easier to read, looks like normal code, \
write it like normal, looks synchronous
unique, only once, no duplicates, each only once, remove duplicates, every just one time
order, sequence, sorted, position
pack, collect, gather, collects
minutes, written down, protocol, notes
"""

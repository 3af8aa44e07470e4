"""What people of many trades bring up when they mean a thing and do not name it. Its manner: `synonyms`."""

FIELDS = """
wash hands, disinfect, gloves, mask, hygiene, clean hands, soap, sterile, sanitise
handover, hand over, pass on, tell the next shift, brief, briefing, report to, shift change, update the colleagues
identity, who they are, name and birthday, date of birth, wristband, passport, id card, driving licence, prove who
dose, amount, quantity, milligrams, how much, how many
side effect, reaction, feels sick, rash, nausea, unwell
observe, watch, keep an eye on, monitor, look after, check on, stay with, look in on
call for help, get help, fetch someone, shout for, alarm, emergency number, ring for, press the button
unconscious, not breathing, collapsed, passed out, fainted, does not react
bleeding, blood, wound, cut, pressure, bandage, dressing
load, cargo, freight, goods, pallet, boxes
tie down, secure, strap, straps, lash, fasten, fix, net, wedge
tyre, tyres, brakes, lights, oil, mirrors, walk round, walk around, before setting off, inspection
rest, break, pause, driving time, tired, sleep, nap, tacho, forty five minutes
weather, rain, snow, ice, wind, fog, slippery
ladder, scaffold, harness, height, fall, railing, rope
measure twice, check the plan, drawing, plan, blueprint, laser, spirit level, tape measure
need, what do they want, what do they need, listen, find out, ask questions, what for, open questions, requirements
objection, doubt, hesitation, too expensive, not convinced, worry, concern
close, ask for the order, sign, next step, appointment, deal, contract
follow up, call back, get back to, stay in touch, ring again, write afterwards, after a week, check in again, remind
target group, audience, who buys, customers, segment, who it is for, age group, persona
channel, social media, instagram, newsletter, poster, radio, ads, advertising, facebook, google ads, mailing, flyer
budget, money, cost, spend, euros, price, expenses
brand, image, reputation, known, awareness, trust
interview, ask the users, talk to users, survey, questionnaire, feedback, ask people, user test
deadline, date, by when, due, time limit, until
debit, credit, both sides, two accounts, balance
invoice, bill, reminder, dunning, overdue, unpaid, has not paid, owes
tax, vat, revenue office, tax office
profit, margin, earn, left over, gain, revenue minus costs, plus
loss, minus, red, in the red, lose
interest, percent, loan, bank, credit
job advert, posting, advertise, vacancy, opening
references, former boss, previous employer, certificates, cv, papers
probation, trial period, first months, trial day, try out
fair, same questions, equal, without bias, not by looks, nobody preferred, objective, neutral, same for everyone
confidential, between us, discreet, secret, keep to myself, private, not tell, tell nobody, data protection
conflict, argument, quarrel, fight, dispute, row, tension, not get on
mediate, both sides, talk to both, bring together, one table, neutral
praise, thank, recognition, well done, compliment, reward
motivate, meaning, reward, bonus, praise, encourage, cheer up, spur
delegate, hand over, give to others, pass to, let others do, share the work, assign
goal, aim, target, objective, purpose, what we want
feedback, opinion, tell them how, comments, criticism
risk, danger, what could go wrong, worst case, threat
dns, name into an address, domain name, phone book, look up the name, ip address, resolves
firewall, blocks, lets through, filter, gate, doorman, ports, who may in
router, gateway, forward, switch
vpn, tunnel, as if in the office, private connection
bandwidth, how much fits, megabit, throughput, width, capacity, per second
latency, delay, ping, how long it takes, reaction time, milliseconds, lag, round trip
https, encrypted, padlock, certificate, tls, ssl, secure
authentication, who you are, log in, password, identity, prove who, sign in
authorisation, what you may do, rights, permission, role, allowed, access
public key, everybody may know, hand out, share with everyone
private key, keep to myself, secret, never share
hash, fingerprint, one way, cannot go back, scrambled
image, template, blueprint, recipe, snapshot
container, docker, box, packaged, shipped with everything
virtual machine, own operating system, whole computer, emulated, hypervisor
scale, grow, more machines, add servers, bigger machine, more load, peak, black friday
horizontal, more machines, add more, several servers, side by side
vertical, bigger machine, more memory, stronger, faster processor
pipeline, ci, automatically, on every push, build server, jenkins, github actions, on each commit
rollback, previous version, old version, go back, switch back, undo
feature flag, switch, toggle, turn on, hidden behind, switch off
blue green, two environments, old and new, swap
unit test, small test, one function, single piece, in isolation, by itself
integration test, together, with the database, several parts, real database, work together
end to end, whole system, through the browser, like a user, click through, from start to finish, selenium
regression, worked before, breaks again, came back, old bugs, broke something
edge case, empty, zero, negative, very long, odd, unusual, boundary, null, special characters
requirement, what is wanted, specification, expected, spec, user story
queue, waiting line, first come, backlog, buffer, line up
asynchronous, later, in the background, do not wait, meanwhile, does not block, not wait for
retry, try again, once more, repeat, attempt, several attempts
timeout, give up, too long, wait no longer, limit, after some seconds
idempotent, same result, twice makes no difference, can be repeated, no matter how often
primary key, unique, identifier, id, number for each row, only once
foreign key, points to another table, refers to, link between tables, other table
join, put tables together, combine tables, match rows, connect the tables
normalise, no duplicates, split into tables, only in one place, redundancy, not twice
index, faster search, find quickly, table of contents, do not scan, without reading everything
migration, change the schema, alter the table, move the data, step by step
schema, structure, columns, fixed form, tables and columns
document, json, flexible, no fixed structure, nested
overfitting, learned by heart, memorised, too exact, only works on, fails on new, does not generalise
training data, examples, learn from, what it has seen
test data, never seen, held back, new data, unseen, kept aside, separate part
bias, one sided, unfair, not representative, skewed, wrong sample
correlation, go together, at the same time, related, happen together
causation, because of, one causes, leads to, makes it happen, reason
average, mean, typical, usual
variance, spread, how far apart, scatter, deviation, fluctuates
chart, graph, bars, line, picture, plot, diagram
responsive, small screen, phone, mobile, adapts, fits the screen, media query, different sizes
accessibility, blind, screen reader, keyboard, contrast, alt text, everyone can use, disabled
component, building block, reuse, piece, widget, lego
state, data that changes, what it remembers, current values
props, passed in, from the parent, parameters, given from outside
render, draw, paint, show again, update the page, refresh
server side, on the server, finished html, ready page, search engines, seo
spa, no reload, without reloading, one page, single page
garbage collection, cleans up, frees memory, no longer used, by itself
pointer, address, where it lies, memory location
compile, translate, machine code, before it runs, translated beforehand
stack, plates, last in first out, on top, top one
linked list, chain, each knows the next, next one
big o, how it grows, twice the data, double the input, grows with
sort, put in order, arrange, by size, alphabetically
energy, power, electricity, switch off, standby
waste, rubbish, throw away, garbage, bin, recycle, sort the rubbish
noise, loud, ear protection, earplugs
fire, smoke, alarm, extinguisher, evacuate, get out, leave the building, assembly point, fire brigade
smell, gas, leak, open the window, air, ventilate
lift, back, knees, heavy, carry, trolley, two people, bend
guest, welcome, greet, smile, say hello, friendly, seat
tip, bill, pay, split the bill, check
wine, drink, beverage, recommend, goes with
stock, shelf, supplies, reorder, run out, inventory, minimum
expiry date, best before, out of date, old at the front, first in first out, rotate, oldest first
return, bring back, money back, receipt, exchange
lost child, lost property, lost and found, keep it safe, owner
phone call, pick up, answer, say my name, who is calling, put through, take a message, call back, note
appointment, calendar, reschedule, move it, another day, cancel
letter, mail, post, e mail, written
minutes, notes, write down, record, protocol, summary
"""

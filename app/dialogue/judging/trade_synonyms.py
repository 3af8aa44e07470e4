"""More manners of speaking, of trades and tools, that mean the same: one group a line. Its manner: `synonyms`."""

TRADES = """
first in first out, fifo, first come first served, in the order they came, the oldest first, whoever came first
last in first out, lifo, the newest first, put there last, take the top one, the top one, last one on top
jargon, technical terms, buzzword, tech talk, technical language, foreign words, specialist words
simple words, plain words, easy words, plain language, like to a child, my grandmother would understand, everyday \
words
benefit, advantage, gain, what is in it for them, what they get out of it, saves them, spares them, plus, worth
demonstration, demo, show it, try it out, let them try, see it live
compare, comparison, like something they know, similar to, analogy
medication, pills, medicine, drugs, dose, tablets, injections, infusion, painkillers
condition, state, how is he doing, how they feel, how is she doing, how the patient is, how they are
what has changed, anything new, something new, changes, what is new, different from before
planned, tomorrow, coming up, scheduled, next, later today, appointment
sport, run, running, gym, exercise, walk, yoga, swim, move
take a break, breath, breathe, walk, rest, fresh air, step away, time off, switch off
talk to, tell, speak to, go to, turn to
url, address, path, endpoint, link, web address
edge case, odd input, strange input, unusual input, extreme values, special case, empty input, weird input
does what it should, does it work, works as it should, it works, works correctly, does the job
steps, step by step, what they did, exactly what they did, what they clicked
steal, dump, read out, leak, get hold of, copy the data, take
input, what the user types, form, types, enters, typed, what comes from outside
become part of, glue, concatenate, ends up in, put into, paste into, mix into
child class, subclass, derived class, derive, extend
takes over, gets everything, has all the methods, gets all the methods, receives, reuse
tight coupling, depends too much, messy, hard to change, complicated
suggest, suggestion, propose, recommend, could we, phrase things as
kind, friendly, polite, respectful, nice, constructive
names make sense, good names, clear names, speaking names, naming
undo, back button, ctrl z, go back
print job, printer, waiting line, bakery, bus stop, tickets, orders
customer, guest, buyer, shopper, visitor, passenger, patient, user
complain, complaint, upset, unhappy, not happy, angry, annoyed
refund, money back, give back the money, pay back, reimburse
receipt, bill, invoice, proof of purchase
stock, inventory, warehouse, shelf, goods
delivery, shipment, parcel, shipping, courier, transport
safety, safe, helmet, gloves, protective, accident, injury, emergency
emergency, ambulance, fire brigade, alarm, evacuate, call for help
hygiene, clean, wash hands, disinfect, gloves, hand washing
budget, money, costs, spend, financial, funds
contract, agreement, terms, sign
law, legal, regulation, rules, compliance
student, pupil, child, class, learner
explain, make clear, tell in other words, put simply, illustrate
curious, interested, keen, want to learn, enthusiastic
strength, good at, strong in, best at, talent
weakness, not so good at, bad at, have to work on, struggle with
salary, pay, money, wage, income
leave, quit, resign, change jobs, move on
grow, develop, career, next step, progress, learn new things
culture, atmosphere, environment, team spirit, climate
flexible, adapt, adjust, change plans, open to change
remote, from home, home office, online, video call
night, late, shift, weekend, overtime
thread safe, safe with threads, no race, no race condition
deadlock, wait for each other, stuck forever, wait for one another, block each other
pure function, no side effects, same input same output, changes nothing outside
side effect, changes something outside, touches other things, modifies something else
higher order function, takes a function, returns a function, function as argument
currying, one argument at a time, partial application
memoise, memoize, remember results, cache results, keep the result
debounce, wait until quiet, wait for a pause, after the last
throttle, limit how often, at most every, slow down
cors, cross origin, other domain, another domain, different origin
same origin, same domain, same site, own domain
local storage, stored in the browser, browser storage, kept in the browser
responsive, small screens, mobile, phones, all screen sizes, adapts to the screen
accessibility, screen reader, blind users, keyboard only, disabled people
semantic, meaningful tags, right tags, meaning of the elements
flexbox, grid, layout, columns
lazy loading, load later, load when visible, load when needed
minify, smaller files, compress, shrink
cdn, content delivery network, servers close to the user, near the user
webpack, bundler, build tool, vite
transpile, babel, older browsers, translate to old javascript
typescript, types for javascript, typed javascript
linter, eslint, flake, style checker, ruff
virtual machine, vm, v m, emulates a computer, whole computer
image, template for containers, snapshot of the system, blueprint
orchestrate, kubernetes, manage containers, many containers
microservice, small services, separate services, many little services
monolith, one big application, all in one, everything in one
event driven, reacts to events, events, publish subscribe
message queue, kafka, rabbit, queue between, buffer
sharding, split the database, parts of the data on different machines
replication, copies of the database, copy on another server, second database
backup, copy of the data, safety copy, restore
load balancer, distributes requests, spreads the requests, sends to different servers
health check, still alive, is it up, ping
rate limit, too many requests, limit requests
timeout, give up after, stop waiting, too long without answer
retry, try again, once more, second attempt
exponential backoff, wait longer each time, longer and longer, double the wait
circuit breaker, stop calling, cut off, trip
"""

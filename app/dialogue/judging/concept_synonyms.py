"""What people bring up when they mean a thing and do not name it: one group a line. Its manner: `synonyms`."""

CONCEPTS = """
distribute, spread, hand out, hands out, deal out, share out, divide among, split between, send to different, one \
here one there, decides who gets, balance, allocate, pass around, farm out
dead, down, died, crashed, broken, not responding, does not answer, offline, out of order, kaput, unavailable, fell \
over, hung up
alive, healthy, up and running, still running, still there, responding, answers
survive, still there afterwards, still there after, is not lost, stay for good, on disk, on the disk, written to \
disk, persistent, permanent, saved, pull the plug, power cut, power failure, stored safely
all or nothing, together or not at all, completely or not at all, everything or nothing, all of it or none, in one \
go, as one unit, one block, a whole, either all or, half is not possible
rollback, roll back, as if nothing had happened, as if nothing ever happened, back to how it was, how it was before, \
like it was before, undo, go back, undone, revert, reverse, cancelled, original state
half done, half finished, in between, unfinished, intermediate, not finished yet, halfway through
session, logged in, login, basket, shopping cart, cart, user state
shared store, redis, memcached, central place, common store, database, in one place
guarantee, make sure, make sure that, check that, sees to it, promise, reliable, acknowledges, acknowledgement, \
confirm, confirmation, receipt, registered mail
packet, package, datagram, message, piece, parcel, bit of data
sequence, same order, right order, correct order, order they were sent, in order, one after the other, order
send again, resend, sends it again, goes again, retry, retransmit, repeat, once more, tries again
does not care, fire and forget, fires it off, just sends, no guarantee, never checks, do not mind, without checking, \
best effort, may get lost, nobody minds
overhead, handshake, setup, connection, round trip, waiting for answers, extra work
streaming, video call, zoom, skype, voice, phone call, calls, live, webcam, movie, netflix
game, gaming, shooter, online game, multiplayer, player
automatic, by itself, on its own, without anyone, without anybody, nobody has to, cron, cron job, scheduled, script, \
job that runs, timer, robot
night, every night, each night, overnight, evening, every evening, each evening, nightly, in the morning, after \
closing, two in the morning
regularly, every day, every week, weekly, monthly, once a week, once a month, on a schedule, routine, each month, \
quarterly, periodically
off site, elsewhere, another place, other location, different building, another building, somewhere else, takes home, \
takes it home, at home, cloud, amazon, aws, azure, google drive, dropbox, s three, data centre, bank safe, outside \
the office, external, remote site, second location
fire, flood, burn down, burns, earthquake, disaster, water, theft, stolen, break in, burglary
backup, copy, second copy, duplicate, spare, set, mirror, dump, image, archive
restore, recover, play back, get back, bring back, put back, load it back, recovery, drill, rehearsal, fire drill, \
test run, dry run
older, previous, several, thirty days, last month, weeks back, generations, versions, history, not overwrite, keep \
the old ones, yesterday
sender, who sent it, from whom, from address, where it comes from, domain, behind the at, e mail address, address, at \
sign
link, button, url, web address, attachment, where it leads
click, press, follow, open, tap, go through
type it, type in myself, go to the site myself, open the browser, my own bookmark, bookmark, directly on the site, \
use the app, enter the address
urgent, pressure, hurry, threat, threaten, deadline, within twenty four hours, immediately, gets shut, gets locked, \
will be blocked, account closed, last chance, scare, panic, now or never, alarm
report, tell it, pass on to it, forward, pass it on, hand it over, send it on, helpdesk, help desk, security, it \
department, it guys, administrator, warn, flag
spelling, typos, grammar, strange wording, dear customer, impersonal, odd language
count again, recount, second count, count it once more, count twice, double check, check again, count a second time, \
look again, go and look
colleague, coworker, someone else, somebody else, another person, second person, other eyes, four eyes, mate, team \
mate, workmate
booking, posting, entry, movement, record, transaction, scan, came in, went out, delivery, shipment, order, invoice, \
goods received, receipt, deliveries, returns
correct, adjust, change it, update, change in the computer, post a correction, book it, enter the right, put it \
right, fix the number, amend, write off
cause, reason, why, how come, where it comes from, what is behind, what is underneath, what is going on, how it came \
about, how it happened, root, source, what is wrong, what is the matter, origin, explanation
theft, stolen, lost, damaged, mislabelled, wrong label, wrong shelf, misplaced, shrinkage, typing error, forgot to \
scan
kitchen, cook, chef, guys behind, cooks, sous chef, kitchen staff, people at the back, stove
tell, inform, say, let know, write it on, note, mention, point out, pass on, warn, announce, make clear, speak to, go \
to, talk to, shout
order slip, ticket, order, bon, note
severe, serious, how bad, life threatening, dangerous, hospital, strong, anaphylactic, mild, itch, swell, shock
ingredients, what is in it, what is in there, contents, recipe, label, packaging, list of allergens, traces
clean, fresh, separate, different, another, own, new, washed, wash, disinfect, wipe, sterile, gloves
knife, board, pan, pot, tools, utensils, surface, cutting board, tongs, plates, equipment, fryer, oil
guess, not sure, not certain, do not know, unsure, promise, in doubt, assume, say maybe
advise against, rather not, recommend something else, please do not, do not order, other dish, choose something else, \
offer another, leave it out
pupil, student, kid, child, boy, girl, learner, trainee, apprentice
parents, mum, mom, dad, mother, father, family, at home, guardian, parents evening, mum and dad
private, alone, just the two of us, after class, when the others have gone, one to one, on his own, quiet word, under \
four eyes, keep back, take aside
practice, exercise, worksheet, homework, tutoring, lesson, extra lesson, remedial, training, drills, material, tasks
extra, additional, more, further, on top, supplementary, another, special
step by step, bit by bit, small steps, slowly, piece by piece, smaller portions, go back to, start where, from there, \
one thing at a time, gradually, simpler
random, by chance, dice, roll the dice, coin, flip a coin, toss, draw lots, lottery, randomly, shuffle, heads, luck \
of the draw, not chosen
half, split, fifty fifty, fifty percent, one group, two groups, other half, both groups, divide
identical, same, unchanged, constant, equal, alike, everything else, rest is the same, nothing else, only difference, \
same week, same time, same conditions
enough, sufficient, thousand, thousands, hundreds, few thousand, long enough, two weeks, sample, sample size, \
significant, significance, large number, not too early, not after, wait until, patience
metric, measure, count, what counts, number, conversion, rate, purchases, sales, clicks, how many buy, revenue, \
orders, figure, kpi, success, turnover, statistics, compare the numbers
beforehand, before i start, in advance, first decide, before, at the beginning, up front, from the start, write down
visitor, user, customer, people, client, guest, person, shopper, audience
hotel, house, place, accommodation, inn, bed and breakfast, hostel, pension, somewhere to sleep, motel
across the street, nearby, next door, round the corner, in town, down the road, in the neighbourhood, close by, other \
houses, neighbouring
room, suite, bed, upgrade, better room, higher category, same category
apologise, sorry, apology, our fault, my fault, our mistake, we messed up, forgive, regret, excuse me, blame, awful
compensate, make up for, on us, on the house, free, for free, voucher, discount, refund, money back, gift, pay for, \
we pay, cover the cost, dinner, drink, bottle of wine, breakfast, bill, little something, goodwill, reimburse, take \
over the costs
taxi, cab, uber, drive, ride, transport, transfer, shuttle, lift
mean, average, on average, arithmetic mean
sum, add up, add them, total, throw together, all together, everything together, plus, summed
divide, divided by, share by, over the number, per head, by how many, by the count
middle, centre, center, in the centre, in between, halfway, middle one, fifty percent
sort, line up, put in order, arrange, rank, order, by size, in a row, from small to big
outlier, extreme, very rich, one huge, millionaire, billionaire, exception, odd one, skewed, distort, pull, pulls up, \
drag, billionaires, single big, freak, unusual
hardly moves, barely moves, does not move, does not change much, stays the same, not affected, robust, resistant, \
does not care, not pulled
income, salary, wage, wages, pay, earnings, rent, house price, property, prices, what people earn, wealth
cookie, cookies
every request, each request, each time, every time, always, goes along, along with, automatically, travels with, with \
each, sent along
space, room, big, large, bigger, more, megabytes, megs, mb, kilobytes, kb, four k, capacity, size, hardly any room, \
holds more, store more, limited
expire, expiry, run out, expiration, lifetime, disappear, delete itself, until, date, for a year, for an hour, valid \
until, how long, stays forever
encrypt, encryption, scramble, unreadable, cipher, tls, ssl, locked, secret, eavesdrop, listen in
password, pin, code, login, credentials, passphrase
second factor, two factor, text message, app on the phone, code on the phone, token, fingerprint, authenticator
strong password, long password, letters and numbers, hard to guess, not reuse, password manager
"""

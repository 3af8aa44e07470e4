"""Words of the trade that mean the same in an answer: one group a line. Its manner: `synonyms`."""

TECHNICAL = """
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

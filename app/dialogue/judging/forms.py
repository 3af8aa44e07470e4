"""One form for all forms of a word, beyond what a stemmer knows: verbs that bend, two spellings, prefixes apart."""

from __future__ import annotations

from functools import lru_cache

from app.dialogue.wording import stem

_BENT = """
go goes went gone going|write wrote written writing|run ran running runs|keep kept|make made making makes|
take took taken taking|
give gave given giving|get got gotten getting|know knew known|see saw seen|say said|tell told|think thought|
find found|hold held|leave left|lose lost losing|send sent|build built|buy bought|bring brought|catch caught|
break broke broken breaking|
choose chose chosen choosing|begin began begun beginning|come came coming|become became|do did does doing|
speak spoke spoken|hear heard|
feel felt|meet met|pay paid|read reads reading|put puts putting|set sets setting|hide hid hidden hiding|
throw threw thrown|
grow grew grown|show showed shown|draw drew drawn|fall fell fallen|forget forgot forgotten|understand understood|
stand stood|
spend spent|teach taught|learn learnt learned|win won|lead led|let lets letting|cut cuts cutting|hit hits hitting|
rise rose risen|rewrite rewrote rewritten|overwrite overwrote overwritten|freeze froze frozen|shrink shrank shrunk|
wake woke woken|mean meant|deal dealt|sleep slept|split splits splitting|bind bound binding|ring rang rung ringing|
child children|person people|index indices indexes|datum data|vertex vertices|matrix matrices|
early earlier earliest|small smaller smallest|fast faster fastest|quick quicker quickest quickly|
slow slower slowest slowly|
old older oldest|new newer newest|simple simpler simplest simply|easy easier easiest easily|late later|
clear clearer clearly|
big bigger biggest|large larger largest|long longer longest|short shorter shortest|cheap cheaper cheapest|
high higher highest|low lower lowest|safe safer safely|light lighter|clean cleaner cleaned cleaning|
variable variables|scope scoped scopes scoping|declare declaration declarations declared declares|
inherit inheritance inherits inherited|decide decision decisions|apologise apologize apology apologies apologising|
execute execution executes executed|compare comparison comparisons|solve solution solutions solving|
describe description|
behaviour behavior behaviours behaviors|colour color|centre center|initialise initialize initialisation|
optimise optimize optimisation optimization optimised|
prioritise prioritize priority priorities prioritised prioritized|
organise organize organisation organised|synchronise synchronize synchronisation|
analyse analyze analysis analysing analyzing|
serialise serialize serialisation|normalise normalize|refactor refactoring refactored|
program programme programs programmes|
assign assignment assigned reassign reassigned reassignment|iterate iteration iterator iterates iterable|
invalid invalidate invalidation invalidating invalidated|expire expiry expiration expires expired|
depend dependency dependencies dependent|independent independently independence|readable readability|
available availability|
secure security|private privacy|responsible responsibility|maintain maintenance maintainable maintainability|
predict predictable predictability|immutable immutability|mutable mutability mutate mutates mutated mutation|
async asynchronous asynchronously|sync synchronous synchronously|lazy lazily|concurrent concurrency concurrently|
parallel parallelism|
consistent consistency|reference references referenced|encapsulate encapsulation encapsulated|
fail failure failures failed failing fails|
delete deletion deleted|remove removal removed|modify modification modified modifies|
create creation created creates creating|
communicate communication|collaborate collaboration collaborating|document documentation documented|
deploy deployment deployed|
explain explanation|measure measurement measurements measured measuring|reproduce reproducible reproduction|
react reaction|respond response responses|require requirement requirements|agree agreement agreed|argue argument|
inform information|automate automatic automatically automation automated|verify verification verified|
validate validation validated|evaluate evaluation evaluated|authenticate authentication|
authorise authorization authorisation authorize|
allocate allocation|iterate iterates|abstract abstraction|compose composition|recurse recursion recursive recursively|
convert conversion converts converted|coerce coercion coerced coerces|happen happened happens|
differ difference different differently|
hash hashable hashed hashing|
pc computer computers|allergy allergies allergic|
medicine medicines medication medications|
cache cached caching caches|thread threads threading threaded|process processes|
""".replace("\n", "")

_FORMS = {form: words[0] for group in _BENT.split("|") if (words := group.split()) for form in words}


@lru_cache(maxsize=8192)
def base(word: str) -> str:
    """The form that `word` compares by. Forms of one word have one; different words mostly have different ones."""
    return stem(_FORMS.get(word, word))

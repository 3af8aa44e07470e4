"""`python -m tests.bench.judging [--wrong] [--words]`: how often the offline judge agrees with the key."""

from __future__ import annotations

import argparse
import time
from collections import Counter

from rich.console import Console
from rich.table import Table

from app.dialogue.judging import offline
from app.dialogue.judging.judgement import Judgement, Said
from app.dialogue.judging.points import Verdict
from app.speech import minilm
from tests.bench.table import Sheet, percentile
from tests.dialogue.judging.corpus import Graded, answers, held_back

CONSOLE = Console(highlight=False, soft_wrap=True)
BY_WORDS = False
FIRST = ("blind", "tuned", "fresh", "hard", "final")
TUNED = ("bank_tune", "own_tune", "bank_more", "own_more", "bank_last", "own_last")
HELD_OUT = ("bank_held", "own_held")
SECOND = ("second_bank", "second_own")
"""Frozen before the judge saw them; one half was studied, the other (`corpus.held_back`) was not."""
THIRD = ("third_bank", "third_own")
"""Frozen while the judge was changed for the second lot; its first run is the newest figure for unseen answers."""
FOURTH = ("fourth_bank", "fourth_own")
"""By a writer who saw neither the judge nor its lists nor the bank's wordings."""
FIFTH = ("fifth_bank", "fifth_own")
"""By another such writer, and looked at by nobody until the weights of the meanings were fitted."""
SETS = FIRST + TUNED + HELD_OUT + SECOND + THIRD + FOURTH + FIFTH


def right(graded: Graded) -> bool:
    """Whether the judge agrees with the key."""
    return judged(graded).verdict is graded.key


def judged(graded: Graded) -> Judgement:
    """By meaning, too, unless words alone were asked for."""
    return offline.judge(graded.question, (Said(graded.text),), None if BY_WORDS else minilm.shipped())


def measure(name: str, sheet: Sheet, show: bool) -> None:
    """One set: agreement in all and by sort."""
    graded = tuple(answers(name))
    agreed = [right(one) for one in graded]
    sheet.add(f"{name}: {len(graded)} answers, agreed", 100 * sum(agreed) / len(graded), "%", least=85)
    by_sort = Counter((one.sort, one.key.value) for one in graded)
    for sort, key in sorted(by_sort):
        good = sum(ok for one, ok in zip(graded, agreed, strict=True) if (one.sort, one.key.value) == (sort, key))
        sheet.add(f"  {sort}, {key}: of {by_sort[sort, key]}", good, "")
    for one, ok in zip(graded, agreed, strict=True):
        if show and not ok:
            _explain(one)


def _explain(one: Graded) -> None:
    found = judged(one)
    CONSOLE.print(f"[bold]{one.question.id}[/bold] key {one.key}, judged {found.verdict} ({found.reason}): {one.text}")
    for point in found.points:
        CONSOLE.print(
            f"    {point.key_point}: {point.coverage} {point.reason} {point.quote.text if point.quote else ''}"
        )


def show_matrix(names: tuple[str, ...], kept_only: bool = False) -> None:
    """For each kind of answer and its key, how often it was judged what; `kept_only`: of the half not studied."""
    counted = Counter[tuple[str, str, str]]()
    for name in names:
        for one in answers(name):
            if kept_only and not held_back(one):
                continue
            counted[one.sort, one.key.value, judged(one).verdict.value] += 1
    table = Table(title=f"judged as, in {', '.join(names)}")
    for column in ("kind", "key", *(verdict.value for verdict in Verdict)):
        table.add_column(column)
    for sort, key in sorted({(sort, key) for sort, key, _ in counted}):
        table.add_row(sort, key, *(str(counted[sort, key, verdict.value] or "·") for verdict in Verdict))
    CONSOLE.print(table)


def measure_time(sheet: Sheet) -> None:
    """An answer of two thousand words, made of all the others', so that nothing is known yet."""
    graded = tuple(answers("blind"))
    said = " ".join(one.text for one in graded).split()
    taken = []
    for one in graded:
        said = said[7:] + said[:7]
        offline.judge(one.question, ())  # a question is read once, however many answer it
        begin = time.process_time()
        offline.judge(one.question, (Said(" ".join((said * 3)[:2000])),))
        taken.append((time.process_time() - begin) * 1000)
    graded = tuple(one for name in TUNED for one in answers(name))
    begin = time.process_time()
    for one in graded:
        offline.judge(one.question, (Said(one.text + " indeed"),))
    each = (time.process_time() - begin) * 1000 / len(graded)
    sheet.add("an ordinary answer by words, processor time, mean", each, "ms", most=5)
    graded, network, found = tuple(answers("fourth_bank"))[:40], minilm.shipped(), {True: [], False: []}
    for again in (False, True):
        for one in graded if network else ():
            begin = time.process_time()
            offline.judge(one.question, (Said(one.text),), network)
            found[again].append((time.process_time() - begin) * 1000)
    if network:
        sheet.add(
            "an answer by meaning, its question known, processor time, median", percentile(found[True], 0.5), "ms"
        )
        sheet.add("… the slowest", max(found[True]), "ms")
        sheet.add("… its question not known yet, the slowest", max(found[False]), "ms")
    sheet.add("an answer of 2000 words, processor time, median", percentile(taken, 0.5), "ms", most=80)
    sheet.add("… the slowest", max(taken), "ms")


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.judging", description=__doc__)
    parser.add_argument("--wrong", action="store_true", help="show every answer that was judged otherwise")
    parser.add_argument("--set", choices=SETS, help="this set alone")
    parser.add_argument("--words", action="store_true", help="by words alone")
    chosen = parser.parse_args()
    global BY_WORDS
    BY_WORDS = chosen.words
    sheet = Sheet(CONSOLE)
    for name in (chosen.set,) if chosen.set else SETS:
        measure(name, sheet, chosen.wrong)
    measure_time(sheet)
    sheet.show()
    if not chosen.set:
        show_matrix(FIRST + TUNED)
        show_matrix(HELD_OUT)
        show_matrix(SECOND, kept_only=True)
        show_matrix(THIRD)
        show_matrix(FOURTH)


if __name__ == "__main__":
    main()

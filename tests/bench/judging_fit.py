"""`python -m tests.bench.judging_fit [--write]`: the weights of `app.dialogue.judging.meaning_weights`.

A key point is covered with a likelihood that is logistic in the features; a verdict, which is what the keys tell, goes
by how many are: Poisson's binomial. Where a comment in a lot says which key points its writer saw, they count by
themselves. The lists of words were made of many of the same answers and know them too well: the oldest lots are not
learnt from, and in most copies of an answer what the words found is hidden (`_HIDDEN`). Tested is what was not learnt
from: one sixth of the questions at a time, and the fourth lot by itself.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from scipy.optimize import minimize

from app.dialogue.judging import meaning_weights, offline
from app.dialogue.judging.judgement import Said
from app.dialogue.judging.likeness import NAMES, features
from app.dialogue.judging.meaning import likely
from app.dialogue.judging.points import Verdict, of_coverage
from app.speech import minilm
from tests.bench.judging import FOURTH, SECOND, THIRD
from tests.dialogue.judging.corpus import HERE, Graded, answers, held_back

LEARNT = SECOND + THIRD + FOURTH
CONSOLE = Console(highlight=False, soft_wrap=True)
KEPT = Path("build/judging-fit.npz")
"""What was measured, so that a second fit takes seconds. Take it away when features change."""
_HIDDEN = 0.7
_COPIES = 3
_HELD_DOWN = 0.01
"""Of the squares of the weights, in standard deviations of their features."""
_SEEN = 0.3
"""What a key point that the writer named weighs beside a verdict."""
_FOLDS = 6
_ORDER = (Verdict.INCORRECT, Verdict.PARTIAL, Verdict.CORRECT)
Floats = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One answer. `x`: its features; None where words alone settle it. `seen`: the key points that its writer saw."""

    lot: str
    graded: Graded
    heard: offline.Heard
    x: Floats | None
    seen: tuple[bool, ...] | None


def main() -> None:
    """Prints how well it agrees on what it did not learn from; writes the weights."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.judging_fit", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the table of weights")
    chosen = parser.parse_args()
    cases = gathered()
    without = [case for case in cases if case.lot not in FOURTH]
    for threshold in (0.4, 0.45, 0.5, 0.55):
        crossed = [pair for fold in range(_FOLDS) for pair in _fold(cases, fold, threshold)]
        _tell(f"a sixth of the questions at a time, threshold {threshold}", crossed)
        unseen = [case for case in cases if case.lot in FOURTH]
        _tell(f"learnt without the fourth lot, threshold {threshold}", _tried(unseen, fitted(without), threshold))
    coefficients = fitted(cases)
    if chosen.write:
        _write(coefficients)


def gathered() -> list[Case]:
    """Every answer of the lots that are learnt from, measured."""
    network = minilm.shipped()
    if network is None:
        raise SystemExit(f"{minilm.DISTRIBUTION} is not installed: make run")
    known = dict(np.load(KEPT)) if KEPT.exists() else {}
    cases = []
    every = [(lot, one) for lot in LEARNT for one in answers(lot)]
    for lot, one in track(every, "Reading", console=CONSOLE):
        heard = offline.hear(one.question, (Said(one.text),))
        name = hashlib.sha256(f"{one.question.id} {one.text}".encode()).hexdigest()
        if not heard.settled and name not in known:
            known[name] = features(one.question, heard.said, heard.free, heard.points, network)[0]
        seen = _named(lot).get(one.text)
        cases.append(Case(lot, one, heard, None if heard.settled else known[name], _seen(one, seen)))
    KEPT.parent.mkdir(exist_ok=True)
    np.savez(KEPT, **known)
    return cases


_NAMED: dict[str, dict[str, str]] = {}


def _named(lot: str) -> dict[str, str]:
    """The comment right above each answer of a lot."""
    if lot not in _NAMED:
        _NAMED[lot], comment = {}, ""
        for line in (HERE / f"{lot}.yaml").read_text(encoding="utf-8").splitlines():
            text = line.strip()
            if text.startswith("- ") and comment:
                _NAMED[lot][yaml.safe_load(text)[0]] = comment
            comment = text[1:].strip() if text.startswith("#") else ""
    return _NAMED[lot]


def _seen(one: Graded, comment: str | None) -> tuple[bool, ...] | None:
    ids = [point.id for point in one.question.key_points]
    names = re.split(r"[,\s]+", comment) if comment else []
    return tuple(id_ in names for id_ in ids) if names and set(names) <= set(ids) else None


def fitted(cases: Iterable[Case]) -> Floats:
    """The coefficients, for features as they are measured."""
    used = [case for case in cases if case.x is not None and case.graded.key in _ORDER]
    most = max(len(case.heard.points) for case in used)
    x, there = np.zeros((len(used), most, len(NAMES))), np.zeros((len(used), most))
    seen = np.full((len(used), most), -1.0)
    for place, case in enumerate(used):
        count = len(case.heard.points)
        x[place, :count], there[place, :count] = case.x, 1
        if case.seen is not None:
            seen[place, :count] = case.seen
    mean, spread = x[there > 0].mean(axis=0), x[there > 0].std(axis=0) + 1e-6
    mean[0], spread[0] = 0, 1
    copies = [(_hidden(x, there, number) - mean) / spread * there[..., None] for number in range(_COPIES)]
    keys = np.array([_ORDER.index(case.graded.key) for case in used])
    given = (np.concatenate(copies), np.tile(there, (_COPIES, 1)), np.tile(seen, (_COPIES, 1)), np.tile(keys, _COPIES))
    weights = minimize(_loss, np.zeros(len(NAMES)), args=given, jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    scaled = weights / spread
    scaled[0] -= float(scaled @ mean)
    return np.round(scaled, 3)


def _hidden(x: Floats, there: Floats, seed: int) -> Floats:
    found = x.copy()
    hidden = np.random.default_rng(seed).random(there.shape) < _HIDDEN
    for name in ("words", "gist"):
        found[..., NAMES.index(name)] *= ~hidden
    return found


def _loss(weights: Floats, x: Floats, there: Floats, seen: Floats, keys: Floats) -> tuple[float, Floats]:
    """What the weights cost, and which way is up."""
    p = 1 / (1 + np.exp(-np.clip(x @ weights, -20, 20)))
    rows = np.arange(len(p))
    of_key = np.clip(_verdicts(p, there)[rows, keys], 1e-5, 1)
    slope = np.zeros_like(p)
    for place in range(p.shape[1]):
        sure, never = p.copy(), p.copy()
        sure[:, place], never[:, place] = 1, 0
        change = _verdicts(sure, there)[rows, keys] - _verdicts(never, there)[rows, keys]
        slope[:, place] = -change / of_key * there[:, place]
    slope *= p * (1 - p)
    named = (seen >= 0) * there
    told = -(named * (seen * np.log(p + 1e-9) + (1 - seen) * np.log(1 - p + 1e-9))).sum()
    slope += _SEEN * named * (p - seen)
    free = weights.copy()
    free[0] = 0
    cost = (-np.log(of_key).sum() + _SEEN * told) / len(p) + _HELD_DOWN * (free**2).sum()
    return cost, (slope[..., None] * x).sum(axis=(0, 1)) / len(p) + 2 * _HELD_DOWN * free


def _verdicts(p: Floats, there: Floats) -> Floats:
    """How likely each verdict of `_ORDER` is."""
    counts = np.zeros((len(p), p.shape[1] + 1))
    counts[:, 0] = 1
    for place in range(p.shape[1]):
        one = (p[:, place] * there[:, place])[:, None]
        counts = counts * (1 - one) + np.pad(counts[:, :-1], ((0, 0), (1, 0))) * one
    enough = np.arange(counts.shape[1]) >= np.ceil(there.sum(axis=1) / 2)[:, None]
    correct = (counts * enough).sum(axis=1)
    return np.stack([counts[:, 0], 1 - counts[:, 0] - correct, correct], axis=1)


def judged(case: Case, coefficients: Sequence[float], threshold: float) -> Verdict:
    """As `offline.judge` would, with these weights."""
    if case.x is None:
        return case.heard.judgement.verdict
    points = case.heard.points
    sure = np.array([point.reason in ("denied", "opposite", "swapped", "listed") for point in points])
    found = (likely(case.x, coefficients) >= threshold) & ~sure
    if found.sum() == 1 and any(point.reason in ("denied", "opposite") for point in points):
        return Verdict.INCORRECT
    return of_coverage(int(found.sum()), len(points))


def _fold(cases: Sequence[Case], fold: int, threshold: float) -> list[tuple[Case, bool]]:
    own = {case.graded.question.id: 0 for case in cases}
    order = sorted(own, key=lambda id_: hashlib.sha256(id_.encode()).hexdigest())
    kept = {id_ for place, id_ in enumerate(order) if place % _FOLDS == fold}
    learnt = [case for case in cases if case.graded.question.id not in kept]
    return _tried([case for case in cases if case.graded.question.id in kept], fitted(learnt), threshold)


def _tried(cases: Iterable[Case], coefficients: Sequence[float], threshold: float) -> list[tuple[Case, bool]]:
    return [(case, judged(case, coefficients, threshold) is case.graded.key) for case in cases]


def _tell(title: str, pairs: Sequence[tuple[Case, bool]]) -> None:
    CONSOLE.print(title)
    groups = {lot: [right for case, right in pairs if case.lot == lot] for lot in (*THIRD, *FOURTH)}
    groups["second, half not studied"] = [r for case, r in pairs if case.lot in SECOND and held_back(case.graded)]
    groups["fourth"] = [right for case, right in pairs if case.lot in FOURTH]
    groups["all"] = [right for _, right in pairs]
    told = (f"{name} {100 * sum(found) / len(found):.1f} % of {len(found)}" for name, found in groups.items() if found)
    CONSOLE.print("   " + ", ".join(told))


def _write(coefficients: Floats) -> None:
    path = Path(meaning_weights.__file__)
    head = path.read_text(encoding="utf-8").partition("COEFFICIENTS")[0]
    rows = "".join(f"    {value:.3f},  # {name}\n" for name, value in zip(NAMES, coefficients, strict=True))
    path.write_text(f"{head}COEFFICIENTS = (\n{rows})\n", encoding="utf-8")


if __name__ == "__main__":
    main()

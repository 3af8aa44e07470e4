"""How like a question's key points the parts of an answer are: numbers for a network's directions, and nothing else.

How long an answer is, is no part of it: who says more is not for that more right, and could have it for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.dialogue.judging.judgement import PointVerdict, Question, Said
from app.dialogue.judging.meaning import Meaning, Reading
from app.dialogue.judging.tokens import Token, tokens
from app.dialogue.judging.windows import Window, text_of, windows

NAMES = (
    "one", "words", "gist",
    "point", "wording", "five wordings", "all wordings", "beside the others",
    "pieces of the point", "early pieces of the point",
    "pieces of a wording", "early pieces of a wording", "pieces of five", "early pieces of five",
    "point from the middle", "all from the middle", "wording from the middle", "five from the middle",
    "point before others", "wording before others",
    "question", "wordings", "wordings squared",
    "wordings by five", "wordings by one", "wordings by early pieces of five",
)  # fmt: skip
"""What `features` gives for a key point, in order: see docs/judging.md."""
_MOST_WORDINGS = 30
_FIVE = 5
_ALONE = 0.2
"""By how much a key point is nearer than others, where there is no other: as much as for one that was said."""
_SIGNS = 1996
"""Numbers of pieces below this are signs and single letters; from there on they are words, the commonest first."""
_TOLD = 0.3
"""What a piece of a word weighs that the question has, as a share."""

NEAR, ON_THE_SUBJECT = 0.35, 0.12
"""Least likeness of what was said to a key point or one of its wordings, and of the answer to its question, for a point
to be meant. The weights are learnt from answers that are nearly all on the subject; of 120 that were given to another
question these two let 20 earn something, where it were 31 without them and 24 by words alone, and the agreement on the
fourth and fifth lot stays within a point."""

Floats = NDArray[Any]


def features(
    question: Question, said: Sequence[Token], free: Sequence[int], points: Sequence[PointVerdict], meaning: Meaning
) -> tuple[Floats, tuple[Window, ...]]:
    """A row of `NAMES` for each key point, and where in the answer it is likeliest. `free`: places of words that count,
    at least one. `points`: what the words alone say. Raises WeightsError."""
    clauses, sentences, pairs = windows(said, free)
    single = clauses + sentences
    parts = meaning.read([text_of(said, window) for window in single + pairs])
    asked, key_points = _known(question, meaning)
    rows, likes = [], []
    vectors = np.stack([part.whole for part in parts])
    middle = np.mean([reading.whole for point in key_points for reading in point], axis=0)
    from_middle = _directed(vectors - middle)
    pieces = _Pieces(parts[len(clauses) :])
    for verdict, (point, *wordings) in zip(points, key_points, strict=True):
        to_point = vectors @ point.whole
        to_wordings = vectors @ np.stack([wording.whole for wording in wordings]).T
        row = {
            "one": 1.0,
            "words": float(verdict.counts),
            "gist": float(verdict.reason == "gist"),
            **_of_sentences(vectors, to_point, to_wordings, wordings),
            **_of_pieces(pieces, point, wordings, asked),
            **_from_the_middle(from_middle, middle, point, wordings),
            "question": float((vectors @ asked.whole).max()),
            "wordings": min(len(wordings), _MOST_WORDINGS) / _MOST_WORDINGS,
        }
        rows.append(row)
        likes.append((to_point, to_wordings.max(axis=1)))
    _compare(rows, likes)
    places = tuple(single[int((one + other)[: len(single)].argmax())] for one, other in likes)
    return np.array([[row[name] for name in NAMES] for row in rows]), places


def near(rows: Floats) -> NDArray[np.bool_]:
    """Whether each key point's likeness is enough to be meant at all. `rows`: of `features`."""
    column = NAMES.index
    like = np.maximum(rows[:, column("point")], rows[:, column("wording")])
    found: NDArray[np.bool_] = (like >= NEAR) & (rows[:, column("question")] >= ON_THE_SUBJECT)
    return found


def _known(question: Question, meaning: Meaning) -> tuple[Reading, tuple[tuple[Reading, ...], ...]]:
    """The question, and of each key point its sentence and its wordings (the sentence again, if there are none)."""
    key_points = [
        (_plain(point.point), *(filter(None, map(_plain, point.wordings or (point.point,)))))
        for point in question.key_points
    ]
    readings = iter(meaning.known((_plain(question.text), *(text for texts in key_points for text in texts))))
    return next(readings), tuple(tuple(next(readings) for _ in texts) for texts in key_points)


@lru_cache(maxsize=8192)
def _plain(text: str) -> str:
    return " ".join(token.word for token in tokens((Said(text),)))


class _Pieces:
    """The pieces of words of several texts under each other."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self.last = np.concatenate([reading.last for reading in readings]).astype(np.float32)
        self.early = np.concatenate([reading.early for reading in readings]).astype(np.float32)
        self.pieces = np.concatenate([reading.pieces for reading in readings])
        self.starts = np.cumsum([0, *(len(reading.pieces) for reading in readings)])[:-1]


def _weights(pieces: Floats, asked: Floats | None = None) -> Floats:
    """What each piece says of a text: uncommon ones more (their numbers go by how common they are), signs next to
    nothing, those of the question less."""
    weights: Floats = np.maximum(np.log(np.maximum(pieces - (_SIGNS - 1), 1)) - 4, 0.3)
    weights[pieces < _SIGNS] = 0.05
    return weights if asked is None else np.where(np.isin(pieces, asked), _TOLD * weights, weights)


def _of_sentences(
    vectors: Floats, to_point: Floats, to_wordings: Floats, wordings: Sequence[Reading]
) -> dict[str, float]:
    centre = _directed(np.mean([wording.whole for wording in wordings], axis=0))
    return {
        "point": float(to_point.max()),
        "wording": float(to_wordings.max()),
        "five wordings": _best(to_wordings.max(axis=0)),
        "all wordings": float((vectors @ centre).max()),
    }


def _of_pieces(answer: _Pieces, point: Reading, wordings: Sequence[Reading], asked: Reading) -> dict[str, float]:
    """How much of the point, and of its wordings, has something like it in one sentence or two beside each other."""
    weights = _weights(point.pieces, asked.pieces)
    found: dict[str, float] = {}
    told = _Pieces(wordings)
    each = _weights(told.pieces)
    totals = np.add.reduceat(each, told.starts)[:, None]
    for name, own, of_wordings, theirs in (
        ("", point.last, told.last, answer.last),
        ("early ", point.early, told.early, answer.early),
    ):
        like = np.maximum.reduceat(own.astype(np.float32) @ theirs.T, answer.starts, axis=1)
        found[f"{name}pieces of the point"] = float((weights @ like / weights.sum()).max())
        like = np.maximum.reduceat(of_wordings @ theirs.T, answer.starts, axis=1)
        best = (np.add.reduceat(like * each[:, None], told.starts, axis=0) / totals).max(axis=1)
        found[f"{name}pieces of a wording"], found[f"{name}pieces of five"] = float(best.max()), _best(best)
    return found


def _from_the_middle(vectors: Floats, middle: Floats, point: Reading, wordings: Sequence[Reading]) -> dict[str, float]:
    """The same likeness without what all key points of the question have in common: its subject."""
    own = _directed(np.stack([wording.whole for wording in wordings]) - middle)
    like = vectors @ own.T
    return {
        "point from the middle": float((vectors @ _directed(point.whole - middle)).max()),
        "all from the middle": float((vectors @ _directed(own.mean(axis=0))).max()),
        "wording from the middle": float(like.max()),
        "five from the middle": _best(like.max(axis=0)),
    }


def _compare(rows: list[dict[str, float]], near: list[tuple[Floats, Floats]]) -> None:
    """What is seen only beside the other key points, and what goes by how many wordings there are."""
    for place, row in enumerate(rows):
        others = [other for at, other in enumerate(rows) if at != place]
        row["beside the others"] = (
            row["point"] - float(np.mean([other["point"] for other in others])) if others else 0.0
        )
        for name, which in (("point before others", 0), ("wording before others", 1)):
            rest = [other[which] for at, other in enumerate(near) if at != place]
            row[name] = float((near[place][which] - np.max(rest, axis=0)).max()) if rest else _ALONE
        share = row["wordings"]
        row["wordings squared"] = share * share
        row["wordings by five"] = share * row["five wordings"]
        row["wordings by one"] = share * row["wording"]
        row["wordings by early pieces of five"] = share * row["early pieces of five"]


def _best(values: Floats) -> float:
    """The mean of the best five, or of all."""
    return float(np.sort(values)[-_FIVE:].mean())


def _directed(x: Floats) -> Floats:
    found: Floats = x / (np.linalg.norm(x, axis=-1, keepdims=True) + 1e-9)
    return found

"""Whether a key point was meant, in whatever words: how like it the parts of an answer are, weighed by one small table.

`likeness` measures, `meaning_weights` weighs; this module says what becomes of it. Words decide first: what they found
denied, said of another thing or turned round is not looked at again, and what `asides` passes over is never shown to
the network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class WeightsError(RuntimeError):
    """The network cannot be used; one line that says what to do."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A text as a network reads it. `pieces`: the numbers of its pieces of words, in the order of how common they are.
    `last` and `early`: a direction of length one for each, as the last layer and one before the middle has it, a row
    each. `whole`: one for all of it."""

    pieces: NDArray[np.int64]
    last: NDArray[np.float16]
    early: NDArray[np.float16]
    whole: NDArray[np.float32]


class Meaning(Protocol):
    """A network that reads texts. The same texts are read alike for ever. Both raise WeightsError."""

    def read(self, texts: Sequence[str]) -> tuple[Reading, ...]: ...

    def known(self, texts: tuple[str, ...]) -> tuple[Reading, ...]:
        """Of texts that will be asked for again."""


def likely(features: NDArray[Any], coefficients: Sequence[float]) -> NDArray[np.float64]:
    """How likely each key point is covered, 0 to 1. `features`: a row for each."""
    found: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(features @ np.asarray(coefficients), -30, 30)))
    return found

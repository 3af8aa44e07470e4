"""How words sound, in the phones of pocketsphinx's acoustic model.

The dictionary that comes with it (CMUdict, 134 000 words) knows most; for names and new words espeak-ng is asked, and
its International Phonetic Alphabet is put into the same phones.
"""

from __future__ import annotations

import re
from pathlib import Path

from pocketsphinx import get_model_path

from app.personas.schema import OfflineVoice
from app.speech.espeak import OWNER, phonemes

_FROM_IPA = {
    "tʃ": "CH", "dʒ": "JH", "eɪ": "EY", "aɪ": "AY", "aʊ": "AW", "oʊ": "OW", "əʊ": "OW", "ɔɪ": "OY", "ɪɹ": "IH R",
    "ɛɹ": "EH R", "ɑːɹ": "AA R", "ɔːɹ": "AO R", "oːɹ": "AO R", "ʊɹ": "UH R", "aɪɚ": "AY ER", "aɪə": "AY AH",
    "əl": "AH L", "iə": "IY AH", "iː": "IY", "uː": "UW", "ɑː": "AA", "ɔː": "AO", "ɜː": "ER", "oː": "AO", "ɚ": "ER",
    "ɝ": "ER", "i": "IY", "ɪ": "IH", "ᵻ": "IH", "e": "EH", "ɛ": "EH", "æ": "AE", "a": "AE", "ɑ": "AA", "ɒ": "AA",
    "ɔ": "AO", "o": "OW", "ʊ": "UH", "u": "UW", "ʌ": "AH", "ə": "AH", "ɐ": "AH", "b": "B", "d": "D", "f": "F",
    "ɡ": "G", "g": "G", "h": "HH", "j": "Y", "k": "K", "l": "L", "m": "M", "n": "N", "ŋ": "NG", "p": "P", "ɹ": "R",
    "r": "R", "s": "S", "ʃ": "SH", "t": "T", "ɾ": "T", "ʔ": "T", "θ": "TH", "ð": "DH", "v": "V", "w": "W", "x": "K",
    "n̩": "AH N", "z": "Z", "ʒ": "ZH",
}  # fmt: skip
_PHONE = re.compile("|".join(sorted(_FROM_IPA, key=len, reverse=True)))
_VOICE = OfflineVoice(voice="en-us")


def pronunciations(words: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Each word's ways of being said, blank-separated phones (`HH AH L OW`); a word that nobody can say is left
    out."""
    found = _known(frozenset(words))
    for word in words:
        phones = () if word in found else _spelt(word)
        if phones:
            found[word] = phones
    return found


def phones_of(ipa: str) -> str:
    """IPA → blank-separated phones; stress and signs without a sound of their own are passed over."""
    return " ".join(_FROM_IPA[match] for match in _PHONE.findall(ipa))


def _spelt(word: str) -> tuple[str, ...]:
    phones = phones_of(OWNER.submit(phonemes, word, _VOICE).result())
    return (phones,) if phones else ()


def _known(words: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """The dictionary's pronunciations of `words`; it writes a word's second one as `word(2)`.

    The file is read through anew each time (60 ms, once a persona): kept, it would be 40 MB in every worker.
    """
    entries: dict[str, tuple[str, ...]] = {}
    with Path(get_model_path("en-us/cmudict-en-us.dict")).open(encoding="utf-8") as lines:
        for line in lines:
            entry, _, phones = line.partition(" ")
            word = entry.partition("(")[0]
            if word in words:
                entries[word] = (*entries.get(word, ()), phones.strip())
    return entries

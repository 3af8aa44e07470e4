"""espeak-ng by its C interface: plain text in, samples out, nothing played and nothing written.

The library keeps its state in globals, so one thread owns it for the whole process: everything here that touches it
runs on `OWNER`. It is fast (hundreds of times real time), so one thread serves every call.
"""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Event

import espeakng_loader

from app.personas.schema import OfflineVoice
from app.speech.spoken_words import Begun
from app.speech.voices import data_path, voices

OWNER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="espeak")
"""The one thread that may call `synthesize` and `phonemes`."""

MAXIMUM_CHARACTERS = 2_000
"""Longer texts are refused: two minutes of speech that nobody could stop hearing."""

# From espeak-ng's speak_lib.h, version 1.52.
_OUTPUT_SYNCHRONOUS = 2  # samples go to the callback, in the calling thread; mode 1 would start a thread of its own
_DO_NOT_EXIT = 0x8000
_POSITION_IS_CHARACTERS = 1
_TEXT_IS_UTF8 = 1
_PHONEMES_AS_IPA = 0x02
_RATE, _PITCH = 1, 3
_SUCCESS = 0
_LAST_EVENT, _WORD_EVENT, _END_EVENT = 0, 1, 5  # the last of a list; a word begins; a clause ended, and its pause


class _Event(ctypes.Structure):
    """espeak_EVENT. `text_position` counts characters from 1, `audio_position` ms."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class EspeakError(Exception):
    """The library refused; the message names the step, never the text."""


def synthesize(text: str, voice: OfflineVoice, stop: Event, begun: list[Begun] | None = None) -> tuple[bytes, int]:
    """Speak `text`; on `OWNER` only.

    Gives little-endian 16-bit mono samples and their rate in Hz (22 050). `stop`, once set, ends the work within one
    of the library's buffers; what was made until then is returned. `begun` is filled with when each word of
    `plain(text)` began. Raises EspeakError.
    """
    library = _library()
    _choose(voice)
    pieces: list[bytes] = []

    def receive(samples: ctypes._Pointer[ctypes.c_short], count: int, events: ctypes._Pointer[_Event]) -> int:
        if samples and count > 0:
            pieces.append(ctypes.string_at(samples, count * 2))
        if begun is not None:
            begun.extend(_begun(events))
        return 1 if stop.is_set() else 0

    callback = _CALLBACK(receive)
    library.handle.espeak_SetSynthCallback(callback)
    try:
        spoken = plain(text).encode()
        # Text mode only: without the SSML and phoneme flags, mark-up and "[[...]]" are read like any other signs.
        status = library.handle.espeak_Synth(
            spoken, len(spoken) + 1, 0, _POSITION_IS_CHARACTERS, 0, _TEXT_IS_UTF8, None, None
        )
    finally:
        library.handle.espeak_SetSynthCallback(_NO_CALLBACK)
    if status != _SUCCESS:
        raise EspeakError(f"espeak-ng could not speak (status {status})")
    return b"".join(pieces), library.rate_hz


def _begun(events: ctypes._Pointer[_Event]) -> Iterator[Begun]:
    place = 0
    while events and (event := events[place]).type != _LAST_EVENT:
        if event.type == _WORD_EVENT:
            yield Begun(event.audio_position, event.text_position - 1)
        elif event.type == _END_EVENT:
            yield Begun(event.audio_position, None)
        place += 1


def phonemes(word: str, voice: OfflineVoice) -> str:
    """How `word` is pronounced, in the International Phonetic Alphabet; on `OWNER` only. Raises EspeakError."""
    library = _library()
    _choose(voice)
    text = ctypes.c_char_p(plain(word).encode())
    found = library.handle.espeak_TextToPhonemes(ctypes.byref(text), _TEXT_IS_UTF8, _PHONEMES_AS_IPA)
    return (found or b"").decode("utf-8", errors="replace").strip()


def plain(text: str) -> str:
    """`text` without control and format characters, which espeak-ng reads as commands, and with blanks single.

    Raises EspeakError if it is longer than MAXIMUM_CHARACTERS.
    """
    kept = " ".join(printable(text).split())
    if len(kept) > MAXIMUM_CHARACTERS:
        raise EspeakError(f"a text of {len(kept)} characters is too long to speak (at most {MAXIMUM_CHARACTERS})")
    return kept


def printable(text: str) -> str:
    """`text` with a blank in the place of each control or format character."""
    return "".join(" " if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") else sign for sign in text)


class _Library:
    """The loaded library, set up once a process; `chosen` is the voice it holds now."""

    def __init__(self) -> None:
        self.handle = ctypes.CDLL(espeakng_loader.get_library_path())
        self.handle.espeak_TextToPhonemes.restype = ctypes.c_char_p
        self.handle.espeak_Synth.argtypes = [
            ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int,
            ctypes.c_uint, ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p,
        ]  # fmt: skip
        self.rate_hz = int(
            self.handle.espeak_Initialize(_OUTPUT_SYNCHRONOUS, 0, str(data_path()).encode(), _DO_NOT_EXIT)
        )
        if self.rate_hz <= 0:
            raise EspeakError("espeak-ng's data could not be read: install the package espeakng-loader again")
        self.chosen: OfflineVoice | None = None


@cache
def _library() -> _Library:
    return _Library()


def _choose(voice: OfflineVoice) -> None:
    library = _library()
    if library.chosen == voice:
        return
    library.chosen = None
    identifier = voices().get(voice.voice.lower())
    if identifier is None:
        raise EspeakError("espeak-ng has no such voice")
    name = f"{identifier}+{voice.variant}" if voice.variant else identifier
    if library.handle.espeak_SetVoiceByName(name.encode()) != _SUCCESS:
        raise EspeakError(f"espeak-ng could not take the voice {name}")
    library.handle.espeak_SetParameter(_RATE, voice.words_per_minute, 0)
    library.handle.espeak_SetParameter(_PITCH, voice.pitch, 0)
    library.chosen = voice


_NO_CALLBACK = _CALLBACK()

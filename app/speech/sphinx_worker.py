"""The offline recogniser's own process: pocketsphinx holds the interpreter while it works, so it works out here.

A worker lives as long as its parent, no longer: signals meant for the server (Ctrl-C in its terminal, a `SIGTERM` to
the group) are the parent's to answer, because running calls want their turns recognised until the end; and when the
parent is gone, however it went, the worker goes too.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import OrderedDict
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess

from pocketsphinx import Decoder

from app.audio.sound import Sound
from app.speech.recognition import Recognised, recognise
from app.speech.sphinx_model import build
from app.speech.vocabulary import Vocabulary

DECODERS_KEPT = 8
"""Personas whose decoders stay loaded in a worker (5 MB each); the one unused for longest makes room."""

_decoders: OrderedDict[Vocabulary, Decoder] = OrderedDict()


def begin(vocabularies: tuple[Vocabulary, ...]) -> None:
    """Runs first in every worker: minds the parent and gets ready for the first callers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_go_with, args=(parent,), daemon=True, name="parent-watch").start()
    for vocabulary in vocabularies[:DECODERS_KEPT]:
        _decoder(vocabulary)


def process_id() -> int:
    """Answers once `begin` is done."""
    return os.getpid()


def transcribe(sound: Sound, vocabulary: Vocabulary) -> Recognised:
    """One turn, start to end; a tenth to a sixth of the sound's own time."""
    return recognise(_decoder(vocabulary), sound)


def _decoder(vocabulary: Vocabulary) -> Decoder:
    decoder = _decoders.pop(vocabulary, None)
    if decoder is None:
        decoder = build(vocabulary)
    _decoders[vocabulary] = decoder
    while len(_decoders) > DECODERS_KEPT:
        _decoders.popitem(last=False)
    return decoder


def _go_with(parent: BaseProcess) -> None:
    wait([parent.sentinel])
    os._exit(0)

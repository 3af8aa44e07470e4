"""What a request uses, read off what comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Generic, Protocol, TypeVar

from app.audio.sound import Sound
from app.dialogue.flow import ModelRequest
from app.runtime.limits import IN_HOUSE
from app.runtime.reporting import Spent
from app.speech.protocols import Form, ProviderError, ReplyPart, SpeechPart, Tokens, Transcript

CHARACTERS_A_TOKEN = 4
"""English, and a little too few tokens for other scripts; only for replies that were cut off before the count."""
LONGEST_S, LONGEST_S_A_CHARACTER = 10.0, 0.5
"""Slow speech takes 0.1 s a character; spelt digits and long abbreviations some three times that."""

T_contra = TypeVar("T_contra", contravariant=True)


class Meter(Protocol[T_contra]):
    """Sees every piece of one answer. `noticed`: has anything come that the caller could notice?"""

    noticed: bool

    def take(self, piece: T_contra) -> bool:
        """Is the piece for whoever asked? Raises ProviderError if it can't be what was asked for."""

    def played_s(self) -> float | None:
        """How long what came takes to be played; None if it isn't."""

    def complete(self) -> None:
        """All of it came. Raises ProviderError if that is none."""

    def spent(self, whole: Spent) -> Spent:
        """`whole` (who, as far as it is known, and how long) with what was used filled in."""


class TranscriptMeter:
    """One turn's sound into its transcript."""

    def __init__(self, sound: Sound) -> None:
        self.noticed = False
        self._seconds = round(sound.duration_ms / 1000, 3)
        self._model = ""

    def take(self, piece: Transcript) -> bool:
        self.noticed = True
        self._model = piece.model
        return True

    def played_s(self) -> float | None:
        return None

    def complete(self) -> None: ...

    def spent(self, whole: Spent) -> Spent:
        return replace(whole, model=self._model or whole.model, seconds=self._seconds)


class ReplyMeter:
    """A model's reply, whose count is kept to ourselves. `model`: whose it is, where no count comes to say so."""

    def __init__(self, request: ModelRequest, model: str) -> None:
        self.noticed = False
        self._request = request
        self._model = model
        self._written = 0
        self._tokens: Tokens | None = None

    def take(self, piece: ReplyPart) -> bool:
        if isinstance(piece, Tokens):
            self._tokens = piece
            return False
        text = piece if isinstance(piece, str) else piece.name + piece.arguments
        self._written += len(text)
        self.noticed = self.noticed or bool(text.strip())
        return True

    def played_s(self) -> float | None:
        return None

    def complete(self) -> None:
        """After a tool's result a model may have nothing to add."""
        if not self.noticed and not self._request.results:
            raise ProviderError("the model's reply was empty", "rubbish")

    def spent(self, whole: Spent) -> Spent:
        if self._tokens is not None:
            return counted(whole, self._tokens)
        if whole.provider in IN_HOUSE:
            return whole
        read = _length(self._request) // CHARACTERS_A_TOKEN
        written = self._written // CHARACTERS_A_TOKEN
        model = self._model or whole.model
        return replace(whole, model=model, tokens_read=read, tokens_written=written, estimated=True)


class JudgementMeter(Generic[Form]):
    """A model's judgement."""

    def __init__(self) -> None:
        self.noticed = False
        self._tokens: Tokens | None = None

    def take(self, piece: tuple[Form, Tokens | None]) -> bool:
        self.noticed = True
        _, self._tokens = piece
        return True

    def played_s(self) -> float | None:
        return None

    def complete(self) -> None: ...

    def spent(self, whole: Spent) -> Spent:
        return whole if self._tokens is None else counted(whole, self._tokens)


class SpeechMeter:
    """A piece of text being spoken. `model`: asked only when it is reckoned up."""

    def __init__(self, text: str, model: Callable[[], str]) -> None:
        self.noticed = False
        self._text = text
        self._model = model
        self._played_ms = 0.0

    def take(self, piece: SpeechPart) -> bool:
        if isinstance(piece, Sound):
            self._played_ms += piece.duration_ms
            self.noticed = self.noticed or piece.samples > 0
        if self._played_ms > (LONGEST_S + LONGEST_S_A_CHARACTER * len(self._text)) * 1000:
            raise ProviderError("the speech goes on and on", "rubbish")
        return True

    def played_s(self) -> float | None:
        return self._played_ms / 1000

    def complete(self) -> None:
        """Signs alone may be silent; words may not."""
        if not self.noticed and any(map(str.isalnum, self._text)):
            raise ProviderError("no sound came", "rubbish")

    def spent(self, whole: Spent) -> Spent:
        return replace(whole, model=self._model(), characters=len(self._text))


def counted(whole: Spent, tokens: Tokens) -> Spent:
    """`whole` with the vendor's own count."""
    return replace(whole, model=tokens.model, tokens_read=tokens.read, tokens_written=tokens.written)


def _length(request: ModelRequest) -> int:
    said = sum(len(message.text) for message in request.messages) + sum(len(r.told) for r in request.results)
    return len(request.instructions) + said

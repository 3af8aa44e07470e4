"""The agent's voice on the line: which piece is synthesised, sent and heard, and no more of it ahead than may be
lost."""

from __future__ import annotations

from collections.abc import Callable

from app.call.actions import CommitTurn, DropSpeech, DropTurn, Note, Synthesize
from app.call.context import CallContext
from app.call.echo import Echo
from app.call.events import SpeechReady
from app.call.piece import Pace, Piece
from app.call.playout import Playout
from app.call.sentences import SentenceCutter, cut_text
from app.call.utterance import Utterance

SPEECH_AHEAD = 2
"""Pieces synthesised beyond the one being sent."""
TAKEOVERS = 2
"""A sentence that broke off so often is not begun again: what was made of it has to do."""


class Voice:
    """One call's agent voice. At most one utterance at a time.

    `began(utterance)` is called when its first sound is sent, `answered(utterance)` at the first that is no filler,
    `finished(utterance)` when all of it was heard (or none of it could be spoken).
    """

    def __init__(
        self,
        context: CallContext,
        began: Callable[[Utterance], None],
        answered: Callable[[Utterance], None],
        finished: Callable[[Utterance], None],
    ) -> None:
        self._context = context
        self._began = began
        self._answered = answered
        self._finished = finished
        self._playout = Playout(context)
        self._pace = Pace()
        self._held = False
        self.echo = Echo()
        self.utterance: Utterance | None = None

    @property
    def active(self) -> bool:
        return self.utterance is not None

    def open(self, turn: int, *, kind: str = "speech", interruptible: bool = True) -> Utterance:
        """Begin an utterance whose text comes bit by bit with `add`, and ends with `close`."""
        self.abandon()
        self.utterance = Utterance(turn=turn, kind=kind, interruptible=interruptible)
        return self.utterance

    def confirm(self) -> None:
        """The utterance is wanted: it may sound."""
        if self.utterance is not None and self.utterance.tentative:
            self.utterance.tentative = False
            self.pump()

    def say(self, text: str, *, turn: int = 0, kind: str, interruptible: bool = True, ends: str | None = None) -> None:
        """An utterance whose text is known."""
        self.open(turn, kind=kind, interruptible=interruptible)
        self.add(text)
        self.close(ends)

    def add(self, text: str) -> None:
        if self.utterance is not None:
            self._add_pieces(self.utterance, self.utterance.cutter.feed(text))

    def flush(self) -> None:
        """What has come of the text is to be spoken, although it may not be whole."""
        if self.utterance is not None:
            self._add_pieces(self.utterance, self.utterance.cutter.flush())

    def forget_unfinished(self) -> None:
        """What has come of the text and makes no piece yet is not to be spoken."""
        if self.utterance is not None:
            self.utterance.cutter = SentenceCutter()

    def fill(self, text: str) -> None:
        """A filler in front of the utterance's own words."""
        if self.utterance is not None:
            self._add_pieces(self.utterance, cut_text(text), filler=True)

    def drop_filler(self) -> None:
        """The utterance's own words have come: a filler of which nothing was sent is not needed any more."""
        utterance = self.utterance
        if utterance is None or utterance.began:
            return
        for piece in [piece for piece in utterance.pieces if piece.filler]:
            utterance.pieces.remove(piece)
            if piece.requested:
                self._context.do(DropSpeech(piece.number))

    def close(self, ends: str | None = None) -> None:
        """No more text will come. `ends`: the call is over, for this reason, once the utterance has been heard.

        An utterance without a single word is forgotten, as if it had not been opened: see `active`.
        """
        utterance = self.utterance
        if utterance is None:
            return
        utterance.ends = ends
        if ends is not None:
            utterance.interruptible = False
        self.flush()
        utterance.text_done = True
        if utterance.pieces:
            self._settle()
        else:
            self.utterance = None

    def _add_pieces(self, utterance: Utterance, texts: list[str], *, filler: bool = False) -> None:
        for text in texts:
            utterance.pieces.append(Piece(self._context.number("piece"), text, filler, pace=self._pace))
            utterance.worded = utterance.worded or not filler
        self._request_speech(utterance)

    def _request_speech(self, utterance: Utterance) -> None:
        ahead = [piece for piece in utterance.pieces if not piece.sent][
            : 1 if utterance.tentative else SPEECH_AHEAD + 1
        ]
        for piece in ahead:
            if not piece.requested:
                piece.requested = True
                self._context.do(Synthesize(piece.number, piece.text))

    def speech_ready(self, ready: SpeechReady) -> None:
        """More of a piece's speech can be sent. Pieces that nobody waits for are ignored."""
        piece = self.utterance.piece(ready.piece) if self.utterance else None
        if piece is None or piece.final:
            return
        piece.words_end(ready.word_ends)
        piece.ready_ms, piece.final = max(ready.ready_ms, piece.ready_ms), ready.final
        if piece.final:
            self._pace.finished(len(piece.text), piece.ready_ms)
        self.pump()

    def speech_failed(self, number: int, reason: str) -> None:
        """A piece's speech will not come (any more). What was not made of it is spoken anew, by whoever can; what
        nobody can speak is taken out.

        Pieces behind it that are made already stay as they are, although another voice may have come in between: a
        sentence in hand is worth more than one voice throughout.
        """
        utterance, context = self.utterance, self._context
        piece = utterance.piece(number) if utterance else None
        waited = utterance is not None and piece is not None and not piece.final
        again = waited and piece is not None and piece.ready_ms > 0 and piece.takeovers < TAKEOVERS
        told: dict[str, str | int | float | bool] = {"stage": "speak", "ref": number, "reason": reason}
        context.do(Note("voice-taken-over" if again else "provider-failed", told))
        if utterance is None or piece is None or not waited:
            return
        if again:
            self._pace.forget()
            utterance.take_over(piece, context.number("piece"))
        elif piece.ready_ms:
            piece.break_off()
        else:
            utterance.pieces.remove(piece)
        if piece.heard or piece not in utterance.pieces:
            context.do(DropSpeech(number))
        self.pump()

    @property
    def sounding(self) -> bool:
        """Is the line playing something of it, as far as is known?"""
        return self._playout.left_ms > 0

    @property
    def quiet_at(self) -> float:
        """When the line will have played all that was sent; now, if there is nothing on it."""
        return self._playout.dry_at

    def mark_returned(self, name: str) -> int | None:
        """How many ms of the utterance's own words the mark proves to have been played; None if it proves nothing of
        them."""
        heard = self._playout.returned(name)
        if heard is None or self.utterance is None:
            return None
        played_ms = sum(piece.heard_ms for piece in self.utterance.pieces if not piece.filler)
        self._credit(heard)
        return played_ms or None

    def _credit(self, heard: list[Piece]) -> None:
        for piece in heard:
            self._context.do(DropSpeech(piece.number))
        if heard and self.utterance and not self._is_done():
            self._record(final=False)
        self.pump()

    def hold(self) -> None:
        """Do not sound until `release`, whatever is opened meanwhile: the caller may be going on."""
        self._held = True

    def release(self) -> None:
        """The caller is not going on after all."""
        if self._held:
            self._held = False
            self.pump()

    def pump(self) -> None:
        """Send what may be sent now, and see whether the utterance is over."""
        utterance = self.utterance
        if utterance is None or self._held or utterance.tentative:
            return
        while (piece := utterance.next_to_send()) is not None and (size_ms := self._playout.next_chunk(piece)):
            self._send(utterance, piece, size_ms)
        self._request_speech(utterance)
        self._settle()

    def _send(self, utterance: Utterance, piece: Piece, size_ms: int) -> None:
        context = self._context
        answers = not piece.filler and not utterance.answered
        if answers:
            utterance.answered = True
            if utterance.turn:
                context.do(CommitTurn(utterance.turn))
        if not utterance.began:
            utterance.began = True
            utterance.segment = context.number("segment")
            utterance.started_ms = context.line_ms
            self._began(utterance)
        if answers:
            self._answered(utterance)
        begins = piece.sent_ms == 0
        if begins:
            self.echo.says(piece.text, context.now)
        self._playout.send(piece, size_ms)
        if begins:
            self._record(final=False)

    def _settle(self) -> None:
        """Set the next wake-up, or finish."""
        utterance = self.utterance
        if utterance is None or self._held or utterance.tentative:
            return
        if self._is_done():
            self._finish(utterance)
        else:
            self._playout.set_alarms(all_sent=utterance.all_sent)

    def _is_done(self) -> bool:
        return self.utterance is not None and self.utterance.all_sent and self._playout.empty

    def marks_overdue(self) -> None:
        """The carrier does not return its marks: believe the clock."""
        self._credit(self._playout.give_up_waiting())
        self.pump()

    def _finish(self, utterance: Utterance) -> None:
        if utterance.began:
            self._record(final=True)
        self._forget()
        self._finished(utterance)

    def pause(self) -> None:
        """Fall silent at once, ready to go on: the line is cleared and what was heard is reckoned."""
        self._playout.clear()
        self.hold()
        self._playout.stop_alarms()

    def resume(self) -> None:
        """Take the sentence up again from the clause that the caller last heard."""
        utterance = self.utterance
        if utterance is None:
            self.release()
            return
        split = utterance.rewind(self._context.number("piece"))
        if split is not None:
            self._context.do(DropSpeech(split[0]))
        self.release()

    def abandon(self) -> None:
        """End the utterance here; what was not heard stays unheard, and the line is cleared if anything is on it."""
        utterance = self.utterance
        if utterance is None:
            return
        if not self._playout.empty:
            self._playout.clear()
        if utterance.began:
            self._record(final=True, interrupted=True)
            if utterance.turn:  # from its first sound on, the turn in hand may be another
                self._context.do(DropTurn(utterance.turn))
        for piece in utterance.pieces:
            if piece.requested and not piece.heard:
                self._context.do(DropSpeech(piece.number))
        self._forget()

    def _forget(self) -> None:
        self.utterance = None
        self._playout.stop_alarms()

    def _record(self, *, final: bool, interrupted: bool = False) -> None:
        """Write the utterance down as far as it has been heard."""
        if self.utterance is not None:
            self._context.do(self.utterance.as_segment(self._context.line_ms, final=final, interrupted=interrupted))

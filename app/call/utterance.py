"""What the agent says in one go: a reply, the greeting, a fixed line; its pieces, and how much of it was heard."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.call.actions import RecordSegment
from app.call.endpointing import Expects
from app.call.piece import Piece
from app.call.sentences import SentenceCutter, clause_start


@dataclass(slots=True)
class Utterance:
    """`turn`: whose answer it is, 0 for a line of the house's own. `ends`: the end reason if the call is over
    after it. `began`: something of it was sent; `answered`: something that is no filler. `worded`: it has had words
    of its own. `pauses`: how often it has fallen silent for what may have been the caller. `tentative`: the turn may
    not be over, so nothing may be sent yet. `expects`: what the caller is to answer, where the flow knows. `think_s`:
    how long they may be silent, where the flow wants to know of it."""

    turn: int
    kind: str
    interruptible: bool
    ends: str | None = None
    text_done: bool = False
    segment: int = 0
    started_ms: int = 0
    began: bool = False
    answered: bool = False
    worded: bool = False
    tentative: bool = False
    expects: Expects = ""
    think_s: float | None = None
    pauses: int = 0
    pieces: list[Piece] = field(default_factory=list)
    cutter: SentenceCutter = field(default_factory=SentenceCutter)

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces if piece.text)

    @property
    def heard_text(self) -> str:
        """What reached the caller, cut at a word; a prefix of `text`."""
        heard: list[str] = []
        for piece in self.pieces:
            part = piece.text[: piece.heard_chars()]
            if part:
                heard.append(part)
            if len(part) < len(piece.text):
                break
        return " ".join(heard)

    @property
    def all_sent(self) -> bool:
        return self.text_done and all(piece.sent for piece in self.pieces)

    def as_segment(self, ended_ms: int, *, final: bool, interrupted: bool = False) -> RecordSegment:
        """Its line of the transcript, as far as it has been heard until `ended_ms` of the recording."""
        return RecordSegment(
            number=self.segment,
            turn=self.turn,
            role="agent",
            text=self.text,
            heard_text=self.heard_text,
            started_ms=self.started_ms,
            ended_ms=ended_ms,
            interrupted=interrupted,
            final=final,
            kind=self.kind,
        )

    def piece(self, number: int) -> Piece | None:
        return next((piece for piece in self.pieces if piece.number == number), None)

    def next_to_send(self) -> Piece | None:
        return next((piece for piece in self.pieces if not piece.sent), None)

    @property
    def sounding(self) -> Piece | None:
        """The sentence that the caller is hearing, as far as marks tell; None before the first."""
        return next((piece for piece in self.pieces if piece.sent_ms and not piece.heard), None)

    @property
    def just_said(self) -> str:
        """The words that the caller may be hearing now, or whose echo is on its way: two seconds of them."""
        piece = self.sounding
        if piece is None:
            return ""
        begin = piece.chars_at(max(0, piece.heard_ms - 1300))
        return piece.text[begin : piece.chars_at(piece.heard_ms + 600)]

    def take_over(self, piece: Piece, number: int) -> Piece | None:
        """`piece` broke off: what was made of it stays as far as it is good, the rest is to be spoken anew, as piece
        `number`. None if there is no rest."""
        rest = piece.hand_over(number, piece.worth_keeping())
        behind = self.pieces.index(piece) + 1
        self.pieces[behind:behind] = [rest] if rest is not None else []
        if not piece.sent_ms:
            self.pieces.remove(piece)
        return rest

    def rewind(self, number: int) -> tuple[int, int] | None:
        """After the line was cleared: begin again at the clause that the caller stopped hearing.

        Pieces that were not heard to their end are to be sent again. One that was partly heard past a clause
        border is split there: what was heard stays, the rest becomes piece `number`, to be spoken anew. A clause that
        was begun again once is not begun a third time: the second stop leads to the word it was stopped in. Returns
        (the piece that was split, `number`), or None if no piece had to be.
        """
        split = None
        for piece in list(self.pieces):
            if piece.heard or not piece.sent_ms:
                continue
            cut = clause_start(piece.text, piece.heard_chars() + 1)  # the space behind a word is heard with it
            if not cut and piece.retaken:
                cut = piece.heard_chars()
            rest = piece.rest(number, cut)
            if not cut or not rest.text or split is not None:
                piece.again()
                piece.retaken = True
                continue
            rest.retaken = True
            index = self.pieces.index(piece)
            split = (piece.number, number)
            self.pieces[index] = _heard_whole(piece, piece.text[:cut].strip())
            self.pieces.insert(index + 1, rest)
        return split


def _heard_whole(piece: Piece, text: str) -> Piece:
    ms = piece.heard_ms
    return Piece(piece.number, text, piece.filler, requested=True, ready_ms=ms, final=True, sent_ms=ms, heard_ms=ms)

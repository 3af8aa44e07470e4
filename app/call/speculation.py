"""Work begun in a pause, before it is decided that the turn is over: its words, its reply, the reply's first sound.

If the caller goes on, all of it is thrown away, and the turn gets a new number, so that nothing that was on its way can
be taken for the new one's. If the turn ends there, the same sound has been transcribed as would be now, and the reply
was asked for with the same words: both stand. Nothing of it is said, written down or held against anyone before that,
and what fails of it is done again in the ordinary way.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.audio.segmenter import SpeechEnded, SpeechPaused
from app.call.actions import Ask, DropTurn, Note, Transcribe
from app.call.context import CallContext
from app.call.turn import Turn
from app.call.voice import Voice

PAUSE_MS = 200
"""Silences within words last up to 100 ms; of those of 200 ms one in a few is an end."""
EAGER, LATER_PAUSE_MS = 6, 300
"""After this many pauses in a turn that were not its end, only longer ones are worth it: someone is telling a story,
and each transcription is of all they have said."""
WORDS_A_TURN, WORDS_A_CALL = 10, 150
"""An answer of a minute has some ten pauses that long; a call of half an hour some 50 turns of three pauses."""
REPLIES_A_TURN, REPLIES_A_CALL = 3, 75
"""Tokens cost more than seconds of sound, and the words must have sounded finished each time."""


@dataclass(slots=True)
class Tally:
    """What was begun early on a call, and how much of it was of use."""

    words: int = 0
    words_used: int = 0
    replies: int = 0
    replies_used: int = 0


class Speculation:
    """One call's. At most one pause at a time."""

    def __init__(self, context: CallContext, voice: Voice) -> None:
        self._context = context
        self._voice = voice
        self._enabled = context.persona.patience.think_ahead
        self._pause: SpeechPaused | None = None
        self._number = 0
        self._question: tuple[str, float | None] | None = None
        self._tally = Tally()

    def pause_ms(self, turn: Turn | None) -> int:
        """After how much silence to begin."""
        return PAUSE_MS if turn is None or turn.guesses < EAGER else LATER_PAUSE_MS

    def begin(self, turn: Turn, pause: SpeechPaused) -> None:
        """The caller may have finished: ask for the words."""
        if not self._enabled or turn.guesses >= WORDS_A_TURN or self._tally.words >= WORDS_A_CALL:
            return
        self._pause, self._number = pause, turn.number
        turn.guesses += 1
        self._tally.words += 1
        self._context.do(Transcribe(turn.number, turn.start, max(pause.end, turn.start), early=True))

    def awaits_words(self, turn: Turn | None, number: int) -> bool:
        """Are these the words of a turn that is not decided?"""
        wanted = turn is not None and turn.end is None and turn.transcript is None
        return wanted and 0 < number == self._number

    def is_about(self, turn: Turn | None, number: int) -> bool:
        """Is it the present pause of a turn that is not decided?"""
        return turn is not None and turn.end is None and 0 < number == self._number

    def awaits_reply(self, number: int) -> bool:
        """Is a reply to this turn wanted, which may not sound yet?"""
        return self._question is not None and 0 < number == self._number

    def ask(self, turn: Turn, question: tuple[str, float | None]) -> None:
        """The words are known, and it may be all of them: ask for the reply."""
        if not question[0] or turn.reply_guesses >= REPLIES_A_TURN or self._tally.replies >= REPLIES_A_CALL:
            return
        turn.reply_guesses += 1
        self._tally.replies += 1
        self._question = question
        self._context.do(Ask(turn.number, question[0], confidence=question[1], early=True, follows=turn.follows))

    def stands(self, heard: SpeechEnded) -> bool:
        """Was the same sound asked for, and has that not failed?"""
        pause = self._pause
        return pause is not None and (pause.end, pause.last_voice) == (heard.end, heard.last_voice)

    def take(self, turn: Turn) -> bool:
        """The turn is being answered. Was the reply asked for already, with just these words? Then it may sound."""
        if self._number != turn.number:
            return False
        self._tally.words_used += 1
        if self._question is not None and self._question != turn.question:
            self.fail_reply(turn)
        stands = self._question is not None
        self._tally.replies_used += stands
        self.forget()
        return stands

    def throw_away(self, turn: Turn | None) -> bool:
        """It was no end, or is not to be answered. The turn gets a new number. False if there was nothing."""
        if self._pause is None:
            return False
        self._drop(turn)
        if turn is not None:
            turn.forget_words()
        self.forget()
        return True

    def failed(self, turn: Turn | None, stage: str, ref: int) -> bool:
        """Was it work of ours that failed, which nobody needs to hear of?"""
        utterance = self._voice.utterance
        if stage == "speak":
            if turn is None or utterance is None or not utterance.tentative or utterance.piece(ref) is None:
                return False
            self.fail_reply(turn)
        elif stage == "reply" and turn is not None and self.awaits_reply(ref):
            self.fail_reply(turn)
        elif stage == "transcribe" and self.awaits_words(turn, ref):
            self.forget()
        else:
            return False
        return True

    def fail_reply(self, turn: Turn) -> None:
        """There is no such reply: it is asked for again once the turn is decided."""
        if self._question is not None:
            self._drop(turn)
            self._question = None
            self._number = turn.number

    def note(self) -> None:
        """For the call's page, at its end."""
        tally = self._tally
        if tally.words:
            figures = {"words": tally.words, "words_used": tally.words_used}
            self._context.do(
                Note("speculation", {**figures, "replies": tally.replies, "replies_used": tally.replies_used})
            )

    def _drop(self, turn: Turn | None) -> None:
        """Stop what is under way, and let nothing of it be taken for what comes."""
        utterance = self._voice.utterance
        if utterance is not None and utterance.tentative:
            self._voice.abandon()
        self._context.do(DropTurn(self._number))
        if turn is not None and turn.number == self._number:
            turn.number = self._context.number("turn")
            turn.first_text_ms = turn.first_clause_ms = None

    def forget(self) -> None:
        """None of it is under way any more."""
        self._pause, self._number, self._question = None, 0, None

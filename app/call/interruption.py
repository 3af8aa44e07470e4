"""What the barge-in table makes the agent do: fall silent, judge, give the floor or take the sentence up again.

A candidate that is clearly a voice, and clearly not the line's echo, silences the agent (`paused`). One that is not, or
comes after too many false alarms, is judged by its words while the agent goes on (`judging` without `paused`). Either
way words decide, and `Transcribe` is asked for some of them early, under a number of their own, if they go on for long.
"""

from __future__ import annotations

from collections.abc import Callable

from app.audio.reading import LINE_RATE_HZ, Reading
from app.audio.segmenter import Segmenter
from app.call.actions import DropTurn, Note, Transcribe
from app.call.barge_in import VALIDATION_SILENCE_MS, BargeInTable, Stage, Verdict, judge_words
from app.call.candidate import Candidate
from app.call.context import CallContext
from app.call.echo import words_of
from app.call.phases import Phase
from app.call.turn import Turn
from app.call.voice import Voice
from app.personas.schema import Yielding

SHORTEST_WORD_MS = 140
_PART_OF_A_LINE = 3
"""Words of a piece that is protected as a part of a longer line; fewer may stand anywhere."""
EARLY_MS = 600
"""Voice after which the first words are asked for, to find a stop word, or a long "yeah, okay", before the end."""
EARLY_AGAIN_MS = 2000
EARLY_SAMPLES = 5 * LINE_RATE_HZ // 2
"""No more than this of the newest sound is transcribed early: what it costs must not grow with the talk."""


class Interruption:
    """The present interruption of the agent, if there is one. `cut_off`: the turn to which the last accepted one left
    no answer; 0 if the answer had begun. `accepted()` is called once the caller has been given the floor."""

    def __init__(self, context: CallContext, voice: Voice, segmenter: Segmenter, accepted: Callable[[], None]) -> None:
        self._context = context
        self._voice = voice
        self._echo = voice.echo
        self._segmenter = segmenter
        self._accepted = accepted
        self._manners = context.persona.barge_in
        self._whole_lines = tuple(map(_in_words, context.persona.said_to_the_end))
        self._patience_ms = context.persona.patience.silence_ms
        self._table = BargeInTable()
        self._before = Candidate.beginning()
        self._candidate = Candidate()
        self._yielding: Yielding = self._manners
        self._began_at = self._echo_before = 0.0
        self._early = 0
        self._early_from_ms = EARLY_MS
        self._leaning = False
        self._just_said = ""
        self.paused = False
        self.cut_off = 0

    @property
    def stage(self) -> Stage:
        return self._table.stage

    @property
    def judging(self) -> bool:
        """It is not settled yet who has the floor. The agent has fallen silent for it if `paused`."""
        return self._table.stage is Stage.VALIDATING

    def may_begin(self) -> bool:
        """A persona that does not yield still yields with a filler: it has nothing to say yet."""
        utterance = self._voice.utterance
        if self.stage is not Stage.IDLE or utterance is None or not utterance.interruptible:
            return False
        piece = utterance.sounding
        if piece is not None and self._is_protected(piece.text):
            return False
        return self._manners.enabled or (utterance.turn > 0 and not utterance.answered)

    def _is_protected(self, text: str) -> bool:
        said = _in_words(text)
        if any(_in_words(phrase) in said for phrase in self._manners.protected):
            return True
        return len(words_of(text)) >= _PART_OF_A_LINE and any(said in line for line in self._whole_lines)

    def hear(self, reading: Reading) -> None:
        """Every frame, before anything is made of it."""
        now, echo = self._context.now, self._echo
        heard = Candidate.judge(reading, echo.threshold if echo.may_sound_at(now) else 0)
        echo.hear(reading.rms if heard[0] else 0, now, sounding=self._voice.sounding)
        self._before.append(heard)
        if self.stage in (Stage.CANDIDATE, Stage.VALIDATING):
            self._candidate.take(heard, reading.rms)

    def begin(self) -> None:
        """A sound that may be the caller."""
        self._table.move(Stage.CANDIDATE)
        self._candidate = Candidate(self._before)
        self._began_at, self._echo_before = self._context.now, self._echo.level
        self._segmenter.silence_ms = min(VALIDATION_SILENCE_MS, self._patience_ms)
        self._early_from_ms, self._leaning = EARLY_MS, False
        self._just_said = utterance.just_said if (utterance := self._voice.utterance) is not None else ""
        asking = self._manners.while_asking
        self._yielding = asking if asking is not None and self._asks() else self._manners

    def _asks(self) -> bool:
        """Is the sentence on the line a question? An interview's replies end in one, however it is put."""
        utterance = self._voice.utterance
        piece = utterance.sounding if utterance is not None else None
        if utterance is None or piece is None:
            return False
        last = utterance.text_done and piece is utterance.pieces[-1]
        interview = self._context.persona.interview is not None and utterance.turn > 0
        return piece.text.rstrip().endswith(("?", "？", "؟")) or (interview and last)

    def lasted(self, turn: Turn | None) -> None:
        """The candidate, `turn`, goes on."""
        candidate, yielding = self._candidate, self._yielding
        if self.stage is Stage.CANDIDATE and self._may_pause() and self._is_clear():
            self._pause()
        elif self.paused and candidate.clear_ms >= yielding.accept_after_ms * (2 if self._leaning else 1):
            self.accept("voice")
        elif turn is not None and turn.end is None and candidate.voiced_ms >= self._early_from_ms and not self._early:
            self._ask_early(turn)

    @property
    def may_be_word(self) -> bool:
        """Could a sound that is too short for a turn be a word? "Stop" has a fifth of a second of voice, if that."""
        candidate = self._candidate
        return self.paused and (candidate.sure_ms or candidate.clear_ms) >= SHORTEST_WORD_MS

    def _may_pause(self) -> bool:
        utterance = self._voice.utterance
        return utterance is not None and utterance.pauses < self._manners.pauses_at_most

    def _pause(self) -> None:
        """Fall silent while the candidate is judged; a shorter pause of theirs is enough for that."""
        self._table.move(Stage.VALIDATING)
        self.paused = True
        if self._voice.utterance is not None:
            self._voice.utterance.pauses += 1
        self._voice.pause()
        self._echo.unlearn(self._echo_before)
        self._context.do(Note("barge-in-pause", self._figures()))

    def judge(self) -> None:
        """The candidate has come to its end, and was not enough to fall silent: its words will tell."""
        self._table.move(Stage.VALIDATING)

    def _ask_early(self, turn: Turn) -> None:
        """Ask for the candidate's first words before its end."""
        if self.stage not in (Stage.CANDIDATE, Stage.VALIDATING):
            return
        self._early, self._early_from_ms = self._context.number("turn"), self._candidate.voiced_ms + EARLY_AGAIN_MS
        end = self._context.position
        self._context.do(Transcribe(self._early, max(turn.start, end - EARLY_SAMPLES), end))

    def drop_early(self) -> None:
        """The first words are not waited for any more: all of them are on their way, or wanted by nobody."""
        if self._early:
            self._context.do(DropTurn(self._early))
            self._early = 0

    def early_words(self, number: int, text: str, confidence: float | None) -> bool:
        """Words have come. False if they are not the first words that were asked for early."""
        if not self._early or number != self._early:
            return False
        self._early = 0
        verdict = self._verdict(text, confidence, whole=False)
        self._leaning = verdict.why == "backchannel"
        if verdict.takes_floor:
            self.accept(verdict.why, verdict.words)
        return True

    def judged(self, turn: Turn) -> bool:
        """All of its words are there. True if they have given the caller the floor; else the agent goes on."""
        verdict = self._verdict(turn.transcript or "", turn.confidence, whole=True)
        if verdict.takes_floor:
            self._take_out_echo(turn)
            self.accept(verdict.why, verdict.words)
        else:
            if verdict.why == "echo":
                self._echo.learn(self._candidate.loudest)
            self.reject(verdict.why, verdict.words)
        return verdict.takes_floor

    def _verdict(self, text: str, confidence: float | None, *, whole: bool) -> Verdict:
        if text.strip() and self._context.persona.patience.is_unsure(confidence):
            return Verdict(False, "unsure", len(words_of(text)))
        words, echo = words_of(text), False
        if words and self._echo.audible and not (self._echo.known and self._is_clear()):
            words, echo = self._echo.callers_own(text)
        minimum = self._yielding.minimum_words
        verdict = judge_words(words, self._manners, minimum)
        if echo and verdict.why != "stop-word":
            return Verdict(False, "echo", len(words_of(text)))
        if whole or not verdict.takes_floor or verdict.why == "stop-word":
            return verdict
        return judge_words(words[:-1], self._manners, minimum)  # the last one may be cut in two

    def _is_clear(self) -> bool:
        """Is it too loud for an echo of this line?"""
        return self._candidate.is_voice(self._yielding.sure_after_ms, self._yielding.pause_after_ms)

    def accept(self, why: str, words: int = 0) -> None:
        """The floor is the caller's: what the agent had left to say is gone."""
        figures = self._figures()
        self._table.move(Stage.ACCEPTED)
        self._echo.unlearn(self._echo_before)
        utterance = self._voice.utterance
        self.cut_off = utterance.turn if utterance is not None and not utterance.answered else 0
        self._voice.abandon()
        self._voice.release()
        self._context.phases.move(Phase.WAIT_FOR_USER)
        self._context.do(Note("barge-in-accepted", {"by": why, "words": words, **figures}))
        self.settle()
        self._accepted()

    def reject(self, why: str, words: int = 0) -> None:
        """It was nothing: the agent goes on, where the caller stopped hearing it if it had fallen silent."""
        if self.stage is Stage.CANDIDATE:
            self.settle()  # not worth a word: it was too short, and the agent has not even paused
            return
        self._table.move(Stage.REJECTED)
        paused = self.paused
        kind = "barge-in-rejected" if paused else "barge-in-ignored"
        self._context.do(Note(kind, {"why": why, "words": words, **self._figures()}))
        self.settle()
        if paused:
            self._voice.resume()

    def _figures(self) -> dict[str, str | int | float | bool]:
        candidate, utterance = self._candidate, self._voice.utterance
        return {
            "after_ms": round((self._context.now - self._began_at) * 1000),
            "voice_ms": candidate.clear_ms,
            "sure_ms": candidate.sure_ms,
            "loudest": candidate.loudest,
            "echo": round(self._echo.level),
            "asking": self._yielding is not self._manners,
            "pauses": utterance.pauses if utterance is not None else 0,
        }

    def settle(self) -> None:
        """No interruption any more."""
        self._table.settle()
        self.paused = False
        self.drop_early()
        self._segmenter.silence_ms = self._patience_ms

    # words that were said when the agent had just finished

    def over_agent(self, at: float) -> bool:
        """Could what was heard at `at` seconds be the agent's echo?"""
        return self._echo.audible and self._echo.may_sound_at(at)

    def without_echo(self, turn: Turn) -> bool:
        """Take the agent's own words out of a turn's that came back at its beginning. False if there are no others."""
        text = turn.transcript or ""
        echo = not words_of(text) or self._echo.callers_own(text)[1]
        if turn.ended_under_echo and not turn.took_floor and echo:
            self._context.do(Note("echo", {"turn": turn.number, "voiced_ms": turn.voiced_ms}))
            return False
        self._take_out_echo(turn)
        return True

    def _take_out_echo(self, turn: Turn) -> None:
        if turn.began_under_echo and turn.transcript:
            just_said = self._just_said if turn.took_floor or self.judging else self._echo.last_said
            turn.transcript = self._echo.without_lead(turn.transcript, just_said)


def _in_words(text: str) -> str:
    """The words of `text` with a blank around each."""
    return f" {' '.join(words_of(text))} "

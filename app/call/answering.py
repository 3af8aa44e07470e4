"""A call that we placed, until it is known who has answered it: waits, tells who rings and why, leaves a message.

Until then the line is this module's: it has what it hears put into words (`first_utterances`), and asks `answered_by`
what follows. The flow does not begin before somebody is there.
"""

from __future__ import annotations

from app.audio.reading import Reading
from app.call.actions import Note, OpenTalk, Recognised
from app.call.answered_by import Sign, Who, next_who, of_verdict
from app.call.context import CallContext
from app.call.ending import Ending
from app.call.events import AnsweredBy, StreamStarted, TalkOpened
from app.call.first_utterances import FirstUtterances
from app.call.first_words import sign_of
from app.call.leaving_message import DEADLINE, VOICEMAIL, LeavingMessage
from app.call.listening import Listening
from app.call.opening import Opening
from app.call.phases import Phase
from app.call.turn import Turn
from app.call.utterance import Utterance
from app.call.voice import Voice

SILENCE_S = 5.0
"""Nobody says anything: they wait for us. Twilio gives up listening then, too (MachineDetectionSilenceTimeout,
5,000 ms; WIRE B.4)."""
UNSURE_S = 1.5
"""After words or a sound that do not tell: a verdict may come, or more words. A person does not wait longer."""
WORDS_S = 4.0
"""No words of an utterance by then: its length must do."""
HOLD_S = 30.0
"""For somebody who is fetched, or asked by a service whether they want to talk: a telephone rings as long."""
LONGEST_S = 60.0
"""Whoever is there by then, be it clicks or music, is greeted."""
ASKED_S = 8.0
"""Somebody has asked who rings, and was told: they say something, or wait for us."""
MOST_ANSWERS = 2
"""To "who is calling?"; whoever asks again has a talk with us."""
SCREENING = "screening"
_OVER = (Phase.CLOSING, Phase.ENDED)
_SOMEBODY = (Who.GREETED, Who.PERSON)


class Answering:
    """One call's. `who`: None for a call that rang us."""

    def __init__(
        self, context: CallContext, voice: Voice, listening: Listening, ending: Ending, opening: Opening
    ) -> None:
        self._context = context
        self._voice = voice
        self._listening = listening
        self._ending = ending
        self._opening = opening
        self._message = LeavingMessage(context, voice, ending)
        self._heard = FirstUtterances(
            context, voice, began=self._speaks, ended=self._spoke, nothing=self._said_nothing, read=self._read
        )
        self._leaves_message = False
        self._verdict: Sign | None = None
        self._opened: TalkOpened | None = None
        self._asked = False
        self._answers = 0
        self._hold_s = self._at_last = 0.0
        self.who: Who | None = None
        listening.validating.takes = self._takes

    # what happens

    def begin(self, event: StreamStarted) -> None:
        """The line is open, and somebody or something is on it."""
        self.who = Who.WAITING
        self._leaves_message = event.voicemail == "leave_message"
        self._at_last = self._context.now + LONGEST_S
        self._wait(SILENCE_S)

    @property
    def has_the_line(self) -> bool:
        """Is there nobody yet whom we would talk with?"""
        return self.who in (Who.WAITING, Who.SCREENED, Who.MACHINE)

    def frame(self, reading: Reading) -> bool:
        """Hear 20 ms of whoever is there. True if nobody else is to hear them. A greeting of ours is heard as well: it
        may be said to a machine."""
        if self.has_the_line or (self.who in _SOMEBODY and self._context.phases.phase is Phase.GREETING):
            self._heard.frame(reading)
        return self.has_the_line

    def transcribed(self, turn: int, text: str, confidence: float | None) -> bool:
        """Words have come. False if this module has not asked for them."""
        return self._heard.transcribed(turn, text, confidence)

    def failed(self, stage: str, ref: int) -> bool:
        """Words will not come. False if nobody waits for them here."""
        return stage == "transcribe" and self._heard.failed(ref)

    def verdict(self, event: AnsweredBy) -> None:
        """The carrier has made up its mind. While words are on their way, they are heard first."""
        who, sign = self.who, of_verdict(event.verdict)
        if who is None:
            return
        self._context.do(Note("carrier-verdict", {"verdict": event.verdict[:32], "who": who.value}))
        if who is Who.MACHINE:
            if self._leaves_message and sign is Sign.MACHINE_DONE:
                self._message.greeting_over(beep=event.verdict.endswith("beep"))
        elif sign is not None and self._words_may_come(who):
            self._verdict = sign
        elif who is Who.WAITING and event.verdict == "fax":
            self._ending.end("fax", hang_up=True)
        elif sign is not None:
            self._take(sign, "carrier")

    def _words_may_come(self, who: Who) -> bool:
        """Does somebody speak, or has something been said of which the words are on their way? They count for more than
        a verdict, also those of one who was silent at first and was greeted."""
        if self._heard.awaited or self._heard.speaking:
            return who in (Who.WAITING, Who.GREETED)
        return who is Who.GREETED and (self._listening.speaking or self._listening.turn is not None)

    def opened(self, event: TalkOpened) -> None:
        """The flow has begun: its first words are said, if there is still somebody to hear them."""
        self._opened = event
        if self.who in _SOMEBODY and self._context.phases.phase not in _OVER:
            self._greet(event)

    def finished(self, utterance: Utterance) -> bool:
        """An utterance is over. True if nobody else has anything to do with that."""
        self._message.finished(utterance)
        if self.who is Who.GREETED and self._verdict is not None and not self._words_may_come(self.who):
            self._said_nothing()
        if utterance.kind != SCREENING or self.who is not Who.SCREENED:
            return False
        if not (self._heard.speaking or self._heard.awaited):
            self._wait(self._hold_s)
        return True

    def overdue(self) -> None:
        """What was waited for has not come."""
        if self.who is Who.MACHINE:
            self._message.overdue()
        elif self._heard.awaited:
            self._heard.give_up()
        else:
            self._take(Sign.SILENCE, "silence")

    def line_gone(self) -> None:
        """The call is over."""
        if self.who is Who.PERSON:
            self._context.do(Recognised("human"))
        if self.has_the_line:
            self._heard.line_gone()

    # utterances

    def _speaks(self) -> None:
        self._context.deadlines.clear(DEADLINE)
        if self.who is Who.MACHINE:
            self._message.greeting_goes_on()

    def _spoke(self) -> None:
        if self.who is Who.MACHINE:
            self._message.greeting_pauses()
        else:
            self._wait(WORDS_S)

    def _said_nothing(self) -> None:
        """It was a click, or ourselves. A verdict that came meanwhile was kept for the words, and there are none."""
        verdict, self._verdict = self._verdict, None
        if verdict is not None:
            self._take(verdict, "carrier")
        else:
            self._wait_on()

    def _read(self, sign: Sign) -> None:
        """What an utterance says. Words that tell nothing leave it to the verdict, if there is one; what is said under
        our greeting counts only if no person says it."""
        verdict, self._verdict = self._verdict, None
        if self.who in _SOMEBODY and sign not in (Sign.MAILBOX, Sign.SCREENING):
            return
        if sign in (Sign.SCREENING, Sign.ASKED) and self._answers >= MOST_ANSWERS:
            sign = Sign.ENOUGH
        if verdict is not None and sign in (Sign.LONG, Sign.WORDLESS):
            self._take(verdict, "carrier")
        else:
            self._take(sign, "words")

    def _takes(self, turn: Turn) -> bool:
        """Before a turn is put to the dialogue. True if it is not for the dialogue: a machine said it, or somebody who
        wants to know first who rings."""
        if self.who not in _SOMEBODY or turn.silent or not (turn.keys or turn.transcript):
            return False
        sign = Sign.TURN if turn.keys else sign_of(turn.transcript or "", 0)
        asks = sign in (Sign.ASKED, Sign.SCREENING) and self._answers < MOST_ANSWERS
        if not (asks or sign is Sign.MAILBOX):
            self._take(Sign.TURN, "words")
            return False
        self._listening.write_down(turn)
        self._listening.give_up_turn()
        if sign is Sign.ASKED:
            self._tell_who_rings()
        else:
            self._take(sign, "words")
        return True

    # what follows

    def _take(self, sign: Sign, by: str) -> None:
        before = self.who
        if before is None or self._context.phases.phase in _OVER:
            return
        self.who = who = next_who(before, sign)
        if who is not before:
            self._context.do(Note("answered-by", {"who": who.value, "sign": sign.value, "by": by}))
        if who is Who.TALKING and who is not before:
            self._context.do(Recognised("human"))
        elif who is Who.MACHINE and who is not before:
            self._machine(sign, by)
        elif who is Who.SCREENED and sign in (Sign.SCREENING, Sign.ASKED):
            self._hold_s = HOLD_S if sign is Sign.SCREENING else ASKED_S
            self._tell_who_rings()
        elif who in _SOMEBODY and before in (Who.WAITING, Who.SCREENED):
            self._somebody_is_there()
        elif self.has_the_line:
            self._wait_on(sign)

    def _wait(self, seconds: float) -> None:
        now = self._context.now
        self._context.deadlines.set(DEADLINE, min(now + seconds, max(self._at_last, now)))

    def _wait_on(self, sign: Sign | None = None) -> None:
        """Nothing has changed: wait for what may still come, as long as is due."""
        if self.who is Who.MACHINE:
            self._message.greeting_pauses()
        elif sign is Sign.HOLD:
            self._hold_s = HOLD_S
            self._wait(HOLD_S)
        elif self.who is Who.WAITING:
            self._wait(SILENCE_S if sign is None else UNSURE_S)
        elif self.who is Who.SCREENED and not self._voice.active:
            self._wait(self._hold_s)

    def _somebody_is_there(self) -> None:
        self._context.deadlines.clear(DEADLINE)
        if self._opened is not None:
            self._greet(self._opened)
        elif not self._asked:
            self._asked = True
            self._context.do(OpenTalk())

    def _greet(self, opened: TalkOpened) -> None:
        if self._context.phases.phase is Phase.WAIT_FOR_USER:
            self._context.phases.move(Phase.AI_SPEAKING)  # before its first sound: no noise may take the line from it
        self._opening.begin(opened)

    def _tell_who_rings(self) -> None:
        """A name and a reason; whoever is fetched may speak over it."""
        self._answers += 1
        self._fall_silent()
        self._context.do(Note("screening-answered", {"count": self._answers}))
        self._voice.say(self._context.persona.lines.screening, kind=SCREENING)

    def _fall_silent(self) -> None:
        """Nothing of ours is said any more, and nothing of what was said counts."""
        self._context.deadlines.clear(DEADLINE)
        self._context.deadlines.clear("reprompt")
        self._voice.abandon()
        self._listening.forget()

    def _machine(self, sign: Sign, by: str) -> None:
        self._heard.stop()
        self._fall_silent()
        self._context.deadlines.clear_all()
        if by != "carrier":
            self._context.do(Recognised("machine"))
        if not self._leaves_message:
            self._ending.end(VOICEMAIL, hang_up=True)
        elif sign is Sign.MACHINE_DONE:
            self._message.greeting_over(beep=True)
        else:
            self._message.wait(speaking=self._heard.speaking)

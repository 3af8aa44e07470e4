"""A plan into the words of a reply: a model's where there is one to ask and something to be had of it, else the flow's.

What the model writes passes `PlainSpeech` on its way, so that voice, transcript and timeline hold the same clean text.
Tools are used once its stream is over. Nothing a model does keeps the caller without an answer: see `docs/replies.md`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace

import structlog
from pydantic import BaseModel

from app.call.actions import Note
from app.call.events import ProviderFailed, ReplyBroken, ReplyDelta, ReplyEnded
from app.call.plain_speech import PlainSpeech
from app.call.sentence_ends import sentence_end
from app.call.sentences import LONGEST_PIECE
from app.dialogue.flow import FlowState, ModelRequest, Opinion, Plan, ToolCall
from app.runtime.call_providers import CallProviders
from app.runtime.tool_use import ToolUse
from app.runtime.work import Tell, why

_log = structlog.get_logger(__name__)

LONGEST_REPLY = 1500
"""Characters that are spoken: some 100 s at 15 a second. Nobody listens longer on a telephone, and each costs money;
personas are asked for three sentences."""
LONGEST_WRITTEN = 40_000
"""Characters that a model writes for one turn, with all that is not spoken: thought, code. Some 10,000 tokens."""
FURTHER_ROUNDS = 2
"""How often a model is asked again within a turn, having used tools. Each makes the caller wait once more."""


OPINION_S = 6.0
"""How long a judge is waited for while somebody is on the line: they have been thanked, and two seconds of that is
speech. A model takes one to three for an answer of a minute."""


class _EnoughError(Exception):
    """No more of the reply is wanted."""


class Reply:
    """The reply to one turn. `keep(state)`: a tool changed the flow's state. `note`: for the call's page."""

    def __init__(
        self,
        turn: int,
        plan: Plan,
        providers: CallProviders,
        *,
        tell: Tell,
        note: Callable[[Note], None],
        keep: Callable[[FlowState], None],
    ) -> None:
        self._turn = turn
        self._plan = plan
        self._providers = providers
        self._tell = tell
        self._note = note
        self._tools = ToolUse(plan.model.tools if plan.model else (), plan.state, keep=keep, note=note)
        self._written = 0
        self._blank = True
        self._said = 0
        self._said_before = 0
        self._last = ""
        self._held = ""
        self._text = ""
        self._marks: list[str] = []
        self._keep = keep
        self._settled_end = False

    async def run(self) -> None:
        """Tell the call the reply, to its end; never raises but when it is cancelled, and says nothing then."""
        if self._plan.opinion is not None and not await self._with_opinions(self._plan.opinion):
            return
        if self._plan.model is None:
            self._put(self._plan.text)
            self._end()
            return
        lost = False
        try:
            lost = await self._rounds(self._plan.model)
        except _EnoughError:
            self._enough()
            lost = self._said == self._said_before
        except Exception as error:
            _log.warning("reply_by_the_flow_alone", turn=self._turn, began=self._said > 0, why=why("reply", error))
            if self._said > self._said_before:
                self._tell(ReplyBroken(self._turn, self._instead, end=self._ends, transfer=self._transfer))
                return
            lost = True
        else:
            self._note_if_useless()
        if not lost:
            self._settle()
        if lost or not self._said:
            self._put(self._instead)
        self._end()

    @property
    def _instead(self) -> str:
        """What is said if the model says nothing."""
        return self._tools.say or self._plan.text

    def _end(self) -> None:
        plan = self._plan
        self._tell(ReplyEnded(self._turn, self._ends, plan.expects, plan.think_s, self._transfer))

    @property
    def _ends(self) -> bool:
        return self._plan.end or self._settled_end or self._tools.end

    @property
    def _transfer(self) -> str:
        return self._plan.transfer or self._tools.transfer

    async def _with_opinions(self, opinion: Opinion | None) -> bool:
        """Ask the judge, as often as the flow wants to know, and have the plan that holds then. False if the flow
        failed, and nothing more is to be said."""
        while opinion is not None:
            self._put(f"{self._plan.text} " if self._plan.text else "")
            form, name = await self._asked(opinion)
            try:
                self._plan = await _gone_on(opinion, form, name)
            except Exception as error:  # a fault of a flow costs the rest of a reply, not the call
                _log.error("flow_failed", turn=self._turn, error=type(error).__name__, exc_info=error)
                self._tell(ProviderFailed("reply", self._turn, "flow-fault"))
                return False
            self._keep(self._plan.state)
            opinion = self._plan.opinion
        return True

    async def _asked(self, opinion: Opinion) -> tuple[BaseModel | None, str]:
        """What the judge says and who it is; None from one that fails or is late."""
        try:
            async with asyncio.timeout(OPINION_S):
                return await self._providers.opinion(opinion.request, opinion.form)
        except TimeoutError:
            self._note(Note("judged-offline", {"turn": self._turn, "why": "late"}))
        except Exception as error:
            reason = why("judge", error)
            if reason != "unfit":  # there is no vendor, and nobody expected one
                self._note(Note("judged-offline", {"turn": self._turn, "why": reason}))
        return None, ""

    def _settle(self) -> None:
        """Let the flow see what the model said and marked. A reply with neither is none: the flow's words and their
        state hold."""
        if self._plan.settle is None or not (self._said or self._marks):
            return
        try:
            settled = self._plan.settle(self._tools.state, self._text.strip(), tuple(self._marks))
        except Exception as error:  # a fault of a flow costs what it would have said, not the call
            _log.error("reply_not_settled", turn=self._turn, error=type(error).__name__)
            return
        if settled.note:
            self._note(Note(settled.note, {"turn": self._turn}))
        if self._said or settled.say:
            self._keep(settled.state)
            self._settled_end = settled.end
            self._said_before = self._said
            self._put(settled.say)

    async def _rounds(self, request: ModelRequest) -> bool:
        """Ask the model, and again while tools make it necessary. Was that in vain: has it come to no answer?"""
        for _ in range(1 + FURTHER_ROUNDS):
            self._said_before = self._said
            calls = await self._stream(replace(request, results=self._tools.results))
            if not self._tools.use(calls):
                return False
        self._tools.fault("no-end")
        return self._said == self._said_before

    async def _stream(self, request: ModelRequest) -> list[ToolCall]:
        """One reply of the model: its text is told as it comes; the tools that it asks for are given back."""
        cleaner, calls = PlainSpeech(), []
        try:
            async with aclosing(self._providers.reply(replace(self._plan, model=request))) as parts:
                async for part in parts:
                    if isinstance(part, ToolCall):
                        calls.append(part)
                    elif isinstance(part, str):
                        self._give(cleaner.feed(part))
                        self._count(part)
        except Exception as error:
            if not isinstance(error, _EnoughError):
                self._finish(cleaner)
            raise
        self._finish(cleaner)
        self._marks += cleaner.marks
        return calls

    def _count(self, written: str) -> None:
        self._written += len(written)
        self._blank = self._blank and not written.strip()
        if self._written > LONGEST_WRITTEN:
            raise _EnoughError

    def _finish(self, cleaner: PlainSpeech) -> None:
        """What is still held back of this stream."""
        self._give(cleaner.flush())
        held, self._held = self._held, ""
        if self._said > self._said_before:
            self._put(held.rstrip())  # the last mark tells whether it was asked, though it may come by itself
        elif any(c.isalnum() for c in held):
            self._put(held)

    def _give(self, text: str) -> None:
        """Marks wait for a word, lest they open an utterance that has none. Beyond the longest reply nothing goes out
        but the end of the sentence it stopped in."""
        self._held += text
        if self._said < LONGEST_REPLY:
            if not any(c.isalnum() for c in self._held):
                self._held = self._held[-LONGEST_PIECE:]
                return
            room = LONGEST_REPLY - self._said
            now, self._held = self._held[:room], self._held[room:]
            self._put(now)
        if self._said < LONGEST_REPLY or not self._held:
            return
        end = sentence_end(self._held, 0, LONGEST_PIECE, last=False)
        if end is None and len(self._held) > LONGEST_PIECE:
            end = max(self._held.rfind(" ", 0, LONGEST_PIECE), 0)
        if end is not None and end >= 0:
            self._put(self._held[:end])
            raise _EnoughError

    def _put(self, text: str) -> None:
        """Tell the call of it; what comes after something else begins with a space."""
        if not text:
            return
        if self._said == self._said_before and self._last.strip() and text[0].strip():
            text = f" {text}"
        self._said += len(text)
        self._last = text[-1]
        self._text += text
        self._tell(ReplyDelta(self._turn, text))

    def _enough(self) -> None:
        if self._said:
            self._note(Note("reply-cut", {"characters": self._said}))
        else:
            self._note(Note("reply-useless", {"reason": "endless"}))

    def _note_if_useless(self) -> None:
        if not self._said and not self._tools.results:
            self._note(Note("reply-useless", {"reason": "empty" if self._blank else "unspeakable"}))


async def _gone_on(opinion: Opinion, form: BaseModel | None, name: str) -> Plan:
    """What the flow plans upon the judge's word; upon none, if it can make nothing of it. Other calls go on
    meanwhile."""
    if form is not None:
        try:
            return opinion.go_on(form, name)
        except Exception as error:
            _log.error("opinion_useless", error=type(error).__name__, exc_info=error)
    return await asyncio.to_thread(opinion.go_on, None, "") if opinion.heavy else opinion.go_on(None, "")

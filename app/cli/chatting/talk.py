"""An interview by text between a person at a terminal and a server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from app.cli.chatting.lines import NothingTypedError, TypedLines
from app.cli.chatting.server import ChatError, ChatServer, Said, State
from app.cli.chatting.terminal import HELP, Terminal

SAYS: Mapping[str, str] = MappingProxyType(
    {
        "/repeat": "repeat the question",
        "/slower": "slower please",
        "/skip": "skip",
        "/time": "more time please",
        "/correct": "correct my last answer",
        "/stop": "stop",
    }
)
"""What a command says for the candidate: the interviewer knows words, and no commands."""
WAITS = ("new", "paused")
_COMMAND = re.compile(r"/[a-z]+")
_OVER = {
    "complete": "All questions were asked.",
    "stopped": "The interview was stopped.",
    "refused": "There was no agreement: nothing was asked.",
    "not-agreed": "There was no agreement: nothing was asked.",
}


class _Left(Exception):  # noqa: N818 - no error: the person has left
    """The person leaves; the interview stays open."""


class Talk:
    """`timeouts`: tell the interviewer when nothing was typed in the time that it gave."""

    def __init__(self, server: ChatServer, lines: TypedLines, terminal: Terminal, *, timeouts: bool = False) -> None:
        self._server = server
        self._lines = lines
        self._terminal = terminal
        self._timeouts = timeouts
        self._id: UUID | None = None
        self._state: State | None = None

    def begin(self, persona: str, name: str | None, role: str | None, topic: str, candidate_id: str) -> None:
        """A new interview, started; what is not told is asked for, if somebody is there to be asked. Raises
        ChatError."""
        wanted = {
            "persona": persona,
            "candidate_name": self._asked("Your name") if name is None else name,
            "role": self._asked("The role") if role is None else role,
            "candidate_id": candidate_id,
        }
        self._id = self._server.begin(wanted | ({"topic": topic} if topic else {}))
        self._terminal.tells(f"Interview {self._id}. /help tells what else can be typed.\n")
        self._happens("start")

    def take_up(self, interview: UUID) -> None:
        """One that was left open: what was said last, and on. Raises ChatError."""
        self._id = interview
        page = self._server.said(interview)
        self._state = page.state
        if page.state.phase in WAITS:
            self._happens("start")
            return
        since = next((n for n in range(len(page.items), 0, -1) if page.items[n - 1].role == "candidate"), 0)
        if since:
            self._terminal.candidate(page.items[since - 1].text)
        self._show(page.items[since:], page.state)

    def lead(self) -> None:
        """Until it is over, paused, or the person leaves. Raises ChatError, and KeyboardInterrupt after it was said
        how to go on."""
        try:
            while self._state is not None and self._state.phase not in ("over", *WAITS):
                self._turn(self._state)
        except _Left:
            self._open()
        except (KeyboardInterrupt, ChatError):
            self._open()
            raise
        else:
            self._end()

    def _turn(self, state: State) -> None:
        """One line of the candidate's, or their silence."""
        try:
            typed = self._typed(state)
        except NothingTypedError:
            self._terminal.tells("")
            self._happens("timeout")
            return
        if typed is None or typed == "/quit":
            raise _Left
        if _COMMAND.fullmatch(typed) and typed not in SAYS:
            self._terminal.tells(HELP)
            return
        if not typed.strip():
            return
        try:
            self._happens("user_turn", SAYS.get(typed, typed))
        except ChatError as error:
            if error.status != 422:  # what is too long can be said in fewer words
                raise
            self._terminal.trouble(str(error))

    def _typed(self, state: State) -> str | None:
        within_s = state.expects.think_s if state.expects and self._timeouts else None
        if self._lines.typed:
            self._terminal.prompt()
        line = self._lines.next(within_s)
        if line is None:
            return None
        if not self._lines.typed:
            self._terminal.candidate(line)
        return line.strip() if line.startswith("/") else line

    def _happens(self, event_type: str, text: str = "") -> None:
        answer = self._server.happens(self._known, event_type, text)
        self._show(answer.messages, answer.state)

    def _show(self, said: list[Said], state: State) -> None:
        self._state = state
        self._terminal.agent(said, state)

    def _asked(self, what: str) -> str:
        if not self._lines.typed:
            return ""
        self._terminal.asks(what)
        return (self._lines.next() or "").strip()

    def _open(self) -> None:
        self._terminal.tells(f"\nThe interview stays open. Take it up again: python -m app chat --interview {self._id}")

    def _end(self) -> None:
        state = self._state
        if state is None or state.phase != "over":
            self._open()
            return
        self._terminal.tells(f"\n{_OVER.get(state.over or '', 'The interview is over.')}")
        self._terminal.card(self._server.card(self._known))
        self._terminal.tells(f"{self._server.url}/admin/interviews/{self._id}")

    @property
    def _known(self) -> UUID:
        if self._id is None:
            raise ChatError("No interview was begun.")
        return self._id

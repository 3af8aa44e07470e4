"""The server's interviews by text, as the terminal asks for them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Literal, Self, TypeVar
from uuid import UUID, uuid4

import httpx
from pydantic import BaseModel, ValidationError

ANSWERS_WITHIN_S = 90.0
"""A judge may take its time, and another one behind it."""
TRIES_AFTER_S = (0.5, 1.0, 2.0, 4.0, 8.0, 8.0)
"""A server that is started again is back within these. What is sent again is the same event: it happens once."""


M = TypeVar("M", bound=BaseModel)


class ChatError(Exception):
    """The server refuses or cannot be reached; the message says what to do. `status`: HTTP's, 0 without an answer."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class Expects(BaseModel):
    """What the candidate is to do, and the seconds until a timeout may be told."""

    kind: str
    think_s: float


class State(BaseModel):
    """Where the interview is."""

    phase: str
    over: str | None
    question_number: int | None
    question_count: int
    expects: Expects | None


class Said(BaseModel):
    """Something that was said. `role`: of what is read back; what answers a turn is the agent's."""

    role: Literal["agent", "candidate", "system"] = "agent"
    kind: str
    text: str


class Answer(BaseModel):
    """To a turn."""

    messages: list[Said]
    state: State


class Page(BaseModel):
    """What was said so far."""

    items: list[Said]
    next_cursor: str | None
    state: State


class Sum(BaseModel):
    """Points had of those there were to have."""

    points: int
    most: int


class Card(BaseModel):
    """A scorecard, as far as the terminal shows it."""

    total: Sum
    by_level: dict[str, Sum]


class ChatServer:
    """`waits(s)`: is told before a request is sent again after so many seconds."""

    def __init__(self, url: str, api_key: str, waits: Callable[[float], None]) -> None:
        self.url = url
        self._waits = waits
        headers = {"Authorization": f"Bearer {api_key}"}
        self._client = httpx.Client(
            base_url=f"{url}/api/v1", headers=headers, timeout=ANSWERS_WITHIN_S, trust_env=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def begin(self, wanted: dict[str, str]) -> UUID:
        """A new interview. Raises ChatError."""
        made = self._asked("POST", "/interviews", json=wanted, headers={"Idempotency-Key": uuid4().hex})
        return UUID(made["id"])

    def happens(self, interview: UUID, event_type: str, text: str = "") -> Answer:
        """What is answered to an event; it happens once, however often it must be sent. Raises ChatError."""
        event = {"event_type": event_type, "event_id": uuid4().hex} | ({"text": text} if text else {})
        return _of(Answer, self._asked("POST", f"/interviews/{interview}/turns", json=event))

    def said(self, interview: UUID) -> Page:
        """Everything that was said, and where it is now. Raises ChatError."""
        whole: list[Said] = []
        query: dict[str, str] = {}
        while True:
            page = _of(Page, self._asked("GET", f"/interviews/{interview}/messages", params=query))
            whole += page.items
            if page.next_cursor is None:
                return Page(items=whole, next_cursor=None, state=page.state)
            query = {"cursor": page.next_cursor}

    def card(self, interview: UUID) -> Card:
        """Raises ChatError."""
        return _of(Card, self._asked("GET", f"/interviews/{interview}/scorecard"))

    def _asked(self, method: str, path: str, **more: Any) -> Any:
        for after_s in (*TRIES_AFTER_S, None):
            try:
                answer = self._client.request(method, path, **more)
            except httpx.TransportError as error:
                why = ChatError(f"{self.url} does not answer ({type(error).__name__}): is the server running?")
            else:
                if not answer.is_server_error:
                    return _content(answer)
                why = _problem(answer)
            if after_s is None:
                raise why
            self._waits(after_s)
            threading.Event().wait(after_s)
        raise AssertionError("the last try gives or raises")


def _content(answer: httpx.Response) -> Any:
    if not answer.is_success:
        raise _problem(answer)
    try:
        return answer.json()
    except ValueError:
        raise ChatError("The answer is no JSON: is this a Parley server?", answer.status_code) from None


def _problem(answer: httpx.Response) -> ChatError:
    try:
        told = answer.json()
        faults = [f"{fault['at'].removeprefix('body.')}: {fault['problem']}" for fault in told.get("errors") or []]
        words = "; ".join(faults) or str(told["detail"])
    except (ValueError, KeyError, TypeError, AttributeError):
        words = f"The server answered {answer.status_code}."
    return ChatError(words, answer.status_code)


def _of(kind: type[M], content: Any) -> M:
    try:
        return kind.model_validate(content)
    except ValidationError:
        raise ChatError("The answer is not in order: is the server of another version?") from None

"""An interview by text from the terminal: what is typed, what is shown, and a server that goes away in between."""

from __future__ import annotations

import asyncio
import io
import os
import re
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from rich.console import Console

from app.cli.chatting import server as asking
from app.cli.chatting.lines import NothingTypedError, TypedLines
from app.cli.chatting.server import ChatError, ChatServer
from app.cli.chatting.talk import Talk
from app.cli.chatting.terminal import Terminal
from tests.house import Lodging, lodging
from tests.runtime.interviewed import EVASION
from tests.server import REPOSITORY


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Lodging]:
    settings = {"PERSONAS_DIR": str(REPOSITORY / "personas"), "DEFAULT_PERSONA": "interviewer"}
    async with lodging(tmp_path, settings) as house:
        yield house


class Sat:
    """Somebody at a terminal. Every line that is shown may be answered by `types`."""

    def __init__(self, house: Lodging, *, timeouts: bool = False) -> None:
        self.shown = io.StringIO()
        self.terminal = Terminal(Console(file=self.shown, highlight=False, soft_wrap=True))
        reading, self._keys = os.pipe()
        self._stream = os.fdopen(reading, encoding="utf-8")
        self.server = ChatServer(house.url, house.api_key, self.terminal.waits)
        self.talk = Talk(self.server, TypedLines(self._stream), self.terminal, timeouts=timeouts)

    def types(self, *lines: str) -> None:
        os.write(self._keys, "".join(f"{line}\n" for line in lines).encode())

    def leaves(self) -> None:
        """The end of what is piped in."""
        if self._keys >= 0:
            os.close(self._keys)
            self._keys = -1

    async def does(self, what: Callable[[], None]) -> str:
        """In a thread, as the server runs here; gives all that is on the screen then."""
        await asyncio.to_thread(what)
        return self.shown.getvalue()

    async def begins(self, **more: str) -> str:
        given = {"persona": "interviewer", "name": "Ada", "role": "", "topic": "python", "candidate_id": ""} | more
        return await self.does(lambda: self.talk.begin(**given))  # type: ignore[arg-type]

    def goes(self) -> None:
        self.leaves()
        self.server.__exit__(None, None, None)
        self._stream.close()

    @property
    def id(self) -> str:
        found = re.search(r"Interview ([0-9a-f-]{36})", self.shown.getvalue())
        assert found
        return found[1]


@pytest.fixture
def sat(house: Lodging) -> Iterator[Callable[..., Sat]]:
    there: list[Sat] = []

    def sit(**more: bool) -> Sat:
        there.append(Sat(house, **more))
        return there[-1]

    yield sit
    for one in there:
        one.goes()


async def test_a_whole_interview_ends_with_its_total(sat: Callable[..., Sat]) -> None:
    ada = sat()
    await ada.begins()

    def answers() -> None:
        ada.types("yes", *["/skip"] * 10)
        ada.talk.lead()

    shown = await ada.does(answers)
    assert shown.count("Question ") == 10
    assert "Question 10 of 10" in shown
    assert "All questions were asked." in shown
    assert "Total: 10 of 90\nbasic 4 of 36, moderate 3 of 27, advanced 3 of 27" in shown
    assert shown.rstrip().endswith(f"/admin/interviews/{ada.id}")


async def test_commands_are_said_in_words_and_unknown_ones_are_explained(sat: Callable[..., Sat]) -> None:
    ada = sat()
    await ada.begins()
    ada.types(
        "yes", "", "  ", "/help", "/ski", "/repeat", "/slower", "/time", "/correct", "/stop", "no", "/usr/bin it is"
    )
    ada.leaves()
    shown = await ada.does(ada.talk.lead)
    assert shown.count("A line is your answer.") == 2
    for line in ("Here is the question again.", "in shorter sentences", "There is no earlier answer", "we go on"):
        assert line in shown
    assert "hint" in shown, "a line that only begins like a command is an answer"
    assert "The interview stays open." in shown


async def test_one_that_was_left_is_taken_up_where_it_was(sat: Callable[..., Sat]) -> None:
    ada = sat()
    await ada.begins()
    ada.types("yes", EVASION, "/quit", "never read")
    shown = await ada.does(ada.talk.lead)
    assert f"python -m app chat --interview {ada.id}" in shown
    hint = shown[shown.rindex("hint") : shown.index("\n", shown.rindex("hint"))]
    back = sat()
    shown = await back.does(lambda: back.talk.take_up(asking.UUID(ada.id)))
    assert f"> {EVASION}" in shown
    assert hint in shown
    assert "Before we begin" not in shown
    back.types("stop", "yes")
    shown = await back.does(back.talk.lead)
    assert "The interview was stopped." in shown
    assert "Total: 1 of 90" in shown
    late = sat()
    await late.does(lambda: late.talk.take_up(asking.UUID(ada.id)))
    assert "Total: 1 of 90" in await late.does(late.talk.lead)


async def test_silence_is_told_where_that_is_wanted(sat: Callable[..., Sat], monkeypatch: pytest.MonkeyPatch) -> None:
    ada = sat(timeouts=True)
    await ada.begins()
    ada.types("yes")
    waited: list[float | None] = []
    after = TypedLines.next

    def at_once(self: TypedLines, within_s: float | None = None) -> str | None:
        waited.append(within_s)
        return after(self, 0.0)

    monkeypatch.setattr(TypedLines, "next", at_once)
    shown = await ada.does(ada.talk.lead)
    assert len(waited) == 5
    assert all(waited)
    assert "I'm still here" in shown
    assert "Come back, and we go on at this question." in shown
    assert "The interview stays open." in shown


async def test_a_server_that_is_away_for_a_moment_costs_a_moment(
    sat: Callable[..., Sat], house: Lodging, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = sat()
    await ada.begins()
    there = ada.server._client.base_url
    monkeypatch.setattr(asking, "TRIES_AFTER_S", (0.0, 0.0))

    def is_back(for_s: float) -> None:
        ada.terminal.waits(for_s)
        ada.server._client.base_url = there

    ada.server._client.base_url = asking.httpx.URL("http://127.0.0.1:9/api/v1")
    ada.server._waits = is_back
    ada.types("yes")
    ada.leaves()
    shown = await ada.does(ada.talk.lead)
    assert "trying again" in shown
    assert "Question 1 of 10" in shown
    ada.server._client.base_url = asking.httpx.URL("http://127.0.0.1:9/api/v1")
    ada.server._waits = ada.terminal.waits
    with pytest.raises(ChatError, match="is the server running"):
        await ada.does(lambda: ada.talk.take_up(asking.UUID(ada.id)))


async def test_what_is_too_long_is_told_and_can_be_said_shorter(sat: Callable[..., Sat]) -> None:
    ada = sat()
    await ada.begins()

    def answers() -> None:
        threading.Thread(target=ada.types, args=("yes", "x" * 20_001, "stop", "yes")).start()
        ada.talk.lead()

    shown = await ada.does(answers)
    assert "text: String should have at most 20000 characters" in shown
    assert "The interview was stopped." in shown


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"persona": "nobody"}, "persona: 'nobody' is no persona"),
        ({"topic": "no-such"}, "topic: 'no-such' is no topic"),
    ],
)
async def test_what_cannot_be_had_is_told(sat: Callable[..., Sat], more: dict[str, str], says: str) -> None:
    with pytest.raises(ChatError, match=says):
        await sat().begins(**more)


async def test_others_interviews_and_wrong_keys_are_told(sat: Callable[..., Sat], house: Lodging) -> None:
    with pytest.raises(ChatError, match="no such interview"):
        await asyncio.to_thread(sat().talk.take_up, asking.uuid4())
    house.api_key = "another"
    with pytest.raises(ChatError, match="not the right one"):
        await sat().begins()


def test_lines_come_whole_however_they_were_cut() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading) as stream:
        lines = TypedLines(stream)
        assert not lines.typed
        os.write(writing, "ein Grüß".encode()[:-1])
        with pytest.raises(NothingTypedError):
            lines.next(0.0)
        os.write(writing, "ß\r\nzwei\n\nd\xffrei".encode()[1:] + b"\xff")
        os.close(writing)
        assert [lines.next() for _ in range(6)] == ["ein Grüß", "zwei", "", "dÿrei\ufffd", None, None]


def test_nothing_that_was_said_is_obeyed_by_the_terminal() -> None:
    shown = io.StringIO()
    terminal = Terminal(Console(file=shown, soft_wrap=True))
    terminal.candidate("\x1b[31mred\x1b[0m [bold]b[/bold] \x07")
    assert "\x1b" not in shown.getvalue()
    assert "[bold]b[/bold]" in shown.getvalue()

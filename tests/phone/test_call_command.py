"""`call`, as typed: what it takes from the settings, how it ends, what it says of mistakes."""

from __future__ import annotations

import asyncio
import threading
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from app.carriers.protocol import MediaArrived, StreamStopped
from app.cli.call import call
from tests.phone.stand_in import TOKEN, Session, StandIn, running

cli = typer.Typer()
cli.command()(call)


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    for name in ("TWILIO_AUTH_TOKEN", "API_KEY", "PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)


@contextmanager
def served(server: StandIn) -> Iterator[StandIn]:
    """In a thread with a loop of its own, as the command runs its own loop, too."""
    ready, done = threading.Event(), threading.Event()

    async def serve() -> None:
        async with running(server):
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    ready.wait(5)
    try:
        yield server
    finally:
        done.set()
        thread.join()


def typed(*words: str) -> Result:
    return CliRunner().invoke(cli, list(words), env={"COLUMNS": "200"})


async def polite(session: Session) -> None:
    await session.say(b"\x00" * 1600, "greeting")
    await session.until(lambda event: isinstance(event, MediaArrived) and event.payload.strip(b"\xff") != b"")
    await session.say(b"\x00" * 800, "goodbye")


def beep(path: Path) -> str:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(b"\x00\x40" * 1600)
    return str(path)


@pytest.mark.slow
def test_a_recording_is_said_and_the_call_kept(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "twilio-auth-token").write_text(TOKEN + "\n")
    with served(StandIn(polite)) as server:
        out = tmp_path / "out.wav"
        result = typed("--url", server.url, "--wav", beep(tmp_path / "a.wav"), "--out", str(out), "--to", "+15559")
    assert result.exit_code == 0, result.output
    assert "“a.wav”" in result.output
    assert "ended: agent hung up" in result.output
    assert "wire faults" in result.output
    assert "No API key" in result.output
    assert server.requests[0][1]["To"] == "+15559"
    with wave.open(str(out)) as file:
        assert file.getnchannels() == 2


def test_a_server_that_breaks_the_protocol_fails_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    async def talk(session: Session) -> None:
        await session.socket.send_text('{"event":"media"}')
        await session.say(b"\x00" * 400, "end")

    monkeypatch.setenv("TWILIO_AUTH_TOKEN", TOKEN)
    with served(StandIn(talk)) as server:
        result = typed("--url", server.url)
    assert result.exit_code == 1
    assert "missing_keys ×1" in result.output


def test_a_script_that_is_not_met_fails_the_command(tmp_path: Path) -> None:
    async def mute(session: Session) -> None:
        await session.until(lambda event: isinstance(event, StreamStopped))

    (tmp_path / "s.yaml").write_text("- expect_end: 0.1")
    with served(StandIn(mute)) as server:
        result = typed("--url", server.url, "--auth-token", TOKEN, "--script", "s.yaml")
    assert result.exit_code == 1
    assert "expected to end the call within 0.1 s" in result.output


@pytest.mark.parametrize(
    ("words", "complaint", "code"),
    [
        (["--digits", "1"], "There is no auth token", 2),
        (["--auth-token", "t", "--wav", "none.wav"], "none.wav: cannot be read", 2),
        (["--auth-token", "t", "--script", "s.yaml", "--say", "x"], "without --say", 2),
        (["--auth-token", "t", "--url", "http://127.0.0.1:9"], "is the server running", 1),
    ],
)
def test_mistakes_are_one_line(words: list[str], complaint: str, code: int) -> None:
    result = typed(*words)
    assert result.exit_code == code
    assert complaint in result.output
    assert "Traceback" not in result.output


def test_the_phone_never_makes_the_servers_secrets(tmp_path: Path) -> None:
    typed("--digits", "1")
    assert not (tmp_path / "data").exists()

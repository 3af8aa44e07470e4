"""Interviews by text with the real server, which is killed at every stage of them: nothing is asked twice or lost."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import threading
from typing import Any

import httpx
import pytest

from tests.end_to_end.conftest import StartServer
from tests.runtime.interviewed import ANSWERS, EVASION
from tests.server import REPOSITORY, RunningServer, environment

ROAD: list[tuple[str, str]] = [
    ("start", ""),
    ("user_turn", "yes, I agree"),
    ("user_turn", EVASION),
    ("user_turn", EVASION),
    ("user_turn", "I don't know"),
    ("user_turn", "stop"),
    ("user_turn", "no, let's go on"),
    ("user_turn", "skip"),
    *[("timeout", "")] * 4,
    ("start", ""),
]
"""Through every phase: consent, a question, its hint, silence, stopping, a pause."""

KILLED_AFTER = (1, 2, 5, 11)
"""The first question was asked; its hint was given; whether to stop was asked; the pause."""


@pytest.fixture(scope="module")
def led(start_server: StartServer) -> RunningServer:
    return start_server(PERSONAS_DIR=str(REPOSITORY / "personas"), DEFAULT_PERSONA="interviewer")


def begin(server: RunningServer, key: str) -> str:
    body = {"persona": "interviewer", "candidate_name": "Ada", "topic": "python"}
    answer = server.rest.post("/interviews", json=body, headers={"Idempotency-Key": key})
    answer.raise_for_status()
    return str(answer.json()["id"])


def send(server: RunningServer, id_: str, event_id: str, type_: str, text: str) -> httpx.Response:
    body = {"event_type": type_, "event_id": event_id} | ({"text": text} if text else {})
    return server.rest.post(f"/interviews/{id_}/turns", json=body, timeout=20.0)


def happens(server: RunningServer, id_: str, event_id: str, type_: str, text: str) -> dict[str, Any]:
    answer = send(server, id_, event_id, type_, text)
    assert answer.status_code == 200, f"{answer.text} {server.said()[-3000:]}"
    found: dict[str, Any] = answer.json()
    return found


def messages(server: RunningServer, id_: str) -> dict[str, Any]:
    answer = server.rest.get(f"/interviews/{id_}/messages")
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def again(server: RunningServer) -> None:
    server.kill()
    server.start()


def test_killed_between_any_two_turns_nothing_is_asked_twice_and_nothing_is_lost(led: RunningServer) -> None:
    id_ = begin(led, "killed")
    turns: list[dict[str, Any]] = []
    for place, (type_, text) in enumerate(ROAD):
        turns.append(happens(led, id_, f"e-{place}", type_, text))
        before = messages(led, id_)
        if place in KILLED_AFTER:
            again(led)
            assert messages(led, id_) == before, f"after {type_} {text!r}"
            assert begin(led, "killed") == id_
        assert happens(led, id_, f"e-{place}", type_, text) == turns[-1], "the same event has the same answer"
        assert messages(led, id_) == before
    asked = [line["text"] for turn in turns for line in turn["messages"] if line["kind"] == "question"]
    assert len(asked) == len(set(asked)) >= 4
    while turns[-1]["state"]["phase"] != "over":
        question = next(line["text"] for line in reversed(turns[-1]["messages"]) if line["text"] in ANSWERS)
        turns.append(happens(led, id_, f"e-{len(turns)}", "user_turn", ANSWERS[question]))
        asked += [line["text"] for line in turns[-1]["messages"] if line["kind"] == "question"]
    assert len(asked) == len(set(asked)) == 10
    again(led)
    assert send(led, id_, "e-late", "user_turn", "one more thing").status_code == 409
    assert messages(led, id_)["state"]["over"] == "complete"


@pytest.mark.parametrize("after_ms", [5, 30])
def test_killed_in_the_midst_of_a_turn_it_happens_once_when_it_is_sent_again(led: RunningServer, after_ms: int) -> None:
    id_ = begin(led, f"midst {after_ms}")
    happens(led, id_, "e-1", "start", "")
    happens(led, id_, "e-2", "user_turn", "yes")
    answer = "well, " + "that is another thing altogether and nobody knows how it came about. " * 200
    lost: list[Exception] = []

    def sending() -> None:
        try:
            send(led, id_, "e-3", "user_turn", answer)
        except httpx.TransportError as error:
            lost.append(error)

    thread = threading.Thread(target=sending)
    thread.start()
    thread.join(after_ms / 1000)
    again(led)
    thread.join(20)
    turn = happens(led, id_, "e-3", "user_turn", answer)
    assert (turn["seq"], [line["kind"] for line in turn["messages"]]) == (3, ["acknowledgement", "hint"])
    said = messages(led, id_)["items"]
    assert [item["kind"] for item in said].count("question") == 1
    assert [item["text"] for item in said if item["role"] == "candidate"] == ["yes", answer]


def chat(server: RunningServer, *options: str) -> list[str]:
    return [sys.executable, "-m", "app", "chat", "--url", server.url, "--api-key", server.api_key, *options]


def test_the_terminal_takes_an_interview_up_that_was_left_and_ctrl_c_leaves_it_open(led: RunningServer) -> None:
    given = {"cwd": led.folder, "env": environment(led.data_dir), "text": True}
    piped = subprocess.run(
        chat(led, "--name", "Ada", "--topic", "python"),
        input="yes\nI don't know\n",
        capture_output=True,
        timeout=90,
        check=True,
        **given,  # type: ignore[call-overload]
    ).stdout
    assert "Question 2 of 10" in piped
    found = re.search(r"python -m app chat --interview (\S+)", piped)
    assert found
    ours, theirs = pty.openpty()
    typed = subprocess.Popen(
        chat(led, "--interview", found[1]),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        **given,  # type: ignore[call-overload]
    )
    os.close(theirs)
    shown = ""
    while "> " not in shown.rpartition("\n")[2]:
        shown += os.read(ours, 4096).decode()
    question = next(text for text in ANSWERS if text.split("?")[0][-20:] in piped.split("Question 2 of 10")[1])
    assert question.split()[0] in shown
    typed.send_signal(signal.SIGINT)
    assert typed.wait(30) == 130
    rest = os.read(ours, 4096).decode()
    os.close(ours)
    assert found[1] in rest.replace("\r\n", "")
    assert messages(led, found[1])["state"]["question_number"] == 2

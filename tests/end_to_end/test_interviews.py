"""Interviews over real sockets, by a server that is killed and started again: nothing asked twice, nothing lost."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from app.phone.line import Caller
from app.phone.webhook import PhoneError
from tests.babble import babble
from tests.end_to_end.conftest import StartServer
from tests.end_to_end.waiting import ended_call, until
from tests.server import RunningServer

PERSONAS = str(Path(__file__).parent / "interviewing")
AGREED = "yes I agree"
TESTS = "you find bugs and it is safe to change things"
REVIEW = "a second pair of eyes and you share knowledge"
OUTAGE = "I roll back and then I tell the customers"
POOR = "well I had a cup of coffee with everybody in the kitchen"


def panel(start_server: StartServer, *transcripts: str) -> RunningServer:
    """A server whose callers say these things in turn."""
    return start_server(PERSONAS_DIR=PERSONAS, DEFAULT_PERSONA="panel", MOCK_TRANSCRIPTS="|".join(transcripts))


def then_say(server: RunningServer, *transcripts: str) -> None:
    """What its callers say once it has been started again."""
    server.settings = {**server.settings, "MOCK_TRANSCRIPTS": "|".join(transcripts)}


async def hears_out(caller: Caller) -> None:
    assert await caller.heard_silence(900)


async def answers(caller: Caller, times: int = 1, seed: int = 1) -> None:
    """Speaks when the agent has finished, and hears the whole reply."""
    for number in range(times):
        await hears_out(caller)
        caller.speak(babble(1.2, seed + number))
        assert await caller.heard_reply()


def interviews(server: RunningServer) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = server.rest.get("/interviews").raise_for_status().json()["items"]
    return items


async def scorecard(server: RunningServer, points: int) -> dict[str, Any]:
    """The only interview's, once it is worth so much."""
    (interview,) = await until(lambda: interviews(server), lambda found: bool(found) and found[0]["points"] == points)
    path = f"/interviews/{interview['id']}/scorecard"
    card: dict[str, Any] = server.rest.get(path).raise_for_status().json()
    return card


def agent_said(server: RunningServer, caller: Caller) -> list[str]:
    lines = server.transcript(caller.parties.call_sid)
    return [line["text"] for line in lines if line["role"] == "agent"]


def quotes_of(found: Any) -> list[dict[str, Any]]:
    """Whatever in a scorecard is a quote, wherever it stands."""
    if isinstance(found, list):
        return [quote for item in found for quote in quotes_of(item)]
    if not isinstance(found, dict):
        return []
    own = [found] if {"text", "segment", "attempt", "heard_at"} <= found.keys() else []
    return own + [quote for value in found.values() for quote in quotes_of(value)]


def has_recording(server: RunningServer, caller: Caller) -> bool:
    return server.rest.get(f"/calls/{caller.parties.call_sid}/recording.wav").is_success


async def test_a_whole_interview_is_led_scored_and_recorded(start_server: StartServer) -> None:
    server = panel(start_server, AGREED, TESTS, POOR, REVIEW, OUTAGE)
    async with server.caller() as caller:
        assert await caller.dial()
        await answers(caller, 5)
        assert await caller.ended()
        assert caller.unheard_ms == 0, "the goodbye was heard to its end"
        await ended_call(server, caller.parties.call_sid)
    card = await scorecard(server, 9 + 4 + 9)
    said = agent_said(server, caller)
    assert said[:2] == ["Hello. I am an automated interviewer.", "Do you agree?"]
    assert sum("A hint:" in line for line in said) == 1
    assert has_recording(server, caller)
    lines = {line["id"]: line for line in server.transcript(caller.parties.call_sid)}
    quotes = [quote for quote in quotes_of(card) if quote["attempt"] != "consent"]
    assert len(quotes) >= 6
    for quote in quotes:
        line, heard = lines[quote["heard_at"]["segment_id"]], quote["heard_at"]
        assert quote["text"] in line["text"]
        assert line["role"] == "caller"
        assert line["started_ms"] <= heard["at_ms"] <= line["ended_ms"], "a click on it plays it"


async def test_killed_between_questions_it_goes_on_when_it_is_rung_again(start_server: StartServer) -> None:
    server = panel(start_server, AGREED, TESTS)
    async with server.caller() as first:
        assert await first.dial()
        await answers(first, 2)
        await hears_out(first)
        server.kill()
        with pytest.raises(PhoneError, match="Nobody answers"):
            await first.ended(10)
    then_say(server, REVIEW, OUTAGE)
    server.start()
    async with server.caller() as second:
        assert await second.dial()
        await answers(second, 2, seed=5)
        assert await second.ended()
        await ended_call(server, second.parties.call_sid)
    await scorecard(server, 27)
    before, after = agent_said(server, first), agent_said(server, second)
    assert after[:2] == ["We go on, automated.", "What is review for?"]
    assert sum("Why write tests?" in line for line in before + after) == 1
    assert sum("The site is down." in line for line in before + after) == 1


async def test_dropped_in_mid_answer_and_rung_again_what_was_half_said_counts(start_server: StartServer) -> None:
    server = panel(start_server, AGREED, "well you find bugs", "and it is safe to change things", REVIEW, OUTAGE)
    async with server.caller() as first:
        assert await first.dial()
        await answers(first, 1)
        await hears_out(first)
        first.speak(babble(4.0, 2))
        await asyncio.sleep(2.0)
        await first.hang_up()
        async with server.caller() as second:  # at once, while the last words are still being written down
            assert await second.dial()
            await answers(second, 3, seed=5)
            assert await second.ended()
            await ended_call(server, second.parties.call_sid)
    after = agent_said(server, second)
    assert after[:2] == ["We go on, automated.", "Go on from there. Why write tests?"]
    card = await scorecard(server, 27)
    lines = [line["text"] for line in card["questions"][0]["attempts"][0]["lines"]]
    assert lines == ["well you find bugs", "and it is safe to change things"], "what was half said is kept, and counts"
    assert sum("What is review for?" in line for line in agent_said(server, first) + after) == 1


async def test_a_refusal_and_a_hang_up_before_consent_leave_no_recording(start_server: StartServer) -> None:
    server = panel(start_server, "no I do not agree")
    async with server.caller() as refuses, server.caller(from_="+15550100009") as vanishes:
        assert await vanishes.dial()
        assert await vanishes.heard_speech()
        await vanishes.hang_up()
        assert await refuses.dial()
        await answers(refuses)
        assert await refuses.ended()
        for caller in (refuses, vanishes):
            call = await ended_call(server, caller.parties.call_sid)
            assert call["recording_ms"] is None
            answer = server.rest.get(f"/calls/{caller.parties.call_sid}/recording.wav")
            assert (answer.status_code, "did not agree" in answer.json()["detail"]) == (404, True)
    assert agent_said(server, refuses)[-1] == "No recording then, bye."
    assert list(server.data_dir.rglob("*.wav")) == []


async def test_who_withholds_their_number_or_is_another_begins_anew(start_server: StartServer) -> None:
    server = panel(start_server, AGREED)
    for number in ("anonymous", "anonymous", "+15550100020", "+15550100021"):
        async with server.caller(from_=number) as caller:
            assert await caller.dial()
            await answers(caller)
            await hears_out(caller)
            await caller.hang_up()
            await ended_call(server, caller.parties.call_sid)
            assert agent_said(server, caller)[0].startswith("Hello.")
    assert len(interviews(server)) == 4

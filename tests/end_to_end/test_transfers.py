"""A caller who asks for a person is put through, over real sockets; and where nobody answers the talk goes on."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.call.replay import replay
from app.phone import webhook
from app.phone.twiml import Hangup, Verb
from tests.babble import babble
from tests.end_to_end.conftest import StartServer
from tests.end_to_end.waiting import ended_call, until
from tests.server import RunningServer

PEOPLE = Path(__file__).parent / "personas_with_people"


@pytest.fixture(scope="module")
def desk(start_server: StartServer) -> RunningServer:
    """Every caller asks for the opening hours, then for a person."""
    return start_server(
        PERSONAS_DIR=str(PEOPLE),
        DEFAULT_PERSONA="desk",
        MOCK_TRANSCRIPTS="what are your opening hours",
    )


def transfers(server: RunningServer) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(server.data_dir / "parley.db")) as db:
        db.row_factory = sqlite3.Row
        return [dict(row) for row in db.execute("SELECT * FROM call_transfer ORDER BY asked_at")]


def lines(server: RunningServer, sid: str) -> list[str]:
    return [line["heard_text"] for line in server.transcript(sid) if line["role"] == "agent"]


async def test_who_asks_is_put_through_and_the_person_is_told_who_it_is(desk: RunningServer) -> None:
    async with desk.caller(person="answers") as caller:
        assert await caller.dial()
        assert await caller.heard_silence(300)
        caller.speak(babble(0.9, 1))
        assert await caller.heard_reply()
        assert await caller.heard_silence(500)
        caller.press("0")
        assert await caller.ended(20)
        assert caller.unheard_ms == 0, "the promise was heard to its end"
        assert caller.faults.total == 0, str(caller.faults)
        whispered = caller.whispered[0]
    digits = " ".join(caller.parties.from_[1:])
    assert whispered == f"Di has {digits} on the line: what are your opening hours"
    call = await ended_call(desk, caller.parties.call_sid)
    assert (call["status"], call["end_reason"]) == ("completed", "transferred")
    asked = transfers(desk)[-1]
    assert (asked["status"], asked["asked_by"], asked["duration_s"]) == ("answered", "key", 7)
    timeline = desk.rest.get(f"/calls/{caller.parties.call_sid}/timeline.jsonl").raise_for_status().text
    assert '"action":"Transfer"' in timeline
    assert replay(timeline.splitlines()).differences == []


@pytest.mark.parametrize("person", ["no-answer", "busy", "failed", "declines", "no-key"])
async def test_where_nobody_takes_the_call_the_agent_says_so_and_the_talk_goes_on(
    desk: RunningServer, person: Any
) -> None:
    async with desk.caller(person=person) as caller:
        assert await caller.dial()
        assert await caller.heard_silence(300)
        caller.press("0")
        back = f"{caller.parties.call_sid}.2"
        await until(lambda: lines(desk, back) if known(desk, back) else [], bool, 20)
        assert await caller.heard_silence(500)
        caller.speak(babble(0.9, 2))
        assert await caller.heard_reply()
        assert await caller.heard_silence(500)
        caller.press("9")
        assert await caller.ended(20)
        assert caller.faults.total == 0, str(caller.faults)
    first, second = await ended_call(desk, caller.parties.call_sid), await ended_call(desk, back)
    assert first["conversation_id"] == second["conversation_id"]
    assert (first["end_reason"], second["end_reason"]) == ("transferred", "completed")
    assert lines(desk, caller.parties.call_sid) == ["Hello there.", "Putting you through."]
    assert lines(desk, back) == ["Nobody is in.", "Nine till five daily.", "Bye for now."]
    asked = transfers(desk)[-1]
    wanted = {"declines": "declined", "no-key": "declined"}.get(person, person)
    assert (asked["status"], asked["back_call_id"]) == (wanted, second["id"].replace("-", ""))


def known(server: RunningServer, sid: str) -> bool:
    return server.rest.get(f"/calls/{sid}").is_success


async def test_messages_that_come_twice_late_or_reversed_change_nothing(desk: RunningServer) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        async with desk.caller(person="answers", client=client) as caller:
            assert await caller.dial()
            assert await caller.heard_silence(300)
            caller.press("0")
            assert await caller.ended(20)
        asked = transfers(desk)[-1]
        base = f"{desk.public_url}/twilio"

        async def post(url: str, **extra: str) -> tuple[Verb, ...]:
            form = webhook.form(caller.parties, "in-progress", extra)
            return await webhook.post(client, desk.address, url, form)

        call = desk.call(caller.parties.call_sid)
        assert await post(f"{base}/after-stream?call={call['id']}") == (Hangup(),), "it is over: nobody is rung again"
        late = await post(f"{base}/after-stream?transfer={asked['id']}", DialCallStatus="busy")
        assert late == (Hangup(),), "the end that came first holds"
        assert await post(f"{base}/whisper?transfer={asked['id']}") == (Hangup(),)
        assert transfers(desk)[-1] == asked
        assert await post(f"{base}/after-stream?transfer=nonsense") == (Hangup(),)


async def test_the_same_question_is_answered_alike_while_it_rings(desk: RunningServer) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        caller = desk.caller(person="no-answer", client=client)
        parties = caller.parties

        async def post(url: str, status: str = "in-progress", **extra: str) -> tuple[Verb, ...]:
            return await webhook.post(client, desk.address, url, webhook.form(parties, status, extra))

        seen: list[tuple[Verb, ...]] = []
        async with caller:
            assert await caller.dial()
            call = desk.call(parties.call_sid)
            url = f"{desk.public_url}/twilio/after-stream?call={call['id']}"
            assert await post(url) == (Hangup(),), "nobody has asked for anyone yet"
            assert await caller.heard_silence(300)
            caller.press("0")
            back = f"{parties.call_sid}.2"
            await until(lambda: known(desk, back), bool, 20)
            asked = transfers(desk)[-1]
            again = f"{desk.public_url}/twilio/after-stream?transfer={asked['id']}"
            await until(lambda: desk.call(back)["status"], "in-progress".__eq__)
            with pytest.raises(webhook.PhoneError, match="403"):
                await post(again, DialCallStatus="no-answer")
            seen.append(await post(again, "completed", DialCallStatus="no-answer"))
            await caller.hang_up()
        assert seen == [(Hangup(),)]


async def test_what_twilio_has_not_signed_is_not_believed(desk: RunningServer) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        for path in ("after-stream?transfer=x", "whisper?transfer=x", "whisper"):
            refused = await client.post(f"{desk.url}/twilio/{path}", data={"CallSid": "CA" + "0" * 32})
            assert refused.status_code == 403
        fields = webhook.form(desk.parties(), "in-progress")
        url = f"{desk.public_url}/twilio/whisper"
        headers = {"x-twilio-signature": desk.address.sign(url, fields)}
        signed = await client.post(desk.address.reach(url), data=fields, headers=headers)
        assert signed.status_code == 404

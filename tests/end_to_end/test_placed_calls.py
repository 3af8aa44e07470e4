"""Calls that the house places by itself: it dials, is told how it goes, and talks with whoever picks up."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from app.clock import SystemClock
from app.store.calls import get_call
from app.store.scheduling import cancel_call
from tests.carriers.twilio_calls import SID, Behaviour
from tests.end_to_end.placed import FROM, TO, placed

NOBODY = "67a5f466-fdb8-434b-a3c6-065a11991ed3"


async def test_it_is_dialled_told_of_and_done(tmp_path: Path) -> None:
    told = ("initiated", "ringing", "in-progress", "verdict", "completed")
    async with placed(tmp_path, Behaviour(told=told, answered_by="human")) as house:
        id_ = await house.schedule()
        row = await house.until(id_, "completed", "failed")
        assert (row.status, row.reason) == ("completed", "answered")
        assert house.rest.rung[TO] == 1


async def test_who_picks_up_is_connected_to_the_persona(tmp_path: Path) -> None:
    async with placed(tmp_path, Behaviour(ends=None)) as house:
        await house.schedule()
        form = await house.dialled()
        url = form["Url"][0]
        sid = next(iter(house.rest.calls))
        answered = {"CallSid": sid, "AccountSid": SID, "From": FROM, "To": TO, "Direction": "outbound-api"}
        response = await house.post(url, answered)
        assert response.status_code == 200
        assert "<Stream" in response.text
        async with house.lodging.house.db.reading() as session:
            call = await get_call(session, UUID(url.rpartition("/")[2]))
        assert call is not None
        assert (call.direction, call.call_sid, call.to_number, call.persona) == ("outbound", sid, TO, "assistant")
        impostor = await house.post(url, answered | {"CallSid": "CA" + "f" * 32})
        assert "<Stream" not in impostor.text, "a call that the attempt did not make is hung up"


async def test_who_picks_up_when_all_lines_are_taken_is_told_so_and_rung_again(tmp_path: Path) -> None:
    async with placed(tmp_path, Behaviour(ends=None)) as house:
        id_ = await house.schedule()
        form, supervisor = await house.dialled(), house.lodging.house.supervisor
        now = supervisor.clock.now()
        others = [f"CAbusy{number}" for number in range(house.lodging.house.maximum_calls)]
        assert all(supervisor.admission.take(sid, now) for sid in others)
        url, sid = form["Url"][0], next(iter(house.rest.calls))
        answered = {"CallSid": sid, "AccountSid": SID, "From": FROM, "To": TO, "Direction": "outbound-api"}
        response = await house.post(url, answered)
        assert "none of our lines is free" in response.text
        assert "<Stream" not in response.text
        ended = {"CallSid": sid, "AccountSid": SID, "CallStatus": "completed", "CallDuration": "6"}
        await house.deliver(form["StatusCallback"][0], ended)
        row = await house.until(id_, "waiting", "completed", "failed")
        assert (row.status, row.reason, row.attempts) == ("waiting", "lines-full", 1)


async def test_who_picks_up_a_call_that_was_cancelled_is_hung_up_on_even_if_the_carrier_could_not_be_told(
    tmp_path: Path,
) -> None:
    async with placed(tmp_path, Behaviour(ends=None)) as house:
        id_ = await house.schedule()
        form = await house.dialled()
        async with house.lodging.house.db.transaction() as session:
            await cancel_call(session, id_, SystemClock().utc())
        sid = next(iter(house.rest.calls))
        answered = {"CallSid": sid, "AccountSid": SID, "From": FROM, "To": TO, "Direction": "outbound-api"}
        response = await house.post(form["Url"][0], answered)
        assert "<Hangup/>" in response.text
        assert "<Stream" not in response.text
        ended = {"CallSid": sid, "AccountSid": SID, "CallStatus": "completed", "CallDuration": "1"}
        await house.deliver(form["StatusCallback"][0], ended)
        row = await house.until(id_, "waiting", "completed", "failed", "cancelled")
        assert (row.status, row.reason) == ("cancelled", "cancelled")


@pytest.mark.parametrize(("stands", "comes_to"), [("in-progress", "waiting"), ("completed", "completed")])
async def test_who_picks_up_and_whose_stream_never_comes_is_rung_again_unless_they_hung_up_themselves(
    tmp_path: Path, stands: str, comes_to: str
) -> None:
    async with placed(tmp_path, Behaviour(ends=None)) as house:
        id_ = await house.schedule()
        form = await house.dialled()
        url, sid = form["Url"][0], next(iter(house.rest.calls))
        answered = {"CallSid": sid, "AccountSid": SID, "From": FROM, "To": TO, "Direction": "outbound-api"}
        assert "<Stream" in (await house.post(url, answered)).text
        after = f"{house.lodging.url}/twilio/after-stream?call={url.rpartition('/')[2]}"
        over = await house.post(after, answered | {"CallStatus": stands})
        assert "<Hangup/>" in over.text
        ended = {"CallSid": sid, "AccountSid": SID, "CallStatus": "completed", "CallDuration": "3"}
        await house.deliver(form["StatusCallback"][0], ended | {"AnsweredBy": "human"})
        row = await house.until(id_, "waiting", "completed", "failed")
        assert (row.status, row.reason) == (comes_to, "failed" if comes_to == "waiting" else "answered")


@pytest.mark.parametrize("path", ["status?attempt=x", "amd?attempt=x", f"voice/{NOBODY}"])
async def test_what_twilio_has_not_signed_is_not_believed(tmp_path: Path, path: str) -> None:
    async with placed(tmp_path, Behaviour()) as house:
        url = f"{house.lodging.url}/twilio/{path}"
        form = {"CallSid": "CA" + "0" * 32, "CallStatus": "completed", "AnsweredBy": "human"}
        assert (await house.post(url, form, token="another")).status_code == 403
        expected = 404 if path.startswith("voice") else 204
        assert (await house.post(url, form)).status_code == expected, "of no call of ours: nothing to do"
        assert (await house.post(url, {"CallSid": "?"})).status_code == 400

"""Calls placed through the vendor's SDK, against a stand-in of its REST API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from app.carriers.placing import PlacingError, Wanted
from app.carriers.twilio_dialling import TwilioDialling
from tests.carriers.twilio_calls import SID, TOKEN, Behaviour, TwilioCalls, twilio_calls

TO, FROM = "+14155550123", "+14155550199"


def wanted(**given: object) -> Wanted:
    values = {
        "to": TO,
        "from_": FROM,
        "answer_url": "https://p.example/twilio/voice/1",
        "status_url": "https://p.example/twilio/status?attempt=1",
        "verdict_url": "https://p.example/twilio/amd?attempt=1",
    }
    return Wanted(**(values | given))  # type: ignore[arg-type]


def always() -> bool:
    return True


@pytest.fixture
async def rest() -> AsyncIterator[TwilioCalls]:
    async with twilio_calls() as rest:
        yield rest


@pytest.fixture
async def twilio(rest: TwilioCalls) -> AsyncIterator[TwilioDialling]:
    twilio = TwilioDialling(SID, TOKEN, rest.url, answer_s=8)
    yield twilio
    await twilio.aclose()


async def test_a_call_is_placed_with_all_that_it_needs(rest: TwilioCalls, twilio: TwilioDialling) -> None:
    placed = await twilio.dial(wanted(ring_s=25), always)
    assert (placed.call_sid, placed.status) == (f"CA{0:032x}", "queued")
    (form,) = rest.forms
    assert form["StatusCallbackEvent"] == ["initiated", "ringing", "answered", "completed"]
    single = {name: values[0] for name, values in form.items() if len(values) == 1}
    assert single == {
        "To": TO,
        "From": FROM,
        "Url": "https://p.example/twilio/voice/1",
        "Method": "POST",
        "Timeout": "25",
        "StatusCallback": "https://p.example/twilio/status?attempt=1",
        "StatusCallbackMethod": "POST",
        "MachineDetection": "Enable",
        "AsyncAmd": "true",
        "AsyncAmdStatusCallback": "https://p.example/twilio/amd?attempt=1",
        "AsyncAmdStatusCallbackMethod": "POST",
    }


async def test_who_wants_to_leave_a_message_waits_for_the_beep(rest: TwilioCalls, twilio: TwilioDialling) -> None:
    await twilio.dial(wanted(until_beep=True), always)
    assert rest.forms[0]["MachineDetection"] == ["DetectMessageEnd"]


async def test_without_detection_nothing_of_it_is_asked(rest: TwilioCalls, twilio: TwilioDialling) -> None:
    await twilio.dial(wanted(verdict_url=None), always)
    assert not {name for name in rest.forms[0] if "Amd" in name or "Machine" in name}


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (429, "throttled"),
        (20429, "throttled"),
        (10004, "throttled"),
        (21211, "refused"),
        (21214, "refused"),
        (21215, "refused"),
        (21217, "refused"),
        (21219, "refused"),
        (13224, "refused"),
        (20003, "account"),
        (21210, "account"),
        (21205, "account"),
        (10002, "account"),
        (500, "unknown"),
        ("empty", "unknown"),
    ],
)
async def test_each_error_says_what_is_known_of_the_call(
    rest: TwilioCalls, twilio: TwilioDialling, answer: str | int, kind: str
) -> None:
    rest.behave = lambda to, nth: Behaviour(answer)
    with pytest.raises(PlacingError) as error:
        await twilio.dial(wanted(), always)
    assert error.value.kind == kind
    assert rest.asked[TO] == 1, "a request is never repeated"
    assert TO not in str(error.value)
    assert SID not in str(error.value)


async def test_a_refusal_keeps_the_carriers_words(rest: TwilioCalls, twilio: TwilioDialling) -> None:
    rest.behave = lambda to, nth: Behaviour(21211)
    with pytest.raises(PlacingError) as error:
        await twilio.dial(wanted(), always)
    assert (error.value.code, error.value.words) == (21211, "no: 21211")


async def test_a_request_that_nobody_answers_leaves_everything_open(rest: TwilioCalls) -> None:
    rest.behave = lambda to, nth: Behaviour("mute")
    twilio = TwilioDialling(SID, TOKEN, rest.url, answer_s=0.3)
    with pytest.raises(PlacingError) as error:
        await twilio.dial(wanted(), always)
    await twilio.aclose()
    assert (error.value.kind, rest.asked[TO]) == ("unknown", 1)


@pytest.mark.parametrize("looks", [0, 1])
async def test_nothing_is_sent_once_its_time_is_over(rest: TwilioCalls, looks: int) -> None:
    """It is asked before the request's head and before its body: without the body it is no request."""
    twilio = TwilioDialling(SID, TOKEN, rest.url, answer_s=8)
    answers = iter([True] * looks + [False] * 2)
    with pytest.raises(PlacingError) as error:
        await twilio.dial(wanted(), lambda: next(answers))
    await twilio.aclose()
    assert (error.value.kind, rest.asked.total()) == ("late", 0)


async def test_a_request_that_slept_before_it_was_sent_is_late_and_not_in_doubt(rest: TwilioCalls) -> None:
    """Its time was over before its connection stood, and the limit for its answer strikes first."""
    twilio = TwilioDialling(SID, TOKEN, "http://127.0.0.1:9", answer_s=8)
    with pytest.raises(PlacingError) as error:
        await twilio.dial(wanted(), lambda: False)
    await twilio.aclose()
    assert error.value.kind == "late"


async def test_a_carrier_that_cannot_be_reached_was_certainly_not_asked() -> None:
    twilio = TwilioDialling(SID, TOKEN, "http://127.0.0.1:9", answer_s=8)
    with pytest.raises(PlacingError) as error:
        await twilio.dial(wanted(), always)
    await twilio.aclose()
    assert error.value.kind == "unsent"


async def test_a_call_is_looked_up_by_its_name(rest: TwilioCalls, twilio: TwilioDialling) -> None:
    rest.behave = lambda to, nth: Behaviour(answered_by="machine_start")
    placed = await twilio.dial(wanted(), always)
    found = await twilio.look_up(placed.call_sid)
    assert found is not None
    assert (found.status, found.duration_s, found.answered_by) == ("completed", 42, "machine_start")
    assert await twilio.look_up("CAnobody") is None


async def test_recent_calls_to_a_number_are_found_and_older_ones_are_not(
    rest: TwilioCalls, twilio: TwilioDialling
) -> None:
    begin = datetime.now(UTC)
    placed = await twilio.dial(wanted(), always)
    await twilio.dial(wanted(to="+14155550177"), always)
    rest.calls["CAold"] = {"sid": "CAold", "to": TO, "from": FROM, "date_created": "Fri, 18 Oct 2019 17:00:00 +0000"}
    rest.calls["CAother"] = {"sid": "CAother", "to": TO, "from": "+14155550000", "date_created": None}
    assert [found.call_sid for found in await twilio.recent(TO, FROM, begin)] == [placed.call_sid]
    assert await twilio.recent(TO, FROM, begin + timedelta(hours=1)) == []


async def test_hanging_up_what_has_ended_is_no_error(rest: TwilioCalls, twilio: TwilioDialling) -> None:
    rest.behave = lambda to, nth: Behaviour(ends=None)
    placed = await twilio.dial(wanted(), always)
    for _ in range(2):
        await twilio.hang_up(placed.call_sid)
    await twilio.hang_up("CAnobody")
    assert rest.hung_up == [placed.call_sid]

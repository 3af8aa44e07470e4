from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.carriers.placing import ReportError
from app.carriers.twilio_status import parse_status, parse_verdict

FORM = {
    "CallSid": "CA" + "0" * 32,
    "CallStatus": "completed",
    "CallDuration": "63",
    "Timestamp": "Mon, 02 Mar 2026 12:00:00 +0000",
    "SequenceNumber": "3",
    "AnsweredBy": "human",
}


def test_a_callback_says_how_the_call_stands() -> None:
    found = parse_status(FORM)
    assert (found.status, found.duration_s, found.sequence, found.answered_by) == ("completed", 63, 3, "human")
    assert found.at == datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize("broken", [{"CallSid": ""}, {"CallSid": "x"}, {"CallStatus": ""}, {"CallStatus": "<b>"}])
def test_what_is_about_no_call_is_refused(broken: dict[str, str]) -> None:
    with pytest.raises(ReportError):
        parse_status(FORM | broken)


def test_what_is_odd_beside_is_left_out() -> None:
    found = parse_status(FORM | {"CallDuration": "٣", "Timestamp": "yesterday", "SequenceNumber": "-1"})
    assert (found.duration_s, found.at, found.sequence) == (None, None, None)


def test_a_verdict_says_who_answered() -> None:
    assert parse_verdict(FORM | {"AnsweredBy": "machine_start"}).answered_by == "machine_start"
    with pytest.raises(ReportError):
        parse_verdict({"CallSid": FORM["CallSid"]})


@given(st.dictionaries(st.sampled_from(sorted(FORM)), st.text(max_size=50)))
def test_whatever_is_sent_is_read_or_refused(form: dict[str, str]) -> None:
    for parse in (parse_status, parse_verdict):
        try:
            parse(FORM | form)
        except ReportError:
            continue

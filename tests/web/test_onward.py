"""Whom a person sees on their display to whom a call is put through: a number of ours, never the caller's."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest

from app.personas.transfer import Transfer
from app.store.tables import CallRow
from app.store.transfer_tables import TransferRow
from app.web.twilio_onward import _onward, _spoken
from tests.store.samples import NOON

OURS, THEIRS = "+14155550199", "+14155550123"
PERSON = Transfer(number="+442079460000", ring_s=20, maximum_s=600)


def call(direction: str, from_: str, to: str) -> CallRow:
    return CallRow(
        call_sid="CA1", conversation_id=UUID(int=1), direction=direction, from_number=from_, to_number=to,
        persona="desk", created_at=NOON, machine="m", heartbeat_at=NOON,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "shown", "spoken"),
    [
        (call("inbound", THEIRS, OURS), OURS, "1 4 1 5 5 5 5 0 1 2 3"),
        (call("outbound", OURS, THEIRS), OURS, "1 4 1 5 5 5 5 0 1 2 3"),
        (call("inbound", "anonymous", OURS), OURS, "a withheld number"),
        (call("inbound", THEIRS, "sip:desk@parley.example"), None, "1 4 1 5 5 5 5 0 1 2 3"),
    ],
)
def test_our_number_is_shown_and_theirs_is_told(row: CallRow, shown: str | None, spoken: str) -> None:
    asked = TransferRow(id=UUID(int=2), call_id=row.id, number=PERSON.number, asked_by="key", asked_at=NOON)
    reception = cast("Any", SimpleNamespace(public_url="https://p.example"))
    onward = _onward(reception, asked, row, PERSON)
    assert (onward.caller_id, onward.ring_s, onward.maximum_s) == (shown, 20, 600)
    assert onward.after_url == f"https://p.example/twilio/after-stream?transfer={asked.id}"
    assert _spoken(row) == spoken

"""What every registered carrier must do, whichever it is."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from app.carriers.protocol import Carrier, IncomingError, Rejected
from app.carriers.registry import carrier, carriers


@pytest.fixture(params=sorted(carriers()))
def any_carrier(request: pytest.FixtureRequest) -> Carrier:
    return carrier(request.param)


def test_twilio_is_there_and_an_unknown_one_is_named() -> None:
    assert "twilio" in carriers()
    with pytest.raises(LookupError, match=r"'pigeon'.*twilio"):
        carrier("pigeon")


def test_it_is_registered_under_its_own_name(any_carrier: Carrier) -> None:
    assert carriers()[any_carrier.name] is any_carrier


def test_each_stream_has_its_own_decoder_and_nonsense_is_rejected(any_carrier: Carrier) -> None:
    assert any_carrier.decoder() is not any_carrier.decoder()
    for raw in ("", "{", b"\x00", "[]", "x" * 1_000_000):
        assert isinstance(any_carrier.decoder().decode(raw), Rejected)


def test_messages_are_text_and_carry_what_they_were_given(any_carrier: Carrier) -> None:
    assert "stream-1" in any_carrier.encode_media("stream-1", b"\xff" * 800)
    assert "mark-1" in any_carrier.encode_mark("stream-1", "mark-1")
    assert "stream-1" in any_carrier.encode_clear("stream-1")


def test_what_is_not_signed_is_not_believed(any_carrier: Carrier) -> None:
    for signature in (None, "", "x"):
        assert not any_carrier.verify_webhook("https://p.example/", {"a": "b"}, signature, "token")
        assert not any_carrier.verify_upgrade("wss://p.example/", signature, "token")


def test_a_request_without_a_call_is_refused(any_carrier: Carrier) -> None:
    with pytest.raises(IncomingError):
        any_carrier.parse_incoming({})


def test_every_answer_is_well_formed(any_carrier: Carrier) -> None:
    answer = any_carrier.answer("wss://p.example/s", "https://p.example/a", "<token>", "name")
    for document in (
        answer,
        any_carrier.busy(),
        any_carrier.sorry(),
        any_carrier.unavailable(),
        any_carrier.after_stream(),
    ):
        ElementTree.fromstring(document)

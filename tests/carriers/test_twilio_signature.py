"""Only what Twilio signed passes; the vectors are those of WIRE facts A.4 and B.3."""

from __future__ import annotations

import pytest
from starlette.datastructures import FormData
from twilio.request_validator import RequestValidator

from app.carriers.twilio_signature import stream_url, verify_upgrade, verify_webhook, webhook_url

URL = "https://example.com/myapp.php?foo=1&bar=2"
PARAMS = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675310",
    "Digits": "1234",
    "From": "+14158675310",
    "To": "+18005551212",
}
SIGNATURE = "L/OH5YylLD5NRKLltdqwSvS0BnU="


def test_the_documented_vector_passes() -> None:
    assert verify_webhook(URL, PARAMS, SIGNATURE, "12345")
    assert verify_webhook(URL + "#rc=2", PARAMS, SIGNATURE, "12345"), "a fragment is never signed"
    assert verify_webhook(URL, FormData(PARAMS), SIGNATURE, "12345")


@pytest.mark.parametrize("signature", [None, "", "nonsense", SIGNATURE[:-2], "é" * 28])
def test_a_missing_or_wrong_signature_fails_without_an_error(signature: str | None) -> None:
    assert not verify_webhook(URL, PARAMS, signature, "12345")


def test_every_part_counts() -> None:
    assert not verify_webhook(URL, PARAMS | {"From": "+1"}, SIGNATURE, "12345")
    assert not verify_webhook(URL, PARAMS | {"Extra": "1"}, SIGNATURE, "12345")
    assert not verify_webhook(URL.replace("foo=1", "foo=2"), PARAMS, SIGNATURE, "12345")
    assert not verify_webhook(URL, PARAMS, SIGNATURE, "54321")


def test_an_empty_token_opens_nothing() -> None:
    assert not verify_webhook(URL, PARAMS, RequestValidator("").compute_signature(URL, PARAMS), "")


def test_fields_that_cannot_be_signed_fail() -> None:
    assert not verify_webhook(URL, {"a": "\ud800"}, SIGNATURE, "12345")


@pytest.mark.parametrize("slash", ["", "/"])
def test_the_upgrade_passes_with_and_without_a_slash(slash: str) -> None:
    signature = RequestValidator("tok").compute_signature("wss://h/media" + slash, {})
    assert verify_upgrade("wss://h/media", signature, "tok")
    assert not verify_upgrade("https://h/media", signature, "tok")
    assert not verify_upgrade("wss://h/other", signature, "tok")
    assert not verify_upgrade("wss://h/media", None, "tok")


def test_urls_come_from_the_public_address() -> None:
    assert webhook_url("https://p.example/", "/twilio/voice", "a=1") == "https://p.example/twilio/voice?a=1"
    assert stream_url("https://p.example") == "wss://p.example/twilio/stream"
    assert stream_url("http://localhost:8000/") == "ws://localhost:8000/twilio/stream"
    assert stream_url("https://p.example/base/") == "wss://p.example/base/twilio/stream"


@pytest.mark.parametrize("address", ["p.example", "ftp://p.example", "https://"])
def test_a_public_address_that_cannot_be_streamed_to_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="http"):
        stream_url(address)

"""The logs: what happened, without what was said, by whom, or with which key."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import structlog

from app import logs
from app.log_redaction import clean_text

SPEECH = "my mother's maiden name is Okonkwo"
NUMBER = "+4915112345678"
KEY = "gsk_abcdefghijklmnop"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Where the logs go, as JSON; afterwards logging is as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    logs.configure("debug", stream=stream)
    yield stream
    root.handlers, root.level = handlers, level
    logging.captureWarnings(False)
    structlog.reset_defaults()


def records(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@dataclass
class Reply:
    words: str


def test_speech_numbers_and_keys_stay_out(stream: io.StringIO) -> None:
    log = structlog.get_logger("app.runtime.runner")
    log.info(
        f"call from {NUMBER}",
        text=SPEECH,
        **{"from": NUMBER, "to": "0151 1234 5678"},
        turn={"heard_text": SPEECH, "replies": [Reply(SPEECH), {"prompt": SPEECH}]},
        headers={"Authorization": f"Bearer {KEY}", "X-Twilio-Signature": "abc="},
        url=f"https://user:{KEY}@api.example.org/x?token=abc&To=%2B4915112345678",
        groq_api_key="whatever",
        audio=b"\x00" * 160,
    )
    logged = stream.getvalue()
    for secret in (SPEECH, "15112345", "1511 1234", KEY, "abc", "whatever"):
        assert secret not in logged
    (record,) = records(stream)
    assert record["event"] == "call from ***78"
    assert (record["from"], record["to"], record["audio"]) == ("***78", "***78", "[160 bytes]")
    assert record["turn"]["replies"] == ["[Reply]", {"prompt": "[redacted]"}]


def test_what_an_operator_needs_stays_in(stream: io.StringIO) -> None:
    facts = {
        "call_id": "0b7c",
        "prompt_tokens": 812,
        "transcript_id": "t-1",
        "delay_ms": 12.5,
        "ok": True,
        "provider": "groq",
    }
    structlog.get_logger("app.runtime").warning("provider failed", **facts)
    (record,) = records(stream)
    assert facts.items() <= record.items()
    assert (record["level"], record["logger"], record["event"]) == ("warning", "app.runtime", "provider failed")


def test_an_exception_shows_where_and_what_kind_but_not_its_words(stream: io.StringIO) -> None:
    try:
        raise ValueError(SPEECH)
    except ValueError as error:
        structlog.get_logger().exception("turn failed", error=error)
        logging.getLogger("uvicorn.error").exception("turn failed")
    assert SPEECH not in stream.getvalue()
    for record in records(stream):
        assert "test_logs.py:" in record["exception"]
        assert record["exception"].endswith("ValueError")


def test_the_libraries_logs_take_the_same_way_whatever_was_set_before(stream: io.StringIO) -> None:
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    logs.configure("debug", stream=stream)
    logging.getLogger("uvicorn.error").warning("refused %s", NUMBER)
    logging.getLogger("uvicorn.access").info("GET /twilio/voice?From=%s", NUMBER)
    logging.getLogger("httpx").info("HTTP Request: POST https://api.example.org")
    logging.getLogger("asyncio").error("Task exception was never retrieved\nfuture: <Task exception=%r>", SPEECH)
    assert [record["event"] for record in records(stream)] == ["refused ***78", "Task exception was never retrieved"]


def test_no_frame_of_a_call_is_written_down_and_a_strict_level_holds_for_libraries_too(stream: io.StringIO) -> None:
    frames = logging.getLogger("uvicorn.error")
    frames.debug('< TEXT \'{"event":"dtmf","dtmf":{"digit":"7"}}\' [40 bytes]')
    frames.info("connection open")
    logs.configure("warning", stream=stream)
    frames.info("connection closed")
    assert [record["event"] for record in records(stream)] == ["connection open"]


def test_a_terminal_gets_readable_lines() -> None:
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    try:
        logs.configure("info", stream=stream, as_json=False)
        structlog.get_logger("app.main").info("listening", port=8000, text=SPEECH)
        structlog.get_logger("app.main").debug("not at this level")
    finally:
        root.handlers, root.level = handlers, level
        logging.captureWarnings(False)
        structlog.reset_defaults()
    assert "listening" in stream.getvalue()
    assert "port=8000" in stream.getvalue()
    assert SPEECH not in stream.getvalue()
    assert stream.getvalue().count("\n") == 1


@pytest.mark.parametrize(
    "number", ["+15551234567", "+1 (555) 123-4567", "+49 151.1234.5678", "%2B4915112345678", "15551234567"]
)
def test_a_number_in_any_writing_is_cut_to_two_digits(number: str) -> None:
    assert clean_text(f"from {number} at 10:30") == f"from ***{number[-2:]} at 10:30"


@pytest.mark.parametrize(
    "text", ["in 0.123456789012 s", "+12 dB", "port 8000", "2026-11-21T08:20:30.225871Z", "id 0b7c1234-5678"]
)
def test_what_is_no_number_to_ring_stays(text: str) -> None:
    assert clean_text(text) == text

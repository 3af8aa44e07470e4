"""TwiML is what Twilio accepts, whatever is put into it, and always ends by hanging up."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import jinja2
import pytest

from app.carriers.twiml import Twiml

ACTION = "https://p.example/twilio/after-stream"


@pytest.fixture(scope="module")
def twiml() -> Twiml:
    return Twiml()


def test_an_answer_connects_the_stream_and_hangs_up_behind_it(twiml: Twiml) -> None:
    root = ElementTree.fromstring(twiml.answer("wss://p.example/twilio/stream", ACTION, "abc.def", "call-1"))
    assert [verb.tag for verb in root] == ["Connect", "Hangup"]
    connect = root[0]
    assert connect.attrib == {"action": ACTION, "method": "POST"}
    (stream,) = connect
    assert stream.attrib == {"url": "wss://p.example/twilio/stream", "name": "call-1"}
    assert [(p.tag, p.attrib) for p in stream] == [("Parameter", {"name": "call_token", "value": "abc.def"})]


def test_text_that_would_break_it_is_escaped(twiml: Twiml) -> None:
    nasty = "\"/><Hangup/>&'\x00\u2028"
    root = ElementTree.fromstring(twiml.answer("wss://p.example/s&t", ACTION + "?a=1&b=<2>", nasty, nasty))
    assert [verb.tag for verb in root] == ["Connect", "Hangup"]
    assert root[0].attrib["action"] == ACTION + "?a=1&b=<2>"
    assert root[0][0][0].attrib["value"] == "\"/><Hangup/>&'  "


@pytest.mark.parametrize("url", ["https://p.example/s", "/s", "wss://p.example/s?call=1", "wss://p.example/s#1", ""])
def test_a_stream_address_that_twilio_would_refuse_is_refused_here(twiml: Twiml, url: str) -> None:
    with pytest.raises(ValueError, match="stream's address"):
        twiml.answer(url, ACTION, "t", "n")


def test_a_parameter_stays_under_its_limit(twiml: Twiml) -> None:
    twiml.answer("wss://p.example/s", ACTION, "t" * 489, "n")
    with pytest.raises(ValueError, match="490"):
        twiml.answer("wss://p.example/s", ACTION, "t" * 490, "n")


def test_the_other_answers_speak_politely_and_hang_up(twiml: Twiml) -> None:
    for text in (twiml.busy(), twiml.sorry(), twiml.unavailable()):
        root = ElementTree.fromstring(text)
        assert [verb.tag for verb in root] == ["Say", "Hangup"]
        assert "sorry" in (root[0].text or "")
    assert [verb.tag for verb in ElementTree.fromstring(twiml.after_stream())] == ["Hangup"]


def test_a_missing_template_shows_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(jinja2.TemplateNotFound, match=r"voice\.xml"):
        Twiml(tmp_path)

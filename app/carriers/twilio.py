"""Twilio: the carrier's parts, put together (WIRE facts A and B)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from app.carriers import twilio_encoder, twilio_incoming, twilio_onward, twilio_signature, twilio_status
from app.carriers.onward import Onward, StreamOver
from app.carriers.placing import Report
from app.carriers.protocol import Carrier, IncomingCall
from app.carriers.twilio_decoder import TwilioDecoder
from app.carriers.twiml import Twiml


class Twilio:
    """Meets `protocol.Carrier`. Without state: one object serves every call."""

    name = "twilio"

    @cached_property
    def _twiml(self) -> Twiml:
        return Twiml()

    def decoder(self) -> TwilioDecoder:
        return TwilioDecoder()

    def encode_media(self, stream_sid: str, mulaw: bytes) -> str:
        return twilio_encoder.encode_media(stream_sid, mulaw)

    def encode_mark(self, stream_sid: str, name: str) -> str:
        return twilio_encoder.encode_mark(stream_sid, name)

    def encode_clear(self, stream_sid: str) -> str:
        return twilio_encoder.encode_clear(stream_sid)

    def verify_webhook(self, url: str, params: Mapping[str, str], signature: str | None, token: str) -> bool:
        return twilio_signature.verify_webhook(url, params, signature, token)

    def verify_upgrade(self, url: str, signature: str | None, token: str) -> bool:
        return twilio_signature.verify_upgrade(url, signature, token)

    def parse_incoming(self, form: Mapping[str, str]) -> IncomingCall:
        return twilio_incoming.parse_incoming(form)

    def answer(self, stream_url: str, action_url: str, token: str, name: str) -> str:
        return self._twiml.answer(stream_url, action_url, token, name)

    def busy(self) -> str:
        return self._twiml.busy()

    def sorry(self) -> str:
        return self._twiml.sorry()

    def unavailable(self) -> str:
        return self._twiml.unavailable()

    def after_stream(self) -> str:
        return self._twiml.after_stream()

    def transfer(self, onward: Onward) -> str:
        return self._twiml.transfer(onward)

    def whisper(self, text: str, language: str, taken_url: str | None) -> str:
        return self._twiml.whisper(text, language, taken_url)

    def joined(self) -> str:
        return self._twiml.joined()

    def parse_stream_over(self, form: Mapping[str, str]) -> StreamOver:
        return twilio_onward.parse_stream_over(form)

    def parse_status(self, form: Mapping[str, str]) -> Report:
        return twilio_status.parse_status(form)

    def parse_verdict(self, form: Mapping[str, str]) -> Report:
        return twilio_status.parse_verdict(form)


CARRIER: Carrier = Twilio()

"""How Twilio conducts a call: asks the webhook, obeys its TwiML verb by verb, opens streams, asks what comes after."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from typing import Literal

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake

from app.phone import twiml, webhook
from app.phone.inspector import WireFaults
from app.phone.log import Log
from app.phone.media_socket import MediaSocket
from app.phone.messages import StreamWriter
from app.phone.stream import StreamSide
from app.phone.webhook import Parties, PhoneError, Server

VERBS_LIMIT = 50
"""A server that redirects in a circle is stopped; Twilio allows ten redirects."""
CLOSE_BOUND_S = 3.0

Person = Literal["answers", "declines", "no-key", "busy", "no-answer", "failed"]
"""What somebody does to whom the call is put through."""
EndReason = Literal["", "caller_hung_up", "agent_hung_up", "not_connected", "line_dropped"]


class Conduct:
    """One call from its first ring to its end. `now`: seconds since dialling; `turn`: called when something changed."""

    def __init__(
        self,
        server: Server,
        parties: Parties,
        client: httpx.AsyncClient,
        log: Log,
        now: Callable[[], float],
        turn: Callable[[], None],
        person: Person = "no-answer",
    ) -> None:
        self.streams: list[StreamSide] = []
        self.faults = WireFaults()
        self.told: list[str] = []
        self.whispered: list[str] = []
        self.end_reason: EndReason = ""
        self._server = server
        self._parties = parties
        self._client = client
        self._log = log
        self._now = now
        self._turn = turn
        self._person = person
        self._socket: MediaSocket | None = None
        self._hung_up = False

    async def run(self) -> None:
        """The whole call. Raises PhoneError if the server cannot be talked to."""
        try:
            await self._obey(f"{self._server.public_url}/twilio/voice")
        finally:
            self.end_reason = self.end_reason or "not_connected"
            self._log.add(self._now(), "ended", self.end_reason)
            # who waits looks at the task, and that is done only when this frame is gone
            asyncio.get_running_loop().call_soon(self._turn)

    async def hang_up(self) -> None:
        """The caller puts the phone down; `run` then comes to its end."""
        self._hung_up = True
        if self._socket is not None:
            await self._socket.hang_up()

    async def _obey(self, url: str) -> None:
        verbs = list(await self._post(url, "ringing"))
        for _ in range(VERBS_LIMIT):
            if not verbs or isinstance(verbs[0], twiml.Hangup | twiml.Reject):
                return
            verb = verbs.pop(0)
            if isinstance(verb, twiml.ConnectStream):
                verbs, url = await self._connect(verb, verbs, url)
            elif isinstance(verb, twiml.Dial):
                verbs, url = await self._put_through(verb, verbs, url)
            elif isinstance(verb, twiml.Redirect):
                url = webhook.absolute(url, verb.url)
                verbs = list(await self._post(url, "in-progress"))
            elif isinstance(verb, twiml.Say):
                self.told.append(verb.text)
                self._log.add(self._now(), "told", verb.text)
            elif isinstance(verb, twiml.Pause):
                await asyncio.sleep(verb.length_s)
        raise PhoneError(f"The server's TwiML goes in a circle: {VERBS_LIMIT} verbs and no end.")

    async def _connect(
        self, verb: twiml.ConnectStream, rest: list[twiml.Verb], url: str
    ) -> tuple[list[twiml.Verb], str]:
        """Stays on the stream, then asks what comes after: the verbs to go on with, and where they came from."""
        await self._stream_to(verb)
        if verb.action is not None:
            url = webhook.absolute(url, verb.action)
            rest = list(await self._post(url, "completed" if self._hung_up else "in-progress"))
            self._log.add(self._now(), "after_stream", " ".join(type(verb).__name__ for verb in rest))
        return ([] if self._hung_up else rest), url

    async def _put_through(self, verb: twiml.Dial, rest: list[twiml.Verb], url: str) -> tuple[list[twiml.Verb], str]:
        """Somebody else is rung: they answer to `person`. What comes after, and where that came from."""
        self._log.add(self._now(), "put_through")
        ended = {"DialCallSid": "CA" + "d" * 32, "DialCallStatus": self._person}
        if self._person in ("answers", "declines"):
            joined = self._person == "answers" and (verb.whisper is None or await self._whisper(verb.whisper, url))
            ended |= {"DialCallStatus": "completed", "DialBridged": str(joined).lower(), "DialCallDuration": "7"}
        elif self._person == "no-key":  # and a carrier that does not tell whether the two were joined
            if verb.whisper is not None:
                await self._whisper(verb.whisper, url)
            ended |= {"DialCallStatus": "completed", "DialCallDuration": "7"}
        if verb.action is None:
            return rest, url
        url = webhook.absolute(url, verb.action)
        rest = list(await self._post(url, "completed" if self._hung_up else "in-progress", ended))
        self._log.add(self._now(), "after_person", " ".join(type(verb).__name__ for verb in rest))
        return ([] if self._hung_up else rest), url

    async def _whisper(self, whisper: str, url: str) -> bool:
        """What the person who picks up is told; whether they are joined to the caller in the end."""
        url = webhook.absolute(url, whisper)
        for verb in await self._post(url, "in-progress"):
            if isinstance(verb, twiml.Say):
                self.whispered.append(verb.text)
            elif isinstance(verb, twiml.Gather):
                self.whispered += verb.texts
                if self._person == "no-key":
                    return False
                return not await self._post(webhook.absolute(url, verb.action), "in-progress", {"Digits": "1"})
            else:
                return False
        return True

    async def _post(self, url: str, status: str, more: Mapping[str, str] | None = None) -> tuple[twiml.Verb, ...]:
        try:
            return await webhook.post(self._client, self._server, url, webhook.form(self._parties, status, more))
        except PhoneError as error:
            kind = isinstance(error.__cause__, twiml.TwimlError)
            self.faults.add("twiml" if kind else "webhook", str(error))
            self._log.add(self._now(), "refused", str(error))
            raise

    async def _stream_to(self, verb: twiml.ConnectStream) -> None:
        async with await self._open(verb.url) as connection:
            now = self._now()
            self._log.add(now, "opened")
            writer = StreamWriter("MZ" + secrets.token_hex(16), self._parties.call_sid, self._parties.account_sid)
            side = StreamSide(writer, self._log, self.faults, now)
            self.streams.append(side)
            self._socket = MediaSocket(connection, side, self._now, self._turn)
            self._turn()
            code = await self._socket.run(verb.parameters)
            self._socket = None
        self._note_close(code)

    async def _open(self, url: str) -> ClientConnection:
        try:
            return await connect(
                self._server.reach(url),
                additional_headers={"x-twilio-signature": self._server.sign(url, {})},
                user_agent_header=None,
                compression=None,
                proxy=None,
                ping_interval=None,
                max_size=None,
                close_timeout=CLOSE_BOUND_S,
            )
        except (OSError, InvalidHandshake, TimeoutError) as error:
            self._log.add(self._now(), "refused", str(error))
            raise PhoneError(f"31920: the media stream could not be opened: {error}") from None

    def _note_close(self, code: int) -> None:
        self._log.add(self._now(), "closed", str(code))
        if self._hung_up:
            self.end_reason = "caller_hung_up"
        elif code in (1000, 1001):
            self.end_reason = "agent_hung_up"
        else:
            self.end_reason = "line_dropped"
            self.faults.add("abnormal_close", f"close code {code}")

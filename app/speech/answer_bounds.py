"""How much a vendor may send in answer: what does not end must not fill the memory of a machine with calls on it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx

from app.speech.protocols import ProviderError

IDENTITY = {"accept-encoding": "identity"}
"""For every request: a small answer must not unfold into an enormous one, and a proxy that packs might hold sound back
until it has enough of it."""
LONGEST_ANSWER = 4_000_000
"""Bytes. A thousand tokens come in some 400 KB of chunks; a transcript of a minute with its segments in 50 KB; a
minute of speech in 480 KB, and 640 KB within JSON."""
LONGEST_EVENT = 64_000
"""Bytes of one event in a stream. SDKs take time with the square of it."""
LONGEST_REFUSAL = 16_000
"""Bytes of an answer that says no; the rest of it is left unread."""
_EVENT_ENDS = (b"\n\n", b"\r\n\r\n", b"\r\r")


class Bounds:
    """Of one answer. `vendor`: as the operator calls it. `in_events`: it should come as a stream of events."""

    def __init__(self, vendor: str, response: httpx.Response, *, in_events: bool) -> None:
        self._vendor = vendor
        self._says_no = response.is_error
        self._in_events = in_events
        self._length = self._event = 0

    def admit(self, piece: bytes) -> bool:
        """Is there room for it? If not, enough of a refusal has come. Raises ProviderError (`rubbish`) for too much."""
        self._length += len(piece)
        if self._says_no and self._length > LONGEST_REFUSAL:
            return False
        if self._length > LONGEST_ANSWER:
            raise ProviderError(f"{self._vendor}'s answer went beyond {LONGEST_ANSWER} bytes", "rubbish")
        if self._in_events:
            last = max(piece.rfind(end) for end in _EVENT_ENDS)
            self._event = len(piece) - last if last >= 0 else self._event + len(piece)
            if self._event > LONGEST_EVENT:
                raise ProviderError(f"an event of {self._vendor}'s went beyond {LONGEST_EVENT} bytes", "rubbish")
        return True


class Bounded(httpx.AsyncByteStream):
    """An answer's bytes within their bounds."""

    def __init__(self, body: httpx.AsyncByteStream, bounds: Bounds) -> None:
        self._body = body
        self._bounds = bounds

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Raises ProviderError (`rubbish`) for too much."""
        async for piece in self._body:
            if not self._bounds.admit(piece):
                return
            yield piece

    async def aclose(self) -> None:
        await self._body.aclose()


def refuse_packed(vendor: str, response: httpx.Response) -> None:
    """Before any of it is read. Raises ProviderError (`rubbish`) if the answer is compressed."""
    if response.headers.get("content-encoding", "identity").strip().lower() not in ("identity", ""):
        raise ProviderError(f"{vendor}'s answer is compressed, which it was not asked to be", "rubbish")


def bound(vendor: str, response: httpx.Response, *, in_events: bool = False) -> None:
    """Have the answer's bytes bounded, before any of it is read. Raises ProviderError if it is compressed."""
    refuse_packed(vendor, response)
    if isinstance(response.stream, httpx.AsyncByteStream):
        response.stream = Bounded(response.stream, Bounds(vendor, response, in_events=in_events))

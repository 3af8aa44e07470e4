"""The media stream's own key: signed, short-lived, for one call.

The stream's address is public and its handshake carries no call; whoever could open it would talk at our cost. So our
answer to the webhook hands out a token that comes back in the stream's start. That it is used once is the store's to
see to (a claim on the call's row); everything else is settled here, without any state.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Literal

from itsdangerous import BadData, BadSignature, URLSafeSerializer

TOKEN_LIFE_S = 30
"""From the answer to the stream's start there are seconds at most; half a minute leaves room for a slow
carrier. A slot is kept as long (`runtime.admission`), so that no stream comes after its slot was given to another."""

_SHAPE = re.compile(r"[A-Za-z0-9_.-]+\.[A-Za-z0-9_-]+")
_LENGTH_LIMIT = 480

TokenFault = Literal["expired", "forged", "malformed"]


@dataclass(frozen=True, slots=True)
class StreamToken:
    """What a token vouches for. `expires_at`: seconds since the epoch."""

    call_id: str
    call_sid: str
    expires_at: int


class TokenError(Exception):
    """A token that opens nothing; `kind` says why and may be logged and counted, the token itself never."""

    def __init__(self, kind: TokenFault) -> None:
        super().__init__(f"The stream's token is {kind}.")
        self.kind: TokenFault = kind


@dataclass(frozen=True, slots=True)
class StreamTokens:
    """Makes and reads tokens under one `secret`. Times are seconds since the epoch, given by the caller."""

    secret: str = field(repr=False)
    life_s: int = TOKEN_LIFE_S

    def mint(self, call_id: str, call_sid: str, now: float) -> str:
        """A token under 480 characters of `A-Za-z0-9_.-`, good until `now + life_s`."""
        token = self._serializer().dumps([call_id, call_sid, int(now) + self.life_s])
        text = token if isinstance(token, str) else token.decode("ascii")
        if len(text) > _LENGTH_LIMIT:
            raise ValueError("A call's id and sid are too long to fit into a stream's token.")
        return text

    def read(self, token: str, now: float) -> StreamToken:
        """Raises TokenError: malformed, forged or expired. The caller compares the `call_sid` with the stream's
        own."""
        if len(token) > _LENGTH_LIMIT or not _SHAPE.fullmatch(token):
            raise TokenError("malformed")
        try:
            call_id, call_sid, expires_at = self._serializer().loads(token)
        except BadSignature:
            raise TokenError("forged") from None
        except (BadData, TypeError, ValueError):
            raise TokenError("malformed") from None
        if now >= expires_at:
            raise TokenError("expired")
        return StreamToken(str(call_id), str(call_sid), int(expires_at))

    def _serializer(self) -> URLSafeSerializer:
        return URLSafeSerializer(
            self.secret,
            salt="parley media stream",
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )

"""Who is signed in, kept in a signed cookie; and the token that ties each form to the browser it was shown in.

The cookie's key is made from the session secret and the password, so a changed password signs everyone out. Signing
out is remembered until the session would have run out by itself.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import OrderedDict
from dataclasses import dataclass

from itsdangerous import BadData, Signer, URLSafeSerializer
from starlette.requests import Request
from starlette.responses import Response

from app.clock import Clock

SESSION = "parley_session"
VISIT = "parley_visit"
"""Names the browser before anyone has signed in, so that the form for signing in has something to be bound to."""
LIFE_S = 12 * 3600
ENDED = 10_000

_SIGNING = {"key_derivation": "hmac", "digest_method": hashlib.sha256}


@dataclass(frozen=True, slots=True)
class Session:
    """Someone signed in. `expires_at`: seconds since the epoch."""

    id: str
    expires_at: int


class Sessions:
    """Makes, reads and ends sessions."""

    def __init__(self, secret: str, password: str, clock: Clock, *, secure: bool) -> None:
        key = hmac.digest(secret.encode(), password.encode("utf-8", "surrogatepass"), "sha256")
        self._serializer = URLSafeSerializer(key, salt="parley session", signer_kwargs=_SIGNING)
        self._forms = Signer(key, salt="parley form", key_derivation="hmac", digest_method=hashlib.sha256)
        self._clock = clock
        self._secure = secure
        self._ended: OrderedDict[str, int] = OrderedDict()

    def begin(self, response: Response) -> None:
        """Sign in whoever gets `response`."""
        session = [secrets.token_urlsafe(16), int(self._clock.utc().timestamp()) + LIFE_S]
        signed = self._serializer.dumps(session)
        self._set(response, SESSION, signed if isinstance(signed, str) else signed.decode("ascii"), LIFE_S)

    def read(self, request: Request) -> Session | None:
        """The session of this request, or None if it has none that counts."""
        try:
            id_, expires_at = self._serializer.loads(request.cookies.get(SESSION, ""))
            session = Session(str(id_), int(expires_at))
        except (BadData, TypeError, ValueError):
            return None
        if session.expires_at <= self._clock.utc().timestamp() or session.id in self._ended:
            return None
        return session

    def end(self, session: Session, response: Response) -> None:
        """Sign out: the cookie goes, and a copy of it opens nothing any more."""
        self._ended[session.id] = session.expires_at
        while len(self._ended) > ENDED:
            self._ended.popitem(last=False)
        response.delete_cookie(SESSION, path="/admin", httponly=True, secure=self._secure, samesite="lax")

    def remaining_s(self, session: Session) -> float:
        """How long the session still lasts."""
        return session.expires_at - self._clock.utc().timestamp()

    def visit(self, request: Request) -> str:
        """The name of this browser before it has signed in; a new one if it has none yet."""
        known = request.cookies.get(VISIT, "")
        return known if 16 <= len(known) <= 64 and known.isascii() else secrets.token_urlsafe(16)

    def remember_visit(self, visit: str, response: Response) -> None:
        """Give the browser its name."""
        self._set(response, VISIT, visit, LIFE_S)

    def form_token(self, bound_to: str) -> str:
        """What a form shown to the session or visit `bound_to` must bring back."""
        return self._forms.get_signature(f"form {bound_to}").decode("ascii")

    def form_is_ours(self, bound_to: str, token: str) -> bool:
        """Was this form shown to that session or visit?"""
        return hmac.compare_digest(self.form_token(bound_to).encode(), token.encode("utf-8", "replace"))

    def _set(self, response: Response, name: str, value: str, life_s: int) -> None:
        # lax, so that a link in a mail opens the page; every change is a POST, which lax keeps the cookie from
        response.set_cookie(
            name, value, max_age=life_s, path="/admin", httponly=True, secure=self._secure, samesite="lax"
        )

"""What the REST API needs of the house, and how its endpoints get at it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Annotated, Protocol, cast
from uuid import UUID

from fastapi import Depends, HTTPException, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.clock import Clock
from app.personas.schema import Persona
from app.runtime.archive import Archive
from app.runtime.placing import Placing
from app.runtime.second_opinion import SecondOpinion
from app.runtime.text_interviews import TextInterviews
from app.store.engine import Database


class Services(Protocol):
    """The house as the REST API sees it. `api_key`: the bearer key; if it is empty nobody is let in."""

    @property
    def db(self) -> Database: ...

    @property
    def archive(self) -> Archive: ...

    @property
    def api_key(self) -> str: ...

    @property
    def personas(self) -> Mapping[str, Persona]: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def text_interviews(self) -> TextInterviews: ...

    @property
    def second_opinion(self) -> SecondOpinion: ...

    @property
    def placing(self) -> Placing: ...

    async def send_digits(self, call_id: UUID, keys: str) -> bool:
        """Have keys pressed on a running call's line; False if nobody could."""

    async def hang_up(self, call_id: UUID, *, politely: bool = False) -> bool:
        """Have a running call end now, wherever it runs; False if it does not end."""


_bearer = HTTPBearer(
    scheme_name="API key",
    description="The key that was printed at the first start, or `API_KEY`, as `Authorization: Bearer …`",
    auto_error=False,
)


class Gate:
    """Lets in who has the key, and hands the services to the endpoints behind it."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def __call__(
        self,
        request: Request,
        response: Response,
        credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    ) -> None:
        key = self._services.api_key
        if credentials is None:
            raise HTTPException(401, "An API key is needed: Authorization: Bearer …", {"WWW-Authenticate": "Bearer"})
        if not key or not same_secret(credentials.credentials, key):
            wrong = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            raise HTTPException(401, "This API key is not the right one.", wrong)
        request.state.api_services = self._services
        response.headers["Cache-Control"] = "no-store"


def same_secret(given: str, kept: str) -> bool:
    """Compare in a time that tells nothing, not even how long the secret is."""
    first, second = (hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest() for secret in (given, kept))
    return hmac.compare_digest(first, second)


def _services_of(request: Request) -> Services:
    return cast(Services, request.state.api_services)


House = Annotated[Services, Depends(_services_of)]
"""The services, as a parameter of an endpoint behind the gate."""

"""What the operator's Twilio account says of itself and of its number, through the vendor's own SDK."""

from __future__ import annotations

import json
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

import httpx

if TYPE_CHECKING:
    from twilio.rest import Client  # type: ignore[import-untyped]

T = TypeVar("T")
AccountFault = Literal["key", "missing", "busy", "failed", "unreachable", "late", "rubbish"]

_FAILED = 500
_SAME_NUMBER = 20
"""The vendor takes the number as a part of others; so many may be alike before the one is missed."""


class TwilioAccountError(Exception):
    """The account could not be asked; one line for the operator, without keys. `kind`: what to do about it."""

    def __init__(self, message: str, kind: AccountFault) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Account:
    """`status`: `active`, `suspended` or `closed`."""

    status: str
    trial: bool


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the account, and what happens when it is rung. `elsewhere`: the voice URL is not asked, because a
    TwiML app or a trunk has the number."""

    voice: bool
    voice_url: str
    voice_method: str
    elsewhere: bool


class TwilioAccount:
    """`base_url`: where REST requests go instead of the vendor's own address."""

    def __init__(self, account_sid: str, auth_token: str, base_url: str | None = None) -> None:
        # here, because the SDK takes 0.2 s to import, and a house without Twilio never needs it
        from twilio.rest import Client

        from app.carriers.twilio_http import TwilioHttp

        self._sid = account_sid
        self._http = TwilioHttp(base_url)
        self._client: Client = Client(account_sid, auth_token, http_client=self._http)

    async def fetch(self) -> Account:
        """How the account stands. Raises TwilioAccountError."""
        found = await _explained(self._client.api.v2010.accounts(self._sid).fetch_async())
        if found.sid != self._sid or not isinstance(found.status, str):
            raise TwilioAccountError("Twilio answered with something that is not the account", "rubbish")
        return Account(found.status, found.type == "Trial")

    async def number(self, phone_number: str) -> Number | None:
        """The account's number `phone_number` (E.164); None if it has no such number. Raises TwilioAccountError."""
        numbers = self._client.api.v2010.accounts(self._sid).incoming_phone_numbers
        found = await _explained(numbers.list_async(phone_number=phone_number, limit=_SAME_NUMBER))
        same = next((number for number in found if number.phone_number == phone_number), None)
        if same is None:
            return None
        can = same.capabilities
        return Number(
            voice=not isinstance(can, dict) or can.get("voice") is not False,
            voice_url=same.voice_url or "",
            voice_method=same.voice_method or "POST",
            elsewhere=bool(same.voice_application_sid or same.trunk_sid),
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()


async def _explained(asked: Awaitable[T]) -> T:
    """What the SDK answers. Its own words are not repeated: they hold addresses, with the account in them."""
    from twilio.base.exceptions import TwilioException  # type: ignore[import-untyped]

    try:
        return await asked
    except (TimeoutError, httpx.TimeoutException):
        raise TwilioAccountError("Twilio did not answer in time", "late") from None
    except httpx.HTTPError as error:
        raise TwilioAccountError(f"Twilio cannot be reached ({type(error).__name__})", "unreachable") from None
    except TwilioException as error:
        raise _refusal(error) from None
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise TwilioAccountError(
            f"Twilio answered with something that is no answer ({type(error).__name__})", "rubbish"
        ) from None


def _refusal(error: Exception) -> TwilioAccountError:
    status, code = getattr(error, "status", None), getattr(error, "code", None)
    place = f"HTTP {status}" + (f", error {code}" if isinstance(code, int) and code != status else "")
    match status:
        case 401 | 403:
            return TwilioAccountError(f"Twilio refuses the account's SID and token ({place})", "key")
        case 404:
            return TwilioAccountError(f"Twilio has no such account ({place})", "missing")
        case 429:
            return TwilioAccountError(f"Twilio says these are too many requests ({place})", "busy")
        case int() if status >= _FAILED:
            return TwilioAccountError(f"Twilio failed ({place})", "failed")
        case int():
            return TwilioAccountError(f"Twilio does not accept the request ({place})", "rubbish")
        case _:
            return TwilioAccountError(f"Twilio could not be asked ({type(error).__name__})", "rubbish")

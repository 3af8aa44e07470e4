"""Places calls through Twilio's own SDK (WIRE facts B.4 to B.6), with our time limits and without any repetition."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import httpx

from app.carriers.placing import PlacingError, PlacingFault, Report, Wanted
from app.carriers.twilio_status import whole

if TYPE_CHECKING:
    from twilio.rest import Client  # type: ignore[import-untyped]

T = TypeVar("T")

EVENTS = ["initiated", "ringing", "answered", "completed"]
_ACCOUNT = frozenset({20003, 20005, 20404, 10001, 10002, 10003, 10005, 21205, 21210, 21212})
"""Codes that concern us: credentials, the account's standing, our number, our addresses."""
_THROTTLED = frozenset({20429, 10004})
_OVER = frozenset({21220, 20404})
"""What hanging up is answered with when the call has ended."""
_MOST_RECENT = 20
_CLOCK_SKEW = timedelta(seconds=120)
"""The carrier's clock and ours; a call that is older than the request by less than this may be its."""
_BEFORE_SENDING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_FAILED, _TIMED_OUT, _TOO_MANY, _FORBIDDEN, _MISSING = 500, 408, 429, (401, 403), 404


class TwilioDialling:
    """Meets `placing.PlacingCarrier`. `base_url`: where requests go instead of the vendor's own address. `answer_s`:
    how long each may take (`dialling.policy`'s `request_s`)."""

    def __init__(self, account_sid: str, auth_token: str, base_url: str | None = None, *, answer_s: float) -> None:
        # here, because the SDK takes 0.2 s to import, and a house that places no calls never needs it
        from twilio.rest import Client

        from app.carriers.twilio_http import TwilioHttp, sent_only_if

        self._only_if = sent_only_if
        self._http = TwilioHttp(base_url, answer_s)
        self._client: Client = Client(account_sid, auth_token, http_client=self._http)

    async def dial(self, wanted: Wanted, may_send: Callable[[], bool]) -> Report:
        """Ring, once, if `may_send` says so at the last moment. Raises PlacingError."""
        asked: dict[str, Any] = {
            "to": wanted.to,
            "from_": wanted.from_,
            "url": wanted.answer_url,
            "method": "POST",
            "timeout": wanted.ring_s,
            "status_callback": wanted.status_url,
            "status_callback_method": "POST",
            "status_callback_event": EVENTS,
        }
        if wanted.verdict_url is not None:
            asked |= {
                "machine_detection": "DetectMessageEnd" if wanted.until_beep else "Enable",
                "async_amd": "true",
                "async_amd_status_callback": wanted.verdict_url,
                "async_amd_status_callback_method": "POST",
            }
        if wanted.send_digits:
            asked["send_digits"] = wanted.send_digits
        with self._only_if(may_send) as sending:
            try:
                placed = _report(await _explained(self._client.calls.create_async(**asked)))
            except PlacingError as error:
                if sending.begun:
                    raise
                raise PlacingError("unsent" if may_send() else "late", str(error)) from None
        if not placed.call_sid:
            raise PlacingError("unknown", "Twilio took the call, or did not: its answer names none")
        return placed

    async def hang_up(self, call_sid: str) -> None:
        """End a call, rung or answered; one that has ended is left so. Raises PlacingError."""
        try:
            await _explained(self._client.calls(call_sid).update_async(status="completed"))
        except PlacingError as error:
            if error.code not in _OVER:
                raise

    async def look_up(self, call_sid: str) -> Report | None:
        """What became of a call; None if Twilio knows of none. Raises PlacingError."""
        try:
            return _report(await _explained(self._client.calls(call_sid).fetch_async()))
        except PlacingError as error:
            if error.code == 20404:
                return None
            raise

    async def recent(self, to: str, from_: str, since: datetime) -> list[Report]:
        """The calls placed from `from_` to `to` since then, the newest first. Raises PlacingError.

        A start time is not asked for: a call that still queues has none.
        """
        found = await _explained(self._client.calls.list_async(to=to, limit=_MOST_RECENT, page_size=_MOST_RECENT))
        oldest = since - _CLOCK_SKEW
        reports = []
        for call in found:
            report = _report(call)
            ours = (getattr(call, "_from", None) or from_) == from_
            if ours and report.call_sid and (report.created_at is None or report.created_at >= oldest):
                reports.append(report)
        return reports

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()


def _report(call: Any) -> Report:
    return Report(
        call_sid=str(call.sid or ""),
        status=str(call.status or "queued"),
        created_at=call.date_created if isinstance(call.date_created, datetime) else None,
        ended_at=call.end_time if isinstance(call.end_time, datetime) else None,
        duration_s=whole(str(call.duration)) if call.duration is not None else None,
        answered_by=call.answered_by or None,
    )


async def _explained(asked: Awaitable[T]) -> T:
    """What the SDK answers. Its own message is not repeated: it holds addresses, with the account in them."""
    from twilio.base.exceptions import TwilioException  # type: ignore[import-untyped]

    from app.carriers.twilio_http import SentTooLateError

    try:
        return await asked
    except SentTooLateError:
        raise PlacingError("late", "the request was not sent: too much time had passed") from None
    except _BEFORE_SENDING as error:
        raise PlacingError("unsent", f"Twilio cannot be reached ({type(error).__name__})") from None
    except (TimeoutError, httpx.HTTPError) as error:
        raise PlacingError("unknown", f"Twilio did not answer ({type(error).__name__})") from None
    except TwilioException as error:
        raise _refusal(error) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PlacingError("unknown", f"Twilio's answer is none ({type(error).__name__})") from None


def _refusal(error: Exception) -> PlacingError:
    status, code = getattr(error, "status", None), getattr(error, "code", None)
    code = code if isinstance(code, int) else None
    if not isinstance(status, int):
        return PlacingError("unknown", f"Twilio could not be asked ({type(error).__name__})")
    words = str(getattr(error, "msg", "") or "")
    if code is not None:  # without one the SDK's words are about itself
        words = words.partition(": ")[2] or words
    place = f"HTTP {status}" + (f", error {code}" if code is not None and code != status else "")
    return PlacingError(_kind(status, code), f"Twilio refused ({place})", code=code or status, words=words[:300])


def _kind(status: int, code: int | None) -> PlacingFault:
    if status == _TOO_MANY or code in _THROTTLED:
        return "throttled"
    if code in _ACCOUNT:
        return "account"
    if status >= _FAILED or status == _TIMED_OUT or status < 400:
        return "unknown"
    has_code = code is not None and code != status
    return "account" if status in (*_FORBIDDEN, _MISSING) and not has_code else "refused"

"""The addresses: where Twilio reaches the house, and whether a server is there."""

from __future__ import annotations

import asyncio
import fcntl
import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from app.cli.examination.report import Group, Line, within
from app.settings import Settings

_ANSWER_S = 6.0


async def examine_addresses(settings: Settings) -> Group:
    """Our own address, and the public one."""
    running = await asyncio.to_thread(_runs, settings.data_dir)
    here, public = await asyncio.gather(
        within("HOST, PORT", _here(settings, running)), within("PUBLIC_URL", _public(settings, running))
    )
    return Group("Addresses", (*here, *public))


def shown(url: str) -> str:
    """Without user, password and query, which may be secrets of somebody's."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}"


async def _public(settings: Settings, running: bool) -> list[Line]:
    url, by_twilio = settings.public_url, settings.twilio_account_sid is not None
    if settings.given_public_url is None and not by_twilio:
        return [Line("PUBLIC_URL", "not set", f"{url}: enough for the phone in the terminal")]
    lines = []
    if _is_local(url):
        says = f"{url} is an address that only this machine or network knows: Twilio cannot reach it"
        mend = "for real calls, set it to the https address of a tunnel or proxy that leads here"
        lines.append(Line("PUBLIC_URL", "attention", says, mend))
    elif not url.startswith("https:"):
        mend = "put a proxy or tunnel with a certificate in front, and set PUBLIC_URL to its https address"
        says = "it is not https, and Twilio opens media streams by wss alone"
        lines.append(Line("PUBLIC_URL", "wrong" if by_twilio else "attention", says, mend))
    return [*lines, await _answers(url, running)]


async def _answers(url: str, running: bool) -> Line:
    """Is it a house of ours that answers there?"""
    mend = "let your tunnel or proxy lead to HOST and PORT, or correct PUBLIC_URL"
    try:
        async with asyncio.timeout(_ANSWER_S), httpx.AsyncClient(timeout=_ANSWER_S, follow_redirects=False) as client:
            answer = await client.get(f"{url}/health")
    except (TimeoutError, httpx.TimeoutException):
        return Line("PUBLIC_URL", "wrong", f"{url}/health does not answer within {_ANSWER_S:g} s", mend)
    except httpx.HTTPError as error:
        return _silent(url, error, running, mend)
    if answer.is_redirect:
        where = shown(str(answer.next_request.url)) if answer.next_request is not None else "elsewhere"
        mend = "set PUBLIC_URL to the address itself: Twilio signs the one that it asks"
        return Line("PUBLIC_URL", "wrong", f"{url}/health sends on to {where}", mend)
    if not _is_ours(answer):
        if not running and answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            return _not_running(url, f"answers HTTP {answer.status_code}")
        says = f"{url}/health answers HTTP {answer.status_code}, but not as Parley does"
        return Line("PUBLIC_URL", "wrong", says, mend)
    return Line("PUBLIC_URL", "ok", f"{url}/health answers, and is Parley")


def _silent(url: str, error: Exception, running: bool, mend: str) -> Line:
    if "certificate" in str(error).lower():
        mend = "renew or correct the certificate: Twilio refuses it, too"
        return Line("PUBLIC_URL", "wrong", f"{url} shows a certificate that is not valid", mend)
    if not running:
        return _not_running(url, f"does not answer ({type(error).__name__})")
    return Line("PUBLIC_URL", "wrong", f"{url} does not answer ({type(error).__name__})", mend)


def _not_running(url: str, how: str) -> Line:
    says = f"{url}/health {how}, and no server runs here that could"
    return Line("PUBLIC_URL", "attention", says, "start the server (python -m app serve) and look again")


async def _here(settings: Settings, running: bool) -> list[Line]:
    """What is at the address that the server listens on."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    url = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
    try:
        # past any proxy of the environment: it is this machine that is asked
        async with asyncio.timeout(_ANSWER_S), httpx.AsyncClient(timeout=_ANSWER_S, trust_env=False) as client:
            ours = _is_ours(await client.get(f"{url}/health"))
    except httpx.ConnectError:
        ours = None
    except (TimeoutError, httpx.HTTPError):
        ours = False
    if running:
        if ours:
            return [Line("server", "ok", f"one runs on this DATA_DIR, and answers at {url}")]
        says = f"one runs on this DATA_DIR, but does not answer at {url}"
        return [
            Line("server", "attention", says, "give doctor the same HOST and PORT; or the server hangs: restart it")
        ]
    if ours is None:
        return [Line("server", "ok", "none runs on this DATA_DIR; HOST and PORT are free for one")]
    what = "another Parley, with another DATA_DIR," if ours else "another program"
    return [Line("PORT", "wrong", f"{what} answers at {url}", "stop it, or set PORT to another")]


def _is_ours(answer: httpx.Response) -> bool:
    try:
        return answer.is_success and answer.json() == {"status": "alive"}
    except ValueError:
        return False


def _is_local(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if (
        host == "localhost"
        or host.endswith((".localhost", ".local", ".internal"))
        or ("." not in host and ":" not in host)
    ):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def _runs(data_dir: Path) -> bool:
    """Does a server hold this DATA_DIR? Its lock is tried for a moment, shared, and only where there is one."""
    try:
        with (data_dir / "running.lock").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False

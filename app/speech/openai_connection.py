"""OpenAI's SDK upon a pool of connections of our own, for any server that speaks its protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from app.speech.protocols import FaultKind, Finding, ProviderError
from app.speech.vendor_connection import Pool, quiet
from app.speech.vendor_errors import Words, explained
from app.speech.vendor_findings import Asked, model_findings

if TYPE_CHECKING:
    from openai import AsyncOpenAI

OPENAI_URL = "https://api.openai.com/v1"
_KEYLESS = "none"
"""For the SDK, which wants a key; it is not sent."""


class Connection:
    """`settings`: OPENAI_MODEL; OPENAI_BASE_URL for another server than OpenAI's own; OPENAI_API_KEY, which a server
    of one's own may not want. `vendor`: how the server is called before the operator."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        given, key, self.model = (
            settings.get(name, "").strip() for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "OPENAI_MODEL")
        )
        self.vendor = "The OpenAI-compatible server" if given else "OpenAI"
        self._words = Words(self.vendor, "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL")
        self._pool = Pool("openai", self.vendor)
        self._url = address(given) if given else OPENAI_URL
        self._missing = _missing(self._url, given, key, self.model)
        self._client = None if self._missing else _sdk(key, self._url or "", self._pool)
        self._has_key = bool(key)

    @property
    def client(self) -> AsyncOpenAI:
        """The SDK's client. Raises ProviderError if a setting is missing or makes no sense."""
        if self._client is None:
            raise _as_error(self._missing)
        return self._client

    @property
    def headers(self) -> dict[str, Any]:
        """What every request must have as its own: without a key, none is sent."""
        if self._has_key:
            return {}
        from openai import Omit

        return {"Authorization": Omit()}

    @property
    def explained(self) -> Callable[[], AbstractContextManager[None]]:
        """Whatever fails inside it becomes a ProviderError that says what to do."""
        return lambda: explained(self._words)

    async def warm(self) -> None:
        """Have a connection open; what is missing, and what fails, is for the log alone."""
        if self._missing is not None:
            self._pool.tell(self._missing.says)
        elif self._url is not None:
            await self._pool.warm(self._url, self.explained)

    async def check(self) -> Sequence[Finding]:
        """One listing of the models, if the settings make sense."""
        if self._missing is not None:
            trouble, _, mend = self._missing.says.partition(": ")
            return [Finding(self._missing.about, False, trouble, mend)]
        words = self._words
        asked = Asked(words.vendor, self.model, words.model, words.key, words.url)
        listed = partial(self.client.models.list, extra_headers=self.headers)
        return await model_findings(asked, listed, self.explained, otherwise=self._one_token)

    async def _one_token(self) -> None:
        """A server of one's own need not list its models."""
        answer = await self.client.chat.completions.create(
            model=self.model,
            messages=[{"role": "user", "content": "Hello"}],
            max_completion_tokens=1,
            extra_headers=self.headers,
        )
        if not isinstance(getattr(answer, "choices", None), list):
            raise ProviderError(f"{self.vendor} answered with something that is no reply", "rubbish")

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


def address(given: str) -> str | None:
    """OPENAI_BASE_URL as the SDK wants it: with `/v1` if it has no path, without a slash at the end; None if it is no
    address, or holds more than that."""
    try:
        parts = urlsplit(given)
        _ = parts.port  # raises ValueError when it is no port
    except ValueError:
        return None
    more = parts.query or parts.fragment or parts.username or any(map(str.isspace, given))
    if parts.scheme not in ("http", "https") or not parts.hostname or more:
        return None
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/') or '/v1'}"


@dataclass(frozen=True, slots=True)
class _Missing:
    """A setting without which nothing can be asked."""

    about: str
    kind: FaultKind
    says: str


def _missing(url: str | None, given: str, key: str, model: str) -> _Missing | None:
    if url is None:
        wanted = "write it like http://localhost:11434 or https://openrouter.ai/api/v1"
        return _Missing("OPENAI_BASE_URL", "refused", f"OPENAI_BASE_URL is no address: {wanted}")
    if not given and not key:
        wanted = "set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own, or take openai out of LLM_PROVIDER"
        return _Missing("OPENAI_API_KEY", "key", f"OpenAI has no key: {wanted}")
    if not (key.isascii() and key.isprintable()):
        return _Missing("OPENAI_API_KEY", "key", "The key has letters that no key has: correct OPENAI_API_KEY")
    if not model:
        wanted = "set OPENAI_MODEL, or take openai out of LLM_PROVIDER"
        return _Missing("OPENAI_MODEL", "refused", f"No model is named for the OpenAI-compatible server: {wanted}")
    return None


def _as_error(missing: _Missing | None) -> ProviderError:
    return ProviderError(missing.says, missing.kind) if missing else ProviderError("nothing can be asked")


def _sdk(key: str, url: str, pool: Pool) -> AsyncOpenAI:
    """Imported here, because it takes a while and the offline house never needs it."""
    from openai import AsyncOpenAI

    # It would try again twice, and sleep as long as Retry-After says, up to a minute.
    client = AsyncOpenAI(
        api_key=key or _KEYLESS,
        base_url=url,
        timeout=pool.http.timeout,
        max_retries=0,
        http_client=pool.http,
    )
    _ = client.chat.completions, client.models  # loaded on first use: 0.3 s in which no call would be served
    quiet("openai")
    return client

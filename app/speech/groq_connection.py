"""Groq's SDK upon a pool of connections of our own, without its hidden retries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from app.speech.protocols import Finding, ProviderError
from app.speech.vendor_connection import Pool, quiet
from app.speech.vendor_errors import Words, explained
from app.speech.vendor_findings import Asked, model_findings

if TYPE_CHECKING:
    from groq import AsyncGroq

VENDOR_URL = "https://api.groq.com"
NO_KEY = "Groq has no key: set GROQ_API_KEY, or take groq out of STT_PROVIDER and LLM_PROVIDER"
_BAD_KEY = "Groq's key has letters that no key has: correct GROQ_API_KEY"


class Connection:
    """One part's. `settings`: GROQ_API_KEY, and GROQ_BASE_URL for another address. `about`: the model's setting."""

    def __init__(self, settings: Mapping[str, str], about: str) -> None:
        self._words = Words("Groq", "GROQ_API_KEY", "GROQ_BASE_URL", about)
        self._pool = Pool("groq", "Groq")
        self._url = settings.get("GROQ_BASE_URL") or VENDOR_URL
        key = settings.get("GROQ_API_KEY", "").strip()
        self._trouble = "" if key.isascii() and key.isprintable() and key else _BAD_KEY if key else NO_KEY
        self._client = None if self._trouble else _sdk(key, self._url, self._pool)

    @property
    def client(self) -> AsyncGroq:
        """The SDK's client. Raises ProviderError if there is no key."""
        if self._client is None:
            raise ProviderError(self._trouble, "key")
        return self._client

    @property
    def explained(self) -> Callable[[], AbstractContextManager[None]]:
        """Whatever fails inside it becomes a ProviderError that says what to do."""
        return lambda: explained(self._words)

    async def warm(self) -> None:
        """Have a connection open; a missing key, and what fails, is for the log alone."""
        if self._client is None:
            self._pool.tell(self._trouble)
        else:
            await self._pool.warm(self._url, self.explained)

    async def check(self, model: str) -> Sequence[Finding]:
        """One listing of the models."""
        if self._client is None:
            trouble, _, mend = self._trouble.partition(": ")
            return [Finding(self._words.key, False, trouble, mend)]
        words = self._words
        asked = Asked(words.vendor, model, words.model, words.key, words.url)
        return await model_findings(asked, self._client.models.list, self.explained)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


def _sdk(key: str, url: str, pool: Pool) -> AsyncGroq:
    """Imported here, because it takes a while and the offline house never needs it."""
    from groq import AsyncGroq

    quiet("groq")
    # It would try again twice, sleep as long as Retry-After says, up to a minute, and send a file without its fields.
    client = AsyncGroq(api_key=key, base_url=url, timeout=pool.http.timeout, max_retries=0, http_client=pool.http)
    _ = client.chat.completions, client.audio.transcriptions, client.models  # loaded on first use, which is in a call
    return client

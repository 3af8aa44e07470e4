"""A server that speaks OpenAI's protocol, on this machine; its chat is in `chat_frames`."""

from __future__ import annotations

from app.speech.protocols import ProviderContext
from tests.vendors.groq_stand_in import PERSONA, Vendor, vendor

__all__ = ["KEY", "MODEL", "PERSONA", "Vendor", "context", "vendor"]

KEY = "sk_0123456789abcdef"
MODEL = "qwen3:8b"


def context(url: str, **settings: str) -> ProviderContext:
    given = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": url, "OPENAI_MODEL": MODEL, **settings}
    return ProviderContext({PERSONA.id: PERSONA}, given)

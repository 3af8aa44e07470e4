"""Any server that speaks OpenAI's protocol (vLLM, Ollama, llama.cpp, OpenRouter, OpenAI), through OpenAI's own SDK.

Settings: OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL; docs/vendors/openai.md explains them.
"""

from __future__ import annotations

from app.speech.openai_chat import OpenAiLanguageModel
from app.speech.protocols import Provider

PROVIDER = Provider(
    "openai",
    language_model=OpenAiLanguageModel,
    settings=("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL"),
)

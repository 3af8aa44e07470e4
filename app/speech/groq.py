"""Groq, through its own SDK: turns transcribed by Whisper, and replies worded by a chat model.

Settings beside GROQ_API_KEY and GROQ_BASE_URL: GROQ_MODEL and GROQ_STT_MODEL; docs/vendors/groq.md explains them.
"""

from __future__ import annotations

from app.speech.groq_chat import GroqLanguageModel
from app.speech.groq_hearing import GroqSpeechToText
from app.speech.protocols import Provider

PROVIDER = Provider(
    "groq",
    speech_to_text=GroqSpeechToText,
    language_model=GroqLanguageModel,
    settings=("GROQ_MODEL", "GROQ_STT_MODEL"),
)

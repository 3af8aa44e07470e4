"""Sarvam, through its own SDK: turns transcribed by Saaras, replies worded by a chat model, speech by Bulbul.

Settings beside SARVAM_API_KEY and SARVAM_BASE_URL: those of `PROVIDER`; docs/vendors/sarvam.md explains them.
"""

from __future__ import annotations

from app.speech.protocols import Provider
from app.speech.sarvam_chat import SarvamLanguageModel
from app.speech.sarvam_hearing import SarvamSpeechToText
from app.speech.sarvam_voice import SarvamTextToSpeech

PROVIDER = Provider(
    "sarvam",
    speech_to_text=SarvamSpeechToText,
    language_model=SarvamLanguageModel,
    text_to_speech=SarvamTextToSpeech,
    settings=("SARVAM_MODEL", "SARVAM_STT_MODEL", "SARVAM_STT_MODE", "SARVAM_SPEAKER", "SARVAM_TTS_MODEL"),
)

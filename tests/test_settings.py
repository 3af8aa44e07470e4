"""The settings: what is read from where, and the one line that stops a start."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.settings import Settings, load_settings, setting_names
from app.settings_words import SettingsError

Load = Callable[..., Settings]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Loads settings from a `.env` of this text and an environment of these names alone."""
    for name in setting_names():
        monkeypatch.delenv(name, raising=False)

    def load_them(env_file: str | None = None, *, of_providers: tuple[str, ...] = (), **environment: str) -> Settings:
        path = tmp_path / ".env"
        if env_file is not None:
            path.write_text(env_file, encoding="utf-8")
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return load_settings(path, of_providers=of_providers)

    return load_them


def test_nothing_need_be_set(load: Load) -> None:
    settings = load()
    assert (settings.host, settings.port, settings.public_url) == ("127.0.0.1", 8000, "http://localhost:8000")
    assert settings.stream_url == "ws://localhost:8000/twilio/stream"
    assert settings.database_url.startswith("sqlite+aiosqlite:////")
    assert settings.database_url.endswith("/data/parley.db")
    assert (settings.ai_mode, settings.max_calls, settings.default_persona) == ("offline", 50, "assistant")
    assert (settings.personas_dir / "assistant.yaml").parent.name == "personas"


def test_the_environment_wins_over_the_file_and_an_empty_value_is_none(load: Load) -> None:
    settings = load("PORT=9000\nHOST=0.0.0.0\nGROQ_API_KEY=\nSTT_PROVIDER=\n", PORT="9100")
    assert (settings.host, settings.port) == ("0.0.0.0", 9100)
    assert settings.groq_api_key is None
    assert settings.providers("stt") == ("offline",)


def test_the_stream_follows_the_public_url(load: Load) -> None:
    settings = load(PUBLIC_URL="https://Parley.Example.org:8443/")
    assert settings.public_url == "https://parley.example.org:8443"
    assert settings.stream_url == "wss://parley.example.org:8443/twilio/stream"


def test_a_server_on_another_port_believes_its_own_signatures(load: Load) -> None:
    assert load(PORT="8123").public_url == "http://localhost:8123"


@pytest.mark.parametrize(
    ("mode", "stt", "llm", "tts"),
    [
        ("offline", ("offline",), ("offline",), ("offline",)),
        ("mock", ("mock",), ("mock",), ("mock",)),
        ("live", ("offline",), ("offline",), ("offline",)),
    ],
)
def test_the_mode_orders_the_providers(load: Load, mode: str, stt: object, llm: object, tts: object) -> None:
    settings = load(AI_MODE=mode)
    assert (settings.providers("stt"), settings.providers("llm"), settings.providers("tts")) == (stt, llm, tts)


def test_live_asks_the_vendors_whose_keys_are_set_and_then_this_machine(load: Load) -> None:
    settings = load(AI_MODE="live", GROQ_API_KEY="g", ELEVENLABS_API_KEY="e")
    assert settings.providers("stt") == ("groq", "elevenlabs", "offline")
    assert settings.providers("llm") == ("groq", "offline")
    assert settings.providers("tts") == ("elevenlabs", "offline")


def test_live_without_a_key_says_which_could_be_set(load: Load) -> None:
    assert "GROQ_API_KEY" in load(AI_MODE="live").complaint
    assert load(AI_MODE="live", GROQ_API_KEY="g").complaint == ""
    assert load(AI_MODE="live", LLM_PROVIDER="openai,offline").complaint == ""
    assert load(AI_MODE="offline").complaint == ""


def test_a_vendor_named_without_a_key_stays_named(load: Load) -> None:
    assert load(AI_MODE="live", LLM_PROVIDER="groq,offline").providers("llm") == ("groq", "offline")


def test_the_operator_orders_the_providers(load: Load) -> None:
    assert load(AI_MODE="live", STT_PROVIDER=" Sarvam ,offline, sarvam,").providers("stt") == ("sarvam", "offline")


def test_providers_get_their_own_settings_and_no_others(load: Load) -> None:
    settings = load("GROQ_API_KEY=g\nWHISPERER_MODEL=tiny\n", of_providers=("WHISPERER_MODEL",), API_KEY="house")
    assert settings.for_providers() == {"GROQ_API_KEY": "g", "WHISPERER_MODEL": "tiny"}


def test_secrets_do_not_show(load: Load) -> None:
    settings = load(
        GROQ_API_KEY="secret",
        ADMIN_PASSWORD="secret",
        DATABASE_URL="postgresql://u:secret@h/d",
        TWILIO_AUTH_TOKEN="secret",
    )
    assert "secret" not in f"{settings!r} {settings}"
    assert settings.database_url == "postgresql://u:secret@h/d"


REFUSALS = {
    "AI_MODE=oflin": 'AI_MODE is "oflin": it must be offline, live or mock (did you mean offline?)',
    "PORT=eight": 'PORT is "eight": it must be a whole number',
    "PORT=0": 'PORT is "0": it must be 1 or more',
    "PORT=65536": 'PORT is "65536": it must be 65535 or less',
    "PUBLIC_URL=parley.example.org": "scheme, host and port alone",
    "PUBLIC_URL=https://parley.example.org/phone": "scheme, host and port alone",
    "PUBLIC_URL=wss://parley.example.org": "scheme, host and port alone",
    "PUBLIC_URL=http://localhost:99999": "scheme, host and port alone",
    "GROQ_BASE_URL=http://localhost:1/openai/v1": "GROQ_BASE_URL",
    "STT_PROVIDER=,": 'STT_PROVIDER is ",": it must name one provider or more',
    "LLM_PROVIDER=groq;offline": "separated by commas",
    "MAX_CALLS=0": 'MAX_CALLS is "0": it must be 1 or more',
    "MAX_CALLS=1.5": "whole number",
    "DRAIN_S=nan": 'DRAIN_S is "nan": it must be a number',
    "DRAIN_S=-1": "0 or more",
    "WEBHOOK_ALLOW_HTTP=perhaps": 'WEBHOOK_ALLOW_HTTP is "perhaps": it must be true or false',
    "WEBHOOK_URL=ats.example.org": "WEBHOOK_URL: it must be an address like https://ats.example.org/parley",
    "TWILIO_ACCOUNT_SID=SK123": "begins with AC",
    "TWILIO_PHONE_NUMBER=0301234567": "a plus, the country, digits alone",
    "LOG_LEVEL=loud": "debug, info, warning or error",
    "PUBLIK_URL=https://x.org": "PUBLIK_URL is not a setting (did you mean PUBLIC_URL?)",
    "port=9": "port is not a setting (did you mean PORT?)",
    "ADMIN_PASSWORT=": "did you mean ADMIN_PASSWORD?",
    "PORT": "line 1, is not NAME=value",
    "# fine\nPORT 8000": "line 2, is not NAME=value",
    'HOST="0.0.0.0': "line 1, is not NAME=value",
}


@pytest.mark.parametrize("env_file", REFUSALS)
def test_one_line_says_what_to_do(load: Load, env_file: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        load(env_file)
    assert REFUSALS[env_file] in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_refused_value_that_is_personal_is_not_shown(load: Load) -> None:
    with pytest.raises(SettingsError) as refusal:
        load(TWILIO_PHONE_NUMBER="0301234567")
    assert "0301234567" not in str(refusal.value)


def test_a_file_that_is_no_text_is_refused(load: Load, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"HOST=\xff\xfe")
    with pytest.raises(SettingsError, match="readable UTF-8 file"):
        load()

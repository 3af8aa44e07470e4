"""What the operator may set, read from the environment and from `.env`; the environment wins.

`docs/settings.md` and `.env.example` list every name, held by `tests/architecture`. Only `app.main` and `app.cli` read
this module: every other floor is given the values it needs. Whether a provider, a persona or a database of the given
name exists is checked where they are put together; here it is only whether a value makes sense by itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from dotenv import dotenv_values
from pydantic import AfterValidator, Field, PrivateAttr, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.dialling.limits import Limits
from app.dialling.policy import Policy
from app.dialling.window import read_hours
from app.settings_words import (
    SettingsError,
    base_url,
    closest,
    e164,
    explain,
    folder,
    hours,
    provider_order,
    unreadable_line,
    webhook_url,
)

AiMode = Literal["offline", "live", "mock"]
LogLevel = Literal["debug", "info", "warning", "error"]
RecordingsIn = Literal["files", "database"]
Part = Literal["stt", "llm", "tts"]
PARTS: tuple[Part, ...] = ("stt", "llm", "tts")

HERE = Path(__file__).resolve().parent.parent

VENDORS = ("groq", "sarvam", "elevenlabs")
"""Those whose keys are settings of the house itself."""

#: Who is asked, in order, where the operator names no order; of `live`, those whose key is set. It ends with this
#: machine's own voice, because a failing vendor may cost a sentence but never the call.
PROVIDERS_BY_MODE: dict[str, dict[str, tuple[str, ...]]] = {
    "offline": {"stt": ("offline",), "llm": ("offline",), "tts": ("offline",)},
    "mock": {"stt": ("mock",), "llm": ("mock",), "tts": ("mock",)},
    "live": {
        "stt": ("groq", "sarvam", "elevenlabs", "offline"),
        "llm": ("groq", "sarvam", "offline"),
        "tts": ("elevenlabs", "sarvam", "offline"),
    },
}

BaseUrl = Annotated[str, AfterValidator(base_url)]
PhoneNumber = Annotated[str, AfterValidator(e164)]
ProviderOrder = Annotated[str, AfterValidator(provider_order)]
Folder = Annotated[Path, AfterValidator(folder)]
File = Annotated[Path, AfterValidator(folder)]
Hours = Annotated[str, AfterValidator(hours)]
WebhookUrl = Annotated[str, AfterValidator(webhook_url)]


class Settings(BaseSettings):
    """Every setting, by its contract name in lower case. Frozen. An empty value counts as not set."""

    model_config = SettingsConfigDict(
        alias_generator=str.upper,
        case_sensitive=True,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    given_public_url: BaseUrl | None = Field(None, alias="PUBLIC_URL")
    host: str = Field("127.0.0.1", min_length=1)
    port: int = Field(8000, ge=1, le=65535)
    given_database_url: SecretStr | None = Field(None, alias="DATABASE_URL")
    data_dir: Folder = Path("data")
    ai_mode: AiMode = "offline"
    stt_provider: ProviderOrder | None = None
    llm_provider: ProviderOrder | None = None
    tts_provider: ProviderOrder | None = None
    groq_api_key: SecretStr | None = None
    groq_base_url: BaseUrl | None = None
    sarvam_api_key: SecretStr | None = None
    sarvam_base_url: BaseUrl | None = None
    elevenlabs_api_key: SecretStr | None = None
    elevenlabs_base_url: BaseUrl | None = None
    twilio_account_sid: str | None = Field(None, pattern=r"^AC[0-9A-Za-z]+$")
    twilio_auth_token: SecretStr | None = None
    twilio_phone_number: PhoneNumber | None = Field(None, repr=False)
    twilio_api_base_url: BaseUrl | None = None
    admin_password: SecretStr | None = None
    api_key: SecretStr | None = None
    session_secret: SecretStr | None = Field(None, repr=False, min_length=16)
    default_persona: str = "assistant"
    max_calls: int = Field(50, ge=1)
    database_connections: int = Field(15, ge=3, le=1000)
    recordings_in: RecordingsIn | None = None
    log_level: LogLevel = "info"
    drain_s: float = Field(60.0, ge=0, le=3600, allow_inf_nan=False)
    offline_workers: int | None = Field(None, ge=1, le=64)
    personas_dir: Folder = HERE / "personas"
    prices: File = HERE / "app" / "prices.yaml"
    smart_turn_model: File | None = None
    dial_at_once: int = Field(10, ge=1, le=1000)
    dial_per_second: float = Field(1.0, ge=0.01, le=100, allow_inf_nan=False)
    dial_per_number_a_day: int = Field(10, ge=1, le=100)
    dial_hours: Hours = ""
    dial_ring_s: int = Field(30, ge=5, le=600)
    show_digits: bool = False
    webhook_url: WebhookUrl | None = Field(None, repr=False)
    webhook_secret: SecretStr | None = Field(None, repr=False)
    webhook_allow_http: bool = False
    webhook_allow_private: bool = False

    _of_plugins: dict[str, str] = PrivateAttr(default_factory=dict)

    @property
    def public_url(self) -> str:
        """Scheme, host and port that Twilio reaches and signs, without a slash at the end.

        Unset, it is this machine at `PORT`, so that a server moved to another port still believes its own signatures.
        """
        return self.given_public_url or f"http://localhost:{self.port}"

    @property
    def stream_url(self) -> str:
        """Where the carrier opens the media stream: `ws` for `http`, `wss` for `https`."""
        return "ws" + self.public_url.removeprefix("http") + "/twilio/stream"

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL as given, or that of a SQLite file in `DATA_DIR`. May hold a password: never log it."""
        if self.given_database_url is not None:
            return self.given_database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{self.data_dir.absolute() / 'parley.db'}"

    @property
    def dialling(self) -> Policy:
        """The house's rules for calls that it places."""
        limits = Limits(
            at_once=self.dial_at_once,
            per_second=self.dial_per_second,
            per_number_a_day=self.dial_per_number_a_day,
            hours=read_hours(self.dial_hours),
        )
        return Policy(limits=limits, ring_s=self.dial_ring_s)

    def providers(self, part: Part) -> tuple[str, ...]:
        """Names of the providers for `part`, first choice first; never empty. Where the operator names none, vendors
        without a key are left out."""
        given: str | None = getattr(self, f"{part}_provider")
        if given:
            return tuple(given.split(","))
        return tuple(name for name in PROVIDERS_BY_MODE[self.ai_mode][part] if self._has_key(name))

    @property
    def complaint(self) -> str:
        """Empty, or one line: the mode is `live`, and nothing but this machine is asked."""
        if self.ai_mode != "live" or any(set(self.providers(part)) - {"offline"} for part in PARTS):
            return ""
        keys = " or ".join(f"{vendor.upper()}_API_KEY" for vendor in VENDORS)
        return f"AI_MODE is live and no vendor has a key, so this machine speaks for itself: set {keys}"

    def _has_key(self, provider: str) -> bool:
        return provider not in VENDORS or getattr(self, f"{provider}_api_key") is not None

    def for_providers(self) -> dict[str, str]:
        """The providers' own settings that are set, by contract name, secrets in the clear: pass on, never log."""
        values = {name: getattr(self, name.lower()) for name in PROVIDER_SETTINGS}
        return {name: _plain(value) for name, value in values.items() if value is not None} | self._of_plugins


PROVIDER_SETTINGS = (
    *(f"{vendor.upper()}_{what}" for vendor in VENDORS for what in ("API_KEY", "BASE_URL")),
    "OFFLINE_WORKERS",
)


def setting_names() -> tuple[str, ...]:
    """Every name the operator may set, as written in the environment, in the order of the class."""
    return tuple(field.alias or name.upper() for name, field in Settings.model_fields.items())


def load_settings(env_file: Path | None = Path(".env"), *, of_providers: Iterable[str] = ()) -> Settings:
    """Read the settings from `env_file`, if there is such a file, and from the environment, which wins.

    `of_providers`: names of further settings that a provider's own file asks for, so that a provider stays one file;
    their values come out of `Settings.for_providers`. Raises `SettingsError`, one line that says what to do: an
    unknown name in the file, a line that is not `NAME=value`, a file that cannot be read, or a value that makes no
    sense. Secrets never appear in the message.
    """
    more = tuple(of_providers)
    of_file = _read_file(env_file, (*setting_names(), *more)) if env_file is not None else {}
    given = {**of_file, **{name: value for name, value in os.environ.items() if value}}
    try:
        settings = Settings(_env_file=env_file, _env_file_encoding="utf-8")
    except ValidationError as error:
        raise SettingsError(explain(error.errors(include_url=False)[0], given)) from None
    settings._of_plugins.update({name: given[name] for name in more if name in given})
    return settings


def _read_file(path: Path, known: tuple[str, ...]) -> dict[str, str]:
    """What a `.env` sets; refuses a line or a name that would otherwise be passed over in silence."""
    try:
        if not path.exists():
            return {}
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read ({type(error).__name__}): make it a readable UTF-8 file") from None
    if (line := unreadable_line(text)) is not None:
        raise SettingsError(f"{path}, line {line}, is not NAME=value: correct it, or put # in front of it")
    values = dotenv_values(path, encoding="utf-8")
    for name in values:
        if name not in known:
            hint = closest(name, known)
            raise SettingsError(f"{path}: {name} is not a setting{hint or ''}; .env.example lists them all")
    return {name: value for name, value in values.items() if value}


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)

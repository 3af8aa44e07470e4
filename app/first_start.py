"""Secrets that the house makes for itself at the first start and keeps in `DATA_DIR`, readable by its owner alone.

Two processes may start at once on one folder. Each writes its own proposal whole, under a name of its own, and then
links it to the real name, which the file system allows only once: the loser reads what the winner kept.
"""

from __future__ import annotations

import os
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

#: Letters and digits that cannot be taken for one another when read aloud or copied from a screen.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


class FirstStartError(Exception):
    """`DATA_DIR` cannot hold the secrets; the message is one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Secret:
    """`made_now`: made by this very start. `path`: where it is kept; None when it came from the settings."""

    value: str = field(repr=False)
    made_now: bool
    path: Path | None


@dataclass(frozen=True, slots=True)
class HouseSecrets:
    """Everything the house must know and nobody else; `machine_id` names this folder's owner in shared tables."""

    admin_password: Secret
    api_key: Secret
    twilio_auth_token: Secret
    session_secret: Secret
    webhook_secret: Secret
    machine_id: Secret


def keep_secrets(
    data_dir: Path,
    *,
    admin_password: str | None = None,
    api_key: str | None = None,
    twilio_auth_token: str | None = None,
    session_secret: str | None = None,
    webhook_secret: str | None = None,
) -> HouseSecrets:
    """The secrets given by the settings, else those kept in `data_dir`, else new ones, kept from now on.

    `data_dir` is made if need be. Raises `FirstStartError`.
    """
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        return HouseSecrets(
            admin_password=_given(admin_password) or _keep(data_dir / "admin-password", _password),
            api_key=_given(api_key) or _keep(data_dir / "api-key", _api_key),
            twilio_auth_token=_given(twilio_auth_token) or _keep(data_dir / "twilio-auth-token", _auth_token),
            session_secret=_given(session_secret) or _keep(data_dir / "session-secret", _session_secret),
            webhook_secret=_given(webhook_secret) or _keep(data_dir / "webhook-secret", _session_secret),
            machine_id=_keep(data_dir / "machine-id", lambda: uuid.uuid4().hex),
        )
    except (OSError, UnicodeDecodeError) as error:
        what = getattr(error, "strerror", None) or type(error).__name__
        where = getattr(error, "filename", None) or data_dir
        raise FirstStartError(
            f"DATA_DIR {data_dir} cannot keep the secrets ({where}: {what}): "
            "make it a folder that this user may read and write, or set DATA_DIR to one"
        ) from None


def _given(value: str | None) -> Secret | None:
    return Secret(value, made_now=False, path=None) if value else None


def _keep(path: Path, make: Callable[[], str]) -> Secret:
    """The secret in `path`; made and kept if there is none."""
    made_now = not path.exists() and _write_once(path, make())
    path.chmod(0o600)
    value = path.read_text(encoding="utf-8").strip()
    if not value:
        raise FirstStartError(f"{path} is empty: remove it, and the next start makes a new one")
    return Secret(value, made_now=made_now, path=path)


def _write_once(path: Path, value: str) -> bool:
    """Write `value` to `path`, whole or not at all. False if somebody else was first."""
    proposal = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        descriptor = os.open(proposal, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(value + "\n")
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(proposal)
    except FileExistsError:
        return False
    finally:
        proposal.unlink(missing_ok=True)
    return True


def _password() -> str:
    """Sixteen readable characters in fours: 79 bits, more than a signed-in page can ever be asked."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(4))


def _api_key() -> str:
    return f"parley_{secrets.token_urlsafe(32)}"


def _auth_token() -> str:
    """In the form of Twilio's own: 32 hexadecimal digits."""
    return secrets.token_hex(16)


def _session_secret() -> str:
    return secrets.token_urlsafe(48)

"""Where a server of ours is reached and with which secrets, from the settings and the folder that it keeps them in."""

from __future__ import annotations

from app.settings import Settings


def address(settings: Settings, url: str | None = None) -> str:
    """`url`, or where a server with these settings listens."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 - where it listens
    return (url or f"http://{host}:{settings.port}").rstrip("/")


def secret(settings: Settings, name: str) -> str:
    """The set one, else the one that the server made; empty if there is none. Never makes one: that is the
    server's."""
    given = getattr(settings, name)
    if given is not None:
        return str(given.get_secret_value())
    kept = settings.data_dir / name.replace("_", "-")
    try:
        return kept.read_text(encoding="utf-8").strip()
    except OSError:
        return ""

"""Styles and scripts: few and small, so they are held in memory under an address that changes with them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.responses import Response

STATIC = Path(__file__).parent / "static"
PREFIX = "/admin/static"

_MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _Asset:
    content: bytes
    media_type: str


class Assets:
    """Every file in `static/`. The version is of all of them together, as modules import their neighbours."""

    def __init__(self, folder: Path = STATIC) -> None:
        self._assets = {
            path.name: _Asset(path.read_bytes(), _MEDIA_TYPES[path.suffix])
            for path in sorted(folder.iterdir())
            if path.suffix in _MEDIA_TYPES
        }
        digest = hashlib.sha256()
        for name, asset in self._assets.items():
            digest.update(name.encode() + b"\0" + asset.content)
        self.version = digest.hexdigest()[:12]

    def url(self, name: str) -> str:
        """Where the file `name` is. Raises KeyError if there is none: a template misspelt it."""
        return f"{PREFIX}/{self.version}/{name}" if self._assets[name] else ""

    def response(self, version: str, name: str) -> Response | None:
        """The file; None if there is no such one. Only the present version's address may be kept for ever."""
        asset = self._assets.get(name)
        if asset is None:
            return None
        kept = _FOR_EVER if version == self.version else "no-cache"
        return Response(asset.content, media_type=asset.media_type, headers={"Cache-Control": kept})

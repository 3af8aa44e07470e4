"""Templates: how numbers, times and people are written, the same on every page and in every live update."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from app.dialling.zones import ZoneError, zone
from app.personas.schema import Persona
from app.web.admin import words
from app.web.admin.assets import Assets
from app.web.health import Standing

TEMPLATES = Path(__file__).parent / "templates"


class Pages:
    """Renders templates, everything escaped; a name that a template misspells is an error, not a blank."""

    def __init__(self, assets: Assets, personas: Mapping[str, Persona], standing: Callable[[], Standing]) -> None:
        self._standing = standing
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {
            "utc": utc,
            "iso": iso,
            "there": there,
            "duration": words.duration,
            "clock": words.clock,
            "phone": words.phone,
            "persona": lambda slug: personas[slug].name if slug in personas else slug,
        }
        self._environment.globals |= {"asset": assets.url}

    def page(self, template: str, *, status: int = 200, token: str | None, **context: Any) -> Response:
        """A whole page. `token`: for its forms; None if nobody is signed in, and then the top bar is bare."""
        house = words.standing(self._standing())
        text = self._environment.get_template(template).render(house=house, token=token, **context)
        return HTMLResponse(text, status)

    def fragment(self, template: str, macro: str, *arguments: Any) -> str:
        """One macro's output, exactly as it stands in the whole page, on one line."""
        made = getattr(self._environment.get_template(template).module, macro)(*arguments)
        return " ".join(str(made).split())


def utc(moment: datetime) -> str:
    """A time as it is read without scripts: `1 Mar 2026, 12:00 UTC`."""
    there = moment.astimezone(UTC)
    return f"{there.day} {there:%b %Y, %H:%M} UTC"


def iso(moment: datetime) -> str:
    """A time for the `datetime` attribute, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def there(moment: datetime, name: str) -> str:
    """A time on the clock of a zone, `Mon 2 Mar, 09:00 Europe/Berlin`; nothing for a zone that there is no more."""
    try:
        local = moment.astimezone(zone(name))
    except ZoneError:
        return ""
    return f"{local:%a} {local.day} {local:%b, %H:%M} {name.replace('_', ' ')}"

"""What the admin pages need of the house, and what every page works with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from app.clock import Clock
from app.personas.schema import Persona
from app.runtime.archive import Archive
from app.runtime.live import LiveHub
from app.runtime.placing import Placing
from app.runtime.second_opinion import SecondOpinion
from app.runtime.text_interviews import TextInterviews
from app.store.engine import Database
from app.web.admin.assets import Assets
from app.web.admin.attempts import Attempts
from app.web.admin.rendering import Pages
from app.web.admin.sessions import Sessions
from app.web.admin.waveform import Waveforms
from app.web.health import Standing


class HangUp(Protocol):
    """End a running call, at once or with a goodbye; False if it does not end."""

    def __call__(self, call_id: UUID, *, politely: bool = False) -> Awaitable[bool]: ...


@dataclass(frozen=True, slots=True)
class Office:
    """The house as the pages see it.

    `send_digits`: have keys pressed on a running call's line; False if nobody could. `number`: what to dial for a first
    call, if there is one. `secure_cookies`: whether the pages are reached by https.
    """

    db: Database
    hub: LiveHub
    archive: Archive
    password: str = field(repr=False)
    session_secret: str = field(repr=False)
    secure_cookies: bool
    hang_up: HangUp
    send_digits: Callable[[UUID, str], Awaitable[bool]]
    personas: Mapping[str, Persona]
    standing: Callable[[], Standing]
    number: str | None
    clock: Clock
    text_interviews: TextInterviews
    second_opinion: SecondOpinion
    placing: Placing


@dataclass(frozen=True, slots=True)
class Desk:
    """The office, and what its pages share: templates, sessions, wrong passwords, drawn waveforms."""

    office: Office
    assets: Assets
    pages: Pages
    sessions: Sessions
    attempts: Attempts
    waveforms: Waveforms

    @classmethod
    def of(cls, office: Office) -> Desk:
        """A desk with everything on it."""
        assets = Assets()
        return cls(
            office=office,
            assets=assets,
            pages=Pages(assets, office.personas, office.standing),
            sessions=Sessions(office.session_secret, office.password, office.clock, secure=office.secure_cookies),
            attempts=Attempts(office.clock),
            waveforms=Waveforms(),
        )

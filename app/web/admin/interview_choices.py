"""The filters of the list of interviews: read from the address, said back to the form, and kept in every link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlencode

from app.store.interview_list import InterviewFilters, Standing
from app.store.interviews import Channel
from app.web.admin.choices import LONGEST, midnight, zone_of
from app.web.admin.interview_words import ENDED

NAMES = ("q", "persona", "standing", "channel", "from", "to", "zone")
LIST = "/admin/interviews"


@dataclass(frozen=True, slots=True)
class InterviewChoices:
    """What was asked for, as typed; `filters` is what it means, `problems` what is wrong, by field."""

    typed: Mapping[str, str]
    filters: InterviewFilters
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def active(self) -> bool:
        """Is anything asked for?"""
        return any(self.typed[name] for name in NAMES if name != "zone")

    @property
    def narrowed(self) -> bool:
        """Is anything asked for beside the words?"""
        return any(self.typed[name] for name in NAMES if name not in ("zone", "q"))

    def link(self, **turned: str) -> str:
        """The list's address with these choices, turned to another page."""
        kept = {name: value for name, value in self.typed.items() if value and (name != "zone" or self.narrowed)}
        query = urlencode(kept | turned)
        return f"{LIST}?{query}" if query else LIST


def read_interview_choices(query: Mapping[str, str]) -> InterviewChoices:
    """Choices from an address. What cannot be understood is told, kept as typed, and not filtered by."""
    typed = {name: query.get(name, "")[:LONGEST].strip() for name in NAMES}
    problems: dict[str, str] = {}
    zone = zone_of(typed["zone"])
    since = midnight("from", typed, zone, problems)
    until = midnight("to", typed, zone, problems, days=1)
    if since and until and since >= until:
        problems["to"] = "This is before the first day."
        since = until = None
    filters = InterviewFilters(
        persona=typed["persona"] or None,
        channel=cast(Channel, typed["channel"]) if typed["channel"] in ("phone", "text") else None,
        standing=cast(Standing, typed["standing"]) if typed["standing"] in ENDED else None,
        since=since,
        until=until,
        candidate=typed["q"] or None,
    )
    return InterviewChoices(typed, filters, problems)

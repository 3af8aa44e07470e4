"""The filters of the list of interviews: read from the address, said back to the form, and kept in every link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from app.store.interview_list import InterviewFilters, Standing
from app.store.interviews import Channel
from app.web.admin.choices import Choices, as_typed, days
from app.web.admin.interview_words import ENDED

NAMES = ("q", "persona", "standing", "channel", "from", "to", "zone")
LIST = "/admin/interviews"


def read_interview_choices(query: Mapping[str, str]) -> Choices[InterviewFilters]:
    """Choices from an address. What cannot be understood is told, kept as typed, and not filtered by."""
    typed = as_typed(query, NAMES)
    problems: dict[str, str] = {}
    since, until = days(typed, problems)
    filters = InterviewFilters(
        persona=typed["persona"] or None,
        channel=cast(Channel, typed["channel"]) if typed["channel"] in ("phone", "text") else None,
        standing=cast(Standing, typed["standing"]) if typed["standing"] in ENDED else None,
        since=since,
        until=until,
        candidate=typed["q"] or None,
    )
    return Choices(LIST, typed, filters, problems)

"""An interview's page: what it came to and what that rests on. Each quote plays the recording from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from app.dialogue.scoring.later import LEAST_POINTS, LONGEST_NAME, LONGEST_REASON, MOST_POINTS
from app.store.cards import StoredCard, find_card
from app.store.interviews import NoSuchInterviewError
from app.web.admin.gate import TroubleError, token_of
from app.web.admin.interview_view import QuoteView, Views
from app.web.admin.interview_words import CHECKS, standing
from app.web.admin.office import Desk

NO_INTERVIEW = TroubleError(404, "There is no such interview", "Its address may be mistyped. All are in the list.")
RUNS_SHOWN = 4
"""The newest; all of them are in the JSON."""
LETTERS = "ABCD"
LIMITS = {
    "points": range(MOST_POINTS, LEAST_POINTS - 1, -1),
    "reason": LONGEST_REASON,
    "name": LONGEST_NAME,
}


@dataclass(frozen=True, slots=True)
class OverruleForm:
    """What was typed into the form of the question at `place`, and what is wrong with it, by field."""

    place: int = -1
    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)


async def card_of(request: Request, desk: Desk) -> StoredCard:
    """The scorecard of the interview that the address names. Raises TroubleError."""
    try:
        async with desk.office.db.reading() as session:
            return await find_card(session, request.path_params["interview_id"])
    except NoSuchInterviewError:
        raise NO_INTERVIEW from None


async def show(request: Request, desk: Desk) -> Response:
    """The page, whether the interview goes on or is over."""
    return await page(request, desk)


async def show_printed(request: Request, desk: Desk) -> Response:
    """The same to be printed: everything unfolded, and nothing to click on."""
    return await page(request, desk, printing=True)


async def page(
    request: Request,
    desk: Desk,
    form: OverruleForm | None = None,
    *,
    status: int = 200,
    trouble: str = "",
    printing: bool = False,
) -> Response:
    """`form`: an overrule that was not kept. `trouble`: what else did not work, in a sentence."""
    stored = await card_of(request, desk)
    context = _shown(stored, desk) | {
        "recorded": await _recorded(stored, desk),
        "form": form or OverruleForm(),
        "saved": request.query_params.get("saved", ""),
        "trouble": trouble,
        "printing": printing,
    }
    return desk.pages.page("interview.html", status=status, token=token_of(request, desk), **context)


def _shown(stored: StoredCard, desk: Desk) -> dict[str, Any]:
    interview, card, views = stored.interview, stored.card, Views(stored)
    runs = card.runs[-RUNS_SHOWN:]
    return {
        "interview": interview,
        "name": interview.candidate.name or interview.candidate.key,
        "card": card,
        "calls": stored.calls,
        "standing": standing(card.disposition, card.phase),
        "summary": [(sentence, [views.quote(quote) for quote in sentence.quotes]) for sentence in card.summary],
        "checks": [(check, CHECKS[check.why], views.quote(check.evidence)) for check in card.checks],
        "questions": [views.question(question) for question in card.questions],
        "consent": _consent(stored, views),
        "agreed_at": _moment(card.consent.at) if card.consent else None,
        "runs": list(zip(LETTERS, runs, strict=False)),
        "run_at": {run.id: datetime.fromisoformat(run.at) for run in runs},
        "differing": {run.id: views.differences(run) for run in runs},
        "older_runs": len(card.runs) - len(runs),
        "judges": desk.office.second_opinion.judges,
        "limits": LIMITS,
    }


def _consent(stored: StoredCard, views: Views) -> QuoteView | None:
    consent = stored.card.consent
    if consent is None:
        return None
    return views.words(consent.segments[0] if consent.segments else "", consent.words)


def _moment(at: str) -> datetime | None:
    """A time as the engine keeps it; None for what is none."""
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


async def _recorded(stored: StoredCard, desk: Desk) -> list[UUID]:
    """The calls that have a recording, the first one first."""
    calls = [call.id for call in stored.calls]
    found = await desk.office.archive.having("recording", calls)
    return [one for one in calls if one in found]

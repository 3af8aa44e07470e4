"""The list of interviews, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from app.store.interview_list import ListedInterview, list_interviews
from app.store.listing import CursorError
from app.store.personas import all_personas
from app.web.admin.gate import TroubleError, token_of
from app.web.admin.interview_choices import read_interview_choices
from app.web.admin.interview_words import ENDED, standing
from app.web.admin.office import Desk
from app.web.admin.words import Said

INTERVIEWS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class InterviewRow:
    """An interview as a row. `scored`: there is something to be worth points."""

    listed: ListedInterview
    name: str
    said: Said
    scored: bool


async def show(request: Request, desk: Desk) -> Response:
    """A page of interviews, filtered as the address says."""
    choices = read_interview_choices(request.query_params)
    older = request.query_params.get("older")
    try:
        async with desk.office.db.reading() as session:
            page = await list_interviews(session, choices.filters, older, INTERVIEWS_A_PAGE)
            remembered = await all_personas(session)
    except CursorError:
        advice = "The address was cut short on its way. Go to the newest interviews and turn the pages from there."
        raise TroubleError(400, "There is no such page of interviews", advice) from None
    personas = {row.id: row.name for row in remembered} | {id_: who.name for id_, who in desk.office.personas.items()}
    return desk.pages.page(
        "interviews.html",
        token=token_of(request, desk),
        rows=[_row(listed) for listed in page.items],
        choices=choices,
        newest=choices.link() if older else None,
        older=choices.link(older=page.next_cursor) if page.next_cursor else None,
        personas=sorted(personas.items(), key=lambda item: item[1].casefold()),
        standings=[(slug, said.text) for slug, said in ENDED.items()],
        number=desk.office.number,
    )


def _row(listed: ListedInterview) -> InterviewRow:
    scored = bool(listed.asked) and listed.standing not in ("refused", "not-agreed")
    return InterviewRow(listed, candidate(listed), standing(listed.standing, listed.phase), scored)


def candidate(listed: ListedInterview) -> str:
    """Who was interviewed, as far as is known: by name, else by number."""
    return listed.candidate_name or listed.candidate_key

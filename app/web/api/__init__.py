"""REST, under `/api/v1`: calls, what was said in them and what they cost, personas, numbers, questions, interviews."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from app.web.api import (
    bulk,
    calls,
    campaigns,
    directory,
    do_not_call,
    do_not_call_sheets,
    interview_list,
    interviews,
    invitations,
    outbound,
    questions,
    scorecards,
    transcripts,
    transfers,
    usage,
    webhooks,
)
from app.web.api.services import Gate, Services
from app.web.problems import described

__all__ = ["Services", "build_router"]


def build_router(services: Services) -> APIRouter:
    """All of REST, behind its key. Its errors become problem details by `app.web.problems.install(app)`."""
    api = APIRouter(prefix="/api/v1", dependencies=[Depends(Gate(services))], responses=described(401, 422))
    bank_and_talks = (questions, interview_list, interviews, scorecards)
    for part in (
        bulk,
        campaigns,
        outbound,
        invitations,
        do_not_call,
        do_not_call_sheets,
        calls,
        transfers,
        transcripts,
        usage,
        directory,
        webhooks,
        *bank_and_talks,
    ):
        api.include_router(part.router)
    return api

"""Campaigns by REST: which stand still, and how to stop one or set it going again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.store.campaigns import resume_campaign, stop_campaign, stopped_campaigns
from app.web.api.bounded import BoundedRoute
from app.web.api.services import House
from app.web.problems import described

router = APIRouter(tags=["calls to place"], route_class=BoundedRoute)


class CampaignIn(BaseModel):
    """Which campaign; calls without one have the empty name in common."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")]


class StoppedOut(BaseModel):
    """A campaign that stands still."""

    name: str
    reason: str = Field(description="`most-calls-fail`, `account-refused` or `operator`")
    stopped_at: datetime


@router.get("/campaigns/stopped", summary="List the campaigns that stand still")
async def stopped(house: House) -> list[StoppedOut]:
    """In the order of their names."""
    async with house.db.reading() as session:
        rows = await stopped_campaigns(session)
    return [StoppedOut(name=row.name, reason=row.reason, stopped_at=row.stopped_at) for row in rows if row.stopped_at]


@router.post(
    "/campaigns/stop",
    status_code=204,
    response_class=Response,
    summary="Let a campaign stand still",
    responses=described(413),
)
async def stop(house: House, given: CampaignIn) -> None:
    """Nothing more of it is dialled; calls under way go on."""
    async with house.db.transaction() as session:
        await stop_campaign(session, given.name, "operator", house.clock.utc())


@router.post(
    "/campaigns/resume",
    status_code=204,
    response_class=Response,
    summary="Set a campaign going again",
    responses=described(409, 413),
)
async def resume(house: House, given: CampaignIn) -> None:
    """What failed before is forgiven. 409 if it does not stand still."""
    async with house.db.transaction() as session:
        if not await resume_campaign(session, given.name, house.clock.utc()):
            raise HTTPException(409, "This campaign does not stand still.")
    house.placing.nudge()

"""Who was asked to take a call over, by REST."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from app.store.transfer_tables import TransferRow
from app.store.transfers import transfers_of
from app.web.api.calls import FoundCall
from app.web.api.services import House
from app.web.problems import described

router = APIRouter(tags=["calls"])


class TransferOut(BaseModel):
    """A person who was asked to take a call over, and what came of it."""

    id: UUID
    number: str
    asked_by: str = Field(description="`words`, `key` or `model`")
    status: str = Field(
        description="`asked`, `ringing`, `picked-up`, `taken`, and in the end `answered`, `no-answer`, `busy`, "
        "`declined`, `failed`, `caller-gone` or `lost`"
    )
    asked_at: datetime
    rung_at: datetime | None
    picked_up_at: datetime | None
    ended_at: datetime | None
    duration_s: int | None = Field(description="How long the two talked")
    back_call_id: UUID | None = Field(description="The call as which it came back to the agent")

    @classmethod
    def of(cls, row: TransferRow) -> Self:
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


@router.get("/calls/{call_id}/transfers", summary="Who was asked to take a call over", responses=described(404))
async def transfers(house: House, found: FoundCall) -> list[TransferOut]:
    """The first one first; mostly there is none."""
    async with house.db.reading() as session:
        return [TransferOut.of(row) for row in await transfers_of(session, [found.id])]

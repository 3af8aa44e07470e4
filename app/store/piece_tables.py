"""The table of what calls leave in files, where every machine is to find it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary
from sqlmodel import Field

from app.store.tables import Row


class CallPieceRow(Row, table=True):
    """Some seconds of a call's recording or timeline, compressed (`app.runtime.packing`).

    `kind`: `recording` or `timeline`. `start` and `length`: which bytes of the whole these are, before they were
    compressed; a recording's are counted without the file's header.
    """

    __tablename__ = "call_piece"

    call_id: UUID = Field(foreign_key="call.id", primary_key=True)
    kind: str = Field(primary_key=True, max_length=16)
    start: int = Field(primary_key=True, sa_type=BigInteger)
    length: int
    data: bytes = Field(sa_type=LargeBinary)

"""Carries recordings and timelines from this machine's disk into the database, where every machine finds them.

A call is written to the disk first, as ever: no call waits for the database, and while that is away nothing gathers in
memory. Some ten seconds at a time follow from there, the rest when the call is over; then the file is removed, so that
what is deleted in the database is gone. What a killed process left is carried by the next one on the same disk. What
was never on the disk, because nobody had agreed to it, cannot come here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from uuid import UUID

import anyio.to_thread
import structlog

from app.runtime.archive import Archive
from app.runtime.disk import WAV_HEADER_BYTES, Disk
from app.runtime.packing import pack
from app.store.engine import Database
from app.store.pieces import Kind, add_piece, over, stored_bytes

ROUND_S = 2.0
PIECE_BYTES: dict[Kind, int] = {"recording": 320_000, "timeline": 64_000}
"""Ten seconds of sound (`LINE_RATE_HZ` samples of two sides, 16 bits each), and as much of a timeline."""
LAST_S = 10.0
"""So long the house waits at its end for what is left; the next start carries on."""
MOST_A_ROUND = 40
"""Files of calls that are over; there are more where a house begins to share what it has kept for years."""

_log = structlog.get_logger(__name__)


class Carrying:
    """One a process; `run` until cancelled, then `aclose`. Does nothing unless the archive is shared."""

    def __init__(self, db: Database, archive: Archive, disk: Disk, running: Callable[[], Iterable[UUID]]) -> None:
        self._db = db
        self._archive = archive
        self._disk = disk
        self._running = running
        self._stored: dict[tuple[UUID, Kind], int] = {}
        self._strange: set[UUID] = set()  # of another database, most likely; they stay where they are

    async def run(self) -> None:
        """A round every `ROUND_S`; one that fails is logged, and the next one comes."""
        while self._archive.shared:
            await asyncio.sleep(ROUND_S)
            try:
                await self.round()
            except Exception as error:  # the database may be away, or the disk; the files stay until they are back
                _log.warning("recordings_not_carried", error=type(error).__name__)

    async def aclose(self) -> None:
        """Carry what is left, for a while."""
        if not self._archive.shared:
            return
        try:
            async with asyncio.timeout(LAST_S):
                await self.round()
        except Exception as error:
            _log.warning("recordings_left_on_disk", error=type(error).__name__)

    async def round(self) -> None:
        """Everything that is complete, and of what grows every piece that is."""
        here, running = await anyio.to_thread.run_sync(self._here), set(self._running())
        here = [one for one in here if one[0] not in self._strange]
        if not here:
            return
        rest = {call_id for call_id, _ in [one for one in here if one[0] not in running][:MOST_A_ROUND]}
        async with self._db.reading() as session:
            known = await over(session, rest)
        self._strange |= rest - known.keys()
        done = {call_id for call_id, ended in known.items() if ended}
        await self._disk.settled()  # the last that was written of those is on the disk now
        for call_id, kind in here:
            if call_id in running or call_id in done:
                await self._carry(call_id, kind, complete=call_id in done)

    def _here(self) -> list[tuple[UUID, Kind]]:
        kinds: tuple[Kind, ...] = ("recording", "timeline")
        found: list[tuple[UUID, Kind]] = []
        for kind in kinds:
            folder = self._archive.path(kind, UUID(int=0)).parent
            names = sorted(path.stem for path in folder.iterdir()) if folder.is_dir() else []
            found += [(call_id, kind) for name in names if (call_id := _uuid(name)) is not None]
        return found

    async def _carry(self, call_id: UUID, kind: Kind, *, complete: bool) -> None:
        path, size = self._archive.path(kind, call_id), PIECE_BYTES[kind]
        stored = await self._known(call_id, kind)
        while True:
            raw, more = await anyio.to_thread.run_sync(_content, path, kind, stored, size)
            if not raw or not (more or complete):
                break
            packed = await anyio.to_thread.run_sync(pack, kind, raw)
            async with self._db.transaction() as session:
                await add_piece(session, call_id, kind, stored, len(raw), packed)
            stored += len(raw)
            self._stored[call_id, kind] = stored
        if complete:
            await anyio.to_thread.run_sync(_remove, path)
            self._stored.pop((call_id, kind), None)

    async def _known(self, call_id: UUID, kind: Kind) -> int:
        """How much is stored: asked once for each file, for nobody else adds to it."""
        if (call_id, kind) not in self._stored:
            async with self._db.reading() as session:
                self._stored[call_id, kind] = await stored_bytes(session, call_id, kind)
        return self._stored[call_id, kind]


def _content(path: Path, kind: Kind, start: int, most: int) -> tuple[bytes, bool]:
    """What the file has from there on, without a header, by whole samples or lines; and whether that is a piece."""
    with path.open("rb") as file:
        file.seek(start + (WAV_HEADER_BYTES if kind == "recording" else 0))
        raw = file.read(most)
    end = len(raw) // 4 * 4 if kind == "recording" else raw.rfind(b"\n") + 1
    return raw[:end] if end else raw, len(raw) == most


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)


def _uuid(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None

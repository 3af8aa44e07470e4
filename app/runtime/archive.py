"""Where a call's recording and timeline are read: this machine's files, or the pieces in the database.

While a call runs, the machine that has it reads its own file, and the others what has been carried into the database
so far, some ten seconds less (`app.runtime.carrying`).
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import UUID

import anyio.to_thread

from app.runtime.disk import wav_header
from app.runtime.files import CallFiles
from app.runtime.packing import unpack
from app.store.engine import Database
from app.store.pieces import Kind, having, piece_after, stored_bytes

READ_BYTES = 128 * 1024


class Content(Protocol):
    """A file's content as it is now. `tag`: another one for another content. `close` it, whether it was read or not."""

    @property
    def size(self) -> int: ...

    @property
    def tag(self) -> str: ...

    def read(self, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to `end`, in pieces; fewer if the file has been cut short."""

    def close(self) -> None: ...


class LocalContent:
    """A file of this machine, open. Its length is read once: a recording grows while it is heard."""

    def __init__(self, file: BinaryIO, size: int, tag: str) -> None:
        self.file, self.size, self.tag = file, size, tag

    async def read(self, start: int, end: int) -> AsyncIterator[bytes]:
        await anyio.to_thread.run_sync(self.file.seek, start)
        while start < end:
            piece = await anyio.to_thread.run_sync(self.file.read, min(READ_BYTES, end - start))
            if not piece:
                return
            start += len(piece)
            yield piece

    def close(self) -> None:
        self.file.close()


class StoredContent:
    """Pieces from the database, with the header that makes a file of a recording's samples. No connection is kept from
    one piece to the next: whoever hears it may be slow."""

    def __init__(self, db: Database, call_id: UUID, kind: Kind, stored: int) -> None:
        self._db, self._call_id, self._kind, self._stored = db, call_id, kind, stored
        self._head = wav_header(stored) if kind == "recording" else b""
        self.size = len(self._head) + stored
        self.tag = f"{self.size:x}"

    async def read(self, start: int, end: int) -> AsyncIterator[bytes]:
        if start < len(self._head):
            yield self._head[start:end]
        at, last = max(0, start - len(self._head)), min(end - len(self._head), self._stored)
        while at < last:
            async with self._db.reading() as session:
                piece = await piece_after(session, self._call_id, self._kind, at)
            if piece is None:
                return  # it was deleted meanwhile
            data = await anyio.to_thread.run_sync(unpack, piece.data)
            part = data[at - piece.start : last - piece.start]
            if not part:
                return
            at += len(part)
            yield part

    def close(self) -> None:
        """Nothing is open."""


class Archive:
    """`shared`: whether the database has what other machines recorded."""

    def __init__(self, db: Database, files: CallFiles, *, shared: bool) -> None:
        self._db = db
        self.files = files
        self.shared = shared

    def path(self, kind: Kind, call_id: UUID) -> Path:
        """Where this machine writes it."""
        return self.files.recording(call_id) if kind == "recording" else self.files.timeline(call_id)

    async def find(self, kind: Kind, call_id: UUID) -> Content | None:
        """The content as far as there is any; None if there is none."""
        local = await anyio.to_thread.run_sync(self._opened, self.path(kind, call_id))
        if local is not None or not self.shared:
            return local
        async with self._db.reading() as session:
            stored = await stored_bytes(session, call_id, kind)
        return StoredContent(self._db, call_id, kind, stored) if stored else None

    async def having(self, kind: Kind, call_ids: Iterable[UUID]) -> set[UUID]:
        """Those of the calls of which there is some."""
        asked = list(call_ids)
        paths = {one: self.path(kind, one) for one in asked}
        found = await anyio.to_thread.run_sync(lambda: {one for one, path in paths.items() if path.exists()})
        if self.shared and len(found) < len(asked):
            async with self._db.reading() as session:
                found |= await having(session, [one for one in asked if one not in found], kind)
        return found

    def _opened(self, path: Path) -> LocalContent | None:
        try:
            file = path.open("rb")
        except (FileNotFoundError, IsADirectoryError):
            return None
        state = os.fstat(file.fileno())
        # where machines share what they have, the same content has the same tag on all of them
        tag = f"{state.st_size:x}" if self.shared else f"{state.st_mtime_ns:x}-{state.st_size:x}"
        return LocalContent(file, state.st_size, tag)

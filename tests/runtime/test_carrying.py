"""Recordings and timelines find their way from one machine's disk to where every machine reads them, to the bit."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audio.mulaw import decode
from app.runtime.archive import Archive
from app.runtime.carrying import MOST_A_ROUND, PIECE_BYTES, Carrying
from app.runtime.disk import Disk, LineFile, WavFile
from app.runtime.files import CallFiles
from app.runtime.packing import pack, unpack
from app.store.calls import finish
from app.store.engine import Database
from app.store.pieces import Kind, drop_pieces, stored_bytes
from tests.store.samples import NOON, talking

SECOND = 32_000


def sound(seconds: float, seed: int = 1) -> bytes:
    """Interleaved samples as a line has them: noise that came as μ-law."""
    coded = np.random.default_rng(seed).integers(0, 256, int(seconds * 16_000), dtype=np.uint8)
    return decode(coded.tobytes())


@dataclass
class Machine:
    """One that records, with a disk of its own."""

    db: Database
    folder: Path
    shared: bool = True
    running: set[UUID] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.files, self.disk = CallFiles(self.folder), Disk()
        self.archive = Archive(self.db, self.files, shared=self.shared)
        self.carrying = Carrying(self.db, self.archive, self.disk, lambda: self.running)

    async def begins(self) -> UUID:
        async with self.db.transaction() as session:
            call = await talking(session, call_sid=f"CA{uuid4().hex}")
        self.running.add(call.id)
        return call.id

    async def ends(self, call_id: UUID) -> None:
        async with self.db.transaction() as session:
            done = {"status": "completed", "end_reason": "completed", "ended_at": NOON, "duration_s": 1.0}
            await finish(session, call_id, **done)  # type: ignore[arg-type]
        self.running.discard(call_id)

    async def has(self, call_id: UUID, kind: Kind = "recording", start: int = 0, end: int | None = None) -> bytes:
        """What is read of it here."""
        content = await self.archive.find(kind, call_id)
        assert content is not None
        try:
            until = content.size if end is None else end
            return b"".join([piece async for piece in content.read(start, until)])
        finally:
            content.close()

    async def stored(self, call_id: UUID, kind: Kind = "recording") -> int:
        async with self.db.reading() as session:
            return await stored_bytes(session, call_id, kind)


@pytest.fixture
async def here(db: Database, tmp_path: Path) -> AsyncIterator[Machine]:
    machine = Machine(db, tmp_path / "here")
    yield machine
    machine.disk.close()


@pytest.fixture
async def there(db: Database, tmp_path: Path) -> AsyncIterator[Machine]:
    machine = Machine(db, tmp_path / "there")
    yield machine
    machine.disk.close()


async def test_another_machine_reads_what_is_recorded_while_the_call_goes_on_and_all_of_it_afterwards(
    here: Machine, there: Machine
) -> None:
    call_id, said = await here.begins(), sound(25)
    file = WavFile(here.files.recording(call_id))
    file.append(said)
    await here.carrying.round()
    assert await here.stored(call_id) == 2 * PIECE_BYTES["recording"]
    assert (await there.has(call_id))[44:] == said[: 20 * SECOND]
    assert (await here.has(call_id))[44:] == said
    more = sound(3.3, seed=2)
    file.append(more)
    await here.carrying.round()
    assert (await there.has(call_id))[44:] == said[: 20 * SECOND], "what is not ten seconds yet waits for more"
    whole = here.files.recording(call_id).read_bytes()
    await here.ends(call_id)
    await here.carrying.round()
    assert not here.files.recording(call_id).exists(), "what is deleted in the database is to be gone"
    assert await there.has(call_id) == await here.has(call_id) == whole


async def test_parts_of_it_are_the_same_from_the_disk_and_from_the_database(here: Machine, there: Machine) -> None:
    call_id = await here.begins()
    WavFile(here.files.recording(call_id)).append(sound(22))
    whole = here.files.recording(call_id).read_bytes()
    await here.ends(call_id)
    await here.carrying.round()
    edge = 44 + PIECE_BYTES["recording"]
    for start, end in ((0, 1), (0, 44), (40, 50), (44, 45), (edge - 1, edge + 1), (edge, edge + 3), (7, len(whole))):
        assert await there.has(call_id, start=start, end=end) == whole[start:end]


async def test_a_timeline_goes_the_same_way(here: Machine, there: Machine) -> None:
    call_id = await here.begins()
    LineFile(here.files.timeline(call_id)).append([f'{{"nth": {nth}}}' for nth in range(10_000)])
    whole = here.files.timeline(call_id).read_bytes()
    assert len(whole) > 2 * PIECE_BYTES["timeline"]
    await here.carrying.round()
    begun = await there.has(call_id, "timeline")
    assert whole.startswith(begun)
    assert begun.endswith(b"\n"), "by whole lines"
    await here.ends(call_id)
    await here.carrying.round()
    assert await there.has(call_id, "timeline") == whole
    assert await there.archive.having("timeline", [call_id, uuid4()]) == {call_id}
    assert await there.archive.having("recording", [call_id]) == set()


async def test_what_a_killed_process_left_on_its_disk_is_carried_by_the_next_one(here: Machine, there: Machine) -> None:
    call_id = await here.begins()
    WavFile(here.files.recording(call_id)).append(sound(15))
    whole = here.files.recording(call_id).read_bytes()
    await here.carrying.round()
    await here.ends(call_id)  # found lost by whoever came next
    again = Machine(here.db, here.folder)
    await again.carrying.aclose()
    again.disk.close()
    assert await there.has(call_id) == whole


async def test_a_call_that_is_thought_lost_but_goes_on_keeps_its_file(here: Machine, there: Machine) -> None:
    call_id = await here.begins()
    file = WavFile(here.files.recording(call_id))
    file.append(sound(11))
    await here.ends(call_id)
    here.running.add(call_id)
    await here.carrying.round()
    file.append(sound(1, seed=3))
    whole = here.files.recording(call_id).read_bytes()
    here.running.clear()
    await here.carrying.round()
    assert await there.has(call_id) == whole


async def test_while_the_database_is_away_nothing_is_lost(here: Machine) -> None:
    call_id = await here.begins()
    WavFile(here.files.recording(call_id)).append(sound(11))
    away = Machine(Database("postgresql://u:p@127.0.0.1:1/d"), here.folder, running={call_id})
    await away.carrying.aclose()
    away.disk.close()
    assert here.files.recording(call_id).exists()


async def test_what_belongs_to_no_call_stays_where_it_is_and_is_in_nobodys_way(here: Machine) -> None:
    strange = [here.files.recording(UUID(int=nth)) for nth in range(MOST_A_ROUND + 5)]
    for path in strange:
        WavFile(path).append(sound(0.01))
    (strange[0].parent / "notes.txt").write_text("mine")
    call_id = await here.begins()
    WavFile(here.files.recording(call_id)).append(sound(1))
    await here.ends(call_id)
    for _ in range(2):
        await here.carrying.round()
    assert all(path.exists() for path in strange)
    assert (strange[0].parent / "notes.txt").exists()
    assert await here.stored(call_id) == SECOND


async def test_where_files_stay_files_nothing_is_carried(db: Database, tmp_path: Path) -> None:
    alone = Machine(db, tmp_path, shared=False)
    call_id = await alone.begins()
    WavFile(alone.files.recording(call_id)).append(sound(11))
    await alone.ends(call_id)
    await alone.carrying.aclose()
    await alone.carrying.run()
    alone.disk.close()
    assert alone.files.recording(call_id).exists()
    assert await alone.stored(call_id) == 0


async def test_what_is_dropped_is_gone_for_every_machine(here: Machine, there: Machine) -> None:
    call_id = await here.begins()
    WavFile(here.files.recording(call_id)).append(sound(11))
    await here.ends(call_id)
    await here.carrying.round()
    async with there.db.transaction() as session:
        await drop_pieces(session, call_id)
    assert await here.archive.find("recording", call_id) is None


@given(st.binary(max_size=4000))
def test_whatever_is_packed_comes_back_to_the_bit(raw: bytes) -> None:
    assert unpack(pack("recording", raw)) == raw
    assert unpack(pack("timeline", raw)) == raw
    line = decode(raw[: len(raw) // 2 * 2])
    assert unpack(pack("recording", line)) == line


def test_what_cannot_be_read_says_so() -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        unpack(b"\x01nonsense")

"""How long the pages take, and how large they are, with ten thousand calls: `python -m tests.web.admin.measure`.

Every figure is the median of `TIMES` requests to the application in this process, without a network; the database is
the default SQLite file, with twenty lines in each call.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import numpy as np
from sqlalchemy import insert

from app.runtime.disk import WavFile
from app.store.calls import finish
from app.store.tables import CallRow, ConversationRow
from app.store.transcripts import record_segments, table_of
from app.store.usage import record_usage
from tests.store.samples import talking
from tests.web.admin.conftest import Visitor
from tests.web.admin.house import NOW, TestHouse, a_whole_call, make_house, said, used

CALLS = 10_000
LINES = 20
TIMES = 9
WORDS = ("when are you open on sunday", "how much is a flat white", "do you have a table outside", "thank you goodbye")


def write(line: str) -> None:
    sys.stdout.write(f"{line}\n")


async def fill(house: TestHouse) -> None:
    """Ten thousand calls of the last two hundred days."""
    reasons = ("completed", "caller-hung-up", "caller-silent", "process-died")
    async with house.db.transaction() as session:
        conversation = uuid4()
        await session.execute(
            insert(table_of(ConversationRow)).values(id=conversation, persona="assistant", created_at=NOW)
        )
        ids = [uuid4() for _ in range(CALLS)]
        rows = [
            {
                "id": id_,
                "call_sid": f"CA{id_.hex}",
                "conversation_id": conversation,
                "direction": "inbound",
                "from_number": f"+1415555{number:04}",
                "to_number": "+14155550199",
                "persona": ("assistant", "receptionist")[number % 2],
                "status": "completed",
                "created_at": NOW - timedelta(minutes=29 * number + 1),
                "started_at": NOW - timedelta(minutes=29 * number + 1),
                "end_reason": reasons[number % 4],
                "duration_s": float(number % 600),
                "machine": "m1",
                "heartbeat_at": NOW,
            }
            for number, id_ in enumerate(ids)
        ]
        await session.execute(insert(table_of(CallRow)), rows)
        for start in range(0, CALLS, 500):
            await record_segments(session, [line for id_ in ids[start : start + 500] for line in lines(id_, LINES)])
            await record_usage(
                session,
                [
                    used(row["id"], stage, "groq", day=row["created_at"].date(), cost_micros=900, currency="USD")
                    for row in rows[start : start + 500]
                    for stage in ("transcribe", "reply", "speak")
                ],
            )


def lines(call_id: UUID, count: int) -> list[object]:
    """A talk of so many lines, agent and caller in turn."""
    return [
        said(call_id, n, ("agent", "caller")[n % 2], f"{WORDS[n % 4]}, line {n}, and a few words more", 4.0 * n)
        for n in range(count)
    ]  # fmt: skip


async def a_long_call(house: TestHouse) -> CallRow:
    """Half an hour: 240 lines and their recording."""
    async with house.db.transaction() as session:
        call = await talking(session, now=NOW)
        await record_segments(
            session, [said(call.id, n, ("agent", "caller")[n % 2], WORDS[n % 4] * 3, 7.5 * n, 6) for n in range(240)]
        )
        await finish(session, call.id, status="completed", end_reason="completed", ended_at=NOW, duration_s=1800.0)
    sound = np.random.default_rng(1).integers(-9000, 9000, (8000 * 1800, 2), dtype=np.int16)
    await asyncio.to_thread(WavFile(house.files.recording(call.id)).append, sound.astype("<i2").tobytes())
    return call


async def measure(visitor: Visitor, name: str, path: str) -> None:
    """Print one line of the table."""
    started = time.perf_counter()
    answer = await visitor.get(path)
    first_ms = (time.perf_counter() - started) * 1000
    took_ms = []
    for _ in range(TIMES):
        started = time.perf_counter()
        answer = await visitor.get(path)
        took_ms.append((time.perf_counter() - started) * 1000)
    assert answer.status_code in (200, 404), answer.status_code
    write(f"| {name} | {statistics.median(took_ms):.0f} | {first_ms:.0f} | {len(answer.content) / 1000:.1f} |")


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        house = make_house(Path(folder))
        await fill(house)
        whole, long = await a_whole_call(house), await a_long_call(house)
        async with Visitor(transport=httpx.ASGITransport(house.app()), base_url="http://parley.test") as visitor:
            await visitor.sign_in()
            write("| page | ms | ms, the first time | kB |\n|---|---|---|---|")
            await measure(visitor, "calls", "/admin/calls")
            await measure(
                visitor,
                "calls of one persona, two weeks",
                "/admin/calls?persona=assistant&from=2026-01-01&to=2026-01-14",
            )
            await measure(visitor, "calls that ended in one way", "/admin/calls?outcome=process-died")
            await measure(visitor, "search, words in every call", "/admin/calls?q=flat+white")
            await measure(visitor, "search, words in one call", "/admin/calls?q=copper+kettle")
            await measure(visitor, "search, words in none", "/admin/calls?q=parrot")
            await measure(visitor, "a call of 24 s", f"/admin/calls/{whole.id}")
            await measure(visitor, "a call of 30 min, 240 lines", f"/admin/calls/{long.id}")
            await measure(visitor, "costs, newest days", "/admin/costs")
            await measure(visitor, "costs, earlier days", f"/admin/costs?to={NOW.date() - timedelta(days=100)}")
            await measure(visitor, "personas", "/admin/personas")
            await measure(visitor, "not there", "/admin/nothing")
        await house.db.close()


if __name__ == "__main__":
    asyncio.run(main())

"""What the doctor is shown: a folder with settings, and a server at its public address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from app.cli import doctor
from app.cli.examination.report import Line


class Ours:
    """A server that answers every GET alike; `status` None: never."""

    def __init__(self, status: int | None = 200, body: str = '{"status":"alive"}', header: str = "x: y") -> None:
        self.status, self.body, self.header = status, body, header
        self.port = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await reader.readuntil(b"\r\n\r\n")
            if self.status is None:
                await reader.read()
            size = f"content-length: {len(self.body)}\r\nconnection: close"
            writer.write(f"HTTP/1.1 {self.status} X\r\n{size}\r\n{self.header}\r\n\r\n{self.body}".encode())
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            self._tasks.discard(task)

    @asynccontextmanager
    async def there(self) -> AsyncIterator[Ours]:
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            tasks = tuple(self._tasks)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await server.wait_closed()


@dataclass
class Patient:
    """What is looked at: a folder of its own, and the settings in the environment."""

    folder: Path
    set: Callable[[str, str], None]

    async def lines(self) -> list[Line]:
        return [line for group in await doctor.examine() for line in group.lines]

    async def about(self, about: str) -> list[tuple[str, str]]:
        """State and words of what is said about this."""
        lines = [line for line in await self.lines() if line.about == about]
        return [(line.state, f"{line.says} → {line.mend}" if line.mend else line.says) for line in lines]

    def files(self) -> dict[Path, bytes]:
        """All that is in the folder."""
        return {path: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}

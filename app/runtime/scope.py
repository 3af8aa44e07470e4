"""Everything a call starts, so that everything ends with it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

_log = structlog.get_logger(__name__)


class CallScope:
    """Owns a call's tasks by name. `cancel` ends one, `aclose` all; no task outlives its call."""

    def __init__(self, call_id: str) -> None:
        self._call_id = call_id
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` under `name`; one that is under way under that name is cancelled."""
        self.cancel(name)
        task = asyncio.get_running_loop().create_task(work, name=f"{self._call_id}:{name}")
        self._tasks[name] = task
        task.add_done_callback(lambda done: self._ended(name, done))

    def cancel(self, name: str) -> None:
        """End the task of that name, if there is one; it does not report any more."""
        task = self._tasks.pop(name, None)
        if task is not None:
            task.cancel()

    def _ended(self, name: str, task: asyncio.Task[None]) -> None:
        if self._tasks.get(name) is task:
            del self._tasks[name]
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("task_failed", call=self._call_id, task=name, error=type(error).__name__, exc_info=error)

    async def aclose(self) -> None:
        """Cancel what is left and wait for it."""
        tasks, self._tasks = list(self._tasks.values()), {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def named(self, prefix: str) -> list[asyncio.Task[None]]:
        """The tasks under way whose names begin so."""
        return [task for name, task in self._tasks.items() if name.startswith(prefix)]

    async def wait_for(self, prefix: str, within_s: float) -> None:
        """Until those tasks have ended, or for so long."""
        if pending := self.named(prefix):
            await asyncio.wait(pending, timeout=within_s)

    @property
    def tasks(self) -> int:
        return len(self._tasks)

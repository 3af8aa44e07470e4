"""A process pool whose workers can be lost one at a time.

The standard pool breaks as a whole when one worker dies, and cannot end a stuck one. Here every lane is a pool of
one: a lane whose worker died, or took too long, or went on working for nobody, is replaced behind the scenes while
the others go on.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.process import BaseProcess
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_GRACE_S = 1.0
"""How long a worker may finish what nobody waits for any more; a new one costs about as much to start."""


class WorkerLost(Exception):  # noqa: N818 - what it says is the error
    """The worker died or took too long; another takes its place."""


class Lanes:
    """`count` workers, each begun with `begin(*arguments)`; `ready` is run in one to learn its process id."""

    def __init__(
        self, count: int, ready: Callable[[], int], begin: Callable[..., None], arguments: tuple[Any, ...]
    ) -> None:
        self._lanes = [_Lane(ready, begin, arguments) for _ in range(count)]
        self._free: asyncio.Queue[_Lane] = asyncio.Queue()
        for lane in self._lanes:
            self._free.put_nowait(lane)
        self._tasks: set[asyncio.Task[None]] = set()

    async def warm(self) -> None:
        """Start every worker and wait until all are ready. Raises BrokenProcessPool if one cannot start."""
        await asyncio.gather(*(lane.open() for lane in self._lanes))

    async def run(self, limit_s: float, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Do `work` in a free worker, for at most `limit_s` seconds. Raises WorkerLost, or `work`'s error."""
        lane = await self._free.get()
        job: Future[R] | None = None
        try:
            job = await lane.submit(work, *args, **kwargs)
            result = await asyncio.wait_for(asyncio.shield(_awaitable(job)), limit_s)
        except (BrokenProcessPool, TimeoutError) as lost:
            self._later(self._replace(lane))
            raise WorkerLost("died" if isinstance(lost, BrokenProcessPool) else f"took over {limit_s:.0f} s") from None
        except asyncio.CancelledError:
            self._later(self._settle(lane, job))
            raise
        except Exception:
            self._free.put_nowait(lane)
            raise
        self._free.put_nowait(lane)
        return result

    async def aclose(self) -> None:
        """End all workers now."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(asyncio.to_thread(lane.close) for lane in self._lanes))

    async def _settle(self, lane: _Lane, job: Future[Any] | None) -> None:
        """Wait a moment for a job nobody wants; then the lane is free again, with a new worker if need be."""
        waiting = _awaitable(job) if job is not None else None
        done = True
        if waiting is not None:
            await asyncio.wait([waiting], timeout=_GRACE_S)
            done = waiting.done() and not waiting.cancelled() and waiting.exception() is None
        if done:
            self._free.put_nowait(lane)
        else:
            await self._replace(lane)

    async def _replace(self, lane: _Lane) -> None:
        try:
            await asyncio.to_thread(lane.close)
            await lane.open()
        except BrokenProcessPool:
            await asyncio.to_thread(lane.close)  # the next job tries to open it anew
        finally:
            self._free.put_nowait(lane)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _awaitable(job: Future[R]) -> asyncio.Future[R]:
    """The job as a future of the loop's. If nobody waits for it any more, how it failed is of no interest either."""
    waiting = asyncio.wrap_future(job)
    waiting.add_done_callback(lambda done: done.cancelled() or done.exception())
    return waiting


class _Lane:
    """One worker, opened when it is first needed."""

    def __init__(self, ready: Callable[[], int], begin: Callable[..., None], arguments: tuple[Any, ...]) -> None:
        self._ready, self._begin, self._arguments = ready, begin, arguments
        self._pool: ProcessPoolExecutor | None = None
        self._process: BaseProcess | None = None

    async def open(self) -> ProcessPoolExecutor:
        """The pool, its worker ready. Starting a process blocks for some ms, so a thread does it."""
        if self._pool is None:
            pool = ProcessPoolExecutor(
                1, multiprocessing.get_context("spawn"), initializer=self._begin, initargs=self._arguments
            )
            self._pool = pool
            process_id = await asyncio.wrap_future(await asyncio.to_thread(pool.submit, self._ready))
            self._process = next((p for p in multiprocessing.active_children() if p.pid == process_id), None)
        return self._pool

    async def submit(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Hand over a job; if the worker died idle, a fresh one takes it."""
        if self._process is not None and not self._process.is_alive():
            await asyncio.to_thread(self.close)
        return (await self.open()).submit(work, *args, **kwargs)

    def close(self) -> None:
        """End the worker, whatever it is doing; blocks until it is gone."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        if self._process is not None:
            self._process.kill()
            self._process = None
        pool.shutdown(wait=True, cancel_futures=True)

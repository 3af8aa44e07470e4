"""One server a data directory: two would take each other's running calls for those of a process that died."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunningError(Exception):
    """Another server runs on this data directory; one line that says what to do."""


@contextmanager
def only_server(data_dir: Path) -> Iterator[None]:
    """Hold the directory for as long as the block lasts; the kernel lets go of it however the process ends.

    Raises AlreadyRunningError.
    """
    with (data_dir / "running.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadyRunningError(
                f"DATA_DIR {data_dir}: a server runs there already; stop it, or set DATA_DIR (and PORT) for another"
            ) from None
        yield

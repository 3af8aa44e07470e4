"""Many starts of the server for the price of one: what takes long is importing it, so that is done once, then forked.

`python -m tests.end_to_end.starts FOLDER…`: in each folder, with the settings of its `settings.json`, `app serve`
is run in a process of its own; what it writes is left in `stdout` and `stderr` there, its exit code in `code`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

from app.cli.commands import run

LONGEST_S = 15
"""A start that has not failed by then has succeeded: it is ended by an alarm."""


def start(folder: Path) -> int:
    """The exit code, or the negative number of the signal that ended it."""
    child = os.fork()
    if child == 0:
        serve(folder)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def serve(folder: Path) -> NoReturn:
    """In the child: as the command line would have it."""
    code: object = 1
    try:
        os.chdir(folder)
        os.environ |= json.loads((folder / "settings.json").read_text(encoding="utf-8"))
        for stream, name in ((1, "stdout"), (2, "stderr")):
            os.dup2(os.open(name, os.O_CREAT | os.O_WRONLY), stream)
        sys.argv = ["app", "serve"]
        signal.alarm(LONGEST_S)
        run()
    except SystemExit as leaving:
        code = leaving.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    for given in map(Path, sys.argv[1:]):
        (given / "code").write_text(str(start(given)), encoding="utf-8")

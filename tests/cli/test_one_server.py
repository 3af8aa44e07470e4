"""One server a data directory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.one_server import AlreadyRunningError, only_server

HOLD = """
import sys, pathlib
from app.cli.one_server import only_server
with only_server(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_server_is_told_so_and_a_killed_one_leaves_nothing_behind(tmp_path: Path) -> None:
    first = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert first.stdout is not None
    assert first.stdin is not None
    assert first.stdout.readline() == "held\n"
    with pytest.raises(AlreadyRunningError, match="a server runs there already"), only_server(tmp_path):
        pass
    first.kill()
    first.wait()
    first.stdout.close()
    first.stdin.close()
    with only_server(tmp_path):
        pass

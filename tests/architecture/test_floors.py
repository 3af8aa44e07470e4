"""Who may import what, read the time, commit, read settings or print."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.architecture.source import APP, ROOT, calls_in, imports_of, name_of, python_files, tree_of

PURE = ("audio", "call", "dialogue", "dialling")
CALENDAR = "datetime"
"""What the floor that reckons with the calendar may know beside; it is given the time like the others."""
IMPURE = frozenset(
    {"asyncio", "time", "datetime", "threading", "multiprocessing", "concurrent"}
    | {"subprocess", "socket", "ssl", "select", "selectors", "os"}
    | {"io", "pathlib", "shutil", "tempfile", "random"}
    | {"secrets", "sqlite3", "sqlalchemy", "sqlmodel", "alembic", "aiosqlite", "asyncpg", "httpx"}
    | {"requests", "aiohttp", "urllib", "http", "websockets", "fastapi", "starlette", "uvicorn"}
    | {"structlog", "logging", "twilio", "groq", "sarvamai", "elevenlabs"}
)
READS_TIME = re.compile(
    r"^(time\.(time|monotonic|perf_counter|process_time|thread_time)(_ns)?|time\.(sleep|localtime|gmtime)"
    r"|(datetime\.)?(datetime|date)\.(now|utcnow|today))$"
)
TIME_NAMES = {
    "time",
    "monotonic",
    "perf_counter",
    "process_time",
    "time_ns",
    "monotonic_ns",
    "perf_counter_ns",
    "sleep",
}


def test_a_floor_imports_only_floors_below_it() -> None:
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr


@pytest.mark.parametrize("floor", PURE)
def test_the_core_is_pure(floor: str) -> None:
    found = [
        f"{name_of(path)}:{line} imports {module}"
        for path in python_files(APP / floor)
        for module, line in imports_of(path)
        if module.partition(".")[0] in IMPURE - ({CALENDAR} if floor == "dialling" else set())
        or module.startswith("app.clock")
    ]
    opened = [
        f"{name_of(path)}:{line} calls {call}()"
        for path in python_files(APP / floor)
        for call, line in calls_in(path)
        if call in ("open", "input", "print")
    ]
    assert not found + opened, "take what you need as an argument:\n" + "\n".join(found + opened)


def test_only_the_clock_reads_the_time() -> None:
    found = []
    for path in python_files(APP):
        if path == APP / "clock.py":
            continue
        found += [f"{name_of(path)}:{line} calls {call}" for call, line in calls_in(path) if READS_TIME.match(call)]
        found += [
            f"{name_of(path)}:{line} imports {module}"
            for module, line in imports_of(path)
            if module.startswith("time.") and module.removeprefix("time.") in TIME_NAMES
        ]
    assert not found, "take a Clock, or the time itself, as an argument:\n" + "\n".join(found)


def test_a_transaction_has_one_owner() -> None:
    found = [
        f"{name_of(path)}:{line} calls {call}"
        for path in python_files(APP)
        if path != APP / "store" / "engine.py"
        for call, line in calls_in(path)
        if call.rpartition(".")[2] == "commit"
    ]
    assert not found, "only app/store/engine.py commits; use its scope:\n" + "\n".join(found)


def test_settings_are_read_at_the_top_alone() -> None:
    readers = {
        name_of(path)
        for path in python_files(APP)
        for module, _ in imports_of(path)
        if module == "app.settings" or module.startswith("app.settings.")
    }
    above = {
        name for name in readers if name not in ("app/main.py", "app/__main__.py") and not name.startswith("app/cli/")
    }
    assert not above, f"pass the values in from app/main.py instead: {sorted(above)}"


def test_only_the_command_line_prints() -> None:
    found = [
        f"{name_of(path)}:{line}"
        for path in python_files(APP)
        if "cli" not in path.parts
        for call, line in calls_in(path)
        if call in ("print", "pprint.pprint", "sys.stdout.write", "rich.print")
    ]
    assert not found, "log with structlog instead: " + ", ".join(found)


def test_every_import_is_a_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {_normal(re.split(r"[<>=!~;\[ ]", line, maxsplit=1)[0]) for line in project["dependencies"]}
    owners = packages_distributions()
    missing = set()
    for path in python_files(APP):
        for module, line in imports_of(path):
            top = module.partition(".")[0]
            if top == "app" or top in sys.stdlib_module_names or top == "audioop":
                continue
            distributions = {_normal(name) for name in owners.get(top, ())}
            if not distributions & declared:
                missing.add(f"{name_of(path)}:{line} imports {top}")
    assert not missing, "declare it in pyproject.toml, and give its reason in docs/dependencies.md:\n" + "\n".join(
        sorted(missing)
    )


def test_a_rule_that_names_a_file_names_one_that_is_there() -> None:
    for path in (APP / "clock.py", APP / "store" / "engine.py", APP / "settings.py"):
        assert tree_of(path).body, f"{name_of(path)} moved: change the rules in this file with it"


def _normal(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()

"""A file holds one idea, and says what its public names take and give."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.source import APP, ROOT, TESTS, name_of, python_files, tree_of

LINES_OF_FILE = 300
LINES_OF_FUNCTION = 50
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc", "stuff", "tools", "base_utils"}
NOT_PYTHON = {".html", ".jinja", ".j2", ".xml", ".css", ".js", ".yaml", ".yml", ".sql"}
LATER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def test_files_stay_under_three_hundred_lines() -> None:
    others = [path for path in APP.rglob("*") if path.suffix in NOT_PYTHON]
    sizes = {name_of(path): _lines(path) for path in [*python_files(APP, TESTS, ROOT / "migrations"), *others]}
    long = {name: lines for name, lines in sizes.items() if lines > LINES_OF_FILE}
    assert not long, f"a file that wants more than {LINES_OF_FILE} lines holds two ideas: {long}"


def test_functions_stay_under_fifty_lines() -> None:
    long = [
        f"{name_of(path)}:{node.lineno} {node.name} has {length} lines"
        for path in python_files(APP, TESTS)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) >= LINES_OF_FUNCTION
    ]
    assert not long, "say it in smaller functions:\n" + "\n".join(long)


def test_names_say_what_is_inside() -> None:
    vague = [
        name_of(path)
        for folder in (APP, TESTS)
        for path in folder.rglob("*")
        if path.stem.lower() in VAGUE and "__pycache__" not in path.parts
    ]
    assert not vague, f"name it after what it does: {vague}"


def test_nothing_is_left_for_later() -> None:
    marks = [
        f"{name_of(path)}:{number}"
        for path in python_files(APP, TESTS)
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if LATER.search(line)
    ]
    assert not marks, f"do it, or write an issue: {marks}"


@pytest.mark.parametrize(
    "floor", sorted({path.relative_to(APP).parts[0] for path in python_files(APP)} - {"__init__.py"})
)
def test_public_names_say_what_they_take_and_give(floor: str) -> None:
    files = [APP / floor] if floor.endswith(".py") else python_files(APP / floor)
    silent = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in files
        for node in tree_of(path).body
        if isinstance(node, Definition) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    modules = [name_of(path) for path in files if path.name != "__init__.py" and not ast.get_docstring(tree_of(path))]
    assert not silent + modules, "give it a docstring:\n" + "\n".join(silent + modules)


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())

"""What is promised on paper: every setting, every dependency, and pages that need nothing from elsewhere."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from app.settings import load_settings, setting_names
from app.speech.registry import provider_settings
from tests.architecture.source import APP, ROOT, name_of

ELSEWHERE = re.compile(
    r"""(?:\b(?:src|href|action|poster|srcset|data-src)\s*=\s*["']?|url\(\s*["']?|@import\s+["']|from\s+["']|import\(?\s*["']|fetch\(\s*["'`])(?:https?:)?//"""
)
PAGES = {".html", ".jinja", ".j2", ".css", ".js", ".mjs", ".svg"}


def all_names() -> tuple[str, ...]:
    """The house's settings, and those that providers ask for beside."""
    return (*setting_names(), *provider_settings())


def test_every_setting_is_in_the_example_and_nothing_else_is() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    listed = re.findall(r"^#?\s?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE)
    assert sorted(listed) == sorted(all_names())


def test_every_setting_is_explained() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = {
        name
        for row in re.findall(r"^\|(.*?)\|", text, re.MULTILINE)
        for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", row)
    }
    assert rows == set(all_names())


def test_the_example_can_be_copied_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in setting_names():
        monkeypatch.delenv(name, raising=False)
    assert load_settings(ROOT / ".env.example") == load_settings(None)


def test_the_example_shows_the_defaults_that_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Taking away every `# ` in front of a setting that has a default changes nothing."""
    for name in all_names():
        monkeypatch.delenv(name, raising=False)
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    opened = re.sub(r"^#\s?([A-Z][A-Z0-9_]+=)", r"\1", text, flags=re.MULTILINE)
    (tmp_path / ".env").write_text(opened, encoding="utf-8")
    monkeypatch.chdir(ROOT)
    example = load_settings(tmp_path / ".env", of_providers=provider_settings())
    default = load_settings(None)
    for part in ("stt", "llm", "tts"):
        assert example.providers(part) == default.providers(part)
    assert example.public_url == default.public_url
    assert (example.personas_dir.resolve(), example.data_dir) == (default.personas_dir, default.data_dir)
    same = ("host", "port", "ai_mode", "default_persona", "max_calls", "log_level", "drain_s")
    assert {name: getattr(example, name) for name in same} == {name: getattr(default, name) for name in same}


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = [
        *project["project"]["dependencies"],
        *(line for group in project["dependency-groups"].values() for line in group),
    ]
    declared = {re.split(r"[<>=!~;\[ ]", line, maxsplit=1)[0].lower() for line in lines}
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    explained = {
        name.lower()
        for cell in re.findall(r"^\|(.*?)\|", text, re.MULTILINE)
        for name in re.findall(r"`([^`]+)`", cell)
    }
    assert explained == declared


def test_the_locks_hold_hashes_and_no_addresses() -> None:
    for name in ("requirements.lock", "requirements-run.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        packages = re.findall(r"^[a-z0-9][^\n]*==[^\n]*", text, re.MULTILINE)
        assert packages, f"{name} is empty: make lock"
        assert all(line.endswith("\\") for line in packages), f"{name} has a package without hashes: make lock"
        assert "://" not in text, f"{name} holds an address: make lock"


def test_what_runs_is_what_was_tested() -> None:
    pinned = {name: _pins(ROOT / name) for name in ("requirements.lock", "requirements-run.lock")}
    assert pinned["requirements-run.lock"] <= pinned["requirements.lock"], "the locks disagree: make lock"
    assert not {
        pin for pin in pinned["requirements-run.lock"] if pin.startswith(("pytest==", "ruff==", "playwright=="))
    }


def test_pages_need_nothing_from_elsewhere() -> None:
    files = [path for path in (APP / "web").rglob("*") if path.suffix in PAGES]
    found = [
        f"{name_of(path)}:{number} {line.strip()[:80]}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if ELSEWHERE.search(line)
    ]
    assert not found, "serve it from here:\n" + "\n".join(found)


def test_nothing_is_vendored() -> None:
    found = [
        name_of(path)
        for path in (APP / "web").rglob("*")
        if path.is_file()
        and (re.search(r"\.min\.(js|css)$", path.name) or {"vendor", "node_modules"} & set(path.parts))
    ]
    assert not found, f"write it, or do without: {found}"


def _pins(lock: Path) -> set[str]:
    return set(re.findall(r"^([a-z0-9][\w.-]*==[\w.]+)", lock.read_text(encoding="utf-8"), re.MULTILINE))

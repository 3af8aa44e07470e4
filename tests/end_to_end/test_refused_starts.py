"""A setting that makes no sense stops the start: exit code 2, and one line on stderr that names it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.end_to_end.conftest import PERSONAS
from tests.server import REPOSITORY, environment

BRIEF = (PERSONAS / "brief.yaml").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Mistake:
    """`settings`, and what is added to a persona's file; the line on stderr must hold all of `named`."""

    settings: Mapping[str, str]
    named: tuple[str, ...]
    persona: str = ""


MISTAKES = {
    "an unknown mode": Mistake({"AI_MODE": "telepathy"}, ("AI_MODE", "telepathy", "offline")),
    "an unknown recogniser": Mistake({"STT_PROVIDER": "oracle"}, ("STT_PROVIDER", "oracle", "mock")),
    "an unknown model": Mistake({"LLM_PROVIDER": "oracle"}, ("LLM_PROVIDER", "oracle", "mock")),
    "an unknown voice provider": Mistake({"TTS_PROVIDER": "oracle"}, ("TTS_PROVIDER", "oracle", "mock")),
    "an unknown persona": Mistake({"DEFAULT_PERSONA": "nobody"}, ("DEFAULT_PERSONA", "nobody", "brief")),
    "no such folder": Mistake({"PERSONAS_DIR": "nowhere"}, ("nowhere",)),
    "an unknown database": Mistake({"DATABASE_URL": "mysql://localhost/parley"}, ("DATABASE_URL", "sqlite")),
    "no database url": Mistake({"DATABASE_URL": "parley"}, ("DATABASE_URL",)),
    "a database that is not there": Mistake({"DATABASE_URL": "sqlite:////dev/null/parley.db"}, ("DATABASE_URL",)),
    "no port": Mistake({"PORT": "eighty"}, ("PORT", "eighty")),
    "no room for calls": Mistake({"MAX_CALLS": "0"}, ("MAX_CALLS",)),
    "a key that is no key": Mistake({}, ("brief.yaml", "greting"), "greting: Hello.\n"),
    "a voice that is no voice": Mistake(
        {}, ("brief.yaml", "voice.offline.words_per_minute"), "voice: {offline: {words_per_minute: 9000}}\n"
    ),
    "a voice that nobody has": Mistake(
        {"AI_MODE": "offline"}, ("brief.yaml", "voice.offline.voice", "klingon"), "voice: {offline: {voice: klingon}}\n"
    ),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a start came to."""

    code: int
    stdout: str
    stderr: str


def prepare(folder: Path, mistake: Mistake) -> None:
    """A folder in which the server is to be started with this mistake."""
    personas = folder / "personas"
    shutil.copytree(PERSONAS, personas)
    (personas / "brief.yaml").write_text(BRIEF + mistake.persona, encoding="utf-8")
    settings = {"PERSONAS_DIR": str(personas), "DEFAULT_PERSONA": "brief", "DATA_DIR": str(folder / "data")}
    (folder / "settings.json").write_text(json.dumps(settings | dict(mistake.settings)), encoding="utf-8")


def outcome(folder: Path) -> Outcome:
    code, stdout, stderr = ((folder / name).read_text(encoding="utf-8") for name in ("code", "stdout", "stderr"))
    return Outcome(int(code), stdout, stderr)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """Each mistake's."""
    folders = {name: tmp_path_factory.mktemp("start") for name in MISTAKES}
    for name, folder in folders.items():
        prepare(folder, MISTAKES[name])
    subprocess.run(
        [sys.executable, "-m", "tests.end_to_end.starts", *map(str, folders.values())],
        cwd=REPOSITORY,
        env=environment(REPOSITORY),
        check=True,
        timeout=120,
    )
    return {name: outcome(folder) for name, folder in folders.items()}


def test_each_mistake_is_told_in_one_line(outcomes: dict[str, Outcome]) -> None:
    for name, done in outcomes.items():
        assert done.code == 2, (name, done)
        (line,) = done.stderr.splitlines()
        assert all(word in line for word in MISTAKES[name].named), (name, line)
        assert done.stdout == "", name


def test_the_same_from_a_shell(tmp_path: Path) -> None:
    """One of them, as an operator would meet it."""
    done = subprocess.run(
        [sys.executable, "-m", "app", "serve"],
        cwd=tmp_path,
        env=environment(tmp_path, AI_MODE="telepathy"),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "AI_MODE" in done.stderr

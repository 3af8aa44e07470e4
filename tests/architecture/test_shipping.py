"""The image and the machine it runs on agree with the settings."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from app.settings import Settings
from tests.architecture.source import ROOT


@pytest.fixture
def fly() -> dict[str, Any]:
    return tomllib.loads((ROOT / "fly.toml").read_text(encoding="utf-8"))


@pytest.fixture
def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_machine_waits_until_the_calls_are_drained(fly: dict[str, Any]) -> None:
    assert fly["kill_signal"] == "SIGTERM"
    assert fly["kill_timeout"] > float(fly["env"]["DRAIN_S"])


def test_one_machine_is_always_on(fly: dict[str, Any]) -> None:
    service = fly["http_service"]
    assert (service["auto_stop_machines"], service["min_machines_running"]) == ("off", 1)


def test_there_is_room_for_more_than_the_calls(fly: dict[str, Any]) -> None:
    limits = fly["http_service"]["concurrency"]
    assert limits["type"] == "connections"
    assert int(fly["env"]["MAX_CALLS"]) * 2 <= limits["soft_limit"] < limits["hard_limit"]


def test_what_the_machine_sets_are_settings(fly: dict[str, Any], dockerfile: str) -> None:
    names = {field.alias or name.upper() for name, field in Settings.model_fields.items()}
    assert set(fly["env"]) <= names
    in_image = set(re.findall(r"^(?:ENV)?\s+([A-Z_]+)=", dockerfile, re.MULTILINE)) - {"PATH", "PYTHONUNBUFFERED"}
    assert {"HOST", "PORT", "DATA_DIR"} <= in_image <= names


def test_ports_and_folders_agree(fly: dict[str, Any], dockerfile: str) -> None:
    assert f"EXPOSE {fly['http_service']['internal_port']}" in dockerfile
    assert f"VOLUME {fly['mounts'][0]['destination']}" in dockerfile


def test_the_image_runs_as_nobody_special_and_hears_its_end(dockerfile: str) -> None:
    assert re.search(r"^USER (?!root)", dockerfile, re.MULTILINE)
    assert re.search(r'^CMD \["python", "-m", "app", "serve"\]$', dockerfile, re.MULTILINE)
    assert "HEALTHCHECK" in dockerfile


def test_what_is_copied_is_let_in(dockerfile: str) -> None:
    copied = set(re.findall(r"^COPY (?!--from)(\S+)", dockerfile, re.MULTILINE))
    allowed = set(re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE))
    assert copied == allowed
    assert all((ROOT / name).exists() for name in copied)

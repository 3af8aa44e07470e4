"""`python -m app doctor`: whole, and what it says of this machine."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import sys
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from app.cli.examination import machine, report
from app.cli.examination.report import Group, Line
from app.settings import setting_names
from app.speech import minilm
from app.store.migrate import upgrade
from tests.carriers.twilio_rest import NUMBER, SID, TOKEN, TwilioRest
from tests.cli.conftest import VOICE
from tests.cli.patients import Ours, Patient
from tests.server import REPOSITORY, environment, free_port
from tests.speech import onnx_file
from tests.vendors.elevenlabs_stand_in import KEY, StandIn


async def doctored(folder: Path, *arguments: str, **settings: str) -> tuple[int, str, str]:
    """Exit code and output of the real command."""
    env = {key: value for key, value in environment(folder / "data").items() if key not in setting_names()}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app", "doctor", *arguments),
        cwd=folder,
        env=env | {"DATA_DIR": str(folder / "data"), "PYTHONPATH": str(REPOSITORY), "NO_PROXY": "127.0.0.1"} | settings,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def test_all_is_well_on_a_machine_of_its_own(tmp_path: Path) -> None:
    code, out, err = await doctored(tmp_path, AI_MODE="offline", PORT=str(free_port()))
    assert (code, err) == (0, "")
    assert "Nothing is wrong." in out
    assert "pocketsphinx starts" in out
    assert "espeak-ng says a word" in out
    assert "\x1b" not in out, "no colours where there is no terminal"
    assert not any(os.scandir(tmp_path)), "nothing was made"


@pytest.mark.usefixtures("patient")
async def test_all_is_well_with_vendors_and_says_so_to_programs(
    tmp_path: Path, vendor: StandIn, twilio: TwilioRest
) -> None:
    async with Ours().there() as ours:
        twilio.numbers[0]["voice_url"] = f"{ours.url}/twilio/voice#rc=2"
        code, out, err = await doctored(
            tmp_path,
            "--json",
            AI_MODE="live",
            PORT=str(free_port()),
            STT_PROVIDER="offline",
            PUBLIC_URL=ours.url,
            ELEVENLABS_API_KEY=KEY,
            ELEVENLABS_BASE_URL=vendor.url,
            ELEVENLABS_VOICE_ID=VOICE,
            TWILIO_ACCOUNT_SID=SID,
            TWILIO_AUTH_TOKEN=TOKEN,
            TWILIO_PHONE_NUMBER=NUMBER,
            TWILIO_API_BASE_URL=twilio.url,
        )
    told = json.loads(out)
    assert (code, told["ok"], err) == (0, True, ""), out
    states = {(line["about"], line["state"]) for line in told["findings"]}
    assert {("ELEVENLABS_API_KEY", "ok"), ("TWILIO_ACCOUNT_SID", "ok"), ("TWILIO_PHONE_NUMBER", "ok")} <= states
    assert all(secret not in out for secret in (KEY, TOKEN))
    assert all(request.method == "GET" for request in vendor.requests), "nothing that costs"


async def test_a_setting_that_makes_no_sense_is_a_finding(patient: Patient, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("AI_MOOD=offline\n", encoding="utf-8")
    (line,) = await patient.lines()
    assert (line.state, "AI_MOOD is not a setting (did you mean AI_MODE?)" in line.says) == ("wrong", True)
    code, out, err = await doctored(tmp_path)
    assert (code, err) == (1, "")
    assert "1 thing is wrong." in out


async def test_what_is_not_set_is_no_fault(patient: Patient) -> None:
    lines = await patient.lines()
    assert {line.about for line in lines if line.state == "not set"} >= {
        "elevenlabs",
        "TWILIO_AUTH_TOKEN",
        "PUBLIC_URL",
    }
    assert not [line for line in lines if line.state in ("wrong", "attention")]


async def test_a_persona_that_cannot_be_read_hides_nothing_else(patient: Patient, tmp_path: Path) -> None:
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas" / "bad.yaml").write_text("greting: Hello.\n", encoding="utf-8")
    patient.set("PERSONAS_DIR", str(tmp_path / "personas"))
    ((state, says),) = await patient.about("PERSONAS_DIR")
    assert (state, "bad.yaml" in says) == ("wrong", True)
    assert [state for state, _ in await patient.about("DATABASE_URL")] == ["ok"]


async def test_a_network_for_pauses_is_tried_where_one_is_named(patient: Patient, tmp_path: Path) -> None:
    file = tmp_path / "smart-turn.onnx"
    patient.set("SMART_TURN_MODEL", str(file))
    ((state, says),) = await patient.about("SMART_TURN_MODEL")
    assert (state, "there is no file" in says) == ("wrong", True)
    file.write_bytes(onnx_file.judge())
    assert await patient.about("SMART_TURN_MODEL") == [("ok", "smart-turn.onnx judges pauses")]


async def test_a_price_table_that_cannot_be_read(patient: Patient, tmp_path: Path) -> None:
    (tmp_path / "prices.yaml").write_text("nonsense: true\n", encoding="utf-8")
    patient.set("PRICES", str(tmp_path / "prices.yaml"))
    ((state, says),) = await patient.about("PRICES")
    assert (state, "prices.yaml" in says) == ("wrong", True)


async def test_folders_that_are_not_there(patient: Patient, tmp_path: Path) -> None:
    patient.set("PERSONAS_DIR", str(tmp_path / "nowhere"))
    patient.set("DATA_DIR", "/dev/null/data")
    ((state, says),) = await patient.about("PERSONAS_DIR")
    assert (state, "nowhere" in says) == ("wrong", True)
    ((state, says),) = await patient.about("DATA_DIR")
    assert (state, "/dev/null" in says) == ("wrong", True)


async def test_an_unknown_provider_hides_no_known_one(patient: Patient) -> None:
    patient.set("STT_PROVIDER", "oracle,mock")
    (_, (state, says)) = await patient.about("STT_PROVIDER")
    assert (state, "no provider 'oracle'" in says) == ("wrong", True)
    assert await patient.about("mock") == [("ok", "there is nothing that could be set wrongly")]


# the data directory and the database


async def test_a_data_directory_that_takes_no_files(patient: Patient, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way", encoding="utf-8")
    ((state, says),) = await patient.about("DATA_DIR")
    assert (state, says) == (
        "wrong",
        f"{tmp_path}/data is not a folder → remove it, or set DATA_DIR to a folder",
    )
    patient.set("DATA_DIR", "/proc/self")
    ((state, says),) = await patient.about("DATA_DIR")
    assert state == "wrong"


async def test_a_disk_that_is_nearly_full(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "SCARCE_BYTES", 2**62)
    assert [state for state, _ in await patient.about("disk")] == ["attention"]
    monkeypatch.setattr(machine, "NO_ROOM_BYTES", 2**62)
    assert [state for state, _ in await patient.about("disk")] == ["wrong"]


async def test_a_database_that_is_there_is_left_alone(patient: Patient, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    upgrade(f"sqlite:///{tmp_path}/data/parley.db")
    before = patient.files()
    assert await patient.about("DATABASE_URL") == [("ok", "the database answers, and its tables are up to date")]
    assert patient.files() == before


async def test_a_database_that_a_newer_version_made(patient: Patient, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "new.db") as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")
    connection.close()
    patient.set("DATABASE_URL", f"sqlite:///{tmp_path}/new.db")
    ((state, says),) = await patient.about("DATABASE_URL")
    assert (state, "9999, which this version of Parley does not know" in says) == ("wrong", True)


@pytest.mark.parametrize("url", ["mysql://localhost/parley", "postgresql://u:secret@127.0.0.1:1/parley"])
async def test_a_database_that_cannot_be_used(patient: Patient, url: str) -> None:
    patient.set("DATABASE_URL", url)
    ((state, says),) = await patient.about("DATABASE_URL")
    assert (state, "secret" in says) == ("wrong", False)


# the report


async def test_a_check_that_breaks_is_a_line_like_others() -> None:
    async def broken() -> list[Line]:
        raise RuntimeError("a key: sk_123")

    (line,) = await report.within("thing", broken())
    assert (line.state, "RuntimeError" in line.says, "sk_123" in line.says) == ("wrong", True, False)


def test_a_person_reads_one_line_each() -> None:
    lines = (
        Line("A", "ok", "well"),
        Line("B", "wrong", "[bold]ill[/bold]", "heal it"),
        Line("C", "attention", "tired"),
        Line("D", "not set", "away"),
    )
    out = StringIO()
    report.render([Group("All", lines)], Console(file=out, highlight=False, soft_wrap=True))
    assert out.getvalue().split("\n") == [
        "",
        "All",
        "  ok        A: well",
        "  wrong     B: [bold]ill[/bold] → heal it",
        "  attention C: tired",
        "  not set   D: away",
        "",
        "1 thing is wrong; 1 wants attention.",
        "",
    ]


async def test_a_judge_without_its_network_is_told_of(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert [line.state for line in await machine.judge_lines()] == ["ok"]
    monkeypatch.setattr(minilm, "shipped", lambda: None)
    (missing,) = await machine.judge_lines()
    assert missing.state == "attention"
    assert "judged by their words alone" in missing.says
    monkeypatch.setattr(minilm, "shipped", lambda: minilm.MiniLM(tmp_path))
    (broken,) = await machine.judge_lines()
    assert broken.state == "wrong"
    assert "install" in broken.says

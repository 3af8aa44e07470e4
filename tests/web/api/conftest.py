"""The REST API over a real SQLite file, without a network."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from app.clock import Clock, SystemClock
from app.dialling.policy import Policy
from app.personas.schema import Metadata, Persona
from app.runtime.archive import Archive
from app.runtime.files import CallFiles
from app.runtime.placing import Placing
from app.runtime.second_opinion import SecondOpinion
from app.runtime.text_interviews import TextInterviews
from app.store.engine import Database
from app.store.migrate import upgrade
from app.web import problems
from app.web.api import build_router
from tests.runtime.acting import Actor
from tests.runtime.examining import second_opinion
from tests.runtime.interviewed import text_interviews

KEY = "a-key-for-tests"


class Folder(CallFiles):
    """One folder for everything."""

    def recording(self, call_id: UUID) -> Path:
        return self.data_dir / f"{call_id}.wav"

    def timeline(self, call_id: UUID) -> Path:
        return self.data_dir / f"{call_id}.jsonl"


@dataclass
class House:
    db: Database
    files: Folder
    api_key: str = KEY
    personas: Mapping[str, Persona] = field(default_factory=dict)
    clock: Clock = field(default_factory=SystemClock)
    running: set[UUID] = field(default_factory=set)
    hung_up: list[UUID] = field(default_factory=list)
    told_goodbye: list[UUID] = field(default_factory=list)
    pressed: list[tuple[UUID, str]] = field(default_factory=list)
    minds: list[Actor] = field(default_factory=list)
    placing: Placing = field(default_factory=lambda: Placing(Policy()))

    @cached_property
    def archive(self) -> Archive:
        return Archive(self.db, self.files, shared=False)

    @cached_property
    def text_interviews(self) -> TextInterviews:
        return text_interviews(self.db, self.personas, self.clock)

    @cached_property
    def second_opinion(self) -> SecondOpinion:
        return second_opinion(self.db, self.personas, self.clock, *self.minds)

    async def send_digits(self, call_id: UUID, keys: str) -> bool:
        self.pressed.append((call_id, keys))
        return call_id in self.running

    async def hang_up(self, call_id: UUID, *, politely: bool = False) -> bool:
        if politely:
            self.told_goodbye.append(call_id)
        if call_id not in self.running:
            return False
        self.hung_up.append(call_id)
        return True


def persona(slug: str) -> Persona:
    return Persona(
        id=slug, name=slug.title(), flow="assistant", greeting="Hello.", metadata=Metadata(source_template_id="t1")
    )


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    url = f"sqlite:///{tmp_path}/parley.db"
    upgrade(url)
    db = Database(url)
    made = House(db, Folder(tmp_path), personas={slug: persona(slug) for slug in ("interviewer", "assistant")})
    yield made
    await db.close()


@pytest.fixture
def app(house: House) -> FastAPI:
    made = FastAPI(title="Parley")
    made.include_router(build_router(house))
    problems.install(made)

    @made.get("/page")
    async def page(broken: bool = False) -> str:
        if broken:
            raise RuntimeError("inner details")
        return "page"

    return made


@pytest.fixture
async def stranger(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Someone without a key."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://parley.test") as client:
        yield client


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {KEY}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://parley.test", headers=headers) as client:
        yield client

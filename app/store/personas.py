"""A snapshot of every persona, taken when the server starts, so that old calls can say who spoke."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.personas.schema import Persona
from app.store.tables import PersonaRow


def content_hash(persona: Persona) -> str:
    """SHA-256, in hex, of all that a persona is."""
    content = json.dumps(persona.model_dump(mode="json"), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(content.encode()).hexdigest()


async def sync_personas(session: AsyncSession, personas: Iterable[Persona], now: datetime) -> int:
    """Store what changed since the last start; how many did. Personas whose file is gone keep their row."""
    known = {row.id: row for row in await all_personas(session)}
    changed = 0
    for persona in personas:
        content = content_hash(persona)
        row = known.get(persona.id)
        if row is not None and row.content_hash == content:
            continue
        current = PersonaRow(
            id=persona.id,
            name=persona.name,
            flow=persona.flow,
            source_template_id=persona.metadata.source_template_id,
            version=persona.metadata.version,
            content_hash=content,
            updated_at=now,
        )
        await session.merge(current)
        changed += 1
    await session.flush()
    return changed


async def all_personas(session: AsyncSession) -> Sequence[PersonaRow]:
    """Every persona that was ever there, by id."""
    return (await session.scalars(select(PersonaRow).order_by(col(PersonaRow.id)))).all()

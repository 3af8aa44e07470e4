"""What candidates ask about an interview by text is answered as it is there: nothing is spoken, nothing recorded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.personas.loader import load_personas
from app.runtime.text_lines import leads_interviews
from app.store.engine import Database
from tests.runtime.interviewed import Sitting, fill_bank, text_interviews

SHIPPED = load_personas(Path("personas"))
OF_THE_TELEPHONE = re.compile(r"\b(call|phone|record\w*|press|key|voice|hear)\b", re.IGNORECASE)


@pytest.mark.parametrize("name", [name for name, persona in SHIPPED.items() if leads_interviews(persona)])
async def test_what_is_asked_about_the_interview_is_answered_as_it_is_in_writing(db: Database, name: str) -> None:
    await fill_bank(db)
    sitting = await Sitting.begun(
        text_interviews(db, {"interviewer": SHIPPED[name].model_copy(update={"id": "interviewer"})})
    )
    await sitting.happens("start")
    for entry in SHIPPED[name].knowledge:
        said = await sitting.says(f"{entry.ask[0]}?")
        assert (entry.written or entry.answer) in said, "a question of theirs is answered before they agree"
        assert not OF_THE_TELEPHONE.search(said), said

"""Interviews in the house of the pages, and a visitor who changes their points."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from app.store.interviews import StoredInterview
from tests.dialogue.scoring.told import Talk
from tests.store.talks import ToldTalk, by_text
from tests.web.admin.conftest import Visitor
from tests.web.admin.house import NOW, TestHouse

LIST = "/admin/interviews"


async def written(house: TestHouse, talk: Talk | None = None, **given: Any) -> StoredInterview:
    async with house.db.transaction() as session:
        return await by_text(session, talk or Talk(str(uuid4())).agrees(), NOW - timedelta(minutes=5), **given)


def home(told: ToldTalk | StoredInterview) -> str:
    return f"{LIST}/{told.interview.id if isinstance(told, ToldTalk) else told.id}"


async def overrule(visitor: Visitor, told: ToldTalk, place: int = 2, **form: str) -> tuple[int, str]:
    typed = {"token": await visitor.token(), "points": "7", "reason": "I listened to it.", "by": "Grace"} | form
    answer = await visitor.post(f"{home(told)}/questions/{place}/overrule", data=typed)
    return answer.status_code, answer.text

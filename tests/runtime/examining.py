"""Models that judge, for tests, and the service that asks them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.clock import Clock, SystemClock
from app.dialogue.flow import ModelRequest
from app.dialogue.judging.model import JudgementForm, PointForm
from app.personas.schema import Persona
from app.runtime.providers import Providers
from app.runtime.second_opinion import WITHIN_S, SecondOpinion
from app.speech.protocols import Tokens
from app.store.engine import Database
from tests.runtime.acting import Actor, Notebook


class Lenient(Actor):
    """A vendor's model that finds every key point in the first words of an answer. `scripts`: what it does before it
    answers; the last one again and again."""

    def __init__(self, name: str = "groq", *scripts: Any) -> None:
        super().__init__(name, *(scripts or ([JudgementForm(points=[])],)))
        self.requests: list[ModelRequest] = []

    async def judge(self, request: ModelRequest, form: type[Any]) -> tuple[Any, Tokens | None]:
        self.requests.append(request)
        await self._first()
        said = request.messages[0].text.splitlines()[1:-1]
        quote = " ".join(said[0].split()[:12])
        names = [line[2:].partition(":")[0] for line in request.instructions.splitlines() if line.startswith("- ")]
        points = [PointForm(key_point=name, verdict="covered", quote=quote) for name in names]
        return JudgementForm(points=points), Tokens(f"{self.name}-1", 7, 3)


def second_opinion(
    db: Database,
    personas: Mapping[str, Persona],
    clock: Clock | None = None,
    *minds: Actor,
    reporter: Notebook | None = None,
    within_s: float = WITHIN_S,
) -> SecondOpinion:
    """The service with these models; without any there is the offline judge alone."""
    clock = clock or SystemClock()
    cast: list[Any] = list(minds)
    providers = Providers([], cast, [], clock=clock)
    return SecondOpinion(db, providers, personas, reporter or Notebook(), clock, within_s)

"""Has a whole interview judged again by another judge, whose word is put beside the first and overwrites nothing.

A model's run is all or nothing: where it cannot be asked about one answer, nothing of it is kept, so that no run is a
mixture that nobody asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Literal
from uuid import UUID

import structlog

from app.clock import Clock
from app.dialogue.interviewing.session import Session
from app.dialogue.judging import model, offline
from app.dialogue.judging.judgement import Judgement
from app.dialogue.judging.meaning import Meaning
from app.dialogue.judging.points import Verdict
from app.dialogue.scoring.rescoring import Judgements, ToJudge, by_offline, rescored, to_judge
from app.personas.schema import Persona
from app.runtime.providers import Providers
from app.runtime.reporting import Fault, Reporter, Spent
from app.speech.protocols import ProviderError
from app.store.engine import Database
from app.store.interviews import find_interview
from app.store.scores import NotScoredError, Once, add_run, given_before

JudgeName = Literal["offline", "model"]

AT_ONCE = 4
"""Requests to a model, from all rescorings together: calls go on beside them, and vendors count requests."""
WITHIN_S = 90.0
"""For a whole run of a model; browsers and proxies wait for an answer for some two minutes."""

_log = structlog.get_logger(__name__)


class JudgeAwayError(RuntimeError):
    """The model could not judge; nothing was kept. The message is a sentence for whoever asked."""


class NoJudgeError(JudgeAwayError):
    """There is no model that could be asked, now or later."""


class _Noted:
    """Passes on what is told, and notes who served."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self.model = ""

    def failed(self, fault: Fault) -> None:
        self._reporter.failed(fault)

    def spent(self, spent: Spent) -> None:
        self.model = spent.model
        self._reporter.spent(spent)


class SecondOpinion:
    """`personas`: any of them will do to ask in its name, if the interview's own has gone. `meaning`: for the judge
    that needs nobody."""

    def __init__(
        self,
        db: Database,
        providers: Providers,
        personas: Mapping[str, Persona],
        reporter: Reporter,
        clock: Clock,
        within_s: float = WITHIN_S,
        meaning: Meaning | None = None,
    ) -> None:
        self._db = db
        self._providers = providers
        self._personas = personas
        self._reporter = reporter
        self._clock = clock
        self._within_s = within_s
        self._meaning = meaning
        self._turns = asyncio.Semaphore(AT_ONCE)

    @property
    def judges(self) -> tuple[JudgeName, ...]:
        """Who can be asked here."""
        return ("offline", "model") if self._providers.can_judge else ("offline",)

    async def rescore(self, id_: UUID, judge: JudgeName, once: Once | None = None) -> UUID:
        """The id of the run. Raises NoSuchInterviewError, NotScoredError, NoJudgeError, JudgeAwayError,
        KeyReusedError."""
        async with self._db.reading() as session:
            interview = await find_interview(session, id_)
            before = await given_before(session, id_, once)
        if before is not None:  # no judge is asked twice
            return before.run
        if not any(record.points is not None for record in interview.session.records):
            raise NotScoredError("nothing of the interview has points yet")
        if judge == "offline":
            judgements: Judgements = await asyncio.to_thread(by_offline, interview.session, self._meaning)
            version = next((it.version for it in judgements.values()), offline.VERSION)
        else:
            judgements, version = await self._by_model(interview.session, interview.persona), model.VERSION
        made = rescored(interview.session, judgements)
        async with self._db.transaction() as session:
            now = self._clock.utc()
            return await add_run(session, id_, made, judge=judge, version=version, now=now, once=once)

    async def _by_model(self, session: Session, persona: str) -> Judgements:
        asked = to_judge(session)
        if not self._providers.can_judge:
            raise NoJudgeError(
                "There is no model here that could judge: set a live provider, or take the offline judge."
            )
        tasks = [asyncio.create_task(self._one(it, self._persona(persona))) for it in asked]
        try:
            async with asyncio.timeout(self._within_s):
                found = await asyncio.gather(*tasks)
        except (ProviderError, TimeoutError) as error:
            _log.warning("rescoring_failed", error=type(error).__name__, kind=getattr(error, "kind", "late"))
            raise JudgeAwayError("The model did not answer, and nothing was kept: try again in a while.") from None
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return {(it.place, it.kind): judgement for it, judgement in zip(asked, found, strict=True)}

    async def _one(self, it: ToJudge, persona: Persona) -> Judgement:
        """One attempt's judgement. Who said that they do not know is not asked about, as in the talk."""
        plain = await asyncio.to_thread(offline.judge, it.question, it.answer)
        if plain.verdict is Verdict.NOT_KNOWN:
            return plain
        noted = _Noted(self._reporter)
        request, form = await asyncio.to_thread(model.ask, it.question, it.answer)
        async with self._turns:
            filled = await self._providers.for_call(persona, noted).judge(request, form)
        return await asyncio.to_thread(model.read, filled, it.question, it.answer, noted.model)

    def _persona(self, name: str) -> Persona:
        return self._personas.get(name) or next(iter(self._personas.values()))

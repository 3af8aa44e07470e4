"""Has an answer judged by a language model, and by the judge that needs nobody where none can or it takes too long."""

from __future__ import annotations

import asyncio

import structlog

from app.dialogue.interviewing.happening import Judged
from app.dialogue.interviewing.step import JudgementRequest
from app.dialogue.judging import model
from app.dialogue.judging.meaning import Meaning
from app.personas.schema import Persona
from app.runtime.providers import Providers
from app.runtime.reporting import Fault, Reporter, Spent
from app.speech.protocols import ProviderError

JUDGE_WITHIN_S = 20.0
"""For all providers together: as long as one may take. Somebody waits for the next question meanwhile."""

_log = structlog.get_logger(__name__)


class _Noted:
    """Passes on what is told, and notes who served."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self.model = ""

    def failed(self, fault: Fault) -> None:
        self._reporter.failed(fault)
        _log.warning("judge_failed", provider=fault.provider, kind=fault.kind, then=fault.then, says=fault.message)

    def spent(self, spent: Spent) -> None:
        self.model = spent.model or spent.provider
        self._reporter.spent(spent)


class TextJudge:
    """`reporter`: is told what failed and what was used. `within_s`: how long models may take for one answer.
    `meaning`: for the judge that needs nobody."""

    def __init__(
        self,
        providers: Providers,
        reporter: Reporter,
        within_s: float = JUDGE_WITHIN_S,
        meaning: Meaning | None = None,
    ) -> None:
        self._providers = providers
        self._reporter = reporter
        self._within_s = within_s
        self._meaning = meaning

    async def judged(self, persona: Persona, request: JudgementRequest) -> Judged:
        """The verdict, whoever gives it. Never raises."""
        noted = _Noted(self._reporter)
        try:
            asked, form = await asyncio.to_thread(model.ask, request.question, request.answer)
            async with asyncio.timeout(self._within_s):
                filled = await self._providers.for_call(persona, noted).judge(asked, form)
            read = await asyncio.to_thread(model.read, filled, request.question, request.answer, noted.model)
        except ProviderError:
            return await asyncio.to_thread(request.offline, self._meaning)
        except TimeoutError:
            _log.warning("judge_late", within_s=self._within_s)
            return await asyncio.to_thread(request.offline, self._meaning)
        except Exception as error:  # a fault of ours costs the model's opinion, never the interview
            _log.error("judge_broke", error=type(error).__name__)
            return await asyncio.to_thread(request.offline, self._meaning)
        return Judged(request.number, read)

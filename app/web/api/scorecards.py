"""Scorecards by REST: read one, overrule its points, have the talk judged again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, HTTPException, Path, Response
from fastapi.exceptions import RequestValidationError

from app.runtime.second_opinion import JudgeAwayError, NoJudgeError
from app.store.cards import StoredCard, find_card
from app.store.interviews import NoSuchInterviewError
from app.store.scores import KeyReusedError, NoSuchPlaceError, NotScoredError, Once, OverruleError, overrule
from app.web.api.bounded import BoundedRoute
from app.web.api.interviews import InterviewId
from app.web.api.scorecard_csv import as_csv
from app.web.api.scorecard_schemas import OverruleIn, RescoreIn, RunOut, ScorecardOut
from app.web.api.scored_question_schemas import ScoredQuestionOut
from app.web.api.services import House
from app.web.problems import described

router = APIRouter(tags=["scorecards"], responses=described(404), route_class=BoundedRoute)

Place = Annotated[int, Path(ge=0, le=1000, description="The question's `place`, from 0")]


Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x20-\x7e]+$",
        description="The same key with the same request, for this interview, adds nothing and answers as it is now",
    ),
]


def _once(key: str | None, *asked: object) -> Once | None:
    """What tells a request that comes again. `asked`: all that it asks for."""
    if key is None:
        return None
    return Once(key, hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest())


@contextmanager
def _told() -> Iterator[None]:
    """What cannot be done with an interview, as an answer."""
    try:
        yield
    except NoSuchInterviewError:
        raise HTTPException(404, "There is no such interview.") from None
    except NoSuchPlaceError:
        raise HTTPException(404, "The interview has no such question: places are counted from 0.") from None
    except NotScoredError:
        raise HTTPException(409, "It has no points yet: it was not asked, or is still open.") from None
    except KeyReusedError:
        detail = "This Idempotency-Key came with another request before: send that one again, or take another key."
        raise HTTPException(409, detail) from None
    except OverruleError as error:
        raise HTTPException(422, str(error)) from None
    except NoJudgeError as error:
        raise RequestValidationError([{"loc": ("body", "judge"), "msg": str(error), "type": "value_error"}]) from None
    except JudgeAwayError as error:
        raise HTTPException(503, str(error)) from None


async def _card(house: House, interview_id: UUID) -> StoredCard:
    with _told():
        async with house.db.reading() as session:
            return await find_card(session, interview_id)


@router.get("/interviews/{interview_id}/scorecard", summary="Read a scorecard")
async def scorecard(house: House, interview_id: InterviewId) -> ScorecardOut:
    """What was asked, what was said, what of it was found and where, and what it is worth; of an interview that goes
    on, as far as it goes."""
    return ScorecardOut.of(await _card(house, interview_id))


@router.get(
    "/interviews/{interview_id}/scorecard.csv",
    summary="A scorecard as a table",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "The file"}},
)
async def scorecard_csv(house: House, interview_id: InterviewId) -> Response:
    """A row for each question; a text that a spreadsheet would take for a formula begins with an apostrophe."""
    content = as_csv(await _card(house, interview_id))
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'inline; filename="interview-{interview_id}.csv"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, headers=headers, media_type="text/csv; charset=utf-8")


@router.post(
    "/interviews/{interview_id}/questions/{place}/overrule",
    status_code=201,
    summary="Overrule a question's points",
    responses=described(409, 413),
)
async def overrule_points(
    house: House, interview_id: InterviewId, place: Place, given: OverruleIn, idempotency_key: Key = None
) -> ScoredQuestionOut:
    """Adds a person's word, which counts from now on; what was there stays in `overrules`. 409 while the question has
    no points."""
    with _told():
        async with house.db.transaction() as session:
            now, once = house.clock.utc(), _once(idempotency_key, "overrule", place, given.model_dump())
            await overrule(session, interview_id, place, **given.model_dump(), now=now, once=once)
    stored = await _card(house, interview_id)
    return ScoredQuestionOut.of(stored.card.questions[place], stored.moments)


@router.post(
    "/interviews/{interview_id}/rescore",
    status_code=201,
    summary="Have the talk judged again",
    responses=described(409, 413, 503),
)
async def rescore(house: House, interview_id: InterviewId, given: RescoreIn, idempotency_key: Key = None) -> RunOut:
    """Adds a run by another judge beside what is there; it changes no points. A model's run is all or nothing: 503 if
    it does not answer, 422 if there is none. The offline judge gives the same every time."""
    with _told():
        once = _once(idempotency_key, "rescore", given.model_dump())
        run = await house.second_opinion.rescore(interview_id, given.judge, once)
    stored = await _card(house, interview_id)
    made = next(it for it in stored.card.runs if it.id == str(run))
    return RunOut.of(made, stored.moments)

"""The question bank by REST: read it, add to it, change it, and take questions out of use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from app.personas.questions import Name, Question
from app.store.listing import CursorError
from app.store.question_list import list_questions
from app.store.questions import (
    ChangedMeanwhileError,
    NoSuchQuestionError,
    QuestionExistsError,
    change_question,
    create_question,
    find_question,
    retire_question,
    versions_of,
)
from app.web.api.bounded import BoundedRoute
from app.web.api.question_schemas import (
    QuestionDetail,
    QuestionIn,
    QuestionOut,
    QuestionPage,
    QuestionPatch,
    QuestionPut,
    QuestionQuery,
    Version,
)
from app.web.api.services import House
from app.web.problems import described

router = APIRouter(tags=["questions"], route_class=BoundedRoute)

Id = Annotated[Name, Path(description="The question's `id`", examples=["py-gil"])]


@contextmanager
def _told() -> Iterator[None]:
    """What a question cannot be done with, as an answer."""
    try:
        yield
    except NoSuchQuestionError:
        raise HTTPException(404, "There is no such question, or not this version of it.") from None
    except QuestionExistsError:
        detail = "This id is taken, perhaps by a question that is out of use: change that one, or give another id."
        raise HTTPException(409, detail) from None
    except ChangedMeanwhileError as error:
        detail = (
            f"Somebody else has changed this question: its newest version is {error.newest}. "
            f"Nothing was kept of yours. Read it, and send your change again with version {error.newest}."
        )
        raise HTTPException(409, detail) from None


@router.get("/questions", summary="List the questions")
async def questions(house: House, query: Annotated[QuestionQuery, Query()]) -> QuestionPage:
    """A page of questions, each in its newest version. Give `next_cursor` back as `cursor` for the page after it."""
    try:
        async with house.db.reading() as session:
            page = await list_questions(session, query.filters(), query.cursor, query.limit)
    except CursorError as error:
        raise HTTPException(422, f"{str(error).capitalize()}.") from None
    return QuestionPage(items=[QuestionOut.of(stored) for stored in page.items], next_cursor=page.next_cursor)


@router.get("/questions/{question_id}", summary="Read a question", responses=described(404))
async def question(house: House, question_id: Id) -> QuestionDetail:
    """As it is now, with the versions that there are."""
    async with house.db.reading() as session:
        versions = list(await versions_of(session, question_id))
    if not versions:
        raise HTTPException(404, "There is no such question.")
    return QuestionDetail.with_versions(versions)


@router.get(
    "/questions/{question_id}/versions/{version}", summary="Read a version of a question", responses=described(404)
)
async def version(house: House, question_id: Id, version: Annotated[Version, Path()]) -> QuestionOut:
    """As it was asked while that version was the newest."""
    with _told():
        async with house.db.reading() as session:
            return QuestionOut.of(await find_question(session, question_id, version))


@router.post("/questions", status_code=201, summary="Add a question", responses=described(409, 413))
async def create(house: House, given: QuestionIn, response: Response) -> QuestionOut:
    """It is in use at once: for interviews that begin after this. The same request twice is refused with 409."""
    asked = Question.model_validate(given.model_dump(exclude={"topic"}))
    with _told():
        async with house.db.transaction() as session:
            made = await create_question(session, given.topic, asked, source="rest", now=house.clock.utc())
    response.headers["Location"] = f"/api/v1/questions/{given.id}"
    return QuestionOut.of(made)


@router.put("/questions/{question_id}", summary="Change a question", responses=described(404, 409, 413))
async def change(house: House, question_id: Id, given: QuestionPut) -> QuestionOut:
    """Makes a new version, and puts the question into use if it was not. 409 if `version` is not the newest."""
    return await _change(house, question_id, given)


@router.patch("/questions/{question_id}", summary="Change parts of a question", responses=described(404, 409, 413))
async def change_parts(house: House, question_id: Id, given: QuestionPatch) -> QuestionOut:
    """As PUT, with what is left out taken from the newest version. `key_points` are given whole."""
    with _told():
        async with house.db.reading() as session:
            stored = await find_question(session, question_id)
    try:
        whole = given.onto(stored)
    except ValidationError as error:
        faults = error.errors(include_url=False)
        raise RequestValidationError([{**fault, "loc": ("body", *fault["loc"])} for fault in faults]) from None
    return await _change(house, question_id, whole)


async def _change(house: House, id_: str, given: QuestionPut) -> QuestionOut:
    with _told():
        async with house.db.transaction() as session:
            changed = await change_question(
                session, id_, given.topic, given, based_on=given.version, source="rest", now=house.clock.utc()
            )
    return QuestionOut.of(changed)


@router.delete(
    "/questions/{question_id}",
    status_code=204,
    response_class=Response,
    summary="Take a question out of use",
    responses=described(404),
)
async def retire(house: House, question_id: Id) -> None:
    """Nobody is asked it from the next interview on. It stays, with its versions; a change puts it into use again."""
    with _told():
        async with house.db.transaction() as session:
            await retire_question(session, question_id, source="rest", now=house.clock.utc())

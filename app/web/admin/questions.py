"""The question bank: what there is, one question with its versions, and the form that changes it."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.personas.questions import FEWEST_WORDINGS, LONGEST_QUESTION, MOST_POINTS, MOST_WORDINGS, Level, Question
from app.store.question_list import topic_counts, topic_questions
from app.store.questions import (
    ChangedMeanwhileError,
    NoSuchQuestionError,
    QuestionExistsError,
    StoredQuestion,
    change_question,
    create_question,
    restore_question,
    retire_question,
    versions_of,
)
from app.web.admin.gate import TroubleError, token_of
from app.web.admin.office import Desk
from app.web.admin.question_form import Form, Typed, checked, empty_form, form_of, typed_form, with_room

VERSIONS_SHOWN = 12
LIMITS = {
    "text": LONGEST_QUESTION,
    "points": MOST_POINTS,
    "fewest_wordings": FEWEST_WORDINGS,
    "most_wordings": MOST_WORDINGS,
}
NO_QUESTION = TroubleError(404, "There is no such question", "Look for it in the list: Questions, at the top.")


async def show(request: Request, desk: Desk) -> Response:
    """The questions of one topic, by level, and the other topics to choose from."""
    async with desk.office.db.reading() as session:
        counts = await topic_counts(session)
        asked = request.query_params.get("topic", "")
        topic = asked if asked in counts else next(iter(counts), "")
        found = await topic_questions(session, topic)
    levels = [(level.value, [stored for stored in found if stored.question.level is level]) for level in Level]
    return desk.pages.page(
        "questions.html",
        token=token_of(request, desk),
        topics=counts,
        topic=topic,
        levels=[it for it in levels if it[1]],
    )


async def show_one(request: Request, desk: Desk) -> Response:
    """A question, its form and its versions."""
    versions = await _versions(request, desk)
    saved = request.query_params.get("saved", "") == str(versions[0].version)
    return _page(request, desk, form_of(versions[0]), versions, saved=saved)


async def show_new(request: Request, desk: Desk) -> Response:
    """The form of a question that is not there yet."""
    return _page(request, desk, empty_form(request.query_params.get("topic", "")[:60]))


async def create(request: Request, desk: Desk) -> Response:
    """Add the question that was typed, or say what is wrong with it."""
    form = typed_form(request.state.form)
    if "more" in request.state.form:
        return _page(request, desk, replace(form, points=with_room(form.points)))
    question = checked(form)
    if isinstance(question, Form):
        return _page(request, desk, question, status=422)
    try:
        async with desk.office.db.transaction() as session:
            asked = Question.model_validate(question.model_dump(exclude={"topic"}))
            await create_question(session, question.topic, asked, source="page", now=desk.office.clock.utc())
    except QuestionExistsError:
        wrong = {"id": "Another question has this name, perhaps one that is out of use."}
        return _page(request, desk, replace(form, wrong=wrong), status=409)
    return _to(question.id, saved=1)


async def change(request: Request, desk: Desk) -> Response:
    """Keep what was typed as a new version, unless it is wrong or somebody else was first; then it is kept typed."""
    versions = await _versions(request, desk)
    id_ = versions[0].question.id
    form = typed_form(request.state.form)
    form = replace(form, typed={**form.typed, "id": id_})
    if "more" in request.state.form:
        return _page(request, desk, replace(form, points=with_room(form.points)), versions)
    question = checked(form)
    if isinstance(question, Form):
        return _page(request, desk, question, versions, status=422)
    try:
        kept = await _keep(desk, question, form.version)
    except ChangedMeanwhileError as error:
        theirs = replace(form, version=error.newest, conflict=error.newest)
        return _page(request, desk, theirs, await _versions(request, desk), status=409)
    return _to(id_, saved=kept.version)


async def retire(request: Request, desk: Desk) -> Response:
    """Take a question out of use."""
    return await _use(request, desk, False)


async def restore(request: Request, desk: Desk) -> Response:
    """Put a question into use again, as it was."""
    return await _use(request, desk, True)


async def _use(request: Request, desk: Desk, wanted: bool) -> Response:
    id_ = request.path_params["question_id"]
    try:
        async with desk.office.db.transaction() as session:
            if wanted:
                await restore_question(session, id_)
            else:
                await retire_question(session, id_, source="page", now=desk.office.clock.utc())
    except NoSuchQuestionError:
        raise NO_QUESTION from None
    return _to(id_)


async def _keep(desk: Desk, question: Typed, based_on: int) -> StoredQuestion:
    async with desk.office.db.transaction() as session:
        return await change_question(
            session,
            question.id,
            question.topic,
            question,
            based_on=based_on,
            source="page",
            now=desk.office.clock.utc(),
        )


async def _versions(request: Request, desk: Desk) -> list[StoredQuestion]:
    """The newest versions, the newest first, and one more than is shown. Raises TroubleError if there is none."""
    async with desk.office.db.reading() as session:
        found = await versions_of(session, request.path_params["question_id"], VERSIONS_SHOWN + 1)
    if not found:
        raise NO_QUESTION
    return list(found)


def _page(
    request: Request,
    desk: Desk,
    form: Form,
    versions: list[StoredQuestion] | None = None,
    *,
    status: int = 200,
    saved: bool = False,
) -> Response:
    shown = (versions or [])[:VERSIONS_SHOWN]
    return desk.pages.page(
        "question.html",
        status=status,
        token=token_of(request, desk),
        form=form,
        stored=shown[0] if shown else None,
        versions=shown,
        older=len(versions or []) > VERSIONS_SHOWN,
        levels=[level.value for level in Level],
        limits=LIMITS,
        saved=saved,
    )


def _to(id_: str, saved: int = 0) -> Response:
    return RedirectResponse(f"/admin/questions/{id_}" + (f"?saved={saved}" if saved else ""), 303)

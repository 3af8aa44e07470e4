"""The forms of an interview's page: a person overrules a question's points, or has the talk judged again."""

from __future__ import annotations

from typing import cast

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.dialogue.scoring.later import LEAST_POINTS, LONGEST_NAME, LONGEST_REASON, MOST_POINTS, SHORTEST_REASON
from app.runtime.second_opinion import JudgeAwayError, JudgeName
from app.store.interviews import NoSuchInterviewError
from app.store.scores import NoSuchPlaceError, NotScoredError, OverruleError, overrule
from app.web.admin import interview_page
from app.web.admin.gate import TroubleError
from app.web.admin.interview_page import NO_INTERVIEW, OverruleForm
from app.web.admin.office import Desk

NO_QUESTION = TroubleError(404, "There is no such question", "The interview has fewer. Go back to its page.")
NOT_SCORED = "It has no points yet: it was not asked, or is still open. Nothing was changed."


async def take_overrule(request: Request, desk: Desk) -> Response:
    """Keep a person's word on a question's points, or say what is wrong with it."""
    id_, place = request.path_params["interview_id"], request.path_params["place"]
    typed = {name: request.state.form.get(name, "") for name in ("points", "reason", "by")}
    wrong = _wrong(typed)
    if wrong:
        return await interview_page.page(request, desk, OverruleForm(place, typed, wrong), status=422)
    try:
        async with desk.office.db.transaction() as session:
            now, points = desk.office.clock.utc(), int(typed["points"])
            await overrule(session, id_, place, points=points, reason=typed["reason"], by=typed["by"], now=now)
    except NoSuchInterviewError:
        raise NO_INTERVIEW from None
    except NoSuchPlaceError:
        raise NO_QUESTION from None
    except NotScoredError:
        return await interview_page.page(request, desk, status=409, trouble=NOT_SCORED)
    except OverruleError as error:
        form = OverruleForm(place, typed, {"reason": str(error)})
        return await interview_page.page(request, desk, form, status=422)
    return RedirectResponse(f"/admin/interviews/{id_}?saved={place}#question-{place + 1}", 303)


async def take_rescoring(request: Request, desk: Desk) -> Response:
    """Have the talk judged again; the run stands beside the talk."""
    id_, judge = request.path_params["interview_id"], request.state.form.get("judge", "")
    if judge not in desk.office.second_opinion.judges:
        return await interview_page.page(request, desk, status=422, trouble="Choose one of the judges that there are.")
    try:
        await desk.office.second_opinion.rescore(id_, cast(JudgeName, judge))
    except NoSuchInterviewError:
        raise NO_INTERVIEW from None
    except NotScoredError:
        trouble = "There is nothing to judge yet: no question has its points. Nothing was changed."
        return await interview_page.page(request, desk, status=409, trouble=trouble)
    except JudgeAwayError as error:
        return await interview_page.page(request, desk, status=503, trouble=str(error))
    return RedirectResponse(f"/admin/interviews/{id_}#judges", 303)


def _wrong(typed: dict[str, str]) -> dict[str, str]:
    """What is wrong with an overrule, by field."""
    wrong: dict[str, str] = {}
    if typed["points"] not in map(str, range(LEAST_POINTS, MOST_POINTS + 1)):
        wrong["points"] = f"Choose {LEAST_POINTS} to {MOST_POINTS} points."
    if not SHORTEST_REASON <= len(typed["reason"].strip()) <= LONGEST_REASON:
        wrong["reason"] = f"Say why, in {SHORTEST_REASON} to {LONGEST_REASON} letters."
    if len(typed["by"].strip()) > LONGEST_NAME:
        wrong["by"] = f"At most {LONGEST_NAME} letters."
    return wrong

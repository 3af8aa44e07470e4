"""An interview by text in the browser: asked for on one page, and led on another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.runtime.text_beginning import KeyReusedError, Wanted, WantedError
from app.runtime.text_interviews import LONGEST_TEXT, EventType, RefusedError, TextEvent
from app.runtime.text_reply import Standing, reply_from
from app.store.interview_turns import turns_after
from app.store.interviews import Candidate, InterviewMovedError, NoSuchInterviewError, StoredInterview
from app.store.question_list import topic_counts
from app.web.admin.gate import TroubleError, token_of
from app.web.admin.office import Desk

TURNS_SHOWN = 200
LONGEST_NAME = 200
ANSWERS = (("Yes", "yes"), ("No", "no"))
CONTROLS = (
    ("Repeat", "repeat the question"),
    ("More time", "more time"),
    ("Skip", "skip"),
    ("Correct my last answer", "correct my last answer"),
    ("Stop", "stop"),
)
"""What a button is called, and what it says for the candidate."""
NO_INTERVIEW = TroubleError(404, "There is no such interview", "The address may be mistyped.")
GONE_ON = (
    "Nothing was sent: the interview has gone on meanwhile. What you typed is still here; send it if it still fits."
)


@dataclass(frozen=True, slots=True)
class NewForm:
    """What was typed, and what is wrong with it, by field. `key`: so that a form sent twice begins one interview."""

    typed: Mapping[str, str]
    key: str
    wrong: Mapping[str, str] = field(default_factory=dict)


async def show_new(request: Request, desk: Desk) -> Response:
    """The form for a new interview."""
    typed = dict.fromkeys(("candidate_name", "role", "topic"), "") | {
        "persona": request.query_params.get("persona", "")
    }
    return await _new_page(request, desk, NewForm(typed, uuid4().hex))


async def create(request: Request, desk: Desk) -> Response:
    """Begin the interview that was asked for, and say its first words; or say what is wrong."""
    sent: Mapping[str, str] = request.state.form
    typed = {name: " ".join(sent.get(name, "").split()) for name in ("persona", "candidate_name", "role", "topic")}
    form = NewForm(typed, sent.get("key", "")[:64] or uuid4().hex)
    long = [name for name in ("candidate_name", "role") if len(typed[name]) > LONGEST_NAME]
    if long:
        wrong = dict.fromkeys(long, f"At most {LONGEST_NAME} characters.")
        return await _new_page(request, desk, NewForm(typed, form.key, wrong), 422)
    wanted = Wanted(typed["persona"], Candidate("", typed["candidate_name"], typed["role"]), typed["topic"][:60])
    try:
        begun = await desk.office.text_interviews.begin(wanted, f"page {form.key}")
        await desk.office.text_interviews.happens(begun.id, TextEvent("page-start", "start"))
    except WantedError as error:
        words = f"{str(error)[:1].upper()}{str(error)[1:]}."
        return await _new_page(request, desk, NewForm(typed, form.key, {error.field: words}), 422)
    except (KeyReusedError, RefusedError):  # an older form, sent again with other words or after another start
        return await _new_page(request, desk, NewForm(typed, uuid4().hex, {"": "Please send this once more."}), 409)
    return RedirectResponse(f"/admin/interviews/{begun.id}/talk", 303)


async def show(request: Request, desk: Desk) -> Response:
    """What was said so far, and the form for what comes next."""
    return await _talk_page(request, desk)


async def say(request: Request, desk: Desk) -> Response:
    """Tell the interview what the candidate wrote, or that they are there."""
    sent: Mapping[str, str] = request.state.form
    control = sent.get("say", "")
    typed = sent.get("text", "").replace("\r\n", "\n")
    starts = "start" in sent
    text = "" if starts else control or typed
    if not starts and not text.replace("\0", " ").strip():
        return await _talk_page(request, desk, 422, typed, "Write an answer first, or choose one of the buttons.")
    if len(text) > LONGEST_TEXT:
        too_long = f"At most {LONGEST_TEXT:,} characters; these are {len(text):,}."
        return await _talk_page(request, desk, 422, typed, too_long)
    type_: EventType = "start" if starts else "user_turn"
    event = TextEvent(sent.get("event_id", "")[:64] or uuid4().hex, type_, text)
    id_ = request.path_params["interview_id"]
    try:
        turn = await desk.office.text_interviews.happens(id_, event)
    except NoSuchInterviewError:
        raise NO_INTERVIEW from None
    except (RefusedError, InterviewMovedError):
        return await _talk_page(request, desk, 409, typed, GONE_ON)
    return RedirectResponse(f"/admin/interviews/{id_}/talk#turn-{turn.seq}", 303)


async def _new_page(request: Request, desk: Desk, form: NewForm, status: int = 200) -> Response:
    async with desk.office.db.reading() as session:
        topics = await topic_counts(session)
    personas = sorted(desk.office.text_interviews.personas.values(), key=lambda persona: persona.name)
    return desk.pages.page(
        "interview_new.html",
        status=status,
        token=token_of(request, desk),
        form=form,
        personas=personas,
        topics=[topic for topic, count in topics.items() if count],
        longest=LONGEST_NAME,
    )


async def _talk_page(request: Request, desk: Desk, status: int = 200, typed: str = "", wrong: str = "") -> Response:
    try:
        stored, standing = await desk.office.text_interviews.standing(request.path_params["interview_id"])
    except NoSuchInterviewError:
        raise NO_INTERVIEW from None
    if stored.channel != "text":
        return RedirectResponse(f"/admin/interviews/{stored.id}", 303)
    said, earlier = await _said(desk, stored)
    return desk.pages.page(
        "interview_talk.html",
        status=status,
        token=token_of(request, desk),
        it=stored,
        standing=standing,
        said=said,
        earlier=earlier,
        buttons=_buttons(standing),
        event_id=uuid4().hex,
        typed=typed[:LONGEST_TEXT],
        wrong=wrong,
        longest=LONGEST_TEXT,
    )


def _buttons(standing: Standing) -> tuple[tuple[str, str], ...]:
    return ANSWERS if standing.expects is not None and standing.expects.kind == "quick" else CONTROLS


async def _said(desk: Desk, stored: StoredInterview) -> tuple[list[dict[str, Any]], bool]:
    """The last turns as the page shows them; and whether there were others before."""
    async with desk.office.db.reading() as session:
        rows = list(await turns_after(session, stored.id, 0, 10_000))
    shown = rows[-TURNS_SHOWN:]
    said = [{"seq": row.seq, "text": row.text, "lines": reply_from(row.reply).lines} for row in shown]
    return said, len(rows) > len(shown)

"""A call's files, for whoever is signed in: the recording, the transcript in four forms, the timeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response

from app.store.tables import CallRow, SegmentRow
from app.store.transcripts import segments_of
from app.web.admin.call_page import call_of
from app.web.admin.gate import NO_PAGE
from app.web.admin.office import Desk
from app.web.api.formats import as_csv, as_text, as_vtt
from app.web.api.schemas import SegmentOut, TranscriptOut
from app.web.file_ranges import send_content

Render = Callable[[CallRow, Sequence[SegmentRow]], str]


def _json(call: CallRow, lines: Sequence[SegmentRow]) -> str:
    return TranscriptOut(
        call_id=call.id,
        call_sid=call.call_sid,
        persona=call.persona,
        started_at=call.started_at,
        segments=[SegmentOut.of(line) for line in lines],
    ).model_dump_json(indent=1)


FORMS: Mapping[str, tuple[str, Render]] = {
    "txt": ("text/plain", lambda _, lines: as_text(lines)),
    "vtt": ("text/vtt", lambda _, lines: as_vtt(lines)),
    "csv": ("text/csv", lambda _, lines: as_csv(lines)),
    "json": ("application/json", _json),
}
"""The same forms as REST gives, by the ending of the address."""


async def transcript(request: Request, desk: Desk) -> Response:
    """The transcript in the form that the address ends with."""
    form = FORMS.get(request.path_params["form"])
    if form is None:
        raise NO_PAGE
    media_type, render = form
    async with desk.office.db.reading() as session:
        call = await call_of(request, session)
        lines = await segments_of(session, call.id)
    name = f"call-{call.id}.{request.path_params['form']}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(render(call, lines), headers=headers, media_type=f"{media_type}; charset=utf-8")


async def recording(request: Request, desk: Desk) -> Response:
    """The recording, or the range of it that the player asks for."""
    call_id = request.path_params["call_id"]
    content = await desk.office.archive.find("recording", call_id)
    return await send_content(request, content, media_type="audio/wav", filename=f"call-{call_id}.wav")


async def timeline(request: Request, desk: Desk) -> Response:
    """All that came in and went out, a JSON object a line."""
    call_id = request.path_params["call_id"]
    content = await desk.office.archive.find("timeline", call_id)
    return await send_content(request, content, media_type="application/jsonl", filename=f"call-{call_id}.jsonl")

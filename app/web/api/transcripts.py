"""What was said and heard in a call, by REST: the transcript in four forms, the recording, the timeline."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, HTTPException, Request, Response

from app.store.tables import SegmentRow
from app.store.transcripts import events_of, segments_of
from app.web.api.calls import FoundCall
from app.web.api.formats import as_csv, as_text, as_vtt
from app.web.api.schemas import SegmentOut, TranscriptOut
from app.web.api.services import House
from app.web.file_ranges import send_content
from app.web.problems import described

router = APIRouter(tags=["what was said"], responses=described(404))


async def _lines(house: House, found: FoundCall) -> Sequence[SegmentRow]:
    async with house.db.reading() as session:
        return await segments_of(session, found.id)


def _as_file(content: str, media_type: str, found: FoundCall, ending: str) -> Response:
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'inline; filename="call-{found.id}.{ending}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, headers=headers, media_type=f"{media_type}; charset=utf-8")


def _gives(media_type: str, kind: str = "string") -> dict[int | str, dict[str, object]]:
    schema = {"type": "string", "format": "binary"} if kind == "binary" else {"type": "string"}
    return {200: {"content": {media_type: {"schema": schema}}, "description": "The file"}}


@router.get("/calls/{call_id}/transcript.json", summary="The transcript as JSON")
async def transcript_json(house: House, found: FoundCall) -> TranscriptOut:
    """Every line with its times, what was to be said and what of it was heard."""
    lines = await _lines(house, found)
    return TranscriptOut(
        call_id=found.id,
        call_sid=found.call_sid,
        persona=found.persona,
        started_at=found.started_at,
        segments=[SegmentOut.of(line) for line in lines],
    )


@router.get(
    "/calls/{call_id}/transcript.txt",
    summary="The transcript as text",
    response_class=Response,
    responses=_gives("text/plain"),
)
async def transcript_txt(house: House, found: FoundCall) -> Response:
    """A line each: the time, who spoke, what was heard, and in brackets what was not."""
    return _as_file(as_text(await _lines(house, found)), "text/plain", found, "txt")


@router.get(
    "/calls/{call_id}/transcript.vtt",
    summary="The transcript as subtitles",
    response_class=Response,
    responses=_gives("text/vtt"),
)
async def transcript_vtt(house: House, found: FoundCall) -> Response:
    """WebVTT that fits the recording."""
    return _as_file(as_vtt(await _lines(house, found)), "text/vtt", found, "vtt")


@router.get(
    "/calls/{call_id}/transcript.csv",
    summary="The transcript as a table",
    response_class=Response,
    responses=_gives("text/csv"),
)
async def transcript_csv(house: House, found: FoundCall) -> Response:
    """A row each; a text that a spreadsheet would take for a formula begins with an apostrophe."""
    return _as_file(as_csv(await _lines(house, found)), "text/csv", found, "csv")


@router.head("/calls/{call_id}/recording.wav", include_in_schema=False)
@router.get(
    "/calls/{call_id}/recording.wav",
    summary="The recording",
    response_class=Response,
    responses=_gives("audio/wav", "binary") | described(416),
)
async def recording(request: Request, house: House, found: FoundCall) -> Response:
    """Stereo: the caller left, the agent right, each as the other heard it. Ranges work, also during the call."""
    content = await house.archive.find("recording", found.id)
    if content is None:
        async with house.db.reading() as session:
            kinds = {event.kind for event in await events_of(session, found.id)}
        if "recording-not-kept" in kinds:
            raise HTTPException(404, "The caller did not agree to be recorded, so there is no recording.")
    return await send_content(request, content, media_type="audio/wav", filename=f"call-{found.id}.wav")


@router.head("/calls/{call_id}/timeline.jsonl", include_in_schema=False)
@router.get(
    "/calls/{call_id}/timeline.jsonl",
    summary="The timeline",
    response_class=Response,
    responses=_gives("application/jsonl") | described(416),
)
async def timeline(request: Request, house: House, found: FoundCall) -> Response:
    """All that came into the call and went out of it, a JSON object a line: fed back in, it gives the same call."""
    content = await house.archive.find("timeline", found.id)
    return await send_content(request, content, media_type="application/jsonl", filename=f"call-{found.id}.jsonl")

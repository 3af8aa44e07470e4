"""Sends a file, or the part of it that a player asks for, even while the file grows.

A recording is heard while its call goes on. Its length is therefore read once, when the request comes, and not a byte
more is sent than was promised; what was added since is there for the next request.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.runtime.archive import Content

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


async def send_content(request: Request, content: Content | None, *, media_type: str, filename: str) -> Response:
    """The content, or one range of it (206); more than one range at a time is answered with the whole. It is closed.

    `filename` is what a browser calls the file if it is saved. Raises HTTPException: 404 if there is none, 416 if the
    range lies beyond its end.
    """
    if content is None:
        raise HTTPException(404, "There is no such file, or not yet.")
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": f'"{content.tag}"',
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'inline; filename="{filename}"',
        "X-Content-Type-Options": "nosniff",
    }
    try:
        wanted = _wanted(request, content.size, headers)
    except HTTPException:
        content.close()
        raise
    start, end = wanted or (0, content.size)
    if wanted:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{content.size}"
    headers["Content-Length"] = str(end - start)
    status = 206 if wanted else 200
    if request.method == "HEAD":
        content.close()
        return Response(None, status, headers, media_type)
    return StreamingResponse(_pieces(content, start, end), status, headers, media_type)


def _wanted(request: Request, size: int, headers: Mapping[str, str]) -> tuple[int, int] | None:
    """The bytes asked for, from and up to, the latter not included; None for the whole file."""
    asked = request.headers.get("range")
    unchanged = request.headers.get("if-range", headers["ETag"]) == headers["ETag"]
    match = _RANGE.fullmatch(asked.replace(" ", "")) if asked and unchanged else None
    if match is None or match.group(0) == "bytes=-":
        return None
    first, last = match.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < int(first):
            return None  # no range at all, says RFC 9110
    if start >= end:
        raise HTTPException(416, f"The file has {size} bytes.", {"Content-Range": f"bytes */{size}"})
    return start, end


async def _pieces(content: Content, start: int, end: int) -> AsyncIterator[bytes]:
    """If less comes than was promised, the connection's end tells the client."""
    try:
        async for piece in content.read(start, end):
            yield piece
    finally:
        content.close()

"""Sends a file, or the part of it that a player asks for, even while the file grows.

A recording is heard while its call goes on. Its length is therefore read once, when the request comes, and not a byte
more is sent than was promised; what was added since is there for the next request.
"""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import BinaryIO

import anyio.to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

PIECE_BYTES = 128 * 1024

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


async def send_file(request: Request, path: Path, *, media_type: str, filename: str) -> Response:
    """The file, or one range of it (206); more than one range at a time is answered with the whole.

    `filename` is what a browser calls the file if it is saved. Raises HTTPException: 404 if there is no such file,
    416 if the range lies beyond its end.
    """
    try:
        file: BinaryIO = await anyio.to_thread.run_sync(lambda: path.open("rb"))
    except (FileNotFoundError, IsADirectoryError):
        raise HTTPException(404, "There is no such file, or not yet.") from None
    state = os.fstat(file.fileno())
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": f'"{state.st_mtime_ns:x}-{state.st_size:x}"',
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'inline; filename="{filename}"',
        "X-Content-Type-Options": "nosniff",
    }
    try:
        wanted = _wanted(request, state.st_size, headers)
    except HTTPException:
        file.close()
        raise
    start, end = wanted or (0, state.st_size)
    if wanted:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{state.st_size}"
    headers["Content-Length"] = str(end - start)
    status = 206 if wanted else 200
    if request.method == "HEAD":
        file.close()
        return Response(None, status, headers, media_type)
    return StreamingResponse(_pieces(file, start, end), status, headers, media_type)


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


async def _pieces(file: BinaryIO, start: int, end: int) -> AsyncIterator[bytes]:
    try:
        await anyio.to_thread.run_sync(file.seek, start)
        while start < end:
            piece = await anyio.to_thread.run_sync(file.read, min(PIECE_BYTES, end - start))
            if not piece:
                break  # the file was cut short meanwhile; the connection's end tells the client
            start += len(piece)
            yield piece
    finally:
        file.close()

"""Forms that bring a file."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from app.web.admin.gate import TroubleError
from app.web.api.bulk import LARGEST_SHEET_BYTES

_AROUND_BYTES = 20_000
"""The other fields, and what stands around them."""
_MOST_FIELDS = 10


async def read_upload(request: Request) -> dict[str, str]:
    """The fields of a form; the file called `sheet` is in `request.state.sheet`, empty if none was chosen. Raises
    TroubleError for what is too large, or no form of ours."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_SHEET_BYTES + _AROUND_BYTES:
            advice = f"Nothing was taken. A sheet has at most {LARGEST_SHEET_BYTES // 1_000_000} MB: send several."
            raise TroubleError(413, "That sheet is too large", advice)
    whole = {"type": "http.request", "body": bytes(body), "more_body": False}

    async def receive() -> dict[str, Any]:
        return whole

    request.state.sheet = b""
    fields: dict[str, str] = {}
    try:
        async with Request(request.scope, receive).form(max_files=1, max_fields=_MOST_FIELDS) as form:
            for name, value in form.items():
                if not isinstance(value, UploadFile):
                    fields[name] = value
                elif name == "sheet":
                    request.state.sheet = await value.read()
    except HTTPException:
        raise TroubleError(400, "That was no form", "Go back, reload the page, and try again.") from None
    return fields

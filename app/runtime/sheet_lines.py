"""The lines of a sheet as spreadsheets write CSV: which sign is between cells, and where the table begins."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

_ENDS = r"(?:\r\n|\n|\r)"
_BLANK = re.compile(rf"(?:[ \t,;]*{_ENDS})+")
_SEP = re.compile(rf'"?sep=(?P<sign>[,;\t])"?[,;\t ]*(?:{_ENDS}|$)', re.IGNORECASE)
"""What Excel writes, and reads, in front of a table to say what is between its cells."""


def lines_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line with any, with the number of the line in the file, from 1. Raises csv.Error, and its
    message is the number of the line."""
    rest, skipped, sign = text, 0, ""
    for opening in (_BLANK, _SEP, _BLANK):
        if found := opening.match(rest):
            rest, skipped = rest[found.end() :], skipped + len(re.findall(_ENDS, found[0]))
            sign = found.groupdict().get("sign") or sign
    first = rest.partition("\n")[0]
    reader = csv.reader(io.StringIO(rest, newline=""), delimiter=sign or max(",;\t", key=first.count), strict=True)
    begins = 1
    try:
        for cells in reader:
            line, begins = begins, reader.line_num + 1
            if any(cell.strip() for cell in cells):
                yield line + skipped, cells
    except csv.Error:
        raise csv.Error(str(reader.line_num + skipped)) from None

"""Reads a sheet of calls to place, as spreadsheets write CSV, and says of every row what it asks for or what is wrong.

Understood: UTF-8 with or without a BOM, UTF-16 with one, commas, semicolons or tabs, any line ends, and a number that
was kept from being made a sum (`="+4930123456"`, `'+4930123456`) or begins with 00. A number that a spreadsheet has
rounded (4.93E+10) is lost and is refused. So is one without a plus, which spreadsheets take off: no country is guessed.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.dialling.plan import MOST_ATTEMPTS, Plan
from app.dialling.window import DAYS, Window, read_clock
from app.runtime.arranging import Wish, WishError
from app.runtime.sheet_lines import lines_of
from app.store.scheduling import Voicemail

COLUMNS = (
    "to",
    "persona",
    "scheduled_at",
    "time_zone",
    "window",
    "max_attempts",
    "voicemail",
    "webhook_url",
    "campaign",
    "send_digits",
)
VARIABLES = "variables."
MOST_ROWS = 10_000
_LONGEST_CELL = 2_000
_ROUNDED = re.compile(r"[+-]?\d+(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
_WHOLE = re.compile(r"([0-9]{1,3})[.,]0+")
"""A whole number as spreadsheets write it that show all of a column alike."""
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
_WINDOW = re.compile(r"(?:([a-z,-]+)\s+)?(\d{1,2}:\d\d)\s*-\s*(\d{1,2}:\d\d)", re.IGNORECASE)


class SheetError(ValueError):
    """The sheet as a whole cannot be read; a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """`line`: where it begins in the file, from 1. Either a `wish`, or the `fault` of a field.

    `key`: the same for every row that asks for the same, in this file or another.
    """

    line: int
    key: str = ""
    wish: Wish | None = None
    fault: WishError | None = field(default=None)


def read_sheet(data: bytes) -> Iterator[SheetRow]:
    """Every row that is not empty. Raises SheetError, some of it only while rows are read."""
    lines = lines_of(text_of(data))
    try:
        _, names = next(lines, (1, []))
        header = _header(names)
        for rows, (line, cells) in enumerate(lines, start=1):
            if rows > MOST_ROWS:
                raise SheetError(f"A sheet holds at most {MOST_ROWS} calls: send several.")
            yield _row(line, header, cells)
    except csv.Error as error:
        raise SheetError(f"Line {error} is not CSV: look for a quotation mark that is not closed.") from None


def text_of(data: bytes) -> str:
    """A sheet's letters. Raises SheetError."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise SheetError("The sheet is not in UTF-8: save it as CSV UTF-8.") from None
    if "\x00" in text:
        raise SheetError("The sheet holds NUL: save it as CSV UTF-8.")
    return text


def _header(cells: list[str]) -> list[str]:
    names = [cell.strip().lower() if not cell.strip().lower().startswith(VARIABLES) else cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    for needed in ("to", "persona"):
        if needed not in names:
            raise SheetError(f"The first line must name the columns, and among them {needed}.")
    for name in names:
        variable = name.lower().startswith(VARIABLES) and _VARIABLE.fullmatch(name[len(VARIABLES) :])
        if name not in COLUMNS and not variable:
            known = ", ".join(COLUMNS)
            raise SheetError(f"{name[:40]!r} is no column; there are: {known}, and {VARIABLES}NAME.")
    if len(set(names)) != len(names):
        raise SheetError("A column is there twice.")
    return names


def _row(line: int, header: list[str], cells: list[str]) -> SheetRow:
    try:
        if any(cell.strip() for cell in cells[len(header) :]):
            raise WishError("row", "This row has more cells than there are columns: put quotation marks around commas.")
        if any(len(cell) > _LONGEST_CELL for cell in cells):
            raise WishError("row", f"A cell holds at most {_LONGEST_CELL} characters.")
        given = {name: plain_cell(cell) for name, cell in zip(header, cells, strict=False) if plain_cell(cell)}
        key = hashlib.sha256(json.dumps(given, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()
        return SheetRow(line, f"csv:{key}", _wish(given))
    except WishError as fault:
        return SheetRow(line, fault=fault)


def plain_cell(cell: str) -> str:
    """A cell without what keeps spreadsheets from reckoning with it."""
    text = cell.strip()
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    return text.removeprefix("'").strip()


def _wish(given: Mapping[str, str]) -> Wish:
    return Wish(
        to=number_of(given.get("to", "")),
        persona=given.get("persona", ""),
        scheduled_at=_time(given.get("scheduled_at", "")),
        time_zone=given.get("time_zone"),
        windows=_window(given.get("window", "")),
        plan=_plan(given.get("max_attempts", "")),
        voicemail=_voicemail(given.get("voicemail", "")),
        variables=_variables(given),
        webhook_url=given.get("webhook_url"),
        campaign=given.get("campaign", "")[:60],
        send_digits=given.get("send_digits", ""),
    )


def number_of(text: str) -> str:
    """A cell's number, the 00 of an international call made a plus and without what people write between its digits.
    Raises WishError for one that was rounded."""
    if _ROUNDED.fullmatch(text):
        raise WishError("to", "A spreadsheet has rounded this number: make the column text, and enter it again.")
    if text.startswith("00"):
        text = f"+{text[2:]}"
    return text if "(0)" in text else re.sub(r"[\s()/-]", "", text)


def _time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise WishError("scheduled_at", "Write times as 2026-03-02T09:00 or 2026-03-02T09:00+01:00.") from None


def _plan(text: str) -> Plan:
    if not text:
        return Plan()
    whole = _WHOLE.fullmatch(text)
    text = whole[1] if whole else text
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MOST_ATTEMPTS):
        raise WishError("max_attempts", f"This is a number from 1 to {MOST_ATTEMPTS}.")
    return Plan(int(text))


def _voicemail(text: str) -> Voicemail:
    if text in ("", "hang_up"):
        return "hang_up"
    if text == "leave_message":
        return "leave_message"
    raise WishError("voicemail", "This is hang_up or leave_message.")


def _variables(given: Mapping[str, str]) -> dict[str, str]:
    found = {name[len(VARIABLES) :]: value for name, value in given.items() if name.lower().startswith(VARIABLES)}
    for value in found.values():
        if len(value) > 500 or any(letter < " " for letter in value):
            raise WishError("variables", "A variable is one line of at most 500 characters.")
    return found


def _window(text: str) -> tuple[Window, ...]:
    """`mon-fri 09:00-17:00`, several apart by `|`."""
    return tuple(_one_window(one.strip()) for one in text.split("|")) if text else ()


def _one_window(text: str) -> Window:
    found = _WINDOW.fullmatch(text)
    if found is None:
        raise WishError("window", "Windows are written as mon-fri 09:00-17:00, several apart by |.")
    try:
        days = _days((found[1] or "mon-sun").lower())
        return Window(frozenset(days), read_clock(found[2]), read_clock(found[3]))
    except ValueError as error:
        raise WishError("window", str(error)) from None


def _days(text: str) -> Iterator[int]:
    for part in text.split(","):
        begin, _, end = part.partition("-")
        if begin not in DAYS or (end or begin) not in DAYS:
            raise ValueError("The days of a window are mon, tue, wed, thu, fri, sat and sun.")
        first, last = DAYS.index(begin), DAYS.index(end or begin)
        yield from (day % 7 for day in range(first, last + 1 if last >= first else last + 8))

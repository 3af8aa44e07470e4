"""Reads a sheet of numbers that must not be rung, as spreadsheets write CSV: a number a line, a note if wanted."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from app.dialling.numbers import NumberRefusedError, checked
from app.runtime.call_sheet import SheetError, number_of, plain_cell, text_of
from app.runtime.sheet_lines import lines_of

COLUMNS = ("number", "note")
MOST_ROWS = 50_000
LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True)
class NumberRow:
    """`line`: in the file, from 1. Either a `number` in E.164, or `reason`, why it is none."""

    line: int
    number: str = ""
    note: str = ""
    reason: str = ""


def read_numbers(data: bytes) -> Iterator[NumberRow]:
    """Every row that is not empty. The first line may name the columns `number` and `note`; without names the number
    comes first. Raises SheetError, some of it only while rows are read."""
    order: tuple[str, ...] = COLUMNS
    rows = 0
    try:
        for line, cells in lines_of(text_of(data)):
            names = tuple(cell.strip().lower() for cell in cells)
            if not rows and "number" in names:
                order, rows = names, 1
                continue
            rows += 1
            if rows > MOST_ROWS:
                raise SheetError(f"A sheet holds at most {MOST_ROWS} numbers: send several.")
            yield _row(line, dict(zip(order, cells, strict=False)))
        if not rows:
            raise SheetError("The sheet is empty.")
    except csv.Error as error:
        raise SheetError(f"Line {error} is not CSV: look for a quotation mark that is not closed.") from None


def _row(line: int, given: dict[str, str]) -> NumberRow:
    note = " ".join(plain_cell(given.get("note", "")).split())
    if len(note) > LONGEST_NOTE:
        return NumberRow(line, reason=f"A note has at most {LONGEST_NOTE} characters.")
    try:
        return NumberRow(line, checked(number_of(plain_cell(given.get("number", "")))), note)
    except NumberRefusedError as error:
        if error.kind == "premium":
            return NumberRow(line, reason="Premium-rate and shared-cost numbers are never rung anyway.")
        return NumberRow(line, reason=str(error))
    except ValueError as error:
        return NumberRow(line, reason=str(error))

"""A book on its way from the process that reads it to the one that asked: lines of JSON, which nothing can be run by.

The first line is the book or the refusal; each sheet is a line, then its rows, some hundreds a line.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from sheets.books import Book, Cell, FileRefused, Merged, Sheet
from sheets.number_formats import Formats

#: So many rows a line: the one who reads it holds the interpreter for a few milliseconds at a time, not for a second.
_ROWS = 200
_RUNS = 5_000
_MAX_KNOWN = 50_000


def lines_of(book: Book) -> Iterator[bytes]:
    head = {"kind": book.kind, "encoding": book.encoding, "warnings": book.warnings, "sheets": len(book.sheets)}
    yield line(head)
    for sheet in book.sheets:
        formats = sheet.formats if isinstance(sheet.formats, Formats) else Formats()
        yield line(
            {
                "name": sheet.name,
                "rows": len(sheet.rows),
                "runs": sum(1 for _ in formats.runs),
                "merged": [
                    (each.first_row, each.first_column, each.last_row, each.last_column) for each in sheet.merged
                ],
                "hidden_rows": sorted(sheet.hidden_rows),
                "hidden_columns": sorted(sheet.hidden_columns),
                "is_hidden": sheet.is_hidden,
            }
        )
        runs = formats.runs
        while some := list(itertools.islice(runs, _RUNS)):
            yield line(some)
        for start in range(0, len(sheet.rows), _ROWS):
            yield line([[written(cell) for cell in row] for row in sheet.rows[start : start + _ROWS]])


def refusal(message: str) -> bytes:
    return line({"refused": message})


def book_of(lines: Iterator[bytes]) -> Book:
    """Raises FileRefused for a refusal, ValueError (or KeyError, TypeError) for what is no book or ends too early."""
    head = read_line(lines)
    if "refused" in head:
        raise FileRefused(str(head["refused"]))
    known: dict[str, Cell] = {}
    sheets = tuple(_sheet(lines, known) for _ in range(head["sheets"]))
    return Book(head["kind"], head["encoding"], sheets, tuple(head["warnings"]))


def _sheet(lines: Iterator[bytes], known: dict[str, Cell]) -> Sheet:
    head = read_line(lines)
    formats = Formats()
    taken = 0
    while taken < head["runs"]:
        some = read_line(lines)
        taken += len(some)
        formats.extend(some)
    rows: list[list[Cell]] = []
    while len(rows) < head["rows"]:
        rows += [[cell_of(cell, known) for cell in row] for row in read_line(lines)]
    return Sheet(
        head["name"],
        rows,
        formats,
        tuple(itertools.starmap(Merged, head["merged"])),
        frozenset(head["hidden_rows"]),
        frozenset(head["hidden_columns"]),
        head["is_hidden"],
    )


def written(cell: Cell) -> str | bool | None:
    """Texts, numbers and days as texts that begin with what they are; numbers keep every digit."""
    if cell is None or isinstance(cell, bool):
        return cell
    if isinstance(cell, str):
        return f"t{cell}"
    return f"n{cell}" if isinstance(cell, Decimal) else f"d{cell.isoformat()}"


def cell_of(written: str | bool | None, known: dict[str, Cell]) -> Cell:
    """A table says the same few things in thousands of rows: each is made once and used again."""
    if written is None or isinstance(written, bool):
        return written
    if written in known:
        return known[written]
    kind, text = written[0], written[1:]
    cell: Cell = text if kind == "t" else Decimal(text) if kind == "n" else date.fromisoformat(text)
    if len(known) < _MAX_KNOWN:
        known[written] = cell
    return cell


def line(what: object) -> bytes:
    """A line of JSON."""
    return json.dumps(what, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read_line(lines: Iterator[bytes]):  # type: ignore[no-untyped-def]  # whatever the line says
    found = next(lines, b"")
    if not found.endswith(b"\n"):
        raise ValueError("the book ends too early")
    return json.loads(found)

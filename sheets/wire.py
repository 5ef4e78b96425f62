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
    yield _line(head)
    for sheet in book.sheets:
        formats = sheet.formats if isinstance(sheet.formats, Formats) else Formats()
        yield _line(
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
            yield _line(some)
        for start in range(0, len(sheet.rows), _ROWS):
            yield _line([[_written(cell) for cell in row] for row in sheet.rows[start : start + _ROWS]])


def refusal(message: str) -> bytes:
    return _line({"refused": message})


def book_of(lines: Iterator[bytes]) -> Book:
    """Raises FileRefused for a refusal, ValueError (or KeyError, TypeError) for what is no book or ends too early."""
    head = _read(lines)
    if "refused" in head:
        raise FileRefused(str(head["refused"]))
    known: dict[str, Cell] = {}
    sheets = tuple(_sheet(lines, known) for _ in range(head["sheets"]))
    return Book(head["kind"], head["encoding"], sheets, tuple(head["warnings"]))


def _sheet(lines: Iterator[bytes], known: dict[str, Cell]) -> Sheet:
    head = _read(lines)
    formats = Formats()
    taken = 0
    while taken < head["runs"]:
        some = _read(lines)
        taken += len(some)
        formats.extend(some)
    rows: list[list[Cell]] = []
    while len(rows) < head["rows"]:
        rows += [[_cell(cell, known) for cell in row] for row in _read(lines)]
    return Sheet(
        head["name"],
        rows,
        formats,
        tuple(itertools.starmap(Merged, head["merged"])),
        frozenset(head["hidden_rows"]),
        frozenset(head["hidden_columns"]),
        head["is_hidden"],
    )


def _written(cell: Cell) -> str | bool | None:
    """Texts, numbers and days as texts that begin with what they are; numbers keep every digit."""
    if cell is None or isinstance(cell, bool):
        return cell
    if isinstance(cell, str):
        return f"t{cell}"
    return f"n{cell}" if isinstance(cell, Decimal) else f"d{cell.isoformat()}"


def _cell(written: str | bool | None, known: dict[str, Cell]) -> Cell:
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


def _line(what: object) -> bytes:
    return json.dumps(what, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _read(lines: Iterator[bytes]):  # type: ignore[no-untyped-def]  # whatever the line says
    line = next(lines, b"")
    if not line.endswith(b"\n"):
        raise ValueError("the book ends too early")
    return json.loads(line)

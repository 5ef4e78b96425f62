"""What a file is read into: a book of sheets, each a list of rows of plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

#: A text, a number exactly as stored, a day, yes or no, or nothing. A formula is what it last came to.
Cell = str | Decimal | date | bool | None


class FileRefused(Exception):
    """A file that cannot be taken; the message is Japanese, says what is wrong and what to do."""


@dataclass(frozen=True)
class Sheet:
    """One sheet. Row 1 of the file is rows[0]; rows may differ in length, blank ones stay so that numbers are the file's."""

    name: str
    rows: list[list[Cell]]


@dataclass(frozen=True)
class Book:
    """A file that was read. `kind` is csv, xlsx, xls or ods by its content; `encoding` is "" but for CSV."""

    kind: str
    encoding: str
    sheets: tuple[Sheet, ...]
    warnings: tuple[str, ...] = ()

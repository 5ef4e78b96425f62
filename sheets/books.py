"""What a file is read into: a book of sheets, each a list of rows of plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

#: A text, a number exactly as stored, a day, yes or no, or nothing. A formula is what it last came to.
Cell = str | Decimal | date | bool | None
#: What a formula says whose result is not in the file: a program wrote it that does not calculate.
UNCOMPUTED = "（計算結果なし）"
SAVE_COMPUTED = "計算式の結果がファイルに保存されていません。Excelで開いて上書き保存してから、選び直してください。"


TOO_COSTLY = (
    "このファイルは、読み取りに時間かメモリがかかりすぎるため開けません。"
    "要らないシートや書式を除き、値だけを新しいブックに貼り付けて保存し直してください。"
)


class FileRefused(Exception):
    """A file that cannot be taken; the message is Japanese, says what is wrong and what to do."""


class ReaderBusy(FileRefused):
    """A file that could not be read now: others are being read. The file itself may be as good as any."""


@dataclass(frozen=True)
class Merged:
    """A range of merged cells; its value stands in the first. Rows count from 1 as in the file, columns from 0."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def covers(self, row: int, column: int) -> bool:
        return self.first_row <= row <= self.last_row and self.first_column <= column <= self.last_column


@dataclass(frozen=True)
class Sheet:
    """One sheet. Row 1 of the file is rows[0]; rows may differ in length, blank ones stay so that numbers are the file's.

    The rest is what the cells say besides their values, empty for CSV: rows count from 1, columns from 0.
    `formats` holds Excel's code of each filled cell whose number format is not General, by (row, column): 0%, #,##0,
    or m"月" (ODS: what its style shows, written as such a code).
    """

    name: str
    rows: list[list[Cell]]
    formats: Mapping[tuple[int, int], str] = field(default_factory=dict)
    merged: tuple[Merged, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    is_hidden: bool = False


@dataclass(frozen=True)
class Book:
    """A file that was read. `kind` is csv, xlsx, xls or ods by its content; `encoding` is "" but for CSV."""

    kind: str
    encoding: str
    sheets: tuple[Sheet, ...]
    warnings: tuple[str, ...] = ()

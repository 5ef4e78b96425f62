"""What a sheet says of the columns and rows of a table besides their texts: number formats, and what it hides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sheets.books import Sheet

if TYPE_CHECKING:
    from sheets.tables import Column, Row


def with_facts(sheet: Sheet, columns: Sequence[Column], header_rows: Sequence[int]) -> tuple[Column, ...]:
    """The columns with what the sheet says of them besides their texts; `header_rows` are one for each part."""
    return tuple(
        replace(
            column,
            part_formats=tuple(sheet.formats.get((row, column.index), "") for row in header_rows)
            if sheet.formats
            else (),
            is_hidden=column.index in sheet.hidden_columns,
        )
        for column in columns
    )


def with_row_facts(sheet: Sheet, columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[Row]:
    """The rows with what the sheet says of them besides their values. Rows alike share one tuple of formats."""
    kept: dict[tuple[str, ...], tuple[str, ...]] = {}
    for row in rows:
        formats = (
            tuple(sheet.formats.get((row.number, column.index), "") for column in columns) if sheet.formats else ()
        )
        shared = kept.setdefault(formats, formats) if any(formats) else ()
        is_hidden = row.number in sheet.hidden_rows
        yield replace(row, formats=shared, is_hidden=is_hidden) if shared or is_hidden else row

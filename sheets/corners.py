"""The corner of a table: the heading over its names or months, where R6年 stands over 4, 5, 6 as often as 区分 does."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sheets.books import Cell
from sheets.cells import fold, plain
from sheets.rows import is_value, names_month

if TYPE_CHECKING:
    from sheets.tables import Column, Table

_MONTH = re.compile(r"0?[1-9]|1[0-2]")
#: So many rows tell what a column holds.
_LOOKED_AT = 200


def corner_texts(table: Table) -> Iterator[str]:
    """The headings of the names left of months across, or of the months down, without those over values."""
    months = [position for position, column in enumerate(table.columns) if any(map(_may_be_month, column.parts))]
    if len(months) >= 2:
        corner = [column for position, column in enumerate(table.columns[: months[0]]) if not _holds(table, position)]
    else:
        corner = [column for column in table.columns[:1] if _holds_months(table, 0)]
    for column in corner:
        yield from _texts(column)


def go_on(cells: Iterable[Cell]) -> bool:
    """Whether bare numbers are months one after the other: 4, 5, 6."""
    texts = [plain(fold(cell)) for cell in cells]
    if len(texts) < 2 or not all(map(_MONTH.fullmatch, texts)):
        return False
    return all(int(after) == int(before) % 12 + 1 for before, after in itertools.pairwise(texts))


def _texts(column: Column) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in column.parts if part))


def _may_be_month(text: str) -> bool:
    return bool(text) and (bool(_MONTH.fullmatch(plain(text))) or names_month(text))


def _filled(table: Table, position: int) -> list[Cell]:
    cells = (row.cells[position] for row in table.rows[:_LOOKED_AT])
    return [cell for cell in cells if cell is not None]


def _holds(table: Table, position: int) -> bool:
    return any(map(is_value, _filled(table, position)))


def _holds_months(table: Table, position: int) -> bool:
    cells = _filled(table, position)
    return (
        len(cells) > 1
        and all(isinstance(cell, str) or not isinstance(cell, bool) for cell in cells)
        and all(_may_be_month(fold(cell)) for cell in cells[:12])
    )

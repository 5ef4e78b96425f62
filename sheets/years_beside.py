"""A column of years beside the months: which sort of year it holds, and the year of each row."""

from __future__ import annotations

import itertools
from dataclasses import replace

from sheets.cells import fold
from sheets.months import YEAR, bare_month, is_year, tidy, year_of
from sheets.named_years import KnownYear
from sheets.tables import Row, Table
from sheets.years import heading_kind


class YearsBeside:
    """Reads the years of a column. A cell without 年度 or 年 is of the sort that `kind` (what somebody said), else the
    heading says; under 年 it is a calendar year unless its months run over the turn of the year."""

    def __init__(self, table: Table, column: int, month_column: int, kind: str = "") -> None:
        self.column = column
        self._era = ""  # holds for 2 below 令和元
        said = {"fiscal": True, "calendar": False}.get(kind)
        self._said = said
        self._kind = heading_kind(table.columns[column]) if said is None else said
        if self._kind is None and not _runs_over_the_turn(table, column, month_column):
            self._kind = False
        name = table.columns[column].name
        self.asks = f"列「{name}」の年が年度か暦年か分かりません（1つの年の中で、月が12月から1月へ続いています）。「年の種類」を選んでください。"

    def year_of(self, row: Row, era: str) -> KnownYear | None:
        """The year that stands in the row; None for an empty cell. Its `is_fiscal` is None where it has to be asked."""
        cell = row.cells[self.column]
        if cell is not None and (match := YEAR.fullmatch(tidy(fold(cell)))) and match["era"]:
            self._era = match["era"]
        found = None if cell is None else year_of(cell, self._era or era, is_fiscal=self._kind)
        if found is not None and self._said is not None:
            return replace(found, is_fiscal=self._said)
        if found is not None and found.is_fiscal is False and self._kind is None:
            return replace(found, is_fiscal=None)
        return found


def _runs_over_the_turn(table: Table, column: int, month_column: int) -> bool:
    """In one year a month before April comes after December, in either order: the year is a fiscal one by its look."""
    held = None
    runs: list[tuple[object, int]] = []
    for row in table.rows:
        held = row.cells[column] if is_year(row.cells[column]) else held
        if not row.is_total and (month := bare_month(row.cells[month_column])):
            runs.append((held, month))
    pairs = [(a[1], b[1]) for a, b in itertools.pairwise(runs) if a[0] == b[0]]
    return (12, 1) in pairs or (1, 12) in pairs

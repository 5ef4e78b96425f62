"""Quarters across the headings or down a column: 第1四半期, 4〜6月, 1Q. Numbered ones are of fiscal years."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from japan.dates import DateError
from japan.periods import Period, Span
from sheets.books import Cell
from sheets.explaining import labels_said, totals_said, values_said
from sheets.layout import Arrangement, Layout
from sheets.month_order import MonthOrder, Told
from sheets.months import is_year, tidy
from sheets.months_of_rows import YearsKnown
from sheets.named_years import KnownYear
from sheets.tables import Row, Table
from sheets.years import YearReader, has_years, heading_kind, years_in_order

#: A longer text names no quarter, and is not looked at.
_LONGEST = 30
_QUARTER = re.compile(
    r"(?P<year>[^第Qq/]{0,12}?)の?(?:第?(?P<number>[1-4一二三四])四半期|(?P<short>[1-4])[Qq]|[Qq](?P<after>[1-4])"
    r"|(?P<from>4|7|10|1)月?(?:~|〜|-|–|―|から|・)(?P<to>6|9|12|3)月)(?:分|計|期)?"
)
_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4}
_FIRST = {1: 4, 2: 7, 3: 10, 4: 1}
_ENOUGH = 0.6
#: So many cells tell what a column holds.
_LOOKED_AT = 2_000


@dataclass(frozen=True)
class Quarter:
    """A quarter as it is written: its first month, its year ("" for none), and whether it is named by its months."""

    month: int
    year: str
    is_by_months: bool


def quarter_of(cell: Cell) -> Quarter | None:
    """The quarter of 第1四半期, 令和6年度第1四半期, 1Q, 4〜6月; None for anything else."""
    text = tidy(cell) if isinstance(cell, str) and len(cell) <= _LONGEST else ""
    match = _QUARTER.fullmatch(text)
    if match is None or (match["year"] and not is_year(match["year"])):
        return None
    if match["from"]:
        month = int(match["from"])
        return Quarter(month, match["year"], True) if int(match["to"]) == month + 2 else None
    number = match["number"] or match["short"] or match["after"]
    return Quarter(_FIRST[_DIGITS.get(number) or int(number)], match["year"], False)


def quarter_headings(table: Table) -> dict[int, Quarter]:
    """The positions whose heading is a quarter; its year may stand in another line of the headings."""
    found: dict[int, Quarter] = {}
    for position, column in enumerate(table.columns):
        quarter = next((q for text in ("".join(column.parts), *column.parts) if (q := quarter_of(text))), None)
        if quarter is not None:
            over = next((part for part in column.parts if is_year(part)), "")
            found[position] = replace(quarter, year=quarter.year or over)
    return found


def quarter_column(table: Table) -> int | None:
    """The column that holds quarters."""
    for position in range(len(table.columns)):
        filled = (row.cells[position] for row in table.rows if not row.is_total and row.cells[position] is not None)
        cells = list(itertools.islice(filled, _LOOKED_AT))
        if cells and sum(quarter_of(cell) is not None for cell in cells) >= _ENOUGH * len(cells):
            return position
    return None


@dataclass
class _Reader:
    """Gives quarters their years, in the order of the table. `asks` says why the year has to be asked for."""

    known: YearsKnown
    years: YearReader
    order: MonthOrder
    asks: str = ""
    _carried: KnownYear | None = None
    _last: int = 0

    def read(self, quarter: Quarter, beside: KnownYear | None = None) -> str:
        """The quarter as `japan.periods` writes it (2024-Q1). Raises DateError."""
        year = beside or self._written(quarter) or self._around()
        if year.is_fiscal is None or (year.is_fiscal is False and not quarter.is_by_months):
            raise self._ask(
                f"「{year.label}」の四半期が、年度（4月から）のものか分かりません。「年の種類」を選んでください。"
            )
        return Period(Span.QUARTER, year.month(quarter.month)).iso

    def kind_of(self, year: int, is_fiscal: bool | None) -> KnownYear:
        """A year with its sort: as somebody said for the file, as it is written, or as the quarters run."""
        said = {"fiscal": True, "calendar": False}.get(self.known.kind)
        known = KnownYear(year, is_fiscal if said is None else said, "見出し", is_chosen=said is not None)
        return self.order.with_kind(known)

    def _written(self, quarter: Quarter) -> KnownYear | None:
        number = (quarter.month - 4) % 12
        if quarter.year:
            found = self.years.read(quarter.year)
            self._carried = self.kind_of(found.year, found.is_fiscal)
        elif self._carried is not None and number <= self._last:
            raise self._ask("四半期の年が、前後の並びから決まりません。ファイルの四半期に年度を書いてください。")
        self._last = number
        return self._carried

    def _around(self) -> KnownYear:
        if self.known.known is None:
            raise self._ask("四半期に年がありません。何年度の表か選んでください。")
        return self.order.with_kind(self.known.known)

    def _ask(self, message: str) -> DateError:
        self.asks = self.asks or message
        return DateError(message)


def quarters_across(
    table: Table, values: tuple[int, ...], known: YearsKnown, *, file_name: str = "", year_column: int | None = None
) -> Layout:
    """A column is a quarter, of the year in its heading, of the row, or around the table."""
    headings = quarter_headings(table)
    reader = _reader(table, headings.values(), known, file_name)
    if year_column is None and not any(quarter.year for quarter in headings.values()):
        year_column = next((p for p in range(len(table.columns)) if p not in headings and has_years(table, p)), None)
    found = _Found()
    rows = [] if year_column is None else _years_down(table, year_column, reader)
    for position, quarter in headings.items():
        if year_column is None:
            try:
                text = reader.read(quarter)
            except DateError as error:
                found.unread[f"{table.columns[position].letters}列"] = str(error)
                continue
            found.periods |= {(row.number, position): text for row in table.rows}
        else:
            for row, year, why in rows:
                found.take(row, (position,), quarter, reader, year, why)
    others = [p for p in range(len(table.columns)) if p not in headings and p != year_column]
    labels = tuple(position for position in others if position not in values)
    said = [
        f"見出しに四半期が{len(headings)}個並んでいるので、{Arrangement.QUARTERS.label}と考えました。",
        *labels_said(table, labels),
        *totals_said(table, [position for position in others if position in values]),
    ]
    layout = Layout(Arrangement.QUARTERS, None, year_column, tuple(headings), labels, explanations=tuple(said))
    return found.put_into(layout, reader)


def quarters_down(
    table: Table,
    column: int,
    year_column: int | None,
    values: tuple[int, ...],
    labels: tuple[int, ...],
    known: YearsKnown,
    *,
    file_name: str = "",
    is_long: bool = False,
) -> Layout:
    """A row is a quarter, of the year in its cell, in a column beside it, or around the table."""
    cells = {row.number: quarter_of(row.cells[column]) for row in table.rows if not row.is_total}
    reader = _reader(table, (quarter for quarter in cells.values() if quarter), known, file_name)
    years = (
        {} if year_column is None else {row.number: (y, why) for row, y, why in _years_down(table, year_column, reader)}
    )
    found = _Found()
    for row in table.rows:
        if quarter := cells.get(row.number):
            year, why = years.get(row.number, (None, ""))
            found.take(row, values, quarter, reader, year, why)
    name = table.columns[column]
    said = [f"{name.letters}列「{name.name}」に四半期が縦に並んでいるので、1行を1つの四半期の値と考えました。"]
    arrangement = Arrangement.LONG if is_long else Arrangement.DOWN
    layout = Layout(
        arrangement,
        column,
        year_column,
        values,
        labels,
        explanations=(*said, *values_said(table, values), *(labels_said(table, labels) if is_long else [])),
    )
    return found.put_into(layout, reader)


@dataclass
class _Found:
    """The quarters by row and column, and why others have none."""

    periods: dict[tuple[int, int], str] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)

    def take(
        self,
        row: Row,
        positions: tuple[int, ...],
        quarter: Quarter,
        reader: _Reader,
        year: KnownYear | None,
        why: str,
    ) -> None:
        try:
            if why:
                raise DateError(why)
            text = reader.read(quarter, year)
        except DateError as error:
            self.unread[f"{row.number}行目"] = str(error)
            return
        self.periods |= {(row.number, position): text for position in positions}

    def put_into(self, layout: Layout, reader: _Reader) -> Layout:
        return replace(
            layout,
            periods=self.periods,
            unread=self.unread,
            needs_year=bool(reader.asks),
            asks_year=reader.asks,
            needs_era=reader.years.needs_era,
        )


def _reader(table: Table, quarters: Iterable[Quarter], known: YearsKnown, file_name: str) -> _Reader:
    order = MonthOrder([Told(quarter.month, has_year=False) for quarter in quarters])
    return _Reader(known, YearReader(table, file_name=file_name), order)


def _years_down(table: Table, column: int, reader: _Reader) -> list[tuple[Row, KnownYear | None, str]]:
    """The rows with the year of each, or why it has none; an empty cell is of the year above."""
    found: list[tuple[Row, KnownYear | None, str]] = []
    kind = heading_kind(table.columns[column])
    held: KnownYear | None = None
    for row, year in years_in_order(table, column, reader.years):
        if isinstance(year, str):
            held = None
            found.append((row, None, year))
            continue
        if year is not None:
            held = reader.kind_of(year.year, kind if year.is_fiscal is None else year.is_fiscal)
        found.append((row, held, "" if held else "年がありません。何年度の値か入れてください。"))
    return found

"""Guesses how a table is laid out: where its months are, where its values are, and says why in words for a clerk."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from sheets.books import Cell
from sheets.cells import fold, plain
from sheets.corners import go_on
from sheets.explaining import labels_said, repeats_said, totals_said, unread_said, values_said, year_said
from sheets.layout import Arrangement, Layout
from sheets.month_layouts import month_headings, months_across
from sheets.months import MonthReader, bare_month, is_year
from sheets.months_of_rows import YearsKnown, months_of_rows, years_known
from sheets.named_years import KnownYear
from sheets.quarters import quarter_column, quarter_headings, quarters_across, quarters_down
from sheets.rows import is_value, names_month
from sheets.tables import Column, Table
from sheets.year_layouts import years_across, years_across_months, years_down, years_of_rows
from sheets.years import YearReader, has_years, heading_kind, names_years, says_year, year_headings

_SAYS_MONTH = ("年月", "対象月", "月", "month", "期間", "日付", "年月日", "基準日", "date", "月別", "月次", "時点")
#: Numbers that count nothing.
_SAYS_IDENTIFIER = ("コード", "番号", "no", "no.", "id", "code", "property", "緯度", "経度", "電話", "通番", "連番")
_WEEKDAY = re.compile(r"\(?[月火水木金土日祝](?:曜日?)?[・祝]{0,2}\)?")
_ENOUGH = 0.6
#: So many cells say whether a column holds months; a system's file may have fifty thousand.
_LOOKED_AT = 2_000


def guess_layout(table: Table, *, file_name: str = "", fiscal_year: int | None = None, year_kind: str = "") -> Layout:
    """Where months and values are. `file_name` may tell the year of months without one; `fiscal_year` is what the clerk
    said and comes first. A month whose year nobody names is not guessed: `needs_year` is set."""
    known = years_known(table, file_name, fiscal_year, year_kind)
    values = tuple(position for position in range(len(table.columns)) if _holds_values(table, position))
    if len(month_headings(table)) >= 2:
        return months_across(table, values, known, file_name=file_name)
    if len(quarter_headings(table)) >= 2:
        return quarters_across(table, values, known, file_name=file_name)
    year_column = _year_column(table)
    if (quarters := quarter_column(table)) is not None:
        return _quarters_down(table, quarters, year_column, values, known, file_name)
    month_column = _month_column(table, year_column)
    years = year_headings(table)
    if len(years) >= 2 or (years and set(years) == set(values) and month_column is not None):
        if month_column is None:
            return years_across(table, years, values, YearReader(table, file_name=file_name))
        if _holds_bare_months(table, month_column):
            reader = YearReader(table, file_name=file_name)
            return years_across_months(table, month_column, years, values, reader, year_kind)
    if month_column is None:
        return (
            _without_months(table, values)
            if year_column is None
            else _years_down(table, year_column, values, file_name)
        )
    return _down(table, month_column, year_column, values, known)


def arrange(
    table: Table,
    arrangement: Arrangement | None,
    *,
    month_column: int | None = None,
    year_column: int | None = None,
    value_columns: tuple[int, ...] = (),
    label_columns: tuple[int, ...] = (),
    file_name: str = "",
    fiscal_year: int | None = None,
    day_order: str = "",
    era: str = "",
    year_kind: str = "",
) -> Layout:
    """The layout somebody chose, with its months read; columns are positions in `table.columns`. `era` (R, H or S) is
    that of years without one in the headings.

    ACROSS takes the months from the headings, YEARS and CROSS the years; without an arrangement the table has no months of its own.
    """
    known = years_known(table, file_name, fiscal_year, year_kind)
    if arrangement is Arrangement.ACROSS:
        across = months_across(table, value_columns, known, file_name=file_name, year_column=year_column)
        is_name = across.year_column is not None and names_years(table, across.year_column)
        labels = tuple(p for p in label_columns if is_name or p != across.year_column)
        return replace(across, label_columns=labels)
    if arrangement is Arrangement.QUARTERS:
        crossed = quarters_across(table, value_columns, known, file_name=file_name, year_column=year_column)
        return replace(crossed, label_columns=tuple(p for p in label_columns if p != crossed.year_column))
    years = YearReader(table, era, file_name)
    if arrangement is Arrangement.YEARS:
        return replace(years_across(table, year_headings(table), value_columns, years), label_columns=label_columns)
    if arrangement is Arrangement.CROSS and month_column is not None:
        crossed = years_across_months(table, month_column, year_headings(table), value_columns, years, year_kind)
        return replace(crossed, label_columns=label_columns)
    if arrangement is None or month_column is None:
        return Layout(None, None, None, value_columns, label_columns)
    if month_column == quarter_column(table):
        is_long = arrangement is Arrangement.LONG
        return quarters_down(
            table,
            month_column,
            year_column,
            value_columns,
            label_columns,
            known,
            file_name=file_name,
            is_long=is_long,
        )
    reader = known.reader([row.cells[month_column] for row in table.rows if not row.is_total], day_order)
    months, unread = months_of_rows(table, month_column, year_column, reader, known.kind)
    is_yearly = heading_kind(table.columns[month_column]) is not None or not months
    of_rows = years_of_rows(table, month_column, years) if is_yearly else {}
    if len(of_rows) > len(months):
        months, unread, reader = {}, {}, known.reader([])  # 2 under 年度 is a year, no February
    return Layout(
        arrangement,
        month_column,
        year_column,
        value_columns,
        label_columns,
        months,
        row_years=of_rows,
        unread=unread,
        needs_year=reader.needs_year,
        asks_year=reader.asks_year,
        needs_day_order=reader.needs_day_order,
    )


def _filled(table: Table, position: int) -> list[Cell]:
    return [row.cells[position] for row in table.rows if not row.is_total and row.cells[position] is not None]


def _holds_values(table: Table, position: int) -> bool:
    cells = _filled(table, position)[:_LOOKED_AT]
    is_identifier = _says(table.columns[position], _SAYS_IDENTIFIER)
    return bool(cells) and not is_identifier and sum(map(is_value, cells)) >= _ENOUGH * len(cells)


def _holds_days(table: Table, position: int) -> bool:
    return _month_score(table, position) > 0


def _holds_weekdays(table: Table, position: int) -> bool:
    """火, (水), 木曜日 beside the days of a daily table name nothing."""
    cells = _filled(table, position)[:_LOOKED_AT]
    return bool(cells) and all(isinstance(cell, str) and _WEEKDAY.fullmatch(plain(cell)) for cell in cells)


def _says(column: Column, words: tuple[str, ...]) -> bool:
    folded = plain(column.name)
    return folded in words or any(folded.endswith(word) for word in words if len(word) > 1)


# --- months down -----------------------------------------------------------------------------------------------------
def _year_column(table: Table) -> int | None:
    found = (p for p, column in enumerate(table.columns) if says_year(column) and has_years(table, p))
    return next(found, None)


def _month_column(table: Table, year_column: int | None) -> int | None:
    scores = {
        position: score
        for position in range(len(table.columns))
        if position != year_column and (score := _month_score(table, position)) > 0
    }
    return max(scores, key=lambda position: (scores[position], -position), default=_mixed_column(table))


def _holds_bare_months(table: Table, month_column: int) -> bool:
    cells = _filled(table, month_column)
    return sum(bare_month(cell) is not None for cell in cells) >= _ENOUGH * len(cells)


def _mixed_column(table: Table) -> int | None:
    """A column that holds months with their years among other things, such as the years before and the districts below."""
    for position in range(len(table.columns)):
        texts = [cell for cell in _filled(table, position) if isinstance(cell, str)]
        if sum(names_month(text) and not bare_month(text) for text in texts) >= 2:
            return position
    return None


def _month_score(table: Table, position: int) -> float:
    """How much a column looks like months: dates and months with a year by themselves, bare numbers only by the heading."""
    cells = _filled(table, position)[:_LOOKED_AT]
    if not cells:
        return 0
    column = table.columns[position]
    says = _says(column, _SAYS_MONTH) or (position == 0 and any(map(is_year, column.parts)) and go_on(cells))
    reader = MonthReader(KnownYear(2000, False, ""), [])
    clear = bare = 0
    for cell in cells:
        if bare_month(cell) and "月" not in fold(cell):
            bare += 1
        elif reader.can_read(cell):
            clear += 1
    if (clear + (bare if says or clear else 0)) < _ENOUGH * len(cells) or (clear == 0 and not says):
        return 0
    return (clear + bare) / len(cells) + (0.5 if says else 0)


def _down(
    table: Table, month_column: int, year_column: int | None, values: tuple[int, ...], known: YearsKnown
) -> Layout:
    cells = [row.cells[month_column] for row in table.rows if not row.is_total]
    reader = known.reader([cell for cell in cells if cell is not None])
    months, unread = months_of_rows(table, month_column, year_column, reader, known.kind)
    used = (month_column, year_column)
    values = tuple(position for position in values if position not in used)
    others = [p for p in range(len(table.columns)) if p not in used and p not in values]
    labels = tuple(p for p in others if not _holds_days(table, p) and not _holds_weekdays(table, p))
    arrangement = Arrangement.LONG if _is_long(table, months, labels) else Arrangement.DOWN
    column = table.columns[month_column]
    said = [
        f"{column.letters}列「{column.name}」に月が縦に並んでいるので、{arrangement.label}と考えました。",
        *(
            []
            if year_column is None
            else [f"年は{table.columns[year_column].letters}列「{table.columns[year_column].name}」から読みました。"]
        ),
        *year_said(reader),
        *values_said(table, values),
        *(labels_said(table, labels) if arrangement is Arrangement.LONG else []),
        *unread_said(months, unread),
        *([] if arrangement is Arrangement.LONG else repeats_said(months)),
        *totals_said(table, []),
    ]
    return Layout(
        arrangement,
        month_column,
        year_column,
        values,
        labels,
        months,
        unread=unread,
        explanations=tuple(said),
        needs_year=reader.needs_year,
        asks_year=reader.asks_year,
    )


def _quarters_down(
    table: Table,
    column: int,
    year_column: int | None,
    values: tuple[int, ...],
    known: YearsKnown,
    file_name: str,
) -> Layout:
    values = tuple(position for position in values if position not in (column, year_column))
    labels = tuple(p for p in range(len(table.columns)) if p not in (column, year_column, *values))
    cells = [
        (fold(row.cells[column]), row.cells[year_column] if year_column is not None else None) for row in table.rows
    ]
    is_long = bool(labels) and len(set(cells)) < len(cells)
    return quarters_down(table, column, year_column, values, labels, known, file_name=file_name, is_long=is_long)


def _years_down(table: Table, year_column: int, values: tuple[int, ...], file_name: str) -> Layout:
    values = tuple(position for position in values if position != year_column)
    labels = tuple(p for p in range(len(table.columns)) if p != year_column and p not in values)
    years = [fold(row.cells[year_column]) for row in table.rows if not row.is_total]
    is_long = bool(labels) and len(set(years)) < len(years)
    return years_down(table, year_column, values, labels, YearReader(table, file_name=file_name), is_long=is_long)


def _is_long(table: Table, months: dict[int, date], labels: tuple[int, ...]) -> bool:
    """A month stands in several rows, and the texts beside it tell these rows apart."""
    if not labels or len(set(months.values())) == len(months):
        return False
    rows = [row for row in table.rows if row.number in months]
    pairs = {(months[row.number], tuple(fold(row.cells[label]) for label in labels)) for row in rows}
    kinds = {tuple(fold(row.cells[label]) for label in labels) for row in rows}
    return len(kinds) > 1 and len(pairs) >= 0.9 * len(rows)


def _without_months(table: Table, values: tuple[int, ...]) -> Layout:
    labels = tuple(position for position in range(len(table.columns)) if position not in values)
    said = "月の並んだ列も行も見つかりませんでした。月の列を選ぶか、全体の対象月を入れてください。"
    return Layout(None, None, None, values, labels, explanations=(said, *values_said(table, values)))

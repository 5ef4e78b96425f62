"""Months across the headings: their years stand in the same headings, in a line above them, in each row, or around the
table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from japan.dates import DateError
from sheets.cells import fold, plain
from sheets.corners import go_on
from sheets.explaining import labels_said, totals_said, year_said
from sheets.layout import Arrangement, Layout
from sheets.month_order import MonthOrder, Told
from sheets.months import MonthReader, bare_month, is_year, month_told
from sheets.months_of_rows import YearsKnown
from sheets.named_years import KnownYear
from sheets.number_formats import hides_year
from sheets.rows import names_month
from sheets.tables import Table
from sheets.years import HeadingYear, YearReader, has_years, heading_kind, names_years, years_in_order

#: So many bare numbers in the headings are months.
_BARE_ENOUGH = 6


def month_headings(table: Table) -> dict[int, str]:
    """The positions whose heading is a month, with its text; bare 4, 5, … only where there are six of them or more, or
    where they go on behind a month with its year (R6.4, 5, 6)."""
    named: dict[int, str] = {}
    bare: dict[int, str] = {}
    for position, column in enumerate(table.columns):
        over = any(is_year(part) for part in column.parts)
        for text in (*(() if over and any(map(bare_month, column.parts)) else ("".join(column.parts),)), *column.parts):
            if plain(text).isdigit() and len(plain(text)) < 5:
                if bare_month(text):
                    bare.setdefault(position, text)
            elif text and names_month(text):
                named.setdefault(position, text)
    if not named:
        return bare if len(bare) >= _BARE_ENOUGH or _has_year_in_corner(table, bare) else {}
    return dict(sorted((named | _going_on(named, bare)).items()))


def _has_year_in_corner(table: Table, bare: dict[int, str]) -> bool:
    """R6年 over the names, and 4, 5, 6 side by side over the values."""
    if not go_on(bare.values()):
        return False
    first = min(bare)
    is_run = list(bare) == list(range(first, first + len(bare)))
    return is_run and any(is_year(text) for column in table.columns[:first] for text in column.parts)


def _going_on(named: dict[int, str], bare: dict[int, str]) -> dict[int, str]:
    """The bare numbers each of which is the month after that of the column before it."""
    found: dict[int, str] = {}
    for position, text in sorted(bare.items()):
        before = named.get(position - 1) or found.get(position - 1)
        if position not in named and before and (month_told(before) or 0) % 12 + 1 == bare_month(text):
            found[position] = text
    return found


def months_across(
    table: Table,
    values: tuple[int, ...],
    known: YearsKnown,
    *,
    file_name: str = "",
    year_column: int | None = None,
) -> Layout:
    """A column is a month. `year_column` is what somebody chose; without it one is looked for where no heading of the
    months has a year."""
    headings = month_headings(table)
    read = _read(table, headings, known, file_name, year_column)
    # 令和5年度実績 is the year of a row and its name as well.
    year_only = None if read.year_column is None or names_years(table, read.year_column) else read.year_column
    others = [position for position in range(len(table.columns)) if position not in (*headings, year_only)]
    labels = tuple(position for position in others if position not in values)
    return Layout(
        Arrangement.ACROSS,
        None,
        read.year_column,
        tuple(headings),
        labels,
        {},
        read.months,
        column_numbers=read.numbers,
        row_years=read.row_years,
        runs_fiscally=read.runs_fiscally,
        unread=read.unread,
        explanations=(
            *_months_said(table, headings),
            *read.said,
            *labels_said(table, labels),
            *totals_said(table, [position for position in others if position in values]),
        ),
        needs_year=bool(read.asks),
        asks_year=read.asks,
    )


@dataclass
class _Read:
    """The months of the headings, or (`numbers`, 1 to 12) those that get their year from the rows."""

    months: dict[int, date] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)
    row_years: dict[int, HeadingYear] = field(default_factory=dict)
    year_column: int | None = None
    runs_fiscally: bool = False
    said: list[str] = field(default_factory=list)
    asks: str = ""


def _read(table: Table, headings: dict[int, str], known: YearsKnown, file_name: str, column: int | None) -> _Read:
    over = {p: year for p, text in headings.items() if bare_month(text) and (year := _year_over(table, p, text))}
    if over:
        return _with_years_over(table, headings, over, known, YearReader(table, file_name=file_name))
    if headings and all(map(bare_month, headings.values())):
        column = _year_column(table, headings) if column is None else column
        if column is not None:
            return _with_years_of_rows(table, headings, column, known, YearReader(table, file_name=file_name))
    return _with_years_around(table, headings, known)


def _with_years_around(table: Table, headings: dict[int, str], known: YearsKnown) -> _Read:
    read = _Read()
    reader = known.reader(list(headings.values()))
    for position, text in headings.items():
        _take(table, position, text, reader, read)
    read.said, read.asks = year_said(reader), reader.asks_year
    return read


def _take(table: Table, position: int, text: str, reader: MonthReader, read: _Read) -> None:
    try:
        is_shown = any(map(hides_year, table.columns[position].part_formats))
        read.months[position] = reader.read_shown(reader.read(text)) if is_shown else reader.read(text)
    except DateError as error:
        read.unread[f"{table.columns[position].letters}列"] = str(error)


def _with_years_over(
    table: Table, headings: dict[int, str], over: dict[int, str], known: YearsKnown, years: YearReader
) -> _Read:
    """令和5年度 over 4月 to 3月, then 令和6年度: a month is of the year above it."""
    read = _Read(said=["月の上の見出しにある年から、月ごとの年を読みました。"])
    order: dict[str, MonthOrder] = {}
    for text in dict.fromkeys(over.values()):
        order[text] = _order(headings[position] for position, each in over.items() if each == text)
    reader = known.reader([text for position, text in headings.items() if position not in over])
    for position, text in headings.items():
        if position not in over:
            _take(table, position, text, reader, read)
            continue
        try:
            year = _with_kind(years.read(over[position]), order[over[position]], known)
        except DateError as error:
            read.unread[f"{table.columns[position].letters}列"] = str(error)
            continue
        if year.is_fiscal is None:
            read.asks = read.asks or _kind_asked(over[position])
            read.unread[f"{table.columns[position].letters}列"] = read.asks
            continue
        read.months[position] = year.month(bare_month(text) or 1)
    read.asks = read.asks or reader.asks_year
    return read


def _with_years_of_rows(
    table: Table, headings: dict[int, str], column: int, known: YearsKnown, years: YearReader
) -> _Read:
    """年度 down and 4月 to 3月 across: a cell is of the month above it in the year of its row."""
    name = table.columns[column].name
    read = _Read(
        numbers={position: bare_month(text) or 1 for position, text in headings.items()},
        year_column=column,
        said=[f"年は{table.columns[column].letters}列「{name}」から、行ごとに読みました。"],
    )
    order = _order(headings.values())
    kind = heading_kind(table.columns[column])
    held: KnownYear | None = None
    for row, found in years_in_order(table, column, years):
        if isinstance(found, str):
            read.unread[f"{row.number}行目"], held = found, None
            continue
        if found is not None:
            told = replace(found, is_fiscal=kind) if found.is_fiscal is None else found
            held = _with_kind(told, order, known)
        if held is None:
            read.unread.setdefault(f"{row.number}行目", f"列「{name}」に年がありません。何年の値か入れてください。")
        elif held.is_fiscal is None:
            read.asks = read.asks or _kind_asked(fold(row.cells[column]))
            read.unread[f"{row.number}行目"] = read.asks
        else:
            read.row_years[row.number] = HeadingYear(held.year, held.is_fiscal)
    return read


def _with_kind(year: HeadingYear, order: MonthOrder, known: YearsKnown) -> KnownYear:
    """The year with its sort: as somebody said for the file, as it is written, or as the months below it run."""
    said = {"fiscal": True, "calendar": False}.get(known.kind)
    if said is not None:
        return KnownYear(year.year, said, "見出し", is_chosen=True)
    return order.with_kind(KnownYear(year.year, year.is_fiscal, "見出し"))


def _order(texts: Iterable[str]) -> MonthOrder:
    return MonthOrder([Told(bare_month(text) or 1, has_year=False) for text in texts])


def _kind_asked(year: str) -> str:
    return f"「{year}」が年度か暦年か分かりません。「年の種類」を選んでください。"


def _year_over(table: Table, position: int, month: str) -> str:
    """The year in another line of the headings of a month."""
    return next((part for part in table.columns[position].parts if part != month and is_year(part)), "")


def _year_column(table: Table, headings: dict[int, str]) -> int | None:
    others = [p for p in range(len(table.columns)) if p not in headings]
    return next((p for p in others if has_years(table, p) or names_years(table, p)), None)


def _months_said(table: Table, headings: dict[int, str]) -> list[str]:
    if not headings:
        return []
    first, last = (table.columns[position] for position in (min(headings), max(headings)))
    return [
        f"見出しに月が{len(headings)}個並んでいるので（{first.letters}列「{first.name}」から{last.letters}列「{last.name}」まで）、"
        "月が横に並ぶ表と考えました。"
    ]

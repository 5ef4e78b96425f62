"""The values of a table one by one: where each stands, under which label, of which month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sheets import Arrangement, Cell, Column, Layout, Row, Table, fold, hides_day, plain

BETWEEN = "／"
_SAYS_UNIT = ("単位", "単位名", "unit")
#: The headings say when a value is of, not what it is.
ACROSS_THE_HEADINGS = (Arrangement.ACROSS, Arrangement.YEARS, Arrangement.CROSS, Arrangement.QUARTERS)


@dataclass(frozen=True, slots=True)
class Place:
    """A value cell. `month` is None where the table does not say it; `problem` says why it could not be read."""

    label: str
    month: date | None
    cell: Cell
    row: int
    column: int  # from 0, in the sheet
    letters: str
    problem: str = ""
    reason: Cell = None
    when: str = ""  # what stands where the month was looked for
    said: Cell = None  # the cell or heading that tells the month, as it stands; None for a date shown without its day
    format: str = ""  # the cell's number format, "" for General
    is_torn: bool = False  # put together of cells that a comma parted
    sheet: str = ""
    doubtful: str = ""  # maybe a part of a number that a comma parted: both readings in words


def places_of(table: Table, layout: Layout, reason: int | None = None, *, hidden: bool = False) -> Iterator[Place]:
    """Every value cell that is not empty, in the order of the file; rows of totals are left out, and so is what the file
    does not show (hidden rows and columns), unless `hidden`.

    `reason` is the position of a column that says why there is no value (the long format's): such a row counts though
    its value cell is empty.
    """
    carried: dict[int, str] = {}
    columns = [
        (position, heading)
        for position, heading in _value_columns(table, layout)
        if hidden or not table.columns[position].is_hidden
    ]
    for row in table.rows:
        name = _row_name(row, layout, carried)
        if row.is_total or (row.is_hidden and not hidden):
            continue
        why = row.cells[reason] if reason is not None else None
        told = row.cells[layout.month_column] if layout.month_column is not None else None
        when = fold(told)
        said = None if layout.month_column is not None and hides_day(row.format_at(layout.month_column)) else told
        for position, heading in columns:
            cell = row.cells[position]
            if cell is None and why is None:
                continue
            column = table.columns[position]
            month, problem = layout.month_at(row.number, position), layout.problem_at(row.number, column.letters)
            label = BETWEEN.join(part for part in (name, heading) if part)
            yield Place(
                label,
                month,
                cell,
                row.number,
                column.index,
                column.letters,
                problem,
                why,
                layout.year_at(position, row.number) or when,
                _heading_said(column) if layout.arrangement is Arrangement.ACROSS else said,
                row.format_at(position),
                bool(row.joined) and position >= row.joined[0],
                table.sheet,
                _two_or_one(row) if position in row.doubtful else "",
            )


def _two_or_one(row: Row) -> str:
    texts = [fold(row.cells[position]) for position in row.doubtful]
    apart, joined = f"「{'」「'.join(texts)}」", f"「{','.join(texts)}」"
    return f"{apart}という2つの数か、{joined}という1つの数か" if len(texts) == 2 else f"{apart}のどれとどれが1つの数か"


def _heading_said(column: Column) -> Cell:
    """The heading of a month; a date that shows no day says none."""
    return None if any(map(hides_day, column.part_formats)) else column.name


def _value_columns(table: Table, layout: Layout) -> list[tuple[int, str]]:
    """The columns with values, each with what its heading adds to the label."""
    if layout.arrangement in ACROSS_THE_HEADINGS:
        counts = [*layout.column_months.values(), *layout.column_years.values(), *_quarters(table, layout)]
        is_divided = len(set(counts)) < len(counts)
        return [(p, table.columns[p].parts[-1] if is_divided else "") for p in layout.value_columns]
    adds = layout.arrangement is Arrangement.DOWN or len(layout.value_columns) > 1
    return [(p, table.columns[p].name if adds else "") for p in layout.value_columns]


def _quarters(table: Table, layout: Layout) -> list[str]:
    """The quarter of each column, in the first row."""
    if layout.arrangement is not Arrangement.QUARTERS or not table.rows:
        return []
    first = table.rows[0].number
    return [text for position in layout.value_columns if (text := layout.year_at(position, first))]


def _row_name(row: Row, layout: Layout, carried: dict[int, str]) -> str:
    """The texts that name a row; an empty one left of the last is that of the row above (merged cells)."""
    if layout.arrangement is Arrangement.DOWN:
        return ""
    parts = []
    for place, position in enumerate(layout.label_columns):
        text = fold(row.cells[position])
        if not text and place < len(layout.label_columns) - 1:
            text = carried.get(position, "")
        carried[position] = text
        if text:
            parts.append(text)
    return BETWEEN.join(parts)


def unit_texts(table: Table, layout: Layout) -> dict[str, str]:
    """What a column of units says of each label; nothing without such a column, or where it says two things of one."""
    column = next((p for p, column in enumerate(table.columns) if plain(column.name) in _SAYS_UNIT), None)
    if column is None:
        return {}
    rows = {row.number: fold(row.cells[column]) for row in table.rows}
    found: dict[str, set[str]] = {}
    for place in places_of(table, layout, hidden=True):
        found.setdefault(place.label, set()).add(rows[place.row])
    return {label: texts.pop() for label, texts in found.items() if len(texts) == 1}


def labels_of(table: Table, layout: Layout, reason: int | None = None, *, hidden: bool = False) -> dict[str, int]:
    """The labels in the order of the file, each with the number of its values."""
    return dict(Counter(place.label for place in places_of(table, layout, reason, hidden=hidden)))

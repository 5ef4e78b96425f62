"""What of a file is not taken over: every name, row, column, table and sheet, with the number of its values and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING

from sheets import Arrangement, Cell, Layout, Outside, Table, is_day, place, says_value

if TYPE_CHECKING:
    from kpis.imports.receiving import Found


@dataclass(frozen=True)
class LeftOut:
    """Something of a file and how many values it holds: numbers, days, times, shares, and signs in their place."""

    what: str
    why: str
    values: int

    def to_json(self) -> dict[str, object]:
        return asdict(self)


NOT_CHOSEN = "指標を選んでいない名前"
TO_COME = "まだ終わっていない期間の値、0や計算式のエラー"
NO_MONTH = "月として読めない行"
TOTAL_ROW = "合計や平均の行"
NOT_READ = "値の列に選んでいない列"
HIDDEN_ROW = "表示されていない行"
HIDDEN_COLUMN = "表示されていない列"
NO_TABLE = "表として読めないところの数"
OTHER_TABLE = "読む表に選んでいない表"


def of_labels(labels: Mapping[str, int], series: Mapping[str, str]) -> Iterator[LeftOut]:
    for label, count in labels.items():
        if not series.get(label):
            yield LeftOut(f"「{label or '（名前のない行）'}」", NOT_CHOSEN, count)


def to_come(counts: Counter[str]) -> Iterator[LeftOut]:
    for label, count in counts.items():
        yield LeftOut(f"「{label or '（名前のない行）'}」", TO_COME, count)


def of_table(table: Table, layout: Layout, *, hidden: bool) -> Iterator[LeftOut]:
    """Rows of totals, what the file hides, and columns of numbers that are neither values nor labels nor months."""
    shown = [row for row in table.rows if hidden or not row.is_hidden]
    kept = {p for p in layout.value_columns if hidden or not table.columns[p].is_hidden}
    for row in table.rows:
        why = TOTAL_ROW if row.is_total else "" if hidden or not row.is_hidden else HIDDEN_ROW
        if why and (count := sum(says_value(row.cells[p]) for p in kept)):
            yield LeftOut(place(table.sheet, row.number), why, count)
    # Where each column has a name of its own, texts beside them name nothing.
    names = () if layout.arrangement is Arrangement.DOWN else layout.label_columns
    others = {layout.month_column, layout.year_column, *names}
    for position, column in enumerate(table.columns):
        if position in kept or position in others:
            continue
        why = HIDDEN_COLUMN if position in layout.value_columns else NOT_READ
        if count := sum(says_value(row.cells[position]) for row in shown if not row.is_total):
            yield LeftOut(f"{column.letters}列「{column.name}」", why, count)


def of_sheets(outside: Sequence[Outside]) -> Iterator[LeftOut]:
    """Values that stand in no table, by sheet."""
    for each in outside:
        name = f"シート「{each.sheet}」" if each.sheet else "このファイル"
        yield LeftOut(f"{name}の表の外" if each.has_tables else name, NO_TABLE, each.values)


def of_other_tables(taken: Set[int], tables: Sequence[Found]) -> Iterator[LeftOut]:
    for each in sorted(tables, key=lambda found: found.number):
        if each.number not in taken:
            yield LeftOut(each.label, OTHER_TABLE, numbers_in(each.table))


def numbers_in(table: Table) -> int:
    """Its values without the days and months that tell when they are of."""
    return sum(says_value(cell) and not _tells_when(cell) for row in table.rows for cell in row.cells)


def _tells_when(cell: Cell) -> bool:
    """A day or month tells when the values beside it are of."""
    return isinstance(cell, date) or (isinstance(cell, str) and is_day(cell))

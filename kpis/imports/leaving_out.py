"""What of a file is not taken over: every name, row, column, table and sheet, with the number of its values and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sheets import Layout, Table, place

if TYPE_CHECKING:
    from kpis.imports.receiving import Found


@dataclass(frozen=True)
class LeftOut:
    """Something of a file and how many values (numbers) it holds."""

    what: str
    why: str
    values: int

    def to_json(self) -> dict[str, object]:
        return asdict(self)


NOT_CHOSEN = "指標を選んでいない名前"
TO_COME = "まだ終わっていない期間の値、0や計算式のエラー"
NO_MONTH = "月として読めない行"
TOTAL_ROW = "合計の行"
NOT_READ = "値の列に選んでいない列"
OTHER_TABLE = "読む表に選んでいない表"


def of_labels(labels: Mapping[str, int], series: Mapping[str, str]) -> Iterator[LeftOut]:
    for label, count in labels.items():
        if not series.get(label):
            yield LeftOut(f"「{label or '（名前のない行）'}」", NOT_CHOSEN, count)


def to_come(counts: Counter[str]) -> Iterator[LeftOut]:
    for label, count in counts.items():
        yield LeftOut(f"「{label or '（名前のない行）'}」", TO_COME, count)


def of_table(table: Table, layout: Layout) -> Iterator[LeftOut]:
    """Rows of totals, and columns of numbers that are neither values nor labels nor months."""
    read = set(layout.value_columns)
    for row in table.rows:
        if row.is_total and (count := sum(isinstance(row.cells[p], Decimal) for p in read)):
            yield LeftOut(place(table.sheet, row.number), TOTAL_ROW, count)
    others = {layout.month_column, layout.year_column, *layout.label_columns}
    for position, column in enumerate(table.columns):
        if position in read or position in others:
            continue
        count = sum(isinstance(row.cells[position], Decimal) for row in table.rows if not row.is_total)
        if count:
            yield LeftOut(f"{column.letters}列「{column.name}」", NOT_READ, count)


def of_other_tables(chosen: Found, tables: Sequence[Found]) -> Iterator[LeftOut]:
    for each in sorted(tables, key=lambda found: found.number):
        if each.number != chosen.number:
            yield LeftOut(each.label, OTHER_TABLE, numbers_in(each.table))


def numbers_in(table: Table) -> int:
    return sum(isinstance(cell, Decimal) for row in table.rows for cell in row.cells)

"""Says in words for a clerk how a table was understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sheets.months import MonthReader
from sheets.tables import Table

#: How many rows or columns a sentence names.
_NAMED = 6


def year_said(reader: MonthReader) -> list[str]:
    if reader.asks_year:
        return [reader.asks_year]
    if reader.used_known_year and reader.known is not None:
        return [f"年のない月は、{reader.known.source}から{reader.known_label}のものと読みました。"]
    if reader.carried:
        return ["年や元号のない月は、上の行（左の列）に続くものと読みました。"]
    return []


def values_said(table: Table, values: Sequence[int]) -> list[str]:
    return [f"数字の入った{_columns(table, values)}を値の列と考えました。"] if values else []


def labels_said(table: Table, labels: Sequence[int]) -> list[str]:
    return [f"文字の入った{_columns(table, labels)}を内訳の名前と考えました。"] if labels else []


def totals_said(table: Table, columns: list[int]) -> list[str]:
    rows = [f"{row.number}行目" for row in table.rows if row.is_total]
    said = [f"{_first_of(rows, '行')}は合計や平均の行なので、値には数えません。"] if rows else []
    return said + ([f"{_columns(table, columns)}は月ではないので、値には数えません。"] if columns else [])


def _columns(table: Table, positions: Sequence[int]) -> str:
    return _first_of([f"{table.columns[p].letters}列「{table.columns[p].name}」" for p in positions], "列")


def _first_of(names: list[str], counted: str) -> str:
    """B列、C列; the first few of many with how many they are: …など12列."""
    more = f"など{len(names)}{counted}" if len(names) > _NAMED else ""
    return "、".join(names[:_NAMED]) + more


def unread_said(months: dict[int, date], unread: dict[str, str]) -> list[str]:
    if not unread:
        return []
    return [f"月を読み取れたのは{len(months)}行で、{len(unread)}行は月として読めません（{next(iter(unread))}など）。"]


def repeats_said(months: dict[int, date]) -> list[str]:
    counts = Counter(months.values())
    repeated = [month for month, count in counts.items() if count > 1]
    if not repeated:
        return []
    month = repeated[0]
    rows = "、".join(f"{number}行目" for number, other in list(months.items()) if other == month)[:60]
    return [
        f"同じ月の行が2つ以上あります（{month.year}年{month.month}月は{rows}など）。"
        "日別の表か、時点の違う行かもしれません。どの行を使うか確かめてください。"
    ]

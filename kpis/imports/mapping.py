"""How a table is read: where its months, labels and values are, their scale, and which series each label is."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from kpis.imports.places import ACROSS_THE_HEADINGS
from sheets import ERAS, Arrangement, Layout, Table, arrange, timeless

#: What a number of the table is multiplied by, by the code of the scale, with its words.
SCALES = {
    "one": (Decimal(1), "そのまま"),
    "hundred": (Decimal(100), "百（100倍）"),
    "thousand": (Decimal(1_000), "千（1,000倍）"),
    "man": (Decimal(10_000), "万（10,000倍）"),
    "hundred_k": (Decimal(100_000), "十万（100,000倍）"),
    "million": (Decimal(1_000_000), "百万（1,000,000倍）"),
    "ten_m": (Decimal(10_000_000), "千万（10,000,000倍）"),
    "oku": (Decimal(100_000_000), "億（100,000,000倍）"),
    "billion": (Decimal(1_000_000_000), "十億（1,000,000,000倍）"),
    "thousandth": (Decimal("0.001"), "1,000で割る（円を千円に）"),
    "man_th": (Decimal("0.0001"), "10,000で割る（人を万人に）"),
    "millionth": (Decimal("0.000001"), "1,000,000で割る（円を百万円に）"),
    "oku_th": (Decimal("0.00000001"), "100,000,000で割る（円を億円に）"),
    "unit": (Decimal(1), "名前ごとに、書かれている単位のとおり"),
    "percent": (Decimal(100), "割合の小数（0.205を20.5と読む）"),
}

#: The scale by which each label's numbers are converted by the unit that is written for them.
BY_UNIT = "unit"

#: What several values of one label in one period are: an error, values of which the last holds, or parts to add up.
REPEATS = {
    "refuse": "取り込まない（どの行か分からないため）",
    "last": "最後の日の値を使う（日がなければ最後の行。その月の途中の値がある表）",
    "sum": "足し合わせる（日別の表）",
    "by_kind": "フローは足し合わせ、残高は最後の日の値を使う（日別の表）",
}

#: Which month a level dated the first of a month belongs to.
AS_OFS = {
    "": "指標の「時点の決め方」に従う",
    "before": "前の月の値（5月1日は4月分）",
    "month": "その月の値（5月1日は5月分）",
}

#: Which number counts where a cell's format shows another than it holds.
SHOWN_AS = {
    "": "（選ばない）",
    "stored": "セルに入っている数を、表の単位で読む",
    "shown": "表示されている数を、表の単位で読む",
    "unit": "表示されている数を、セルの表示形式の単位で読む",
}

#: What numbers are whose unit is written in words that cannot be read.
UNREAD_AS = {
    "": "（選ばない）",
    "one": "指標の単位の数として読む",
    "thousand": "千の単位の数として読む（1,000倍）",
    "man": "万の単位の数として読む（10,000倍）",
    "million": "百万の単位の数として読む（1,000,000倍）",
    "oku": "億の単位の数として読む（100,000,000倍）",
}

#: What two cells side by side are that may be one number torn apart at its thousands.
TORN_PAIRS = {
    "": "（選ばない）",
    "apart": "別々の数として読む",
    "join": "1つの数としてつなげて読む",
}


#: Which sort of year months without 年度 or 年 are of, where the file leaves it open or says it wrongly.
YEAR_KINDS = {
    "": "（ファイルのとおり）",
    "fiscal": "年度（4月〜翌年3月）",
    "calendar": "暦年（1月〜12月）",
}


#: How a date such as 10/1/2017 is meant.
DAY_ORDERS = {
    "": "（選ばない）",
    "month": "月／日／年（10/1/2017は2017年10月1日）",
    "day": "日／月／年（10/1/2017は2017年1月10日）",
}


_SHAPE = ("arrangement", "month_column", "year_column", "value_columns", "label_columns")


class DoesNotFit(ValidationError):
    """A remembered way of reading names columns that this table does not have."""


@dataclass(frozen=True)
class Mapping:
    """Columns are named by their headings, so that next month's file may have one more or less before them.

    `arrangement` is "" for a table without months, all of whose rows are of `month`. `series` gives for each label the
    series as "KPI code/series code", or "" where the label is left out. `fiscal_year` and `month` belong to one file
    and are not remembered.
    """

    arrangement: str = ""
    month_column: str = ""
    year_column: str = ""
    value_columns: tuple[str, ...] = ()
    label_columns: tuple[str, ...] = ()
    reason_column: str = ""
    scale: str = "one"
    repeats: str = "refuse"
    day_order: str = ""
    #: The era of years without one in the headings (7年度): R, H or S.
    era: str = ""
    #: Rows whose month cannot be read (years before, districts below) are left out instead of refused.
    skips_unread: bool = False
    #: Values of periods that have not ended are left out instead of refused.
    skips_future: bool = False
    #: Values with more decimals than the figure is written with are taken with them instead of refused.
    keeps_digits: bool = False
    #: Rows and columns that the file hides are read as well.
    takes_hidden: bool = False
    #: A unit written in the file that is not the figure's does not count.
    ignores_unit: bool = False
    #: The scale of numbers whose unit could not be read; "" where it has to be asked.
    unread_as: str = ""
    #: Numbers of a CSV that were torn apart at their thousands are put together. Of one file: not remembered.
    joins_torn: bool = False
    #: Numbers of a CSV that may be two or one torn apart: "apart", "join", or "" where it has to be asked.
    torn_pairs: str = ""
    #: Rows and columns named 前年度 are of the table's year, not of the year before.
    keeps_year: bool = False
    #: Tables that go on where this one ends are left out.
    stops_here: bool = False
    #: What is only the stored value rounded takes its place all the same. Of one file: not remembered.
    takes_rounded: bool = False
    as_of: str = ""
    shown_as: str = ""
    series: MappingOf[str, str] = field(default_factory=dict)
    #: "fiscal" or "calendar": what `fiscal_year` and a column of years are; "" as the file says.
    year_kind: str = ""
    fiscal_year: int | None = None
    month: date | None = None

    @property
    def factor(self) -> Decimal:
        return SCALES[self.scale][0]

    def has_shape_of(self, other: Mapping) -> bool:
        """Both find months, labels and values at the same places."""
        return all(getattr(self, name) == getattr(other, name) for name in _SHAPE)

    def to_json(self) -> dict[str, Any]:
        """All of it, for one file."""
        return asdict(self) | {"month": self.month.isoformat() if self.month else None, "series": dict(self.series)}

    def remembered(self) -> dict[str, Any]:
        """What holds for every file of the shape."""
        pairs = "" if self.torn_pairs == "join" else self.torn_pairs
        of_any = replace(self, fiscal_year=None, month=None, joins_torn=False, torn_pairs=pairs, takes_rounded=False)
        return of_any.to_json()

    @classmethod
    def from_json(cls, stored: MappingOf[str, Any]) -> Mapping:
        """Raises DoesNotFit where what is stored is no mapping."""
        try:
            known = {name: stored[name] for name in cls.__dataclass_fields__ if name in stored}
            if known.get("month"):
                known["month"] = date.fromisoformat(known["month"])
            for name in ("value_columns", "label_columns"):
                known[name] = tuple(known.get(name, ()))
            mapping = cls(**known)
            Arrangement(mapping.arrangement or "down")
            _ = mapping.factor, REPEATS[mapping.repeats], DAY_ORDERS[mapping.day_order], ERAS[mapping.era]
            _ = YEAR_KINDS[mapping.year_kind], AS_OFS[mapping.as_of], SHOWN_AS[mapping.shown_as]
            _ = TORN_PAIRS[mapping.torn_pairs], UNREAD_AS[mapping.unread_as]
        except (TypeError, ValueError, KeyError) as error:
            raise DoesNotFit("読み取り方の内容が壊れています。もう一度、読み取り方を決めてください。") from error
        return mapping


def layout_of(table: Table, mapping: Mapping, file_name: str) -> Layout:
    """The table as the mapping reads it. Raises DoesNotFit where a column is missing."""
    by_name = {column.name: position for position, column in enumerate(table.columns)}
    by_key: dict[str, list[int]] = {}
    for place, column in enumerate(table.columns):
        by_key.setdefault(timeless(column.name), []).append(place)

    def position(name: str) -> int:
        if name not in by_name and len(alike := by_key.get(timeless(name), [])) == 1:
            return alike[0]  # 令和7年5月分 stands where 令和7年4月分 stood
        if name not in by_name:
            raise DoesNotFit(
                f"列「{name}」がありません。ファイルの見出しが変わったようです。読み取り方を直してください。"
            )
        return by_name[name]

    return arrange(
        table,
        Arrangement(mapping.arrangement) if mapping.arrangement else None,
        month_column=position(mapping.month_column) if mapping.month_column else None,
        year_column=position(mapping.year_column) if mapping.year_column else None,
        value_columns=tuple(position(name) for name in mapping.value_columns),
        label_columns=tuple(position(name) for name in mapping.label_columns),
        file_name=file_name,
        fiscal_year=mapping.fiscal_year,
        year_kind=mapping.year_kind,
        day_order=mapping.day_order,
        era=mapping.era,
    )


def mapping_from(table: Table, layout: Layout) -> Mapping:
    """The mapping that says what was guessed; no label has a series yet."""

    def name(position: int | None) -> str:
        return "" if position is None else table.columns[position].name

    is_across = layout.arrangement in ACROSS_THE_HEADINGS
    values = () if is_across else tuple(name(p) for p in layout.value_columns if not table.columns[p].is_total)
    return Mapping(
        arrangement=str(layout.arrangement or ""),
        month_column=name(layout.month_column),
        year_column=name(layout.year_column),
        value_columns=values,
        label_columns=tuple(name(p) for p in layout.label_columns),
    )

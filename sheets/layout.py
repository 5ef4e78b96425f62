"""How a table was understood: the kinds of tables, and where the months and years of one are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sheets.years import HeadingYear


class Arrangement(StrEnum):
    LONG = "long"
    ACROSS = "across"
    DOWN = "down"
    YEARS = "years"
    CROSS = "cross"
    QUARTERS = "quarters"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Arrangement.LONG: "縦長の表（1行が1つの内訳の1か月分）",
    Arrangement.ACROSS: "月が横に並ぶ表（1列が1か月）",
    Arrangement.DOWN: "月が縦に並ぶ表（1行が1か月、値の列が1つ以上）",
    Arrangement.YEARS: "年度が横に並ぶ表（1列が1年度）",
    Arrangement.QUARTERS: "四半期が横に並ぶ表（1列が1四半期）",
    Arrangement.CROSS: "月が縦、年度が横に並ぶ表（1マスが1か月）",
}


@dataclass(frozen=True)
class Layout:
    """How a table was understood. Columns are positions in `table.columns`; None for the arrangement: no months found.

    `row_months` gives the month of each row by the file's row number (DOWN, LONG), `column_months` that of each column
    (ACROSS), `column_years` the year of each column (YEARS, CROSS) and `row_numbers` 1 to 12 of each row (CROSS). `unread` says in Japanese why a row or column has none, with its place as the key (12行目, C列).
    """

    arrangement: Arrangement | None
    month_column: int | None
    year_column: int | None
    value_columns: tuple[int, ...]
    label_columns: tuple[int, ...]
    row_months: dict[int, date] = field(default_factory=dict)
    column_months: dict[int, date] = field(default_factory=dict)
    column_years: dict[int, HeadingYear] = field(default_factory=dict)
    row_numbers: dict[int, int] = field(default_factory=dict)
    #: 1 to 12 of each column whose months get their year from the row (ACROSS).
    column_numbers: dict[int, int] = field(default_factory=dict)
    #: The year of each row of a table with years down, by the file's row number.
    row_years: dict[int, HeadingYear] = field(default_factory=dict)
    #: The quarter (2024-Q1) by the file's row number and the position of the column.
    periods: dict[tuple[int, int], str] = field(default_factory=dict)
    runs_fiscally: bool = False
    unread: dict[str, str] = field(default_factory=dict)
    explanations: tuple[str, ...] = ()
    needs_year: bool = False
    #: Why the year has to be asked for, with the years that do not go together.
    asks_year: str = ""
    needs_day_order: bool = False
    needs_era: bool = False

    def month_at(self, row: int, position: int) -> date | None:
        """The month of a cell by the file's row number and the position of its column; None where none was read."""
        match self.arrangement:
            case Arrangement.ACROSS if self.column_numbers:
                year, month = self.row_years.get(row), self.column_numbers.get(position)
                return year.of_months(is_fiscal=self.runs_fiscally).month(month) if year and month else None
            case Arrangement.ACROSS:
                return self.column_months.get(position)
            case Arrangement.CROSS:
                year, month = self.column_years.get(position), self.row_numbers.get(row)
                return year.of_months(is_fiscal=self.runs_fiscally).month(month) if year and month else None
            case _:
                return self.row_months.get(row)

    def year_at(self, position: int, row: int = 0) -> str:
        """The year of a column or row whose cells have no month of their own (FY2024), else ""."""
        if self.column_numbers:
            return ""
        if self.periods:
            return self.periods.get((row, position), "")
        if year := self.row_years.get(row):
            return year.text
        year = self.column_years.get(position)
        return year.text if year and self.arrangement is Arrangement.YEARS else ""

    def problem_at(self, row: int, letters: str) -> str:
        """Why a cell's month or year could not be read."""
        by_column, by_row = self.unread.get(f"{letters}列", ""), self.unread.get(f"{row}行目", "")
        match self.arrangement:
            case Arrangement.YEARS:
                return by_column
            case Arrangement.CROSS | Arrangement.ACROSS | Arrangement.QUARTERS:
                return by_column or by_row
            case _:
                return by_row

"""Reads years that stand across the headings of a table: their era may be written once, above them, or nowhere."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from japan.dates import DateError
from sheets.books import Cell
from sheets.cells import fold, plain
from sheets.months import ERA_WORDS, YEAR, is_year, tidy
from sheets.named_years import KnownYear, era_within, era_year
from sheets.tables import Column, Row, Table

#: What a clerk may say of years without an era (7年度).
ERAS = {"": "（選ばない）", "R": "令和", "H": "平成", "S": "昭和"}


#: What a heading says of a year besides its name.
_OF_THE_YEAR = re.compile(r"(?<=[年度])(?:実績値?|値|合計|計)$")


#: What a name says of its numbers besides their year: 令和5年度実績, R6年度(目標).
_OF_THE_NUMBERS = re.compile(
    r"(?<=[年度])\(?(?:実績値?|目標値?|計画値?|予算額?|決算額?|見込値?|見込み|推計値?|速報値?|確定値?|値|分)\)?$"
)


class EraMissing(DateError):
    """A year of one or two digits, and nothing around it that names the era."""


@dataclass(frozen=True)
class HeadingYear:
    """A year of a heading. `is_fiscal` is None where the heading does not say which sort of year it is."""

    year: int
    is_fiscal: bool | None

    @property
    def text(self) -> str:
        """As `japan.reading_periods` reads it; a bare 2024 where the figure it is for decides."""
        return {True: f"FY{self.year}", False: f"{self.year}年", None: str(self.year)}[self.is_fiscal]

    def of_months(self, *, is_fiscal: bool) -> KnownYear:
        """The year that months below the heading are of; `is_fiscal` where the heading itself does not say."""
        return KnownYear(self.year, is_fiscal if self.is_fiscal is None else self.is_fiscal, "見出し")


class YearReader:
    """Reads the headings from left to right: an era holds for the years that follow. `era` is what the clerk said."""

    def __init__(self, table: Table, era: str = "", file_name: str = "") -> None:
        self._found = "" if era else era_within((*table.preamble, table.sheet, file_name))
        self.era = era or self._found
        self.needs_era = self._used_found = False

    @property
    def said(self) -> list[str]:
        """Where the era of years without one was taken from, in words for a clerk."""
        name = ERA_WORDS.get(self._found.rstrip(".").upper(), self._found)
        return [f"元号のない年度は、表題かファイル名の元号から{name}と読みました。"] if self._used_found else []

    def read(self, heading: Cell) -> HeadingYear:
        """Raises EraMissing where only the era is lacking, DateError for a year that the era does not have."""
        text = _OF_THE_NUMBERS.sub("", tidy(str(heading)))
        match = YEAR.fullmatch(text)
        if match is None:
            raise DateError(f"「{text}」は年度として読めません。")
        is_fiscal = True if match["unit"] == "年度" or text.upper().startswith("FY") else None
        if match["unit"] == "年":
            is_fiscal = False
        if match["western"]:
            return HeadingYear(int(match["western"]), is_fiscal)
        self._used_found = self._used_found or (not match["era"] and self.era == self._found != "")
        self.era = match["era"] or self.era
        if not self.era:
            self.needs_era = True
            raise EraMissing(f"「{text}」には元号がありません。「元号」を選んでください。")
        year = era_year(self.era, match["number"])
        if year is None:
            name = ERA_WORDS.get(self.era.rstrip(".").upper(), self.era)
            raise DateError(f"「{text}」は{name}にありません。「元号」を確かめてください。")
        return HeadingYear(year, is_fiscal)


def heading_kind(column: Column) -> bool | None:
    """Which sort of year the heading of a column of years says: True for 年度, False for 暦年, None for 年."""
    folded = plain(column.name)
    return True if "年度" in folded or folded.startswith("fy") else False if "暦年" in folded else None


def year_headings(table: Table) -> dict[int, str]:
    """The positions whose heading is a year and nothing else, with its text."""
    found: dict[int, str] = {}
    for position, column in enumerate(table.columns):
        texts = [_OF_THE_YEAR.sub("", tidy(text)) for text in ("".join(column.parts), *column.parts)]
        if year := next((text for text in texts if text and is_year(text)), None):
            found[position] = year
    return found


#: So many cells tell what a column holds.
_LOOKED_AT = 2_000
_SAYS_YEAR = ("年", "年度", "暦年", "西暦", "year", "対象年", "対象年度")
_ENOUGH = 0.6
_SHORT = re.compile(r"元|[0-9]{1,2}")


def says_year(column: Column) -> bool:
    """Whether the heading of a column is that of years."""
    folded = plain(column.name)
    return folded in _SAYS_YEAR or any(folded.endswith(word) for word in _SAYS_YEAR if len(word) > 1)


def has_years(table: Table, position: int) -> bool:
    """Whether a column holds years: under 年度 and the like, or by themselves (令和5年度, R5; 2024 may be anything)."""
    filled = (row.cells[position] for row in table.rows if not row.is_total and row.cells[position] is not None)
    cells = list(itertools.islice(filled, _LOOKED_AT))
    if says_year(table.columns[position]):
        return bool(cells) and sum(_year_cells(cells)) >= _ENOUGH * len(cells)
    return len(set(cells)) > 1 and all(is_year(cell) and not fold(cell).isdigit() for cell in cells)


def names_years(table: Table, position: int) -> bool:
    """Whether every name of a column begins with its year: 令和6年度実績 and 令和5年度実績, no other words."""
    filled = (row.cells[position] for row in table.rows if not row.is_total and row.cells[position] is not None)
    texts = [tidy(fold(cell)) for cell in itertools.islice(filled, _LOOKED_AT)]
    years = [_OF_THE_NUMBERS.sub("", text) for text in texts]
    return bool(years) and years != texts and all(is_year(year) and not year.isdigit() for year in years)


def _year_cells(cells: list[Cell]) -> Iterator[bool]:
    """Of each cell whether it is a year; 2 is one below 令和元."""
    has_era = False
    for cell in cells:
        text = tidy(fold(cell))
        yield is_year(cell) or (has_era and bool(_SHORT.fullmatch(text)))
        match = YEAR.fullmatch(text)
        has_era = has_era or bool(match and match["era"])


def years_in_order(table: Table, column: int, reader: YearReader) -> Iterator[tuple[Row, HeadingYear | str | None]]:
    """The rows besides those of totals, each with its year, None for an empty cell, or why it is no year."""
    for row in table.rows:
        if row.is_total:
            continue
        try:
            yield row, None if row.cells[column] is None else reader.read(row.cells[column])
        except DateError as error:
            yield row, str(error)

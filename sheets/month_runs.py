"""Numbers in a row that are months, or values that look so: only the lines around it tell 4, 5, 6 the months from the values."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sheets.books import Cell
from sheets.cells import fold
from sheets.corners import go_on
from sheets.months import bare_month, is_year, month_told
from sheets.rows import Kind, Line, is_value, names_month

_MONTHS = 2
#: A month with its year and so many numbers behind it are a row of months.
_BEHIND = 2


def in_context(lines: list[Line]) -> list[Line]:
    """The lines, those of numbers that go on month by month as what the lines around them make of them: headings where
    none are above, values below headings of months."""
    found: list[Line] = []
    heading: Line | None = None  # the last one above in this block
    last: Line | None = None  # the last one above at all
    for number, line in enumerate(lines):
        if line.kind is Kind.BLANK and found and found[-1].kind is not Kind.HEADING:
            heading = None
        elif line.kind is Kind.VALUES and last is not None and _goes_on_from(line, last):
            line = replace(line, kind=Kind.HEADING, cells=_as_months(line.cells))
        elif line.kind is Kind.VALUES and heading is None and _leads_months(line, lines[number + 1 : number + 2]):
            line = replace(line, kind=Kind.HEADING)
        elif line.kind is Kind.HEADING and heading is not None and _holds_numbers(line) and _is_below(line, heading):
            line = replace(line, kind=Kind.VALUES)
        if line.kind is Kind.HEADING:
            heading = last = line
        found.append(line)
    return found


def names_months(line: Line) -> bool:
    """Whether a line of headings has months: 4月, R6.4, or bare numbers that go on by one."""
    months = [line.cells[position] for position in line.filled if is_month(line.cells[position])]
    return len(months) >= _MONTHS or (
        line.kind is Kind.HEADING
        and sum(bare_month(line.cells[p]) is not None and is_value(line.cells[p]) for p in line.filled) >= _MONTHS
    )


def is_month(cell: Cell) -> bool:
    """A month by its words or as a date, not as a bare number."""
    return isinstance(cell, date) or (isinstance(cell, str) and not fold(cell).isdigit() and names_month(cell))


def stands_over(line: Line, below: Line) -> bool:
    """A line of two years or more over months, or of two months or more over 目標 and 実績: each holds from its own column
    on."""
    if _are_months_over(line, below):
        return True
    years = [position for position in line.filled if is_year(line.cells[position])]
    return len(years) > 1 and len(below.filled) > len(line.filled) and names_months(below)


def _are_months_over(line: Line, below: Line) -> bool:
    months = [position for position in line.filled if is_month(line.cells[position])]
    others = line.filled - set(months)
    has_more = len(below.filled) > len(line.filled) and not names_months(below)
    return len(months) >= _MONTHS and has_more and all(position < min(months) for position in others)


def _holds_numbers(line: Line) -> bool:
    return sum(is_value(line.cells[position]) for position in line.filled) >= _MONTHS


def _is_below(line: Line, heading: Line) -> bool:
    """Every number has a heading of its own, and its line another name than the headings. R6, R6, R7 over numbers are the
    years of months."""
    numbers = {position for position in line.filled if is_value(line.cells[position])}
    first = min(line.filled | heading.filled)
    named = fold(line.cells[first]) if first in line.filled else ""
    is_alike = bool(named) and first in heading.filled and named == fold(heading.cells[first])
    above = [heading.cells[position] for position in sorted(numbers & heading.filled)]
    are_years = all(map(is_year, above)) and len(set(map(fold, above))) < len(above)
    return numbers <= heading.filled and not is_alike and not are_years


def _goes_on_from(line: Line, heading: Line) -> bool:
    """区分, 7, 8, 9 under a table headed 区分, 4, 5, 6: the same name, and the months after those."""
    positions = sorted(line.filled)
    first, name = positions[0], fold(line.cells[positions[0]])
    if first != min(heading.filled) or is_value(line.cells[first]) or name != fold(heading.cells[first]):
        return False
    above, cells = heading.cells[max(heading.filled)], [line.cells[position] for position in positions[1:]]
    before = bare_month(above) or (month_told(above) if is_month(above) else None)
    return before is not None and go_on(cells) and bare_month(cells[0]) == before % 12 + 1


def _as_months(cells: Sequence[Cell]) -> list[Cell]:
    """7, 8, 9 as 7月, 8月, 9月: what they are is known from the lines above alone."""
    return [f"{bare_month(cell)}月" if bare_month(cell) else cell for cell in cells]


def _leads_months(line: Line, after: Sequence[Line]) -> bool:
    """R6.4, 5, 6, 7: a month with its year, then numbers that go on by a month, and below it values with a name. So is
    R6年, 4, 5, 6 over them."""
    positions = sorted(line.filled)
    if _has_year_in_corner(line, positions, after):
        return True
    lead = next((place for place, position in enumerate(positions) if is_month(line.cells[position])), None)
    if lead is None or not after or not after[0].filled:
        return False
    cells = [line.cells[position] for position in positions[lead:]]
    first = month_told(cells[0])
    numbers = [bare_month(cell) for cell in itertools.takewhile(bare_month, cells[1:])]
    is_rest_words = not any(is_value(cell) for cell in cells[len(numbers) + 1 :])
    is_run = numbers == [((first or 0) + step) % 12 + 1 for step in range(len(numbers))]
    start = positions[lead]
    is_named_below = min(after[0].filled) < start and not (start in after[0].filled and is_month(after[0].cells[start]))
    has_names_before = all(not is_value(line.cells[position]) for position in positions[:lead])
    return len(numbers) >= _BEHIND and is_run and is_rest_words and is_named_below and has_names_before


def _has_year_in_corner(line: Line, positions: Sequence[int], after: Sequence[Line]) -> bool:
    cells = [line.cells[position] for position in positions]
    if (
        not is_year(cells[0])
        or not go_on(itertools.takewhile(bare_month, cells[1:]))
        or not after
        or not after[0].filled
    ):
        return False
    rest = list(itertools.dropwhile(bare_month, cells[1:]))
    named = after[0].cells[positions[0]] if positions[0] in after[0].filled else None
    return isinstance(named, str) and not is_value(named) and not is_year(named) and not any(map(is_value, rest))

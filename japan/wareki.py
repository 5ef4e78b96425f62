"""Japanese eras. A date is written wareki first with the western year beside it: 令和7(2025)年3月."""

from datetime import date

from japan.fiscal import fiscal_year_start

#: (name, letter, first day), newest first.
ERAS = (
    ("令和", "R", date(2019, 5, 1)),
    ("平成", "H", date(1989, 1, 8)),
    ("昭和", "S", date(1926, 12, 25)),
    ("大正", "T", date(1912, 7, 30)),
    ("明治", "M", date(1868, 1, 25)),
)
#: Before it Japan counted months by the moon: such days are neither read nor written.
FIRST_GREGORIAN_DAY = date(1873, 1, 1)
#: A year beyond it is a slip of the keyboard.
LAST_YEAR = 2999
_FIRST_YEAR = {name: first.year for name, _, first in ERAS} | {letter: first.year for _, letter, first in ERAS}


def to_wareki(day: date) -> tuple[str, int]:
    """The era's name and the year in it. Raises ValueError before 1873 (明治6)."""
    if day < FIRST_GREGORIAN_DAY:
        raise ValueError(f"{day} is before {FIRST_GREGORIAN_DAY}")
    name, first = next((name, first) for name, _, first in ERAS if day >= first)
    return name, day.year - first.year + 1


def era_year_to_western(era: str, year: int) -> int:
    """The western year of an era year (era by name or letter); years that never existed count on: 平成33 is 2021.

    Raises ValueError for an unknown era or a year below 1.
    """
    first = _FIRST_YEAR.get(era if era in _FIRST_YEAR else era.upper())
    if first is None or year < 1:
        raise ValueError(f"{era}{year} is no year of a known era")
    return first + year - 1


def write_year(day: date) -> str:
    """The wareki year of a day without 年: 令和7, 令和元."""
    era, year = to_wareki(day)
    return f"{era}{'元' if year == 1 else year}"


def fiscal_year_label(fiscal_year: int) -> str:
    """令和6(2024)年度. The fiscal year 2019 began as 平成31 and is called 令和元."""
    return f"{_fiscal_wareki(fiscal_year)}({fiscal_year})年度"


def fiscal_year_short(fiscal_year: int) -> str:
    """令和6年度."""
    return f"{_fiscal_wareki(fiscal_year)}年度"


def _fiscal_wareki(fiscal_year: int) -> str:
    # 平成31年度 became 令和元年度 one month in; the ministry's rule names the whole year 令和元年度.
    return "令和元" if fiscal_year == 2019 else write_year(fiscal_year_start(fiscal_year))


def month_label(day: date) -> str:
    """令和7(2025)年3月."""
    return f"{write_year(day)}({day.year})年{day.month}月"


def month_short(day: date) -> str:
    """令和7年3月."""
    return f"{write_year(day)}年{day.month}月"


def month_compact(day: date) -> str:
    """R7.3."""
    era, year = to_wareki(day)
    letter = next(letter for name, letter, _ in ERAS if name == era)
    return f"{letter}{year}.{day.month}"


def date_label(day: date) -> str:
    """令和7(2025)年5月31日."""
    return f"{month_label(day)}{day.day}日"


def year_label(year: int) -> str:
    """A calendar year: 令和2(2020)年, by the era of its last day."""
    return f"{write_year(date(year, 12, 31))}({year})年"

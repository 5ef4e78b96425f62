"""Names that say their numbers are of another year than the table: 前年度, 前年同月, 一昨年. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from japan.fiscal import add_months
from kpis.imports.names import key
from kpis.imports.places import Place

_LONGEST = 120
#: 前年度比, 対前年 and 前年度末 are no numbers of the year before.
_BEFORE = re.compile(
    r"(?<!対)(?P<word>(?:(?P<two>前々年|一昨年)|前年|昨年)度?+(?:同月|同期|同時期)?+)"
    r"(?!比|対比|差|増|減|末|まで|以前|より|から|との|並|繰|伸)"
)
_FISCAL = re.compile(r"FY(?P<year>[0-9]{4})")
_OTHERS = re.compile(r"(?P<year>[0-9]{4})(?P<rest>|-Q[1-4]|年)")


def years_back(label: str, figure: str = "") -> tuple[int, str]:
    """By how many years the numbers of a label are older than the table says, and the word that tells it. A figure that
    has the word in its own name means it: 前年度繰越額 is of this year."""
    match = _BEFORE.search(key(label[:_LONGEST]))
    if match is None or match["word"] in key(figure):
        return 0, ""
    return (2 if match["two"] else 1), match["word"]


def moved_back(place: Place, years: int) -> Place:
    """The place in the year that many before: its month, or the quarter or year that stands for one."""
    month = place.month and add_months(place.month, -12 * years)
    return replace(place, month=month, when=_moved(place.when, years))


def _moved(when: str, years: int) -> str:
    if match := _FISCAL.fullmatch(when):
        return f"FY{int(match['year']) - years}"
    if match := _OTHERS.fullmatch(when):
        return f"{int(match['year']) - years}{match['rest']}"
    return when

"""Looks a file through: its values by the way of reading, a line of each, what is left out, what has to be asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

from japan.fiscal import add_months, month_start
from kpis.imports import leaving_out
from kpis.imports.assumptions import FROM_FILE, Assumed, assumptions
from kpis.imports.continuing import Part, labels_in, parts_of
from kpis.imports.label_units import units_of
from kpis.imports.leaving_out import LeftOut
from kpis.imports.matching import by_code, series_for
from kpis.imports.periods import PeriodReader
from kpis.imports.previewing import preview
from kpis.imports.questions import CONTINUED, QUESTIONS
from kpis.imports.reading import Result, read_values
from kpis.imports.remembering import Reading
from kpis.imports.sureness import said_around
from kpis.imports.titles import month_of_table
from kpis.imports.values import Refused
from kpis.models import ImportedFile, ImportMapping

if TYPE_CHECKING:
    from accounts.access import Access


CONTINUES = "見出しと名前が同じで、月が続いているため"
OF_OTHER_MONTHS = "見出しと名前が同じで、シートごとに月が書かれているため"


def look_through(
    file: ImportedFile, reading: Reading, *, access: Access, saved: ImportMapping | None = None
) -> dict[str, int]:
    """Reads the values and keeps their preview. Gives the counts by outcome ("asked": those a check doubts)."""
    table, mapping = reading.found.table, reading.mapping
    parts = parts_of(reading, file.name)
    periods = period_reader(file, reading, access.on)
    units = units_of(table, parts[0].layout, mapping, reading.labels)
    result = read_values(
        chain.from_iterable(part.places(reading) for part in parts),
        mapping,
        by_code(series_for(access, file.department)),
        periods=periods,
        units=units,
    )
    known = saved or reading.saved
    left_out = [part for part in _left_out(reading, parts, result) if part.values]
    file.understood = file.understood | {
        "table": reading.found.number,
        "mapping": mapping.to_json(),
        "left_out": [part.to_json() for part in left_out],
        "questions": _questions(result.refused) | _whether_to_go_on(reading, parts),
        "assumed": [
            each.to_json()
            for each in chain(
                assumptions(file, reading, known, result.values, periods.remarks, units),
                (
                    Assumed("いつの値か", f"名前に「{word}」とある値を、{years}年前の値として読みました", FROM_FILE)
                    for word, years in result.moved.items()
                ),
                (
                    Assumed("速報などの語", f"{words}とあります。値に印は付けません", FROM_FILE)
                    for part in parts
                    for words in said_around(part.found.table, part.layout)
                ),
                (Assumed("続きの表", f"{part.found.label}{part.year_said}", _why(reading)) for part in parts[1:]),
            )
        ],
    }
    file.mapping = known
    return preview(
        file,
        result.values,
        result.refused,
        access=access,
        left_out=sum(part.values for part in left_out),
        takes_rounded=mapping.takes_rounded,
    )


def period_reader(file: ImportedFile, reading: Reading, on: date) -> PeriodReader:
    """Reads the periods of the table as of a day: of the months up to the one before it."""
    mapping, table = reading.mapping, reading.found.table
    told = month_of_table(table, file.name) if mapping.month else None
    title = told.text if told and told.month == mapping.month else ""
    return PeriodReader(mapping, add_months(month_start(on), -1), title, mapping.month_column)


def _left_out(reading: Reading, parts: list[Part], result: Result) -> Iterable[LeftOut]:
    unread = [LeftOut(leaving_out.NO_MONTH, "読み取り方で取り込まないとした行", result.unread)]
    return chain(
        leaving_out.of_labels(labels_in(reading, parts), reading.mapping.series),
        leaving_out.to_come(result.to_come),
        unread,
        *(leaving_out.of_table(p.found.table, p.layout, hidden=reading.mapping.takes_hidden) for p in parts),
        leaving_out.of_other_tables({part.found.number for part in parts}, reading.tables),
        reading.rest,
    )


def _why(reading: Reading) -> str:
    return CONTINUES if reading.mapping.arrangement else OF_OTHER_MONTHS


def _whether_to_go_on(reading: Reading, parts: list[Part]) -> dict[str, dict[str, object]]:
    """Tables that were taken with the chosen one may be left out; nothing waits for the answer."""
    if len(parts) < 2:
        return {}
    names = "、".join(part.found.label for part in parts[1:4])
    more = f"など{len(parts) - 1}つの表" if len(parts) > 4 else ""
    count = sum(1 for part in parts[1:] for place in part.places(reading) if reading.mapping.series.get(place.label))
    return {CONTINUED: {"count": count, "example": f"{names}{more}を、{_why(reading)}、いっしょに読みました。"}}


def _questions(refused: list[Refused]) -> dict[str, dict[str, object]]:
    """By the question's code: how many values wait for its answer, and the first one's message."""
    asked: dict[str, dict[str, object]] = {}
    for code in QUESTIONS:
        if waiting := [each for each in refused if each.asks == code]:
            asked[code] = {"count": len(waiting), "example": waiting[0].message}
    return asked

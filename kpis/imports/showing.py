"""The lines of a preview as a page shows them: what stands there now, what the file says, what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Case, IntegerField, QuerySet, Value, When

from kpis.imports.reporters import reporters_of
from kpis.models import Entry, ImportedFile, ImportLine, Measurement, Revision
from kpis.values.reading import understood_text
from kpis.values.statement import Statement
from sheets import place

Outcome = ImportLine.Outcome
ASKED = "asked"
Key = tuple[int | None, str, date]
_FIRST = (Outcome.REFUSED, Outcome.CHANGED, Outcome.NEW, Outcome.SAME)


@dataclass(frozen=True)
class Shown:
    """One line in words."""

    line: ImportLine
    place: str
    before: str
    after: str
    #: The department on whose route it goes, in a file of 取りまとめ課.
    reporter: str = ""


def lines_to_show(file: ImportedFile, which: str = "") -> QuerySet[ImportLine]:
    """The lines, refused ones first; `which` keeps those of an outcome, or those a check asks about."""
    order = Case(*[When(outcome=each, then=Value(n)) for n, each in enumerate(_FIRST)], output_field=IntegerField())
    lines = file.lines.select_related("series__kpi").annotate(rank=order).order_by("rank", "row", "column", "pk")
    if which == ASKED:
        return lines.exclude(outcome=Outcome.REFUSED).exclude(message="")
    return lines.filter(outcome=which) if which in Outcome.values else lines


def in_words(file: ImportedFile, lines: Sequence[ImportLine]) -> list[Shown]:
    """Each line beside what stands there now; of a file that was taken over, beside what counted before it. Three
    queries at most for any number of lines."""
    keys: set[Key] = {_key(line) for line in lines if line.series_id is not None}
    if file.state == ImportedFile.State.APPLIED:
        held = _before(lines, keys)
    else:
        held = _held(Measurement.objects.all(), keys) | _held(Entry.objects.open(), keys)
    readable = [line for line in lines if line.series_id is not None]
    found = reporters_of(readable) if file.goes_to_many else {}  # type: ignore[arg-type]  # they have their series
    names: dict[Key, str] = {place: department.name for place, department in found.items()}
    return [replace(_shown(line, held.get(_key(line))), reporter=names.get(_key(line), "")) for line in lines]


def _key(line: ImportLine) -> Key:
    return line.series_id, str(line.span), line.period


def _before(lines: Sequence[ImportLine], keys: set[Key]) -> dict[Key, Statement]:
    """The versions that the preview saw, from the history."""
    seen = {_key(line): line.seen_version for line in lines}
    within = Revision.objects.filter(
        measurement__series__in={key[0] for key in keys},
        period__in={key[2] for key in keys},
        version__in=set(seen.values()),
    )
    columns = within.values_list("measurement__series", "span", "period", "version", "value", "missing_reason")
    return {
        (series, span, period): Statement(value, reason)
        for series, span, period, version, value, reason in columns
        if seen.get((series, span, period)) == version
    }


def _held(rows: QuerySet, keys: set[Key]) -> dict[Key, Statement]:
    within = rows.filter(series__in={key[0] for key in keys}, period__in={key[2] for key in keys})
    columns = within.values_list("series_id", "span", "period", "value", "missing_reason")
    return {(series, span, period): Statement(value, reason) for series, span, period, value, reason in columns}


def _shown(line: ImportLine, before: Statement | None) -> Shown:
    if line.series is None:
        return Shown(line, place(line.sheet, line.row, line.column), "", "")
    kpi = line.series.kpi
    after = "" if line.outcome == Outcome.REFUSED else understood_text(kpi, Statement(line.value, line.missing_reason))
    now = understood_text(kpi, before) if before and line.outcome != Outcome.REFUSED else ""
    return Shown(line, place(line.sheet, line.row, line.column), now, after)

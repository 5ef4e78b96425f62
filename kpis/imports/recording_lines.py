"""Records the lines of a file as approved values: a few statements of SQL, whatever the number of lines.

The same statements run on PostgreSQL and SQLite. What `kpis.values.recording.record` does for a page's few values, with the
same locks, the same check of versions and closed months, and a revision of every version.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from accounts.models import Assignment
from kpis.imports.reporters import goes_through_approval, reporters_of
from kpis.imports.versions import refuse_stale
from kpis.models import ImportedFile, ImportLine, Measurement, Revision
from kpis.models.value import STATEMENT
from kpis.values.closed import check_open, hold_series, months_by_period
from kpis.values.reasons import reason_of_import
from kpis.values.recording import REASON_LENGTH, values_were_written
from kpis.values.statement import Slot

if TYPE_CHECKING:
    from accounts.access import Access

_MEASUREMENT, _REVISION, _LINE = (model._meta.db_table for model in (Measurement, Revision, ImportLine))
_SAID = ", ".join(STATEMENT)
_OF_LINE = ", ".join(f"l.{name}" for name in STATEMENT)
_OF_VALUE = ", ".join(f"m.{name}" for name in STATEMENT)
#: The day and the marks of a value stay with it (kpis.values.statement.with_marks_of); a reason has none.
_STAYING = ("as_of", "as_of_wording")
#: Those that the file says are put to it as well.
_ADDED = ("is_rounded", "is_provisional")
_OF_THE_VALUE = {
    **{name: f"CASE WHEN l.value IS NULL THEN l.{name} ELSE m.{name} END" for name in _STAYING},
    **{name: f"CASE WHEN l.value IS NULL THEN l.{name} ELSE l.{name} OR m.{name} END" for name in _ADDED},
    "nature": "CASE WHEN l.nature <> 'estimated' AND l.value = m.value AND m.nature <> 'projected' THEN m.nature ELSE l.nature END",
    "published": "CASE WHEN l.value = m.value THEN m.published ELSE l.published END",
}
_SET = ", ".join(f"{name} = {_OF_THE_VALUE.get(name, f'l.{name}')}" for name in STATEMENT)
_SAME_PLACE = "m.series_id = l.series_id AND m.span = l.span AND m.period = l.period"

# Names of tables and columns are the models' own; everything else is a parameter.
_ADD = f"""
INSERT INTO {_MEASUREMENT} (series_id, span, period, {_SAID}, note, source, imported_file_id, version, updated_at)
SELECT l.series_id, l.span, l.period, {_OF_LINE}, %s, %s, l.imported_file_id, 1, %s
FROM {_LINE} l WHERE l.imported_file_id = %s AND l.outcome = 'new'
"""  # noqa: S608
_CHANGE = f"""
UPDATE {_MEASUREMENT} AS m SET {_SET}, imported_file_id = l.imported_file_id, version = m.version + 1,
    updated_at = %s
FROM {_LINE} l WHERE l.imported_file_id = %s AND l.outcome = 'changed' AND {_SAME_PLACE}
"""  # noqa: S608
_KEEP = f"""
INSERT INTO {_REVISION} (measurement_id, version, kind, span, period, {_SAID}, note, source, imported_file_id,
    actor_id, actor_name, post, reason, at)
SELECT m.id, m.version, CASE WHEN {{was_closed}}
    THEN CASE WHEN l.outcome = 'new' THEN 'addition' ELSE 'correction' END
    ELSE CASE WHEN l.outcome = 'new' THEN 'first' ELSE 'change' END END, m.span, m.period, {_OF_VALUE}, m.note,
    m.source, m.imported_file_id, %s, %s, %s, %s, %s
FROM {_LINE} l JOIN {_MEASUREMENT} m ON {_SAME_PLACE}
WHERE l.imported_file_id = %s AND l.outcome IN ('new', 'changed')
"""  # noqa: S608


def record_lines(file: ImportedFile, *, access: Access, note: str) -> int:
    """Inside the caller's transaction. Raises Conflict, MonthIsClosed, and ValidationError where values that count
    would change without a reason."""
    lines = file.lines.filter(outcome__in=["new", "changed"])
    touched = file.lines.exclude(outcome="refused").values_list("series_id", flat=True).distinct()
    kpi_of = hold_series(pk for pk in touched if pk is not None)
    refuse_stale(file)
    places = [Slot(*place) for place in lines.values_list("series_id", "period", "span").iterator(10_000)]
    reopened = check_open(places, access.on)
    _refuse_reported(places, access)
    if not note and lines.filter(outcome="changed").exists():
        raise ValidationError("登録済みの実績値を変える理由を入力してください。", code="reason")
    if not note and reopened:
        raise ValidationError("確定した月に値を加える理由を入力してください。", code="reason")
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    who = access.user
    reason = reason_of_import(file.name, note)[:REASON_LENGTH]
    was_closed, periods = _was_closed(places, reopened)
    post = access.post_in(None, Assignment.Role.REFORM_OFFICE)
    said: list[Any] = [*periods, who.pk, who.name, post, reason, now, file.pk]  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        # A file's name is not for readers: the file is kept beside the value, the KPI names the source.
        # What was typed for the office is no note for readers either: it stands in the history.
        cursor.execute(_ADD, ["", "", now, file.pk])
        cursor.execute(_CHANGE, [now, file.pk])
        cursor.execute(_KEEP.format(was_closed=was_closed), said)
    series_ids = {place.series_id for place in places}
    kpi_ids = {kpi_of[series_id] for series_id in series_ids}
    values_were_written(kpi_ids)
    return len(places)


def _refuse_reported(places: Collection[Slot], access: Access) -> None:
    """Raises ValidationError where a department has come to report a value since the preview."""
    recent = {key for key, month in months_by_period(places).items() if goes_through_approval(month, access.on)}
    asked = [place for place in places if (place.span, place.period) in recent]
    if reporters := reporters_of(asked):
        raise ValidationError(
            f"{len(reporters)}件の値は、各所属が報告する値になりました。もう一度内容を確かめてください。",
            code="reported",
        )


def _was_closed(places: Collection[Slot], reopened: Collection[date]) -> tuple[str, list[Any]]:
    """The condition, with its parameters, that a line's month is one that was closed and is open again."""
    pairs = sorted(key for key, month in months_by_period(places).items() if month in reopened)
    parameters = [each for pair in pairs for each in pair]
    return " OR ".join(["(m.span = %s AND m.period = %s)"] * len(pairs)) or "1 = 0", parameters

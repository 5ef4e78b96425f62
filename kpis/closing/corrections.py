"""訂正・遡及改定の一覧: what was changed after it had been closed, old and new, by whom and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import DateTimeField, Exists, ExpressionWrapper, Max, Min, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from accounts.managers import valid_on
from accounts.models import Department
from japan.csv_files import Cell, write_csv
from japan.fiscal import fiscal_year_of
from japan.missing import MissingReason
from japan.periods import Span
from kpis.models import Kpi, Reopening, Reporting, Revision
from kpis.values.closed import month_of
from kpis.values.history import versions_before, written
from kpis.values.reasons import reasons_for
from kpis.values.who_answers import Answerers, who_answers
from kpis.values.withholding import WITHHELD, withheld_from

if TYPE_CHECKING:
    from accounts.access import Access

Kind = Revision.Kind
KINDS = (Kind.CORRECTION, Kind.RESTATEMENT, Kind.FINAL, Kind.ADDITION)
COLUMNS = (
    "日時",
    "種類",
    "指標コード",
    "指標名",
    "内訳名",
    "対象期間",
    "所属",
    "変更前の値",
    "変更前の値なしの理由",
    "変更後の値",
    "変更後の値なしの理由",
    "単位",
    "理由",
    "職",
    "氏名",
)
COLUMNS_OF_REOPENINGS = ("解除した日時", "対象月", "所属", "期限", "期限前に終えた日時", "理由", "職", "氏名")


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to: days the period begins in, a KPI's code, a department."""

    days: tuple[date, date] | None = None
    kpi: str = ""
    department_id: int | None = None


@dataclass(frozen=True)
class Correction:
    """One line: the version, the one it replaced, and the department that reported it."""

    revision: Revision
    before: Revision | None
    department: str
    #: The value is withheld now: what stood there is not for this reader.
    is_hidden: bool
    reason: str

    @property
    def kpi(self) -> Kpi:
        return self.revision.measurement.series.kpi

    @property
    def old(self) -> str:
        return written(self.kpi, self.before, is_hidden=self.is_hidden)

    @property
    def new(self) -> str:
        return written(self.kpi, self.revision, is_hidden=self.is_hidden)

    @property
    def is_remark(self) -> bool:
        """The value is as it was: the reason is what is new."""
        return self.revision.says_the_same_as(self.before)

    @property
    def kind_word(self) -> str:
        """訂正, 遡及改定, 確定値への変更 or 確定後の登録, without what explains it."""
        return self.revision.kind_word


def corrections(asked: Asked) -> QuerySet[Revision]:
    """The changes of closed values that are asked for, newest first."""
    found = (
        Revision.objects.filter(kind__in=KINDS)
        .select_related("measurement__series__kpi__department", "imported_file")
        .order_by("-at", "-pk")
    )
    if asked.days:
        found = found.filter(period__range=asked.days)
    if asked.kpi:
        found = found.filter(measurement__series__kpi__code=asked.kpi)
    return found.filter(_concerns(asked.department_id)) if asked.department_id else found


#: A day of the last month of a period, counted from its first day: who reports then is named on the line.
_IN_ITS_LAST_MONTH = {
    Span.MONTH: timedelta(days=15),
    Span.QUARTER: timedelta(days=75),
    Span.FISCAL_YEAR: timedelta(days=350),
    Span.CALENDAR_YEAR: timedelta(days=350),
}


def _concerns(department_id: int) -> Q:
    """A change of what the department reports or registers for everybody, or of a figure it is in charge of."""
    found = Q(measurement__series__kpi__department=department_id)
    for span, days in _IN_ITS_LAST_MONTH.items():
        # A day of the outer query's row instead of a day.
        day = ExpressionWrapper(OuterRef("period") + Value(days), output_field=DateTimeField())
        rows = Reporting.objects.filter(valid_on(day), series=OuterRef("measurement__series"))  # type: ignore[arg-type]
        theirs = rows.filter(Q(department=department_id) | Q(registrar=department_id))
        found |= Q(Exists(theirs), span=span)
    return found


def reopenings_asked(asked: Asked) -> QuerySet[Reopening]:
    """Every 確定解除 of the months and departments that are asked for, newest first, those that are over too."""
    found = Reopening.objects.select_related("department", "opened_by").order_by("-opened_at", "-pk")
    if asked.days:
        found = found.filter(month__range=asked.days)
    return found.filter(department=asked.department_id) if asked.department_id else found


def lines_of(revisions: Iterable[Revision], access: Access) -> list[Correction]:
    """The lines of a page or a file as a person may read them, in two queries; in three where a value is withheld."""
    listed = list(revisions)
    before, hidden = versions_before(listed), withheld_from(access, listed)
    reasons = reasons_for(access, listed)
    answerers = who_answers(revision.measurement.series_id for revision in listed)
    return [
        Correction(
            revision,
            before.get((revision.measurement_id, revision.version - 1)),
            _department(revision, answerers),
            revision.measurement_id in hidden,
            reasons[revision.pk],
        )
        for revision in listed
    ]


def _department(revision: Revision, answerers: Answerers) -> str:
    row = answerers.row(revision.measurement.series_id, month_of(revision.measurement))
    if row is not None:
        return row.department.name
    in_charge = revision.measurement.series.kpi.department
    return in_charge.name if in_charge else ""


def choices() -> tuple[list[int], list[Kpi], list[Department]]:
    """What can be asked for: the fiscal years, KPIs and departments of the two lists (three queries)."""
    changed = Revision.objects.filter(kind__in=KINDS)
    ends = changed.aggregate(first=Min("period"), last=Max("period"))
    years = range(fiscal_year_of(ends["last"]), fiscal_year_of(ends["first"]) - 1, -1) if ends["first"] else []
    kpis = Kpi.objects.filter(series__measurements__revisions__in=changed).distinct()
    rows = Reporting.objects.filter(series__measurements__revisions__in=changed)
    answering = Q(pk__in=rows.values("department")) | Q(pk__in=rows.values("registrar"))
    let_in = Q(pk__in=Reopening.objects.values("department"))
    departments = Department.objects.filter(answering | let_in | Q(kpis__in=kpis)).distinct().in_official_order()
    return list(years), list(kpis), list(departments)


def corrections_file(asked: Asked, access: Access, *, for_excel: bool) -> bytes:
    """The list as CSV."""
    return write_csv(COLUMNS, _rows(lines_of(corrections(asked), access)), for_excel=for_excel)


def reopenings_file(asked: Asked, *, for_excel: bool) -> bytes:
    """The list of 確定解除 as CSV, all of them."""
    rows = (
        (
            _moment(each.opened_at),
            f"{each.month:%Y-%m}",
            each.department.name,
            each.until.isoformat(),
            _moment(each.ended_at) if each.ended_at else "",
            each.reason,
            each.opened_post,
            each.opened_by.name,
        )
        for each in reopenings_asked(asked)
    )
    return write_csv(COLUMNS_OF_REOPENINGS, rows, for_excel=for_excel)


def _moment(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")


def _rows(lines: Iterable[Correction]) -> Iterator[tuple[Cell, ...]]:
    for line in lines:
        revision = line.revision
        yield (
            _moment(revision.at),
            line.kind_word,
            line.kpi.code,
            line.kpi.name,
            revision.measurement.series.name,
            revision.dated_period.iso,
            line.department,
            *_value(line.before, is_hidden=line.is_hidden),
            *_value(revision, is_hidden=line.is_hidden),
            line.kpi.unit,
            line.reason,
            revision.post,
            revision.actor_name,
        )


def _value(revision: Revision | None, *, is_hidden: bool) -> tuple[Decimal | None, str]:
    """The value without the zeros the database adds, or the reason why there is none."""
    if revision is None:
        return None, ""
    if revision.value is None:
        return None, MissingReason(revision.missing_reason).label
    if is_hidden:
        return None, WITHHELD
    whole = revision.value.to_integral_value()
    return (whole if revision.value == whole else revision.value.normalize()), ""

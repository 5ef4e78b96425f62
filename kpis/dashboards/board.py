"""Everything cards are made from, for any number of KPIs in five queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from accounts.models import ClosedDay
from japan.closed_days import PLAIN, CityCalendar
from japan.fiscal import add_months, month_end, month_start
from japan.periods import Period, Span
from kpis import claims
from kpis.claims import Figure, Subject
from kpis.dashboards.completeness import Due, answered_keys, due_through, newest_due
from kpis.models import Kpi, Measurement, Reporting, Summary, Target
from kpis.values.figures import figures_of, subject_of

#: Rows read per KPI and span: two years for the trend and one more for what it is compared with.
DEPTH = 37


@dataclass
class Sight:
    """What is known of one KPI on a day."""

    kpi: Kpi
    subject: Subject
    figures: list[Figure]
    figure: Figure | None
    in_progress: Figure | None
    targets: dict[tuple[int, int | None], Target]
    due: Due | None
    #: The day it is looked at, and the newest month that was due by then.
    on: date = date.max
    due_through: date | None = None
    #: The measurements of the shown, partial and due periods, of the KPI's own series and of its parts.
    measurements: list[Measurement] = field(default_factory=list)

    @property
    def shown(self) -> Summary | None:
        """The row of the figure that is shown."""
        return self.figure.row if self.figure else None

    @property
    def partial(self) -> Summary | None:
        """The row of the period that is being reported."""
        return self.in_progress.row if self.in_progress else None

    @property
    def own_measurements(self) -> list[Measurement]:
        """Those the shown figure was made from."""
        if self.shown is None:
            return []
        kpi_ids = set(part_ids(self.kpi)) or {self.kpi.pk}
        keys = _keys(self.shown)
        of_period = [m for m in self.measurements if (m.span, m.period) in keys]
        own = [m for m in of_period if m.series.kpi_id == self.kpi.pk]
        return own or [m for m in of_period if m.series.kpi_id in kpi_ids]


@dataclass
class Board:
    """The sights of several KPIs, with who reports them."""

    today: date
    last_month: date
    sights: list[Sight]
    reportings: list[Reporting]
    calendar: CityCalendar = PLAIN

    @property
    def answered(self) -> set[tuple[int, str, date]]:
        return answered_keys({m.pk: m for sight in self.sights for m in sight.measurements}.values())


def part_ids(kpi: Kpi) -> list[int]:
    """The KPIs a ratio is computed from."""
    return [pk for pk in (kpi.numerator_id, kpi.denominator_id) if pk is not None]


def look_at(kpis: Iterable[Kpi], *, today: date, as_of: date | None = None, depth: int = DEPTH) -> Board:
    """What is known of the KPIs today, or by the end of the month `as_of`: by each figure's own as-of.

    KPIs that are parts of a listed ratio are read along: `numerator` and `denominator` should be selected.
    """
    listed = list(kpis)
    last_month = min(as_of or date.max, add_months(month_start(today), -1))
    until = month_end(as_of) if as_of else today
    ids = {kpi.pk for kpi in listed}
    rows: dict[int, list[Summary]] = {}
    for row in Summary.objects.newest(ids, until, depth):
        rows.setdefault(row.kpi_id, []).append(row)
    targets: dict[int, dict[tuple[int, int | None], Target]] = {}
    for target in Target.objects.filter(kpi__in=ids):
        targets.setdefault(target.kpi_id, {})[(target.fiscal_year, target.month)] = target
    calendar = ClosedDay.objects.calendar()
    sights = []
    for kpi in listed:
        sights.append(_sight(kpi, rows.get(kpi.pk, []), targets.get(kpi.pk, {}), last_month, until, calendar, as_of))
    _add_measurements(sights)
    all_ids = ids | {pk for kpi in listed for pk in part_ids(kpi)}
    return Board(today, last_month, sights, list(Reporting.objects.of_kpis(all_ids)), calendar)


def _sight(
    kpi: Kpi,
    rows: list[Summary],
    targets: dict[tuple[int, int | None], Target],
    last_month: date,
    until: date,
    calendar: CityCalendar,
    as_of: date | None,
) -> Sight:
    subject, figures = subject_of(kpi), figures_of(rows)
    if as_of is not None:
        figures = claims.known_by(subject, figures, until)
    shown = claims.latest(subject, figures)
    return Sight(
        kpi,
        subject,
        figures,
        shown,
        claims.in_progress(subject, figures, shown) if shown else None,
        targets,
        newest_due(kpi, last_month, calendar),
        on=until,
        due_through=due_through(kpi, last_month, until, calendar),
    )


def _keys(row: Summary) -> set[tuple[str, date]]:
    """The periods of values a row may be made from: a year's level is its month's, or its quarter's."""
    if row.value_period is None:
        return {(row.span, row.period)}
    quarter = Period.containing(Span.QUARTER, row.value_period).start
    return {(Span.MONTH.value, row.value_period), (Span.QUARTER.value, quarter)}


def _add_measurements(sights: list[Sight]) -> None:
    wanted = {sight.kpi.pk: {sight.kpi.pk, *part_ids(sight.kpi)} for sight in sights}
    starts = {sight.kpi.pk: _starts(sight) for sight in sights}
    found = Measurement.objects.of_periods(
        {pk for pks in wanted.values() for pk in pks}, {start for days in starts.values() for start in days}
    )
    by_kpi: dict[int, list[Measurement]] = {}
    for measurement in found:
        by_kpi.setdefault(measurement.series.kpi_id, []).append(measurement)
    for sight in sights:
        days = starts[sight.kpi.pk]
        sight.measurements = [m for pk in wanted[sight.kpi.pk] for m in by_kpi.get(pk, []) if m.period in days]


def _starts(sight: Sight) -> set[date]:
    days = {start for row in (sight.shown, sight.partial) if row is not None for _, start in _keys(row)}
    return days | ({sight.due.period.start} if sight.due else set())

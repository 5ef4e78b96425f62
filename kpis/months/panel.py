"""Everything about one cell: its last two years, what it means, where it is counted, what happened, what is attached."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import Prefetch
from django.http import Http404
from django.utils.safestring import mark_safe

from accounts.models import Department
from charts.specification import Chart, Line
from charts.svg import to_svg
from japan.fiscal import month_start
from japan.periods import Period
from japan.wareki import month_compact
from kpis import claims
from kpis import entries as acts
from kpis.entries import evidence as papers
from kpis.models import Entry, EntryEvent, Evidence, Measurement, OwnerCard, Revision, Series
from kpis.models.value import Nature
from kpis.months.line import EDITABLE
from kpis.values.figures import marks_of
from kpis.values.who_answers import who_answers

if TYPE_CHECKING:
    from accounts.access import Access

PERIODS = 24


@dataclass(frozen=True)
class Past:
    """One period of the table: its name and what counts in it."""

    period: Period
    measurement: Measurement | None


@dataclass
class Panel:
    """A series in a period, as the department that reports it sees it."""

    series: Series
    period: Period
    department: Department
    past: list[Past]
    entries: list[Entry]
    revisions: list[Revision]
    card: OwnerCard | None
    #: All that were attached, those that were taken back among them.
    papers: list[Evidence]
    may_enter: bool
    #: The month is closed for the department: neither value nor papers change.
    is_closed: bool

    @property
    def evidence(self) -> list[Evidence]:
        return [paper for paper in self.papers if paper.removed_at is None]

    @property
    def taken_back(self) -> list[Evidence]:
        return [paper for paper in self.papers if paper.removed_at is not None]

    @property
    def may_change_papers(self) -> bool:
        return self.may_enter and not self.is_closed

    @property
    def month(self) -> date:
        """The month it is reported with."""
        return month_start(self.period.end)

    @property
    def measurement(self) -> Measurement | None:
        return self.past[-1].measurement

    @property
    def open_entry(self) -> Entry | None:
        return next((entry for entry in self.entries if entry.is_open), None)

    @property
    def may_comment(self) -> bool:
        entry = self.open_entry
        if not self.may_enter or (entry is None and self.measurement is not None):
            return False
        return entry is None or entry.state in EDITABLE

    @property
    def events(self) -> list[EntryEvent]:
        """What happened to the entries of this period, newest first."""
        found = [event for entry in self.entries for event in entry.events.all()]
        return sorted(found, key=lambda event: (event.at, event.pk), reverse=True)

    @property
    def marks(self) -> dict[str, bool]:
        """The marks the panel shows, for the notes below; empty where there are none."""
        rows = [past.measurement for past in self.past if past.measurement]
        flags = ("is_derived", "is_rounded", "is_provisional", "is_synthetic")
        found = {flag: True for flag in flags if any(getattr(row, flag) for row in rows)}
        return found | ({"is_estimated": True} if any(row.nature == Nature.ESTIMATED for row in rows) else {})

    @property
    def chart(self) -> str:
        """The periods as a small chart; "" with fewer than two values, which make no line."""
        kpi, values = self.series.kpi, [p.measurement.value if p.measurement else None for p in self.past]
        if sum(value is not None for value in values) < 2:
            return ""
        labels = tuple(_label(past.period) for past in self.past)
        alt = f"{self.series}の{self.past[0].period.label}から{self.period.label}までの推移。値は下の表にあります。"
        drawn = [p.measurement for p in self.past if p.measurement and p.measurement.value is not None]
        line = Line(claims.line_name(marks_of(each) for each in drawn), tuple(values))
        chart = Chart(str(self.series), alt, labels, (line,), unit=kpi.unit, decimals=kpi.decimals, scale=kpi.scale)
        return mark_safe(to_svg(chart, width=360, height=200))  # noqa: S308  charts.svg escapes every text itself


def _label(period: Period) -> str:
    return month_compact(period.start) if period.span.value == "month" else period.label


def panel_of(series: Series, period: Period, access: Access) -> Panel | None:
    """The panel of a cell in nine queries; None where the person may not see it. Raises Http404 where nobody reports it."""
    month = month_start(period.end)
    reporting = who_answers([series.pk]).row(series.pk, month)
    if reporting is None:
        raise Http404("この期間にこの指標を報告する所属はありません。")
    department = reporting.answering
    if not access.may_see_entries(department):
        return None
    periods = [period.shift(-back) for back in reversed(range(PERIODS))]
    rows = Measurement.objects.filter(series=series, span=period.span.value, period__in=[p.start for p in periods])
    found = {row.period: row for row in rows}
    revisions = Revision.objects.filter(
        measurement__series=series, measurement__span=period.span.value, measurement__period=period.start
    )
    return Panel(
        series=series,
        period=period,
        department=department,
        past=[Past(each, found.get(each.start)) for each in periods],
        entries=_entries(series, period),
        revisions=list(revisions.order_by("-version")),
        card=OwnerCard.objects.filter(kpi=series.kpi_id, department=department)
        .select_related("owner__user", "owner__department", "deputy__user", "deputy__department")
        .first(),
        papers=papers.listed(series.kpi, {department, reporting.department}, month),
        may_enter=access.may_enter(department.pk),
        is_closed=papers.is_closed(department, month, access),
    )


def _entries(series: Series, period: Period) -> list[Entry]:
    return list(
        Entry.objects.filter(series=series, span=period.span.value, period=period.start)
        .prefetch_related(Prefetch("events", EntryEvent.objects.order_by("at", "id")))
        .order_by("-pk")
    )


def save_comment(panel: Panel, comment: str, marks: Collection[str], seen_version: int, access: Access) -> Entry:
    """Keeps a comment, and which marks (`marks`) a stored value has, with what is stored of it.

    Raises Conflict, ValidationError, PermissionDenied.
    """
    entry = panel.open_entry
    if entry is None and not comment.strip():
        raise ValidationError("コメントを入力してください。", code="blank")
    ProhibitNullCharactersValidator()(comment)  # PostgreSQL stores none
    said = acts.Statement() if entry is None else acts.statement_of(entry)
    if said.value is not None:
        said = replace(
            said,
            nature=Nature.ESTIMATED if "is_estimated" in marks else Nature.OBSERVED,
            is_provisional="is_provisional" in marks,
            is_rounded="is_rounded" in marks,
            is_derived="is_derived" in marks,
            is_synthetic="is_synthetic" in marks,
        )
    return acts.save_draft(
        acts.Slot(panel.series.pk, panel.period.start, panel.period.span.value),
        said,
        access=access,
        department_id=panel.department.pk,
        typed=entry.typed if entry else "",
        comment=comment,
        change_kind=entry.change_kind if entry else "",
        seen_version=seen_version,
    )

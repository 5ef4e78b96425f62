"""確定: closes a month, re-opens it for one department, and says of each value whether it may change today."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import Assignment, Department
from japan.fiscal import month_start
from japan.periods import Period, Span
from japan.wareki import date_label, month_short
from kpis.models import Closing, Reopening, Reporting, Series

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.access import Access


class Dated(Protocol):
    """Anything that says which series and period it is about."""

    @property
    def series_id(self) -> int: ...
    @property
    def span(self) -> str: ...
    @property
    def period(self) -> date: ...


class MonthIsClosed(ValidationError):
    """A value of a closed month was to be changed; `months` are the closed ones."""

    def __init__(self, months: tuple[date, ...], *, is_nobodys: bool = False) -> None:
        named = "、".join(month_short(month) for month in months)
        way_out = (
            "報告する所属のない指標です。管理画面で所管所属を登録し、その所属の確定を解除してください。"
            if is_nobodys
            else "直す必要があるときは、取りまとめ課へ確定解除を依頼してください。"
        )
        super().__init__(f"{named}分は確定しているため、変更できません。{way_out}", code="closed")
        self.months = months


@dataclass(frozen=True)
class Lock:
    """Why a department's month may not change, or by whose re-opening it may for now."""

    closing: Closing
    reopening: Reopening | None = None

    @property
    def is_locked(self) -> bool:
        return self.reopening is None


def month_of(dated: Dated) -> date:
    """The month a value is reported with: the last of its period."""
    return month_start(Period(Span(dated.span), dated.period).end)


def months_by_period(dated: Iterable[Dated]) -> dict[tuple[str, date], date]:
    """(span, period) → the month it is reported with, worked out once for each however many values there are."""
    one_each = {(each.span, each.period): each for each in dated}
    return {key: month_of(each) for key, each in one_each.items()}


def closed_months(months: Iterable[date]) -> dict[date, Closing]:
    return {closing.month: closing for closing in Closing.objects.filter(month__in=set(months))}


@dataclass(frozen=True)
class ClosedMonths:
    """The closed ones among some months, and the (department id, month) for which they are open again."""

    months: frozenset[date] = frozenset()
    reopened: frozenset[tuple[int, date]] = frozenset()

    def locks(self, department_id: int, month: date) -> bool:
        """Nothing of the department's month may change, so nothing of it is asked for."""
        return month in self.months and (department_id, month) not in self.reopened


def closed_on(months: Iterable[date], on: date) -> ClosedMonths:
    """Which of the months are closed on a day, and for whom they are open again (two queries)."""
    closed = frozenset(closed_months(months))
    if not closed:
        return ClosedMonths()
    reopened = Reopening.objects.in_force(on).filter(month__in=closed).values_list("department_id", "month")
    return ClosedMonths(closed, frozenset(reopened))


def locks_of(department_id: int, months: Iterable[date], on: date) -> dict[date, Lock]:
    """The closed ones among a department's months, each with its re-opening in force on a day (two queries)."""
    closings = closed_months(months)
    if not closings:
        return {}
    reopenings = {
        reopening.month: reopening
        for reopening in Reopening.objects.in_force(on).filter(department_id=department_id, month__in=closings)
    }
    return {month: Lock(closing, reopenings.get(month)) for month, closing in closings.items()}


def hold_series(series_ids: Iterable[int]) -> dict[int, int]:
    """Locks series until the transaction ends: who writes values, and who closes a month, waits for the other.

    A closing locks all series, a writer only its own, so departments do not wait for each other; on SQLite there is
    one writer anyway. Always in the order of ids, before any value is locked. Gives series id → KPI id.
    """
    rows = Series.objects.select_for_update(no_key=True).filter(pk__in=set(series_ids)).order_by("pk")
    return dict(rows.values_list("pk", "kpi_id"))


def hold_all_series() -> None:
    """The lock of a closing: no value of any series is being written while it is held."""
    list(Series.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def check_open(dated: Sequence[Dated], on: date) -> frozenset[date]:
    """Raises MonthIsClosed where one of the values may not change on a day; gives the closed months re-opened for them.

    A value belongs to the department that reports its series in that month, else to the one in charge of the KPI.
    Who writes values calls it after `hold_series`, in the same transaction, so that nobody closes the month meanwhile.
    """
    closed, locked = locked_places(dated, on)
    if locked:
        months: dict[date, bool] = {}  # month → whether every refused value in it has a department that can be let in
        for (_, month), has_department in locked.items():
            months[month] = months.get(month, True) and has_department
        raise MonthIsClosed(tuple(sorted(months)), is_nobodys=not all(months.values()))
    return closed


def locked_places(dated: Sequence[Dated], on: date) -> tuple[frozenset[date], dict[tuple[int, date], bool]]:
    """The closed months among those of the values, and which (series, month) may not change on a day, each with
    whether a department could be let in. A few queries for any number of values."""
    month_by_period = months_by_period(dated)
    closed = closed_on(month_by_period.values(), on)
    places = {(each.series_id, month_by_period[each.span, each.period]) for each in dated}
    touched = {place for place in places if place[1] in closed.months}
    if not touched:
        return frozenset(), {}
    departments = _departments({series_id for series_id, _ in touched}, set(closed.months))
    locked: dict[tuple[int, date], bool] = {}
    for series_id, month in touched:
        asked = departments.get((series_id, month), set())
        if all(closed.locks(department, month) for department in asked):
            locked[series_id, month] = bool(asked)
    return closed.months, locked


def _departments(series_ids: set[int], months: set[date]) -> dict[tuple[int, date], set[int]]:
    """Who may have a series re-opened in a month: the department reporting it or registering it for everybody, else the
    one in charge of its KPI."""
    found: dict[tuple[int, date], set[int]] = {}
    for reporting in Reporting.objects.filter(series_id__in=series_ids):
        for month in filter(reporting.is_in_force, months):
            found.setdefault((reporting.series_id, month), set()).add(reporting.answering_id)
    for series in Series.objects.filter(pk__in=series_ids, kpi__department__isnull=False).select_related("kpi"):
        for month in months:
            if (series.pk, month) not in found and series.kpi.department_id is not None:
                found[series.pk, month] = {series.kpi.department_id}
    return found


def close_month(month: date, *, access: Access, note: str = "") -> Closing:
    """確定 of a month for all departments. Raises ValidationError for a month that has not ended or is closed already."""
    _office_only(access)
    if month_start(month) != month or month >= month_start(access.on):
        raise ValidationError("終わっていない月は確定できません。翌月になってから確定してください。", code="running")
    with transaction.atomic():
        hold_all_series()
        if Closing.objects.filter(month=month).exists():
            raise ValidationError(f"{month_short(month)}分は確定済みです。", code="closed")
        return Closing.objects.create(
            month=month,
            closed_at=access.now(),
            closed_by=access.user,  # type: ignore[misc]
            closed_post=access.post_in(None, Assignment.Role.REFORM_OFFICE),
            note=note.strip(),
        )


#: Longer is a slip of the year: the month would stay open though everybody takes it for closed.
LONGEST_REOPENING = timedelta(days=366)


def reopen(
    month: date, department: Department, *, reason: str, until: date, access: Access, replaces: bool = False
) -> Reopening:
    """確定解除 of one department's month until a day. `replaces` ends the one in force and begins this one in its place.

    Raises ValidationError without a reason, a future end or a closing, and where the month is open again already.
    """
    _office_only(access)
    _check_reopening(month, reason, until, access.on)
    with transaction.atomic():
        # As a closing: of two who open the same at once the second sees what the first did.
        hold_all_series()
        in_force = Reopening.objects.in_force(access.on).filter(month=month, department=department)
        if not replaces:
            _refuse_second(in_force)
        in_force.update(ended_at=access.now())
        return Reopening.objects.create(
            month=month,
            department=department,
            reason=reason.strip(),
            opened_on=access.on,
            until=until,
            opened_at=access.now(),
            opened_by=access.user,  # type: ignore[misc]
            opened_post=access.post_in(None, Assignment.Role.REFORM_OFFICE),
        )


def _check_reopening(month: date, reason: str, until: date, today: date) -> None:
    if not Closing.objects.filter(month=month).exists():
        raise ValidationError(f"{month_short(month)}分は確定していないため、解除の必要はありません。", code="open")
    if not reason.strip():
        raise ValidationError({"reason": "確定を解除する理由を入力してください。"}, code="reason")
    if until < today:
        raise ValidationError({"until": "期限は今日以後の日付にしてください。"}, code="until")
    if until > today + LONGEST_REOPENING:
        raise ValidationError({"until": "期限は1年以内の日付にしてください。年を確かめてください。"}, code="until")


def _refuse_second(in_force: QuerySet[Reopening]) -> None:
    """Two at once would be two equal tasks, and ending one would not close the month again."""
    running = in_force.select_related("department").order_by("-until").first()
    if running is None:
        return
    raise ValidationError(
        f"{running.department}の{month_short(running.month)}分は、{date_label(running.until)}まで確定を解除しています。"
        "理由か期限を変えるときは、いまの解除を終えて解除し直す欄に印を付けてください。",
        code="reopened",
    )


def end_reopening(reopening: Reopening, *, access: Access) -> bool:
    """Ends a re-opening before its day. False when it had ended already."""
    _office_only(access)
    return bool(Reopening.objects.filter(pk=reopening.pk, ended_at=None).update(ended_at=access.now()))


def _office_only(access: Access) -> None:
    if not access.is_reform_office:
        raise PermissionDenied

"""From which month, and by which office, a figure can be registered for everybody (一括登録)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.core.exceptions import ValidationError

from accounts.models import Assignment, Department, RouteUse
from approvals.routes import route_for, steps_of
from japan.fiscal import add_months, month_start
from japan.wareki import month_label
from kpis.models import Kpi, Measurement, Reporting
from kpis.values.closed import months_by_period

#: Who registers is chosen for the months at hand; later ones are chosen when they come near.
MONTHS_AHEAD = 12
#: The longest a period begins before the month it is reported with.
_LONGEST_PERIOD = timedelta(days=366)


def check_month(kpi: Kpi, first: date, changing: Sequence[Reporting], on: date) -> None:
    """Raises ValidationError (naming the first month there is) where a month cannot be chosen on a day.

    Who answered for a value that counts stays as it was: a department never reads that another office registered what
    it reported itself, and no office that it registered what was another's. `changing` are the rows that would change.
    """
    last = add_months(month_start(on), MONTHS_AHEAD)
    if first > last:
        raise ValidationError(
            f"1年より先の月は選べません。{month_label(last)}分までの月を選んでください。", code="ahead"
        )
    begin = min(Reporting.objects.filter(series__kpi=kpi).values_list("valid_from", flat=True), default=None)
    if begin is None:
        raise ValidationError("この指標には、報告する所属がまだありません。", code="nobody")
    newest = _newest_counted(changing, max(first, begin))
    if newest is not None:
        raise ValidationError(
            f"{month_label(newest)}分まで、いまの所属が登録した値があります。"
            f"{month_label(add_months(newest, 1))}分か、それより後の月を選んでください。",
            code="counted",
        )
    if first < begin:
        raise ValidationError(
            f"この指標の報告は{month_label(begin)}分から始まります。{month_label(begin)}分か、それより後の月を選んでください。",
            code="before",
        )


def _newest_counted(changing: Iterable[Reporting], first: date) -> date | None:
    """The newest month, from `first` on, of which a value counts that one of the rows answers for."""
    rows: dict[int, list[Reporting]] = {}
    for row in changing:
        rows.setdefault(row.series_id, []).append(row)
    values = Measurement.objects.observed().filter(series__in=rows, period__gte=first - _LONGEST_PERIOD)
    values = values.only("series_id", "span", "period")
    months = months_by_period(values)
    counted = {(value.series_id, months[value.span, value.period]) for value in values}
    return max(
        (month for series, month in counted if month >= first and any(row.is_in_force(month) for row in rows[series])),
        default=None,
    )


def check_people(registrar: Department, first: date, on: date) -> None:
    """Raises ValidationError where nobody could enter the values in the office, or nobody approve them.

    Values of the past are entered by the people of today, those to come by the people of their month.
    """
    day = max(first, on)
    posts = Assignment.objects.in_force(day).filter(department=registrar, user__is_active=True)
    people: dict[str, set[int]] = {}
    for role, user in posts.values_list("role", "user"):
        people.setdefault(role, set()).add(user)
    editors = people.get(Assignment.Role.EDITOR, set())
    if not editors:
        raise ValidationError(_missing(registrar, Assignment.Role.EDITOR, first), code="people")
    # Other steps of a route belong to a 部 or to the reform office: who holds them is seen to there.
    for role in {Assignment.Role.APPROVER.value, Assignment.Role.CHECKER.value} & set(_steps(registrar)):
        deciders = people.get(role, set())
        if not deciders or (len(editors) == 1 and deciders == editors):
            raise ValidationError(_missing(registrar, Assignment.Role(role), first), code="people")


def _steps(registrar: Department) -> tuple[str, ...]:
    return steps_of(route_for(registrar, RouteUse.Subject.MEASUREMENT))


def _missing(registrar: Department, role: Assignment.Role, first: date) -> str:
    other = "" if role == Assignment.Role.EDITOR else "入力担当者のほかに、"
    return (
        f"{registrar}には、{month_label(first)}分の値の{other}{role.label}がいません。"
        "先に人事CSVの取込みか管理の「担当割当」で登録するか、別の所属を選んでください。"
    )

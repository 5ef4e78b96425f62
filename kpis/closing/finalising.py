"""速報値 becomes 確定値: the provisional values of a month are named final, with the closing or after a re-opening."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import Assignment
from japan.wareki import month_short
from kpis.models import Closing, Measurement, Revision
from kpis.values.closed import close_month, hold_all_series
from kpis.values.recording import CARRIED, Change, record

if TYPE_CHECKING:
    from accounts.access import Access


def provisional_of(month: date) -> list[Measurement]:
    """The provisional values that are reported with a month: of the month, and of the longer periods that end with it."""
    return list(
        Measurement.objects.reported_with(month)
        .filter(is_provisional=True)
        .select_related("series__kpi")
        .order_by("series__kpi__order", "series__order", "series__code", "span")
    )


def are_settled(month: date, today: date) -> bool:
    """Whether a month's figures are usually final: the accounts of a year stay open until 31 May (出納整理期間)."""
    return not (month.month == 3 and today <= date(month.year, 5, 31))


def make_final(measurements: Iterable[Measurement], month: date, *, access: Access) -> int:
    """Names the values final; nothing else about them changes. Returns how many.

    Raises MonthIsClosed where one is of a closed month that is not open again, StaleVersion where one was changed since.
    """
    changes = [_without_mark(measurement) for measurement in measurements]
    post = access.post_in(None, Assignment.Role.REFORM_OFFICE)
    reason = f"{month_short(month)}分の確定"
    assert access.user.is_authenticated
    record(changes, actor=access.user, post=post, reason=reason, kind=Revision.Kind.FINAL, at=access.now())
    return len(changes)


def close_with_final(month: date, measurements: Iterable[Measurement], *, access: Access, note: str = "") -> Closing:
    """Names the values final and closes the month, both or neither. Raises what `make_final` and `close_month` raise."""
    with transaction.atomic():
        hold_all_series()
        make_final(measurements, month, access=access)
        return close_month(month, access=access, note=note)


def _without_mark(measurement: Measurement) -> Change:
    said = {name: getattr(measurement, name) for name in CARRIED} | {"is_provisional": False}
    return Change(
        measurement.series_id, measurement.period, measurement.span, expected_version=measurement.version, **said
    )

"""Choosing which office registers a figure for everybody (一括登録), from a month on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q

from accounts.models import Department
from japan.fiscal import month_start
from japan.wareki import month_short
from kpis.closing import hold_series
from kpis.entries.storing import Action, keep_event
from kpis.models import Closing, Entry, Kpi, Reporting
from kpis.recomputing import request_recompute
from kpis.reorganising import hand_on

if TYPE_CHECKING:
    from accounts.access import Access


@dataclass(frozen=True)
class Registered:
    """A figure, how many series departments report of it, and who registers them, since which month."""

    kpi: Kpi
    parts: int
    registrars: list[tuple[Department, date]]


def figures_of(month: date) -> list[Registered]:
    """The figures that departments report, with who registers them in a month or from a later one on."""
    rows = Reporting.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=month))
    rows = rows.select_related("series__kpi", "registrar").order_by(
        "series__kpi__order", "series__kpi__code", "valid_from", "registrar__order"
    )
    found = []
    for kpi, own in groupby(rows, key=lambda row: row.series.kpi):
        listed = list(own)
        registrars = {(row.registrar, row.valid_from): None for row in listed if row.registrar is not None}
        found.append(Registered(kpi, len({row.series_id for row in listed}), list(registrars)))
    return found


def register_from(kpi: Kpi, registrar: Department | None, first: date, *, access: Access) -> int:
    """From a month on the office registers every series of the figure (None: the departments report themselves again).

    What was begun of those months goes on at the office. Earlier months stay as they were. Returns how many series
    changed. Raises ValidationError where a closed month would get other people.
    """
    if not access.is_reform_office:
        raise PermissionDenied
    if first != month_start(first):
        raise ValidationError("月の1日を入れてください。", code="day")
    with transaction.atomic():
        hold_series(kpi.series.values_list("pk", flat=True))
        closed = Closing.objects.filter(month__gte=first).order_by("-month").first()
        if closed is not None:
            raise ValidationError(
                f"{month_short(closed.month)}分は確定しています。それより後の月を選んでください。", code="closed"
            )
        changed = set()
        for row in Reporting.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first), series__kpi=kpi):
            if row.registrar != registrar:
                hand_on(row, row.department, registrar, first)
                changed.add(row.series_id)
        _move_entries(kpi, changed, first, access)
    request_recompute([kpi.pk])
    return len(changed)


def _move_entries(kpi: Kpi, series_ids: set[int], first: date, access: Access) -> None:
    """What was begun goes where the value is answered now, and its history says so."""
    for entry in Entry.objects.open().select_for_update(of=("self",)).filter(series__in=series_ids):
        if entry.reported_with < first:
            continue
        row = Reporting.objects.in_force(entry.reported_with).filter(series=entry.series_id).first()
        if row is None or row.answered_by == entry.department_id:
            continue
        entry.department_id = row.answered_by
        entry.version += 1
        entry.save(update_fields=["department", "version"])
        post = access.posts[0] if access.posts else ""
        keep_event(entry, Action.HANDED_OVER, access, post=post, reason=f"{kpi.name}の一括登録する所属の変更")

"""組織改正: who reports which series from which month, who is in charge of a KPI, and what is on its way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Max, Q, QuerySet

from accounts.models import Assignment, Department
from accounts.reorganising import REASON, Follower, Group, Heirs, first_month
from approvals.handover import reassign
from approvals.models import Action
from japan.fiscal import add_months
from japan.wareki import month_label
from kpis.definitions.keeping import Why, keeping
from kpis.entries.procedure import ENTRIES
from kpis.models import Closing, Entry, Kpi, OwnerCard, Reporting
from kpis.values.closed import hold_series
from kpis.values.recomputing import request_recompute

if TYPE_CHECKING:
    from accounts.access import Access


def first_to_report(on: date) -> date:
    """The first month that the new organisation reports: a closed one is the old one's, however late the change is
    entered."""
    newest = Closing.objects.aggregate(newest=Max("month"))["newest"]
    return max(first_month(on), add_months(newest, 1)) if newest else first_month(on)


def _reportings(departments: Iterable[int], on: date) -> QuerySet[Reporting]:
    first = first_to_report(on)
    listed = list(departments)
    theirs = Q(department__in=listed) | Q(registrar__in=listed)
    rows = Reporting.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first)).filter(theirs)
    return rows.select_related("series__kpi", "department", "registrar").order_by(
        "series__kpi__order", "series__order", "pk"
    )


def _entries(departments: Iterable[int], on: date) -> QuerySet[Entry]:
    """What was begun of periods that the new organisation reports."""
    begun = Entry.objects.open().filter(department__in=list(departments), period__gte=first_to_report(on))
    return begun.select_related("series__kpi").order_by("period", "pk")


def followers(departments: Iterable[Department], on: date) -> list[Group]:
    listed = [department.pk for department in departments]
    kpis = Kpi.objects.filter(department__in=listed).order_by("order", "code")
    rows = list(_reportings(listed, on))
    registered = {row.series.kpi for row in rows if row.registrar_id in listed}
    cards = OwnerCard.objects.filter(department__in=listed).select_related("kpi", "department")
    first = first_to_report(on)
    note = f"{month_label(first)}分から新しい所属が報告します。それより前の月分は、前の所属のまま残ります。"
    if first > first_month(on):
        note = f"{month_label(add_months(first, -1))}分までは確定しているため、{note}"
    return [
        Group("報告する内訳", [Follower(_line(row), str(row)) for row in rows if row.department_id in listed], note),
        Group(
            "一括登録する指標", [Follower(_registering(kpi), kpi.name) for kpi in sorted(registered, key=_place)], note
        ),
        Group("所管する指標", [Follower(f"kpi:{kpi.pk}", kpi.name) for kpi in kpis]),
        Group("指標の担当票", [Follower(f"card:{card.pk}", str(card)) for card in cards]),
        Group("手続き中の回答", [Follower(f"entry:{entry.pk}", str(entry)) for entry in _entries(listed, on)]),
    ]


def _line(row: Reporting) -> str:
    return f"reporting:{row.pk}"


def _registering(kpi: Kpi) -> str:
    return f"registering:{kpi.pk}"


def _place(kpi: Kpi) -> tuple[int, str]:
    return kpi.order, kpi.code


def follow(heirs: Heirs, on: date, posts: Mapping[int, Assignment], access: Access) -> None:
    """`posts`: the people's new posts by the key of the old one. `access`: whose act it is, for the history."""
    lines, entries = list(_reportings(heirs.opened, on)), list(_entries(heirs.opened, on))
    hold_series({row.series_id for row in lines} | {entry.series_id for entry in entries})
    moved: dict[int, Department] = {}
    for row in lines:
        department, registrar = row.department, row.registrar
        if row.department_id in heirs.opened:
            department = heirs.of(_line(row), row.department_id)
        if row.registrar_id in heirs.opened:
            registrar = heirs.of(_registering(row.series.kpi), row.registrar_id or 0)
        moved[row.series_id] = registrar or department
        hand_on(row, department, registrar, first_to_report(on))
    # With its series; a quarter begun before is reported by whoever reports the series now.
    moves = {each: moved.get(each.series_id) or heirs.of(f"entry:{each.pk}", each.department_id) for each in entries}
    reassign(ENTRIES, moves, access=access, reason=REASON, action=Action.REORGANISED)
    _follow_kpis(heirs, access)
    _follow_cards(heirs, posts)
    request_recompute(sorted({row.series.kpi_id for row in lines}))


def hand_on(row: Reporting, department: Department, registrar: Department | None, first: date) -> None:
    """Who was there reports until the month before, the new department (and who registers for it) from then on."""
    if row.valid_from >= first:
        row.department, row.registrar = department, registrar
        row.save(update_fields=["department", "registrar"])
        return
    last, row.valid_to = row.valid_to, first - timedelta(days=1)
    row.save(update_fields=["valid_to"])
    Reporting.objects.create(
        series=row.series, department=department, registrar=registrar, valid_from=first, valid_to=last
    )


def _follow_kpis(heirs: Heirs, access: Access) -> None:
    kpis = list(Kpi.objects.filter(department__in=heirs.opened))
    with keeping([kpi.pk for kpi in kpis], Why(access, reason=REASON, by_act=True)):
        for kpi in kpis:
            kpi.department = heirs.of(f"kpi:{kpi.pk}", kpi.department_id or 0)
            kpi.save(update_fields=["department"])


def _follow_cards(heirs: Heirs, posts: Mapping[int, Assignment]) -> None:
    """A card goes to the new department with its people; where two are merged, the first one's card stands."""
    cards = OwnerCard.objects.filter(department__in=heirs.opened).order_by("department__order", "pk")
    for card in cards:
        heir = heirs.of(f"card:{card.pk}", card.department_id)
        if OwnerCard.objects.filter(kpi=card.kpi_id, department=heir).exists():
            continue
        card.department = heir
        card.owner = posts.get(card.owner_id or 0, card.owner)
        deputy = posts.get(card.deputy_id or 0, card.deputy)
        card.deputy = None if deputy == card.owner else deputy
        card.save(update_fields=["department", "owner", "deputy"])

"""組織改正: who reports which series from which month, who is in charge of a KPI, and what is on its way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from accounts.models import Assignment, Department
from accounts.reorganising import Follower, Group, Heirs, first_month
from japan.wareki import month_label
from kpis.models import Entry, Kpi, OwnerCard, Reporting
from kpis.recomputing import request_recompute


def _reportings(departments: Iterable[int], on: date) -> QuerySet[Reporting]:
    first = first_month(on)
    rows = Reporting.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first), department__in=list(departments))
    return rows.select_related("series__kpi", "department").order_by("series__kpi__order", "series__order", "pk")


def _entries(departments: Iterable[int], on: date) -> QuerySet[Entry]:
    """What was begun of periods that the new organisation reports."""
    begun = Entry.objects.open().filter(department__in=list(departments), period__gte=first_month(on))
    return begun.select_related("series__kpi").order_by("period", "pk")


def followers(departments: Iterable[Department], on: date) -> list[Group]:
    listed = [department.pk for department in departments]
    kpis = Kpi.objects.filter(Q(department__in=listed) | Q(registrar__in=listed)).order_by("order", "code")
    cards = OwnerCard.objects.filter(department__in=listed).select_related("kpi", "department")
    note = f"{month_label(first_month(on))}分から新しい所属が報告します。それより前の月分は、前の所属のまま残ります。"
    return [
        Group("報告する内訳", [Follower(_line(row), str(row)) for row in _reportings(listed, on)], note),
        Group("所管・一括登録する指標", [Follower(f"kpi:{kpi.pk}", kpi.name) for kpi in kpis]),
        Group("指標の担当票", [Follower(f"card:{card.pk}", str(card)) for card in cards]),
        Group("手続き中の回答", [Follower(f"entry:{entry.pk}", str(entry)) for entry in _entries(listed, on)]),
    ]


def _line(row: Reporting) -> str:
    return f"reporting:{row.pk}"


def follow(heirs: Heirs, on: date, posts: Mapping[int, Assignment]) -> None:
    """`posts`: the people's new posts by the key of the old one."""
    lines = list(_reportings(heirs.opened, on))
    moved: dict[int, Department] = {}
    for row in lines:
        moved[row.series_id] = heirs.of(_line(row), row.department_id)
        _hand_on(row, moved[row.series_id], first_month(on))
    for entry in _entries(heirs.opened, on):
        # With its series; a quarter begun before is reported by whoever reports the series now.
        entry.department = moved.get(entry.series_id) or heirs.of(f"entry:{entry.pk}", entry.department_id)
        entry.version += 1
        entry.save(update_fields=["department", "version"])
    _follow_kpis(heirs)
    _follow_cards(heirs, posts)
    request_recompute(sorted({row.series.kpi_id for row in lines}))


def _hand_on(row: Reporting, heir: Department, first: date) -> None:
    """The old department reports until the month before, the new one from then on."""
    if row.valid_from >= first:
        row.department = heir
        row.save(update_fields=["department"])
        return
    last, row.valid_to = row.valid_to, first - timedelta(days=1)
    row.save(update_fields=["valid_to"])
    Reporting.objects.create(series=row.series, department=heir, valid_from=first, valid_to=last)


def _follow_kpis(heirs: Heirs) -> None:
    for kpi in Kpi.objects.filter(Q(department__in=heirs.opened) | Q(registrar__in=heirs.opened)):
        for name in ("department", "registrar"):
            department_id = getattr(kpi, f"{name}_id")
            if department_id in heirs.opened:
                setattr(kpi, name, heirs.of(f"kpi:{kpi.pk}", department_id))
        kpi.save(update_fields=["department", "registrar"])


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

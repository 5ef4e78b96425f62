"""Choosing which office registers a figure for everybody (一括登録), from a month on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q

from accounts.models import Department
from approvals.handover import reassign
from japan.fiscal import month_start
from japan.wareki import month_short
from kpis.entries import ENTRIES
from kpis.entries.reorganising import hand_on
from kpis.models import Closing, Entry, Kpi, Reporting
from kpis.registration.choices import check_month, check_people
from kpis.values.closed import hold_series
from kpis.values.recomputing import request_recompute
from kpis.values.who_answers import who_answers

if TYPE_CHECKING:
    from accounts.access import Access
    from kpis.models.querysets import EntryQuerySet

CHANGED = (
    "確かめているあいだに、ほかの人がこの指標を登録する所属を変えました。いまの内容を見て、もう一度選んでください。"
)


@dataclass(frozen=True)
class Move:
    """How many entries under way go from one department to another: with their authors, or handed in."""

    source: Department
    target: Department
    drafts: int
    submitted: int


@dataclass(frozen=True)
class Preview:
    """What a choice would change. `seen` is the state it was worked out from."""

    kpi: Kpi
    registrar: Department | None
    first: date
    departments: list[Department]
    series: int
    moves: list[Move]
    seen: str

    @property
    def moved(self) -> int:
        return sum(move.drafts + move.submitted for move in self.moves)


def preview_of(kpi: Kpi, registrar: Department | None, first: date, *, access: Access) -> Preview:
    """What `register_from` would do. Raises ValidationError where it would."""
    rows = _rows(kpi, first)
    changing = _changing(kpi, rows, registrar, first, access)
    departments = {row.department_id: row.department for row in changing}
    return Preview(
        kpi=kpi,
        registrar=registrar,
        first=first,
        departments=sorted(departments.values(), key=_official),
        series=len({row.series_id for row in changing}),
        moves=_moves(_moving(changing, registrar, first, Entry.objects.open())),
        seen=_version(rows),
    )


def register_from(
    kpi: Kpi, registrar: Department | None, first: date, *, access: Access, seen: str | None = None
) -> int:
    """From a month on the office registers every series of the figure (None: the departments report themselves again).

    What was begun of those months goes on at the office. Earlier months stay as they were. `seen` is what the preview
    was worked out from: a choice of somebody else since then is not written over. Returns how many series changed.
    Raises ValidationError where a closed month or a value that counts would get other people, and where the office
    could not enter or approve.
    """
    with transaction.atomic():
        hold_series(kpi.series.values_list("pk", flat=True))
        rows = _rows(kpi, first)
        if seen is not None and seen != _version(rows):
            raise ValidationError(CHANGED, code="changed")
        changing = _changing(kpi, rows, registrar, first, access)
        moving = _moving(changing, registrar, first, Entry.objects.open().select_for_update(of=("self",)))
        for row in changing:
            hand_on(row, row.department, registrar, first)
        reassign(ENTRIES, dict(moving), access=access, reason=f"{kpi.name}の一括登録する所属の変更")
    request_recompute([kpi.pk])
    return len({row.series_id for row in changing})


def _rows(kpi: Kpi, first: date) -> list[Reporting]:
    """Who reports the figure's series in the month or later."""
    rows = Reporting.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first), series__kpi=kpi)
    return list(rows.select_related("department").order_by("series", "valid_from"))


def _version(rows: Iterable[Reporting]) -> str:
    """One word for who reports and who registers, from when until when."""
    said = [(row.series_id, row.department_id, row.registrar_id, row.valid_from, row.valid_to) for row in rows]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _changing(
    kpi: Kpi, rows: Iterable[Reporting], registrar: Department | None, first: date, access: Access
) -> list[Reporting]:
    """The rows that would get another registrar. Raises PermissionDenied, or ValidationError where that cannot be."""
    if not access.is_reform_office:
        raise PermissionDenied
    if first != month_start(first):
        raise ValidationError("月の1日を入れてください。", code="day")
    closed = Closing.objects.filter(month__gte=first).order_by("-month").first()
    if closed is not None:
        raise ValidationError(
            f"{month_short(closed.month)}分は確定しています。それより後の月を選んでください。", code="closed"
        )
    chosen = registrar.pk if registrar else None
    changing = [row for row in rows if row.registrar_id != chosen]
    check_month(kpi, first, changing, access.on)
    if registrar is not None and changing:
        check_people(registrar, first, access.on)
    return changing


def _moving(
    changing: Iterable[Reporting], registrar: Department | None, first: date, begun: EntryQuerySet
) -> list[tuple[Entry, Department]]:
    """What was begun of the months that change, with who answers it then."""
    rows: dict[int, list[Reporting]] = {}
    for row in changing:
        rows.setdefault(row.series_id, []).append(row)
    found = []
    for entry in begun.filter(series__in=rows).select_related("department").order_by("pk"):
        month = entry.reported_with
        for row in rows[entry.series_id]:  # one of them at most is in force in a month
            target = registrar or row.department
            if month >= first and row.is_in_force(month) and target.pk != entry.department_id:
                found.append((entry, target))
    return found


def _moves(moving: Sequence[tuple[Entry, Department]]) -> list[Move]:
    ways = {(entry.department, target): None for entry, target in moving}
    counted = []
    for source, target in sorted(ways, key=lambda way: _official(way[0])):
        states = [entry.state for entry, to in moving if (entry.department, to) == (source, target)]
        submitted = states.count(Entry.State.SUBMITTED)
        counted.append(Move(source, target, len(states) - submitted, submitted))
    return counted


def _official(department: Department) -> tuple[int, str]:
    return department.order, department.code


def settle_entries(series_ids: Iterable[int], *, access: Access, reason: str) -> int:
    """What is under way goes to whoever answers for its month now, after who reports was changed by hand. Inside the
    caller's transaction. Returns how many entries went."""
    ids = set(series_ids)
    hold_series(ids)
    answerers = who_answers(ids)
    moves: dict[Entry, Department] = {}
    for entry in Entry.objects.open().select_for_update(of=("self",)).filter(series__in=ids).order_by("pk"):
        target = answerers.department(entry.series_id, entry.reported_with)
        if target is not None and target.pk != entry.department_id:
            moves[entry] = target
    reassign(ENTRIES, moves, access=access, reason=reason)
    return len(moves)

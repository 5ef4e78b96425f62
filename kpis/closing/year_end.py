"""年度更新: what has to be in order when a fiscal year begins. Everything is derived from the data, nothing is ticked.

The new year is meant throughout: 2026 is the change from 令和7年度 to 令和8年度. March of the old year is reported in
April, by whoever stands in for the old organisation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse

from accounts.models import Assignment, Department
from japan.fiscal import add_months, fiscal_months, fiscal_year_start
from japan.wareki import date_label, fiscal_year_short, month_label, month_short
from kpis.closing.targets_of_year import target_lines
from kpis.entries.progress import departments_of, month_status
from kpis.entries.sheet import is_in_use
from kpis.models import Kpi, Reporting, Series
from kpis.values.closed import closed_months, closed_on

if TYPE_CHECKING:
    from accounts.access import Access

Role = Assignment.Role
#: Without these two nobody can report or approve a department's month.
NEEDED = (Role.EDITOR, Role.APPROVER)


@dataclass(frozen=True)
class Finding:
    """Something that is still to be done, or to be known, and where."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Item:
    """One point of the list."""

    title: str
    done: str
    open: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()
    url: str = ""
    link: str = ""

    @property
    def is_done(self) -> bool:
        return not self.open


def year_end_items(fiscal_year: int, *, access: Access) -> list[Item]:
    """The points in the order in which they are done."""
    start = fiscal_year_start(fiscal_year)
    return [
        _targets(fiscal_year),
        _figures(start),
        _posts(start),
        _people(start),
        _months(fiscal_year, access),
        _march(start, access),
    ]


def _targets(fiscal_year: int) -> Item:
    lines = target_lines(fiscal_year)
    waiting = dict.fromkeys(line.kpi.name for line in lines if line.confirmed is None)
    url = reverse("closing:targets", args=[fiscal_year])
    return Item(
        f"{fiscal_year_short(fiscal_year)}の目標値を確かめる",
        f"前年度に目標のあった指標は、すべて{fiscal_year_short(fiscal_year)}の目標値が登録されています。",
        tuple(Finding(f"{name}：目標値が未確認です。", url) for name in waiting),
        url=url,
        link="目標値を写して確かめる",
    )


def _figures(start: date) -> Item:
    """Series of the new year that nobody reports; what ended and began is told beside it."""
    alive = [s for s in Series.objects.select_related("kpi") if is_in_use(s, start) and not s.kpi.is_computed_ratio]
    reported = set(Reporting.objects.in_force(start).values_list("series_id", flat=True))
    nobody = [series for series in alive if series.pk not in reported and series.kpi.frequency == Kpi.Frequency.MONTH]
    once = set(Reporting.objects.values_list("series_id", flat=True))
    year = (add_months(start, -12), start - timedelta(days=1))
    ended = [
        *Kpi.objects.filter(ends_on__range=year),
        *Series.objects.filter(ends_on__range=year).select_related("kpi"),
    ]
    begun_in = (start, add_months(start, 12) - timedelta(days=1))
    begun = [
        *Kpi.objects.filter(starts_on__range=begun_in),
        *Series.objects.filter(starts_on__range=begun_in).select_related("kpi"),
    ]
    return Item(
        "終わる指標・始まる指標と、報告する所属を確かめる",
        f"{month_short(start)}分を報告する所属は、すべて決まっています。",
        # A published figure that nobody ever reported here is not waited for; a new one is.
        tuple(
            Finding(f"{series}：{month_short(start)}分を報告する所属がありません。", _series_url(series))
            for series in nobody
            if series.pk in once or series in begun or series.kpi in begun
        ),
        tuple(Finding(f"前年度で終わり：{each}") for each in ended)
        + tuple(Finding(f"新年度から：{each}") for each in begun),
        reverse("admin:kpis_series_changelist"),
        "内訳と担当所属を直す",
    )


def _series_url(series: Series) -> str:
    return reverse("admin:kpis_series_change", args=[series.pk])


def _posts(start: date) -> Item:
    """Posts that end with the old year in departments that go on, without anybody in the same post after it."""
    after = {(a.department_id, a.role) for a in Assignment.objects.in_force(start)}
    ending = (
        Assignment.objects.filter(valid_to=start - timedelta(days=1), user__is_active=True)
        .filter(Q(department__isnull=True) | Q(department__valid_to__isnull=True) | Q(department__valid_to__gte=start))
        .select_related("department", "user")
        .order_by("department__order", "role", "user__employee_number")
    )
    open_posts = [each for each in ending if (each.department_id, each.role) not in after]
    return Item(
        "年度末で終わる担当割当の後任を登録する",
        f"{date_label(start - timedelta(days=1))}で終わる担当割当には、すべて後任がいます。",
        tuple(
            Finding(f"{each}：後任がいません。", reverse("admin:accounts_assignment_change", args=[each.pk]))
            for each in open_posts
        ),
        url=reverse("admin:accounts_assignment_changelist"),
        link="担当割当を登録する",
    )


def _people(start: date) -> Item:
    """Departments that report the new year's first month without somebody to enter or to approve."""
    reporting = Reporting.objects.in_force(start)
    departments = Department.objects.filter(reportings__in=reporting).distinct().in_official_order()
    return Item(
        "報告する所属の入力担当者と確認者を確かめる",
        f"{month_short(start)}分を報告する所属には、すべて入力担当者と確認者（所属長）がいます。",
        tuple(_without_people(list(departments), start)),
        url=reverse("admin:accounts_assignment_changelist"),
        link="担当割当を登録する",
    )


def _without_people(departments: Sequence[Department], day: date) -> list[Finding]:
    rows = Assignment.objects.in_force(day).filter(department__in=departments, role__in=NEEDED, user__is_active=True)
    there = set(rows.values_list("department_id", "role"))
    url = reverse("admin:accounts_assignment_add")
    return [
        Finding(
            f"{department}：{date_label(day)}時点の{role.label}がいません。",
            f"{url}?department={department.pk}&role={role}",
        )
        for department in departments
        for role in NEEDED
        if (department.pk, role.value) not in there
    ]


def _months(fiscal_year: int, access: Access) -> Item:
    months = fiscal_months(fiscal_year - 1)
    closed = closed_months(months)
    waiting = [month for month in months if month not in closed]
    return Item(
        f"{fiscal_year_short(fiscal_year - 1)}の各月を確定する",
        f"{fiscal_year_short(fiscal_year - 1)}の12か月は、すべて確定しています。",
        tuple(
            Finding(
                f"{month_label(month)}分：{'確定していません。' if add_months(month, 1) <= access.on else 'まだ終わっていません。'}",
                reverse("closing:month", args=[f"{month:%Y-%m}"]),
            )
            for month in waiting
        ),
        url=reverse("closing:list"),
        link="月の確定を開く",
    )


def _march(start: date, access: Access) -> Item:
    """March of departments that no longer exist in April: still to be reported, and people who may do so."""
    march = add_months(start, -1)
    old = [department for department in departments_of(access) if not department.is_in_force(start)]
    statuses = month_status(old, [march], closed_on([march], access.on))
    waiting = [status for status in statuses if not (status.is_done or status.is_closed)]
    answers = [
        Finding(
            f"{status.department}：{month_short(march)}分が残っています（{status.rest or '集計中'}）。",
            reverse("entries:month", args=[status.department.code, f"{march:%Y-%m}"]),
        )
        for status in waiting
    ]
    missing = _without_people([status.department for status in waiting], max(start, access.on))
    return Item(
        f"組織改正前の所属の{month_short(march)}分を報告する",
        f"廃止された所属が、これから回答する{month_short(march)}分はありません。",
        tuple(answers + missing),
        url=reverse("entries:list"),
        link="月ごとの回答を開く",
    )

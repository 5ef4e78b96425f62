"""Which KPIs' summaries are behind their measurements: found by each sweep, and computed again by itself."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Sum
from django.urls import reverse

from jobs.models import Job
from jobs.nightly import by_night
from jobs.registry import Finding, watches
from kpis.models import Kpi, Measurement, SummaryState
from kpis.values.recomputing import KIND, request_recompute

#: The kind of the daily comparison with the second computation (kpis.summaries.audit).
AUDIT = "audit_summaries"
#: At how many looks of the sweep a recomputation may still wait before anybody is told.
LOOKS = 8


def behind() -> dict[int, str]:
    """Id → name of each KPI with measurements that its summaries do not know yet. Three queries."""
    now = dict(
        Measurement.objects.order_by().values_list("series__kpi").annotate(versions=Sum("version"))  # one row a KPI
    )
    computed = dict(SummaryState.objects.values_list("kpi", "versions"))
    found = {}
    for pk, name, *parts in Kpi.objects.values_list("pk", "name", "numerator", "denominator"):
        if sum(now.get(each, 0) for each in (pk, *parts) if each is not None) != computed.get(pk, 0):
            found[pk] = name
    return found


def not_settled() -> list[int]:
    """Ids of the KPIs whose summaries may not say what is stored now: behind their measurements, or asked for again
    (a target or the life of a part changed) and not computed yet. Four queries."""
    asked = Job.objects.unended().filter(kind=KIND).values_list("arguments", flat=True)
    return sorted({*behind(), *(arguments["kpi_id"] for arguments in asked)})


@watches
def compute_what_is_behind() -> Iterable[Finding]:
    """Asks for the summaries that nobody is computing; tells of those whose computation failed or does not begin."""
    names = behind()
    if not names:
        return
    last: dict[str, Job] = {}
    subjects = [f"kpi:{pk}" for pk in names]
    for job in Job.objects.filter(kind=KIND, subject__in=subjects).order_by("pk"):
        last[job.subject] = job
    asked = {pk: last.get(f"kpi:{pk}") for pk in names}
    request_recompute(pk for pk, job in asked.items() if job is None or job.state in (Job.State.DONE, Job.State.MERGED))
    stuck = [pk for pk, job in asked.items() if job is not None and (job.may_retry or job.missed >= LOOKS)]
    if stuck:
        shown = "、".join(names[pk] for pk in stuck[:3]) + ("など" if len(stuck) > 3 else "")
        yield Finding(
            "summaries-behind",
            f"承認された値が、{len(stuck)}件の指標（{shown}）の集計にまだ反映されていません。"
            "処理の状況で「集計の更新」を確かめ、止まっているものは「もう一度実行」を押してください。",
            reverse("jobs:list"),
        )


@watches
def audit_by_night() -> Iterable[Finding]:
    """Once a day every summary is computed a second way; a difference is told until an audit finds none."""
    last = by_night(AUDIT)
    if last is not None and last.may_retry:
        yield Finding(
            "audit-differs",
            f"集計の検算が問題なしで終わっていません。{last.error}",
            reverse("jobs:detail", args=[last.pk]),
        )

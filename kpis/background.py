"""The KPI app's background work."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from accounts.ids import ids_in
from jobs.progress import Progress
from jobs.registry import JobError, handles
from kpis.imports import in_background as large
from kpis.models import Kpi
from kpis.summaries.audit import audit, audit_files, audit_history
from kpis.summaries.freshness import AUDIT, behind
from kpis.summaries.recompute import recompute
from kpis.values.recomputing import KIND, request_recompute


def _figures(subjects: Collection[str]) -> dict[str, str]:
    """The names of the KPIs that are to be computed again."""
    kpis = Kpi.objects.filter(pk__in=ids_in(subject.removeprefix("kpi:") for subject in subjects))
    return {f"kpi:{pk}": name for pk, name in kpis.values_list("pk", "name")}


@handles(KIND, title="集計の更新", merge=True, repeatable=True, names=_figures)
def recompute_summaries(progress: Progress, *, kpi_id: int) -> dict[str, Any]:
    """Computes one KPI's summaries again."""
    progress.report(10, "集計しています")
    return {"rows": recompute(kpi_id)}


@handles(AUDIT, title="集計の検算", merge=True, repeatable=True)
def audit_summaries(progress: Progress) -> dict[str, Any]:
    """Holds every summary against the second computation, every value against its history, every file against its
    checksum. A summary that differs is computed again, and the job says so by failing: run once more, it tells whether
    the difference is gone. Values and files are mended by nobody but a person."""
    kpis = list(Kpi.objects.select_related("numerator", "denominator").order_by("pk"))
    wrong: dict[int, str] = {}
    altered: list[str] = []
    for number, kpi in enumerate(kpis):
        progress.report(100 * number // max(1, len(kpis)), "別の計算方法で検算しています")
        if any(audit(kpi)) and kpi.pk not in behind():  # one that waits for its computation is no surprise
            wrong[kpi.pk] = kpi.name
        altered += [str(found) for found in audit_history(kpi)]
    progress.report(99, "保存したファイルを確かめています")
    altered += audit_files()
    told = []
    if wrong:
        request_recompute(wrong)
        shown = "、".join(list(wrong.values())[:5]) + ("など" if len(wrong) > 5 else "")
        told.append(
            f"{len(wrong)}件の指標（{shown}）で、集計と検算の結果が異なりました。集計はやり直しています。"
            "少し待ってから「もう一度実行」を押し、違いがなくなったことを確かめてください。"
        )
    if altered:
        told.append(
            f"実績値の履歴か保存したファイルに、{len(altered)}か所の問題があります（{'、'.join(altered[:3])}）。"
            "システムの管理者に audit_summaries を実行して確かめるよう頼んでください。"
        )
    if told:
        raise JobError("".join(told))
    return {"kpis": len(kpis)}


@handles(large.LOOK, title="ファイルの内容の確認")
def look_through_file(progress: Progress, *, file_id: int, user_id: int, mapping_id: int | None) -> dict[str, Any]:
    """Makes the preview of a large file; its result names the page that shows it."""
    large.look_through_now(file_id, user_id, mapping_id, progress.report)
    return {"url": large.page_of(file_id), "link": "ファイルの内容を確かめる"}


@handles(large.APPLY, title="ファイルの取込み")
def apply_file(progress: Progress, *, file_id: int, user_id: int, **said: Any) -> dict[str, Any]:
    """Takes a large file over, all of it or nothing."""
    count = large.apply_now(file_id, user_id, progress.report, **said)
    return {"count": count, "url": large.page_of(file_id), "link": f"取り込んだ{count:,}件を見る"}

"""The KPI app's background work."""

from __future__ import annotations

from typing import Any

from jobs.progress import Progress
from jobs.registry import handles
from kpis.imports import in_background as large
from kpis.recomputing import KIND
from kpis.summaries import recompute


@handles(KIND, title="集計の更新", merge=True)
def recompute_summaries(progress: Progress, *, kpi_id: int) -> dict[str, Any]:
    """Computes one KPI's summaries again."""
    progress.report(10, "集計しています")
    return {"rows": recompute(kpi_id)}


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

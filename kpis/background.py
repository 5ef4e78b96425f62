"""The KPI app's background work."""

from __future__ import annotations

from typing import Any

from jobs.progress import Progress
from jobs.registry import handles
from kpis.recomputing import KIND
from kpis.summaries import recompute


@handles(KIND, title="集計の更新", merge=True)
def recompute_summaries(progress: Progress, *, kpi_id: int) -> dict[str, Any]:
    """Computes one KPI's summaries again."""
    progress.report(10, "集計しています")
    return {"rows": recompute(kpi_id)}

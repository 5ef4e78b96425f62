"""Asks for summaries to be computed again, in the background, once what changed is committed."""

from __future__ import annotations

from collections.abc import Iterable

from jobs.dispatch import dispatch_all
from kpis.models import Kpi

KIND = "recompute_summaries"


def request_recompute(kpi_ids: Iterable[int]) -> None:
    """Enqueues the KPIs and the ratios computed from them; call it inside the transaction that changed them."""
    ids = set(kpi_ids)
    if not ids:
        return
    ids |= set(Kpi.objects.computed_from(ids).values_list("pk", flat=True))
    dispatch_all(KIND, {f"kpi:{kpi_id}": {"kpi_id": kpi_id} for kpi_id in sorted(ids)})

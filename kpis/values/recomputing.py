"""Asks for summaries to be computed again, in the background, once what changed is committed."""

from __future__ import annotations

from collections.abc import Iterable

from jobs.dispatch import dispatch
from kpis.models import Kpi

KIND = "recompute_summaries"


def request_recompute(kpi_ids: Iterable[int]) -> None:
    """Enqueues the KPIs and the ratios computed from them; call it inside the transaction that changed them."""
    ids = set(kpi_ids)
    if not ids:
        return
    ids |= set(Kpi.objects.computed_from(ids).values_list("pk", flat=True))
    for kpi_id in sorted(ids):
        dispatch(KIND, subject=f"kpi:{kpi_id}", arguments={"kpi_id": kpi_id})

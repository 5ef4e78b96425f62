"""Which KPIs a finished edition printed: their definition and targets change with a reason only."""

from __future__ import annotations

from collections.abc import Collection

from reports.models import Edition


def printed_codes(codes: Collection[str]) -> set[str]:
    """Those of the codes whose figures stand in the snapshot of a finished edition."""
    wanted, found = set(codes), set()
    for figures in Edition.objects.finished().values_list("snapshot__figures", flat=True).iterator(chunk_size=20):
        found |= {figure["code"] for figure in figures or []} & wanted
        if found == wanted:
            break
    return found

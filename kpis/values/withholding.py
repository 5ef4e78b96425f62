"""非公開: what stood there before a value was withheld stays with those who report it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kpis.models import Reporting, Revision
from kpis.models.value import Missing
from kpis.values.closed import month_of

if TYPE_CHECKING:
    from accounts.access import Access

#: In place of a value that is no longer shown.
WITHHELD = "非公開にした値"


def withheld_from(access: Access, revisions: Iterable[Revision]) -> frozenset[int]:
    """The ids of those measurements that are withheld now and that this person does not report, decide or gather.

    One query, and only where something is withheld.
    """
    withheld = {
        each.measurement_id: each.measurement
        for each in revisions
        if each.measurement.missing_reason == Missing.WITHHELD
    }
    if not withheld or access.is_reform_office:
        return frozenset()
    rows = Reporting.objects.filter(series__in={each.series_id for each in withheld.values()})
    listed = list(rows.select_related("department", "registrar"))
    seen = {
        pk
        for pk, each in withheld.items()
        for row in listed
        if row.series_id == each.series_id and row.is_in_force(month_of(each))
        if any(access.may_see_entries(whose) for whose in (row.department, row.registrar) if whose)
    }
    return frozenset(withheld) - seen

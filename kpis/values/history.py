"""Every version of a KPI's values: who wrote it, in which post, when and why, and what stood there before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator

from japan.missing import MissingReason
from kpis.models import Kpi, Revision, Series
from kpis.models.value import DatedValue
from kpis.values.reasons import reasons_for
from kpis.values.withholding import WITHHELD, withheld_from
from kpis.values.wording import exact

if TYPE_CHECKING:
    from accounts.access import Access

PAGE_LENGTH = 20


@dataclass(frozen=True)
class Version:
    """One line of the history."""

    revision: Revision
    series: str
    before: str
    after: str
    reason: str = ""
    #: The version it replaced, whose marks stand beside its value.
    earlier: Revision | None = None

    @property
    def is_correction(self) -> bool:
        return self.before != ""

    @property
    def is_remark(self) -> bool:
        """The value is as it was: the reason is what is new."""
        return self.revision.says_the_same_as(self.earlier)


def history_page(kpi: Kpi, number: str | None, access: Access) -> tuple[Page[Revision], list[Version]]:
    """A page of the history, newest first, and its lines, as a person may read them."""
    revisions = (
        Revision.objects.filter(measurement__series__kpi=kpi)
        .select_related("measurement__series", "imported_file")
        .order_by("-at", "-pk")
    )
    page = Paginator(revisions, PAGE_LENGTH).get_page(number)
    listed = list(page.object_list)
    earlier, hidden = versions_before(listed), withheld_from(access, listed)
    reasons = reasons_for(access, listed)

    def version(revision: Revision) -> Version:
        series, is_hidden = revision.measurement.series, revision.measurement_id in hidden
        before = earlier.get((revision.measurement_id, revision.version - 1))
        return Version(
            revision,
            "" if series.kind == Series.Kind.TOTAL else series.name,
            written(kpi, before, is_hidden=is_hidden),
            written(kpi, revision, is_hidden=is_hidden),
            reasons[revision.pk],
            before,
        )

    return page, [version(revision) for revision in listed]


def versions_before(revisions: list[Revision]) -> dict[tuple[int, int], Revision]:
    """All versions of the revisions' measurements by (measurement id, version), to look up what stood there before."""
    ids = {revision.measurement_id for revision in revisions if revision.version > 1}
    found = Revision.objects.filter(measurement_id__in=ids) if ids else []
    return {(revision.measurement_id, revision.version): revision for revision in found}


def written(kpi: Kpi, revision: DatedValue | None, *, is_hidden: bool = False) -> str:
    """The value or the reason for its absence in words; "" for no version at all."""
    if revision is None:
        return ""
    if revision.value is None:
        return MissingReason(revision.missing_reason).label
    if is_hidden:
        return WITHHELD
    return exact(kpi, revision.value)

"""非公開: what stood there before a value was withheld stays with those who report it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kpis.models import Revision
from kpis.models.value import Missing
from kpis.values.closed import month_of
from kpis.values.who_answers import who_answers

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
    answerers = who_answers(each.series_id for each in withheld.values())
    seen = {
        pk
        for pk, each in withheld.items()
        if any(map(access.may_see_entries, answerers.concerned(each.series_id, month_of(each))))
    }
    return frozenset(withheld) - seen

"""Adds the whole sample up to last month: what is missing, and nothing over what is there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from japan.fiscal import add_months
from kpis.imports.loading import without_stored
from kpis.models import Entry, Kpi
from kpis.values.recording import Change, record
from reform.demo.figures import Slot, changes_of, first_months, sample_values, series_by_key
from reform.demo.owner_cards import add_owner_cards
from reform.demo.people import add_copy_series, add_departments, add_people, add_reporting
from reform.demo.records import add_records
from reform.demo.reporting import MONTHS, report_months
from reform.demo.targets import add_targets

REASON = "見本データ（架空値）の登録"


@transaction.atomic
def load_sample(today: date) -> dict[str, int]:
    """Adds departments, people, months and targets as of `today`. Returns how many of each were new.

    A value that is stored, published or entered by somebody, stays; so does a place somebody once made an entry for.
    """
    last_month = add_months(today, -1)
    kpis = {kpi.code: kpi for kpi in Kpi.objects.all()}
    counts = {"所属": add_departments(), "職員": add_people()}
    if "copies" in kpis:
        counts["内訳"] = add_copy_series(kpis["copies"])
    values = sample_values(last_month)
    series = series_by_key()
    counts["報告の担当"] = add_reporting(series, first_months(values))
    free = _free(changes_of(values, series))
    older = [change for change in free.values() if _month(change) <= add_months(last_month, -MONTHS)]
    record(older, actor=None, post="", reason=REASON)
    counts["実績値"] = len(older)
    counts["回答"] = report_months(free, last_month, today)
    counts["担当票"] = add_owner_cards(today)
    counts["目標値"] = add_targets(kpis, last_month)
    counts["進捗状況調書"] = add_records(today)
    return counts


def _free(changes: Mapping[Slot, Change]) -> dict[Slot, Change]:
    """Those whose place holds no value and never had an entry."""
    entered = set(Entry.objects.values_list("series_id", "span", "period"))
    return {change.key: change for change in without_stored(list(changes.values())) if change.key not in entered}


def _month(change: Change) -> date:
    assert change.as_of is not None
    return change.as_of.replace(day=1)

"""A whole department's month is handed in and approved by statements over sets: more entries ask no more of the database."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from jobs.models import Job
from kpis.entries.queue import approve_together
from kpis.models import Entry, EntryEvent, Kpi, Measurement, Reporting, Revision, Series
from kpis.months.month import MonthForm
from tests.conftest import LONG_AGO
from tests.kpis.reporting_world import MONTH
from tests.kpis.world import access


@pytest.fixture
def written(june, department, editor):
    """Makes so many figures with a value typed for May, each with its event."""

    def write(count: int) -> list[Entry]:
        kpis = Kpi.objects.bulk_create(
            Kpi(code=f"k{number:03}", name=f"指標{number}", unit="件", kind="flow", order=number)
            for number in range(count)
        )
        series = Series.objects.bulk_create(
            Series(kpi=k, code="total", name="全体", kind="total", order=1) for k in kpis
        )
        Reporting.objects.bulk_create(Reporting(series=s, department=department, valid_from=LONG_AGO) for s in series)
        now = timezone.now()
        entries = Entry.objects.bulk_create(
            Entry(series=s, period=MONTH, value=5, typed="5", department=department, author=editor, updated_at=now)
            for s in series
        )
        EntryEvent.objects.bulk_create(EntryEvent(entry=e, action="saved", actor=editor, at=now) for e in entries)
        return entries

    return write


@pytest.mark.parametrize("count", [30, 250])
def test_a_month_is_handed_in(written, department, editor, count, django_assert_max_num_queries):
    written(count)
    form = MonthForm(department, MONTH, access=access(editor), today=date(2025, 6, 10))
    with django_assert_max_num_queries(60):
        assert form.hand_in() == count
    assert Entry.objects.filter(state="submitted", version=2, submitted_at__isnull=False).count() == count
    assert EntryEvent.objects.filter(action="submitted", actor=editor, shown="5").count() == count


@pytest.mark.parametrize(("count", "limit"), [(12, 60), (120, 80)])
def test_a_month_is_approved(written, editor, approver, count, limit, django_assert_max_num_queries):
    entries = written(count)
    Entry.objects.update(state="submitted", steps="approver", submitted_at=timezone.now())
    chief = access(approver)
    with django_assert_max_num_queries(limit):
        assert approve_together({entry.pk: entry.version for entry in entries}, chief).approved == count
    assert Measurement.objects.filter(value=5, source="情報政策課").count() == count
    assert Revision.objects.filter(actor=editor, reason="回答（情報政策課 課長が承認）").count() == count
    assert Entry.objects.filter(state="approved", decided_by=approver).count() == count
    assert Job.objects.filter(kind="recompute_summaries", state="queued").count() == count

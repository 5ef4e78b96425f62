"""The command load_demo on an empty database."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from japan.fiscal import add_months
from kpis.models import Measurement
from reform.demo.organisation import SIGN_INS


@pytest.mark.django_db
def test_the_command_prints_the_sign_ins_each_time_it_runs(finish_jobs) -> None:
    first, second = StringIO(), StringIO()
    for out in (first, second):
        with finish_jobs():
            call_command("load_demo", stdout=out)

    assert "vol.5 の公表内容" in first.getvalue()
    assert "見本データ（架空値）：登録済みです。" in second.getvalue()
    for person in SIGN_INS:
        assert all(person.number in out.getvalue() and person.password in out.getvalue() for out in (first, second))
    newest = Measurement.objects.filter(span="month", series__kpi__code="applications").latest("period")
    assert newest.period == add_months(timezone.localdate(), -1)

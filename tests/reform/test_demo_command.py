"""The command load_demo on an empty database."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Department, User
from japan.fiscal import add_months
from kpis.models import Kpi, Measurement
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


@pytest.mark.django_db
@pytest.mark.parametrize("begun", ["department", "kpi"])
def test_a_database_of_another_city_gets_neither_sample_nor_sign_ins(begun) -> None:
    if begun == "department":
        Department.objects.create(code="1", name="本物の課", short_name="課", order=1, valid_from=date(2020, 4, 1))
    else:
        Kpi.objects.create(code="visits", name="来庁者数", unit="人", kind="flow", order=1)
    with pytest.raises(CommandError, match="ほかの市のデータがあります"):
        call_command("load_demo", stdout=StringIO())
    assert not User.objects.exists()
    assert Department.objects.count() + Kpi.objects.count() == 1

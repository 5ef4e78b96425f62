"""Commands that store values stop at a closed month: they say so in a sentence, and nothing is saved."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from japan.fiscal import add_months
from kpis.models import Kpi, Measurement
from kpis.values.closed import close_month
from tests.kpis.world import access, make_kpi


def test_the_sample_is_not_loaded_into_a_closed_month_and_the_command_says_so(reform_office, finish_jobs):
    today = timezone.localdate()
    with finish_jobs():
        call_command("load_vol5", stdout=StringIO())
        stored = Measurement.objects.count()
        close_month(add_months(today, -1), access=access(reform_office, today))
        out = StringIO()
        call_command("load_demo", stdout=out)
    assert "加えていません" in out.getvalue()
    assert "確定しているため、変更できません" in out.getvalue()
    assert Measurement.objects.count() == stored


def test_published_values_do_not_get_into_a_closed_month_either(division, reform_office, finish_jobs):
    make_kpi("own", "独自の指標", "人", "stock")
    close_month(date(2025, 5, 1), access=access(reform_office))
    with finish_jobs(), pytest.raises(CommandError, match="令和7年5月分は確定しているため"):
        call_command("load_vol5", stdout=StringIO())
    assert not Measurement.objects.exists()
    assert list(Kpi.objects.values_list("code", flat=True)) == ["own"]

"""`manage.py seed_city`: it builds in an empty database, and in no other."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Department, User
from initiatives.models import Pillar
from japan.periods import Period
from kpis.models import Measurement
from reform.second_city.figures import Shape
from reform.second_city.organisation import branches, invented_name
from reform.second_city.sizes import SIZES, Size
from reform.second_city.timeline import Timeline


@pytest.mark.parametrize("begun", ["department", "pillar"])
def test_a_database_of_another_city_is_left_as_it_is(db, begun):
    if begun == "department":
        Department.objects.create(code="1", name="本物の課", short_name="課", order=1, valid_from=date(2020, 4, 1))
    else:
        Pillar.objects.create(code="real", order=1, icon="work")
    with pytest.raises(CommandError, match="ほかの市のデータ"):
        call_command("seed_city", stdout=StringIO())
    assert User.objects.count() == 0
    assert Department.objects.count() + Pillar.objects.count() == 1


def test_beside_the_operator_it_is_built_and_the_sign_ins_are_named(db):
    User.objects.create_superuser("admin", "operator-of-this-1", name="運用 担当")
    out = StringIO()
    call_command("seed_city", "--size", "s", stdout=out)
    call_command("seed_city", stdout=out)
    assert "を加えました" in out.getvalue()
    assert "登録済みです" in out.getvalue()
    assert "minato-nyuryoku-1" in out.getvalue()
    assert Measurement.objects.count() > 1_000


def test_a_larger_size_has_names_and_codes_enough():
    timeline = Timeline(date(2025, 12, 10), Size(40, 6, 18, 3, 5))
    assert len({code for code, *_ in branches(40)}) == len({name for _, name, *_ in branches(40)}) == 40
    assert timeline.introduced == date(2025, 7, 1)
    names = [invented_name(place) for place in range(1, 400)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("today", [date(2025, 4, 1), date(2026, 1, 5), date(2026, 3, 31), date(2028, 2, 29)])
def test_on_any_day_the_reported_months_follow_each_other_up_to_the_last_that_ended(today):
    timeline = Timeline(today, SIZES["s"])
    months = timeline.reported
    assert months[-1] == timeline.last_month < today.replace(day=1)
    assert [timeline.back(month) for month in months] == [4, 3, 2, 1, 0]
    assert timeline.corrected < timeline.last_closed < timeline.changed < today


def test_growth_never_takes_a_figure_below_zero_or_without_end():
    shape = Shape.read({"level": 100, "growth": -30}, is_flow=True)
    grown = Shape.read({"level": 100, "growth": 30}, is_flow=True)
    for year in (2010, 2025, 2060, 2100):
        assert 0 < shape.value(Period.from_iso(f"{year}-05"), "a") < 250
        assert 0 < grown.value(Period.from_iso(f"{year}-05"), "a") < 250

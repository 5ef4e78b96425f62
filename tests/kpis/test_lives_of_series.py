"""A figure whose series began or ended within a year says which months it has, as one that began or ended itself."""

from __future__ import annotations

from datetime import date

import pytest

from kpis.dashboards.page import YearRow, page_of
from kpis.models import Kpi
from kpis.summaries.audit import audit
from kpis.summaries.recompute import recompute
from tests.kpis.world import put_months

TODAY = date(2025, 7, 25)


def years(kpi: Kpi) -> dict[str, YearRow]:
    recompute(kpi.pk)
    assert list(audit(Kpi.objects.get(pk=kpi.pk))) == []
    rows = page_of(Kpi.objects.for_page().get(pk=kpi.pk), today=TODAY, asked="").years
    return {row.label: row for row in rows}


@pytest.mark.parametrize(
    ("life", "first", "count", "label", "note"),
    [
        ({"ends_on": date(2024, 9, 30)}, "2023-04", 18, "令和6(2024)年度", "6か月分（4月〜9月）"),
        ({"starts_on": date(2023, 12, 1)}, "2023-12", 19, "令和5(2023)年度", "4か月分（12月〜3月）"),
    ],
)
def test_the_only_series_began_or_ended_within_a_year(world, life, first, count, label, note):
    world.online.series.update(**life)
    put_months(world.online, first, *[100] * count)
    assert years(world.online)[label].note == note


def test_every_part_ended_within_the_year(world):
    world.visits.series.filter(code="a").update(ends_on=date(2024, 4, 30))
    world.visits.series.filter(code="b").update(ends_on=date(2024, 6, 30))
    put_months(world.visits, "2023-04", *[5] * 13, code="a")
    put_months(world.visits, "2023-04", *[7] * 15, code="b")
    year = years(world.visits)["令和6(2024)年度"]
    assert (year.value, year.note, year.ratio) == ("26人", "3か月分（4月〜6月）", "")


def test_one_part_lives_on_and_the_year_is_whole(world):
    world.visits.series.filter(code="a").update(ends_on=date(2024, 4, 30))
    put_months(world.visits, "2023-04", *[5] * 13, code="a")
    put_months(world.visits, "2023-04", *[7] * 24, code="b")
    year = years(world.visits)["令和6(2024)年度"]
    assert (year.value, year.note) == ("89人", "")

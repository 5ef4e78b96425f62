"""A total without a part that the earlier period counted is no saving: nothing is claimed of what the part took along."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Department, Succession
from kpis.dashboards.page import KpiPage, YearRow, page_of
from kpis.models import Kpi, Reporting, Series, Target
from kpis.summaries.audit import audit
from kpis.summaries.recompute import recompute
from reports.figures import Figures
from tests.kpis.world import make_kpi, put, put_months

WHY = "終わった内訳があるため、前とは比べません"


def look(kpi: Kpi, today: date = date(2025, 6, 10)) -> KpiPage:
    recompute(kpi.pk)
    assert list(audit(Kpi.objects.get(pk=kpi.pk))) == []
    return page_of(Kpi.objects.for_page().get(pk=kpi.pk), today=today, asked="")


def year(page: KpiPage, label: str = "2024") -> YearRow:
    return next(row for row in page.years if f"({label})" in row.label)


def ends(kpi: Kpi, day: date, code: str = "b") -> None:
    Series.objects.filter(kpi=kpi, code=code).update(ends_on=day)


def aim(kpi: Kpi, value: int, fiscal_year: int = 2024) -> None:
    Target.objects.create(kpi=kpi, fiscal_year=fiscal_year, value=Decimal(value))


def test_a_month_after_a_part_ended_is_compared_with_no_month_that_had_it(world) -> None:
    ends(world.visits, date(2025, 3, 31))
    put_months(world.visits, "2024-05", *[100] * 12, code="a")
    put_months(world.visits, "2024-05", *[55] * 11, code="b")
    april = look(world.visits)
    assert (april.card.number, april.card.change, april.card.change_is) == ("100", WHY, "")
    assert april.month_rows[0][2:4] == ("", "")  # there is no April of the year before
    put(world.visits, "2025-05", 100, "a")
    may = look(world.visits)
    assert (may.card.change, may.card.change_note) == ("前月から増減なし", "")
    assert may.month_rows[0][2:4] == ("", WHY)


def test_a_part_that_counted_nothing_takes_nothing_along(world) -> None:
    ends(world.visits, date(2025, 3, 31))
    put_months(world.visits, "2025-03", 100, 90, code="a")
    put(world.visits, "2025-03", None, "b", missing_reason="not_applicable")
    assert look(world.visits).card.change == "前月から10人減"


def test_a_part_that_begins_is_growth(world) -> None:
    Series.objects.filter(kpi=world.visits, code="b").update(starts_on=date(2025, 4, 1))
    put_months(world.visits, "2025-03", 100, 100, code="a")
    put(world.visits, "2025-04", 55, "b")
    assert look(world.visits).card.change == "前月から55人増"


def test_a_year_is_compared_over_the_months_before_the_part_ended(world) -> None:
    ends(world.visits, date(2024, 6, 30))
    put_months(world.visits, "2023-04", *[100] * 12, *[90] * 12, code="a")
    put_months(world.visits, "2023-04", *[50] * 12, *[50] * 3, code="b")
    assert year(look(world.visits)).change == "30人減（同じ3か月どうし）"


def test_a_year_all_of_which_lacks_the_part_is_compared_with_nothing(world) -> None:
    ends(world.visits, date(2024, 3, 31))
    put_months(world.visits, "2023-04", *[100] * 24, code="a")
    put_months(world.visits, "2023-04", *[50] * 12, code="b")
    assert year(look(world.visits)).change == WHY


def test_of_figures_of_whole_years_too(world) -> None:
    ends(world.visits, date(2024, 3, 31))
    for code in "ab":
        put(world.visits, "FY2023", 600, code)
    put(world.visits, "FY2024", 600, "a")
    assert year(look(world.visits)).change == WHY


def test_a_level_lacks_it_as_an_amount_does(world) -> None:
    ends(world.services, date(2024, 9, 30))
    put_months(world.services, "2024-03", *[10] * 13, code="a")
    put_months(world.services, "2024-03", *[4] * 7, code="b")
    page = look(world.services, date(2025, 4, 20))
    assert (year(page).change, page.card.change) == (WHY, "前月から増減なし")


@pytest.mark.parametrize("total", [1000, 700])
def test_a_published_total_says_itself_what_it_counts(world, total) -> None:
    ends(world.copies, date(2025, 3, 31))
    put(world.copies, "2025-03", 1000)
    put(world.copies, "2025-03", 300, "b")
    put(world.copies, "2025-04", total)
    assert look(world.copies).card.change == ("前月から増減なし" if total == 1000 else "前月から300枚減")


def test_a_ratio_of_such_an_amount_is_compared_with_nothing_either(world) -> None:
    world.online.series.update(kind="type")
    Series.objects.create(kpi=world.online, code="b", name="b", kind="type", ends_on=date(2025, 3, 31))
    put_months(world.online, "2025-03", 40, 40)
    put(world.online, "2025-03", 20, "b")
    put_months(world.applications, "2025-03", 100, 100)
    page = look(world.rate)
    assert (page.card.number, page.card.change) == ("40.0", WHY)


# --- 達成, 順調 and the baseline ------------------------------------------------------------------------------------------
def test_what_stopped_being_counted_reaches_no_target(world) -> None:
    aim(world.visits, 1500)
    ends(world.visits, date(2024, 3, 31))
    put_months(world.visits, "2023-04", *[100] * 24, code="a")
    put_months(world.visits, "2023-04", *[50] * 12, code="b")
    page = look(world.visits)
    assert page.card.progress == "判定できません（終わった内訳があるため）　令和6年度 1,200人"
    assert year(page).progress == ""


def test_what_is_missed_even_without_the_part_is_missed(world) -> None:
    aim(world.visits, 1100)
    ends(world.visits, date(2024, 3, 31))
    put_months(world.visits, "2023-04", *[100] * 24, code="a")
    put_months(world.visits, "2023-04", *[50] * 12, code="b")
    assert look(world.visits).card.progress == "未達　令和6年度 1,200人"


def test_where_more_is_better_the_rest_may_reach_it(world) -> None:
    Kpi.objects.filter(pk=world.visits.pk).update(direction="up")
    aim(world.visits, 1100)
    ends(world.visits, date(2024, 3, 31))
    put_months(world.visits, "2023-04", *[100] * 24, code="a")
    put_months(world.visits, "2023-04", *[50] * 12, code="b")
    assert look(world.visits).card.progress == "達成　令和6年度 1,200人　達成率 109.1%"


def test_a_running_year_is_not_called_on_track_by_it(world) -> None:
    aim(world.visits, 1500, 2025)
    ends(world.visits, date(2025, 3, 31))
    put_months(world.visits, "2024-04", *[100] * 14, code="a")
    put_months(world.visits, "2024-04", *[50] * 12, code="b")
    assert look(world.visits).card.progress.startswith("判定できません（終わった内訳があるため）")


def test_the_year_after_next_has_a_target_of_its_own(world) -> None:
    aim(world.visits, 1500)
    ends(world.visits, date(2023, 3, 31))
    put_months(world.visits, "2022-04", *[100] * 36, code="a")
    put_months(world.visits, "2022-04", *[50] * 12, code="b")
    page = look(world.visits)
    assert (year(page).change, page.card.progress) == ("増減なし", "達成　令和6年度 1,200人　達成率 125.0%")


BASE = {"baseline_value": 2400, "baseline_span": "fiscal_year", "baseline_period": date(2019, 4, 1)}


@pytest.mark.parametrize(
    ("life", "ratio"),
    [
        ({"ends_on": date(2023, 3, 31)}, ""),
        ({"ends_on": None}, "0.5倍"),
        ({"starts_on": date(2022, 4, 1), "ends_on": date(2023, 3, 31)}, "0.5倍"),
    ],
)
def test_the_baseline_with_the_part_is_no_measure_of_the_total_without_it(world, life, ratio) -> None:
    Kpi.objects.filter(pk=world.visits.pk).update(**BASE)
    aim(world.visits, 1000)
    Series.objects.filter(kpi=world.visits, code="b").update(**life)
    put_months(world.visits, "2024-04", *[100] * 12, code="a")
    put(world.visits, "2023-03", 50, "b")
    if life["ends_on"] is None:
        put_months(world.visits, "2024-04", *[0] * 12, code="b")
    page = look(world.visits)
    assert year(page).ratio == ratio
    assert ("進捗率" in year(page).progress) is bool(ratio)
    found = Figures(date(2025, 5, 31)).get("visits@FY2024")
    assert (found.ratio, bool(found.change), bool(found.change_rate)) == (ratio, bool(ratio), bool(ratio))


# --- A reorganisation ---------------------------------------------------------------------------------------------------
@pytest.fixture
def branches(department, other_department) -> Kpi:
    """A figure by departments: one department's part ends in March, the other's begins in April."""
    kpi = make_kpi("branch", "支所の件数", "件", "flow", parts=("a", "b", "c"), direction="down")
    ends(kpi, date(2025, 3, 31))
    Series.objects.filter(kpi=kpi, code="c").update(starts_on=date(2025, 4, 1))
    for code, whose in (("a", department), ("b", department), ("c", other_department)):
        series = Series.objects.get(kpi=kpi, code=code)
        Reporting.objects.create(series=series, department=whose, valid_from=date(2019, 4, 1))
        put(kpi, "2025-04" if code == "c" else "2025-03", 50, code)
    put(kpi, "2025-04", 40, "a")
    return kpi


def succession(before: Department, after: Department) -> Any:
    return Succession.objects.create(predecessor=before, successor=after, date=date(2025, 4, 1), kind="move")


def test_a_part_that_another_continues_is_counted_on(branches, department, other_department) -> None:
    assert look(branches).card.change == WHY
    succession(department, other_department)
    assert look(branches).card.change == "前月から10件減"


def test_the_other_way_round_nothing_is_continued(branches, department, other_department) -> None:
    succession(other_department, department)
    assert look(branches).card.change == WHY


def test_a_part_that_begins_later_continues_nothing(branches, department, other_department) -> None:
    succession(department, other_department)
    Series.objects.filter(kpi=branches, code="c").update(starts_on=date(2025, 5, 1))
    assert look(branches).card.change == WHY


def test_a_published_total_is_not_held_against_the_sum_of_what_is_left(world) -> None:
    ends(world.copies, date(2025, 3, 31))
    put(world.copies, "2025-03", 1000)
    put(world.copies, "2025-03", 300, "b")
    put(world.copies, "2025-04", 690, "a")
    page = look(world.copies)
    assert (page.card.number, page.card.change) == ("690", WHY)

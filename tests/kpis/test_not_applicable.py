"""該当なし (「－」 in Japanese statistics: 皆無又は該当数字なし) is an answer that adds nothing."""

from __future__ import annotations

from datetime import date

import pytest

from kpis.claims import Word
from kpis.dashboards.page import KpiPage, YearRow, page_of
from kpis.models import Kpi, Series, Target
from kpis.summaries.audit import audit
from kpis.summaries.recompute import recompute
from reports.figures import Figures
from tests.kpis.test_kpi_data import fetch as fetch
from tests.kpis.world import make_kpi, put, put_months, summary

NONE = {"missing_reason": "not_applicable"}


def look(kpi: Kpi, today: date = date(2025, 6, 10)) -> KpiPage:
    recompute(kpi.pk)
    assert list(audit(Kpi.objects.get(pk=kpi.pk))) == []
    return page_of(Kpi.objects.for_page().get(pk=kpi.pk), today=today, asked="")


def year(page: KpiPage, label: str = "2024") -> YearRow:
    return next(row for row in page.years if f"({label})" in row.label)


def test_a_year_with_it_is_whole_and_compared_as_a_whole_year(world) -> None:
    Target.objects.create(kpi=world.online, fiscal_year=2024, value=1000)
    put_months(world.online, "2023-04", *[100] * 12)
    put_months(world.online, "2024-04", *[100] * 11)
    put(world.online, "2025-03", None, **NONE)
    page = look(world.online)
    shown = year(page)
    assert (shown.value, shown.note, shown.change) == ("1,100件", "", "100件減")
    assert shown.progress == "達成率 110.0%"
    assert summary(world.online, "FY2024").months == 12
    march = summary(world.online, "2025-03")
    assert (march.cumulative, march.cumulative_months) == (1100, 12)


def test_to_date_the_same_months_are_those_answered_in_both_years(world) -> None:
    put_months(world.online, "2024-04", 100, 110, 120)
    put(world.online, "2025-04", 50)
    put(world.online, "2025-05", None, **NONE)
    shown = year(look(world.online), "2025")
    assert (shown.value, shown.note, shown.change) == ("50件", "2／12か月分", "160件減（同じ2か月どうし）")


def test_last_years_counts_as_an_answer_too(world) -> None:
    put(world.online, "2024-04", None, **NONE)
    put(world.online, "2024-05", 110)
    put_months(world.online, "2025-04", 50, 70)
    assert year(look(world.online), "2025").change == "10件増（同じ2か月どうし）"


@pytest.mark.parametrize("reason", ["withheld", "before_start", "pending"])
def test_no_other_reason_is_such_an_answer(world, reason) -> None:
    put(world.online, "2024-04", None, missing_reason=reason)
    put(world.online, "2024-05", 110)
    put_months(world.online, "2025-04", 50, 70)
    assert year(look(world.online), "2025").change == "40件減（同じ1か月どうし）"


def test_nothing_but_it_on_one_side_is_compared_with_nothing(world) -> None:
    put_months(world.online, "2024-04", 100, 110)
    put(world.online, "2025-04", None, **NONE)
    put(world.online, "2025-05", None, **NONE)
    shown = year(look(world.online), "2025")
    assert (shown.value, shown.change) == ("該当なし", "")


def test_a_part_with_it_leaves_the_total_whole(world) -> None:
    put_months(world.visits, "2024-05", 10, code="a")
    put(world.visits, "2024-05", None, "b", **NONE)
    put_months(world.visits, "2025-05", 12, code="a")
    put(world.visits, "2025-05", None, "b", **NONE)
    card = look(world.visits).card
    assert (card.number, card.kind, card.change) == ("12", "実績値・月間計", "前年同月から2人増")


def test_a_running_year_keeps_its_pace_by_the_same_months(world) -> None:
    Target.objects.create(kpi=world.online, fiscal_year=2025, value=1000)
    put_months(world.online, "2024-04", 500, *[50] * 10)
    put(world.online, "2025-03", None, **NONE)
    put(world.online, "2025-04", 500)
    put(world.online, "2025-05", None, **NONE)
    card = look(world.online).card
    assert card.verdict.word is Word.BEHIND  # 55 of 100 had come by May
    assert card.progress == "遅れ　2／12か月分で500件"


def test_a_rates_year_is_over_the_two_whole_years_that_the_pages_show(world) -> None:
    Kpi.objects.filter(pk=world.rate.pk).update(direction="up")
    put_months(world.online, "2024-04", *[75] * 11)
    put(world.online, "2025-03", None, **NONE)
    put_months(world.applications, "2024-04", *[100] * 12)
    page = look(world.rate)
    assert (year(page).value, year(page).note) == ("68.8%", "")  # 825 ÷ 1,200 is 68.75 %
    assert page.month_rows[0][1] == "該当なし"


def test_of_two_levels_the_last_month_with_both_counts(world) -> None:
    Kpi.objects.filter(pk__in=[world.online.pk, world.applications.pk]).update(kind="stock")
    put_months(world.online, "2025-02", 40)
    put(world.online, "2025-03", None, **NONE)
    put_months(world.applications, "2025-02", 100, 100)
    row = summary(world.rate, "FY2024")
    assert (row.value, row.value_period) == (40, date(2025, 2, 1))
    assert list(audit(Kpi.objects.get(pk=world.rate.pk))) == []


def test_a_level_that_is_it_leaves_the_mean_to_the_others(world) -> None:
    per_head = make_kpi("per-head", "1人当たり", "件/人", "ratio", numerator=world.online, denominator=world.friends)
    put_months(world.online, "2024-04", *[100] * 12)
    put_months(world.friends, "2024-04", *[10] * 11)
    put(world.friends, "2025-03", None, **NONE)
    row = summary(per_head, "FY2024")
    assert (row.value, row.months) == (120, 12)
    assert list(audit(per_head)) == []


def test_it_is_said_in_the_file_and_in_the_report(world, fetch) -> None:
    put_months(world.online, "2024-04", *[100] * 11)
    put(world.online, "2025-03", None, **NONE)
    put_months(world.applications, "2024-04", *[200] * 12)
    recompute(world.online.pk)
    recompute(world.rate.pk)
    rows = {row["対象期間"]: row for row in fetch("online")}
    assert (rows["2025-03"]["値"], rows["2025-03"]["値なしの理由"]) == ("", "該当なし")
    rates = {row["対象期間"]: row for row in fetch("rate")}
    assert (rates["FY2024"]["値"], rates["FY2024"]["含む月"]) == ("45.833333333", "")
    figures = Figures(date(2025, 5, 31))
    assert figures.get("online@2025-03").value == "該当なし"
    assert (figures.get("online@FY2024").value, figures.get("rate@FY2024").value) == ("1,100件", "45.8%")


# --- Rule 4: why a ratio has no value -----------------------------------------------------------------------------------
@pytest.mark.parametrize("of", ["online", "applications"])
def test_a_ratio_of_which_one_side_is_withheld_in_part_is_withheld(world, of) -> None:
    kpi, other = (world.online, world.applications) if of == "online" else (world.applications, world.online)
    kpi.series.update(kind="type")
    Series.objects.create(kpi=kpi, code="b", name="b", kind="type")
    put(kpi, "2025-05", 10)
    put(kpi, "2025-05", None, "b", missing_reason="withheld")
    put(other, "2025-05", 100)
    page = look(world.rate)
    assert (page.card.missing, page.month_rows[0][1]) == ("非公開", "非公開")
    assert year(page, "2025").value == "非公開"


def test_a_yearly_ratio_says_why_too(world, fetch) -> None:
    put(world.online, "FY2024", None, missing_reason="withheld")
    put(world.applications, "FY2024", 100)
    assert year(look(world.rate)).value == "非公開"
    assert Figures(date(2025, 5, 31)).get("rate@FY2024").value == "非公開"


@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        (("withheld", "not_applicable"), "非公開"),
        (("not_applicable", "before_start"), "導入前"),
        (("before_start", "withheld"), "導入前"),
        (("before_start", "before_start"), "導入前"),
    ],
)
def test_two_reasons_give_one(world, reasons, said) -> None:
    put(world.online, "2025-05", None, missing_reason=reasons[0])
    put(world.applications, "2025-05", None, missing_reason=reasons[1])
    assert look(world.rate).card.missing == said


def test_a_month_before_one_side_was_in_use_is_left_out_of_no_year(world) -> None:
    put(world.online, "2024-04", None, missing_reason="before_start")
    put_months(world.online, "2024-05", *[30] * 11)
    put(world.applications, "2024-04", None, missing_reason="withheld")
    put_months(world.applications, "2024-05", *[100] * 11)
    shown = year(look(world.rate))
    assert (shown.value, shown.note) == ("30.0%", "11か月分（5月〜3月）")


# --- Rule 1: a reason given for the total says nothing of its parts ---------------------------------------------------
@pytest.mark.parametrize("reason", ["not_applicable", "withheld", "pending", "before_start"])
def test_a_total_without_a_number_answers_for_none_of_its_parts(world, reason) -> None:
    for code in ("a", "b"):
        put_months(world.copies, "2024-04", *[10] * 11, code=code)
    put(world.copies, "2025-03", None, missing_reason=reason)
    shown = year(look(world.copies))
    assert (shown.value, shown.note, shown.progress) == ("220枚", "11／12か月分", "")
    march = summary(world.copies, "2025-03")
    assert (march.reported, march.expected, march.withheld) == (0, 2, 0)


def test_a_total_that_has_no_living_part_answers_for_itself(world) -> None:
    world.copies.series.exclude(kind="total").update(starts_on=date(2025, 4, 1))
    put_months(world.copies, "2024-04", *[10] * 11)
    put(world.copies, "2025-03", None, **NONE)
    shown = year(look(world.copies))
    assert (shown.value, shown.note) == ("110枚", "")

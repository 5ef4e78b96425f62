"""What card, page, table, chart and file say of a figure: no more than the rules allow."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from accounts.models import Department
from charts.specification import Role
from kpis.claims import Word
from kpis.dashboards.board import look_at
from kpis.dashboards.cards import Card, card_of
from kpis.dashboards.page import KpiPage, YearRow, page_of
from kpis.models import Kpi, Series, Target
from kpis.summaries.audit import audit
from kpis.summaries.recompute import recompute
from kpis.values.export import data_file
from tests.kpis.world import World, make_kpi, make_world, put, put_months, summaries

BEFORE_DUE = date(2025, 6, 10)


@pytest.fixture
def world(department: Department) -> World:
    return make_world(department)


def look(kpi: Kpi, today: date = BEFORE_DUE, asked: str = "") -> KpiPage:
    for pk in {kpi.pk, kpi.numerator_id, kpi.denominator_id} - {None}:
        recompute(pk)
        assert list(audit(Kpi.objects.get(pk=pk))) == []
    return page_of(Kpi.objects.for_page().get(pk=kpi.pk), today=today, asked=asked)


def card_on(kpi: Kpi, as_of: date) -> Card:
    recompute(kpi.pk)
    board = look_at(Kpi.objects.for_board().filter(pk=kpi.pk), today=date(2025, 12, 20), as_of=as_of)
    return card_of(board.sights[0], board)


def year(page: KpiPage, label: str) -> YearRow:
    return next(row for row in page.years if f"({label})" in row.label)


def aim(kpi: Kpi, value: int | str, fiscal_year: int = 2024, month: int | None = None) -> None:
    Target.objects.create(kpi=kpi, fiscal_year=fiscal_year, month=month, value=Decimal(value))


def base(kpi: Kpi, value: int, span: str = "fiscal_year", **fields: object) -> None:
    Kpi.objects.filter(pk=kpi.pk).update(baseline_value=value, baseline_span=span, **fields)


# --- Rules 1 and 2: whole, to date, with gaps, lived ------------------------------------------------------------------
def test_a_year_of_which_a_month_lacks_a_part_is_the_sum_of_its_whole_months_and_no_more(world) -> None:
    base(world.visits, 1800)
    put_months(world.visits, "2024-04", *[75] * 12, code="a")
    put_months(world.visits, "2024-04", *[75] * 12, code="b")
    put_months(world.visits, "2025-04", *[75] * 5, code="a")
    put_months(world.visits, "2025-04", *[75] * 4, code="b")
    page = look(world.visits, date(2025, 9, 30))
    shown = year(page, "2025")
    assert (shown.value, shown.note, shown.change, shown.ratio, shown.progress) == (
        "600人", "4／12か月分", "", "", ""
    )  # fmt: skip
    chart = look(world.visits, date(2025, 9, 30), "years").chart
    assert chart is None  # one whole year makes no bars, and the running year none at all


def test_a_year_to_date_whose_months_are_all_in_is_compared_with_the_same_months(world) -> None:
    put_months(world.online, "2024-04", *[100] * 12, 110, 110)
    shown = year(look(world.online), "2025")
    assert (shown.note, shown.change) == ("2／12か月分", "20件増（同じ2か月どうし）")


def test_a_month_that_is_due_and_missing_makes_the_year_to_date_one_with_a_gap(world) -> None:
    put_months(world.online, "2024-04", *[100] * 12, 110, 110)
    shown = year(look(world.online, date(2025, 8, 1)), "2025")
    assert (shown.value, shown.note, shown.change) == ("220件", "2／12か月分", "")


def test_a_figure_that_ended_in_june_is_compared_over_the_same_three_months(world) -> None:
    Kpi.objects.filter(pk=world.online.pk).update(ends_on=date(2025, 6, 30))
    put_months(world.online, "2024-04", *[100] * 15)
    shown = year(look(world.online, date(2025, 12, 20)), "2025")
    assert (shown.value, shown.note, shown.change) == ("300件", "3か月分（4月〜6月）", "増減なし（同じ3か月どうし）")


@pytest.mark.parametrize(
    ("life", "first", "note"),
    [
        ({"ends_on": date(2024, 9, 30)}, "2024-04", "6か月分（4月〜9月）"),
        ({"starts_on": date(2024, 10, 1)}, "2024-10", "6か月分（10月〜3月）"),
    ],
)
def test_half_a_year_of_life_is_held_against_no_year(world, life, first, note) -> None:
    base(world.online, 1200, **life)
    aim(world.online, 1300)
    put_months(world.online, first, *[100] * 6)
    page = look(world.online)
    shown = year(page, "2024")
    assert (shown.value, shown.note, shown.ratio, shown.progress) == ("600件", note, "", "")
    assert (page.card.target, page.card.progress, page.card.verdict) == ("", "", None)


def test_months_before_the_introduction_are_no_life(world) -> None:
    aim(world.online, 1300)
    put_months(world.online, "2024-04", *[None] * 6, *[100] * 6)
    for month in range(4, 10):
        put(world.online, f"2024-{month:02}", None, missing_reason="before_start")
    shown = year(look(world.online), "2024")
    assert (shown.note, shown.progress) == ("6か月分（10月〜3月）", "")


def test_a_yearly_figure_that_began_in_october_says_which_months_it_has(world) -> None:
    base(world.hours, 100, starts_on=date(2024, 10, 1))
    put(world.hours, "FY2024", 50)
    shown = year(look(world.hours), "2024")
    assert (shown.note, shown.ratio) == ("6か月分（10月〜3月）", "")


# --- Rule 3: rates of flows -------------------------------------------------------------------------------------------
def test_only_the_years_rate_is_held_against_the_years_target(world) -> None:
    aim(world.rate, 20)
    Kpi.objects.filter(pk=world.rate.pk).update(direction="up")
    put_months(world.online, "2024-04", 10, 10, 11, 12, 12, 13, 14, 14, 15, 18, 20, 24)
    put_months(world.applications, "2024-04", *[100] * 12)
    page = look(world.rate)
    assert (page.card.number, page.card.progress) == ("24.0", "未達　令和6年度 14.4%　達成率 72.1%")
    assert year(page, "2024").value == "14.4%"
    assert page.chart.target is None


@pytest.mark.parametrize("top", [False, True])
@pytest.mark.parametrize(("today", "months"), [(date(2025, 6, 10), 12), (date(2025, 3, 10), 11)])
def test_a_rate_of_which_a_month_is_withheld_says_so_and_waits_for_nothing(world, top, today, months) -> None:
    aim(world.rate, 10)
    Kpi.objects.filter(pk=world.rate.pk).update(direction="up")
    put_months(world.online, "2024-04", *[20] * months)
    put_months(world.applications, "2024-04", *[100] * months)
    put(world.online if top else world.applications, "2024-08", None, missing_reason="withheld")
    page = look(world.rate, today)
    so_far = f"{months - 1}／12か月分"
    assert page.card.progress == f"判定できません（非公開1か月分を除く）　{so_far}で20.0%"
    shown = year(page, "2024")
    assert (shown.value, shown.note, shown.progress) == ("20.0%", f"{so_far}・非公開1か月分を除く", "")


def test_a_rate_of_which_a_month_is_not_in_yet_waits_for_it(world) -> None:
    aim(world.rate, 10)
    Kpi.objects.filter(pk=world.rate.pk).update(direction="up")
    put_months(world.online, "2024-04", *[20] * 11)
    put_months(world.applications, "2024-04", *[100] * 12)
    page = look(world.rate)
    assert page.card.progress == "実績待ち（11／12か月分）　11／12か月分で20.0%"
    assert year(page, "2024").note == "11／12か月分"


def test_a_months_rate_is_held_against_the_months_target(world) -> None:
    aim(world.rate, 20, month=3)
    Kpi.objects.filter(pk=world.rate.pk).update(direction="up")
    put(world.online, "2025-03", 24)
    put(world.applications, "2025-03", 100)
    assert look(world.rate).card.verdict.word is Word.REACHED


@pytest.mark.parametrize(("rule", "value"), [("mean", 12000), ("year_end", 12000)])
def test_an_amount_per_head_is_the_years_amount_per_mean_head(world, rule, value) -> None:
    per_head = per_head_of(world, level_rule=rule)
    put_months(world.online, "2024-04", *[3_000_000] * 12)
    put_months(world.friends, "2024-04", *[3_000] * 12)
    assert (summaries_of(per_head)["2024-04"], summaries_of(per_head)["FY2024"]) == (1000, value)


def test_a_changing_staff_is_its_mean_or_its_last_level(world) -> None:
    put_months(world.online, "2024-04", *[100] * 12)
    put_months(world.friends, "2024-04", *[10] * 6, *[20] * 6)
    assert summaries_of(per_head_of(world))["FY2024"] == 80
    Kpi.objects.filter(code="per-head").update(level_rule="year_end")
    assert summaries_of(Kpi.objects.get(code="per-head"))["FY2024"] == 60


def test_the_staff_of_one_day_a_year_serves_all_its_months(world) -> None:
    put_months(world.online, "2024-04", *[100] * 12)
    put(world.friends, "FY2024", 20)
    assert summaries_of(per_head_of(world))["FY2024"] == 60


def per_head_of(world: World, **fields: object) -> Kpi:
    parts = {"numerator": world.online, "denominator": world.friends}
    return make_kpi("per-head", "1人当たり", "件/人", "ratio", **parts, **fields)


def summaries_of(kpi: Kpi) -> dict[str, Decimal | None]:
    found = {when: row.value for when, row in summaries(kpi).items()}
    assert list(audit(kpi)) == []
    return found


# --- Rule 4: withheld -------------------------------------------------------------------------------------------------
def test_a_withheld_part_is_left_out_of_every_comparison_and_breaks_the_line(world) -> None:
    aim(world.visits, 1200, 2025)
    put_months(world.visits, "2025-03", 1000, 1000, 1000, code="a")
    put_months(world.visits, "2025-03", 600, 600, code="b")
    put(world.visits, "2025-05", None, "b", missing_reason="withheld")
    page = look(world.visits)
    assert (page.card.number, page.card.kind) == ("1,000", "実績値・月間計（非公開1件を除く）")
    assert (page.card.change, page.card.change_note, page.card.progress) == (
        "",
        "",
        "判定できません　2／12か月分で2,600人　非公開1件を除く",
    )
    assert page.chart.lines[0].values == (Decimal(1600), Decimal(1600), None)
    assert page.month_rows[0][1] == "1,000人（非公開1件を除く）"
    assert page.breakdown.total_label == "合計（非公開1件を除く）"


# --- Rules 5 and 6: units and percentages -----------------------------------------------------------------------------
def test_a_full_width_percent_sign_is_a_percentage(world) -> None:
    Kpi.objects.filter(pk=world.rate.pk).update(unit="％")
    put(world.online, "2025-05", 205)
    put(world.applications, "2025-05", 1000)
    page = look(world.rate)
    assert (page.card.number, page.card.unit, page.kpi.unit) == ("20.5", "%", "%")


@pytest.mark.parametrize(
    ("units", "value"),
    [(("件", "件", "‰"), 205), (("千円", "人", "円/人"), 205), (("円", "千円", "%"), Decimal("0.0205"))],
)
def test_ratios_count_by_the_factors_of_their_units(world, units, value) -> None:
    for kpi, unit in zip((world.online, world.applications, world.rate), units, strict=True):
        Kpi.objects.filter(pk=kpi.pk).update(unit=unit)
    put(world.online, "2025-05", 205)
    put(world.applications, "2025-05", 1000)
    assert summaries_of(Kpi.objects.get(pk=world.rate.pk))["2025-05"] == value


def test_an_amount_in_thousands_is_written_and_drawn_in_its_base_unit(world) -> None:
    Kpi.objects.filter(pk=world.online.pk).update(unit="千円", scale="oku")
    put_months(world.online, "2025-04", 4_000_000, 4_120_000)
    page = look(world.online)
    assert (page.card.number, page.card.unit) == ("41.2", "億円")
    assert (page.chart.unit, page.chart.lines[0].values[-1]) == ("円", Decimal(4_120_000_000))


def test_percentages_of_departments_are_never_added_up(world) -> None:
    Series.objects.filter(kpi=world.satisfaction).delete()
    for code, value in (("a", "82.0"), ("b", "71.0")):
        Series.objects.create(kpi=world.satisfaction, code=code, name=code, kind="department")
        put(world.satisfaction, "2025-05", value, code)
    assert look(world.satisfaction).card.number == "82.0／71.0"


# --- Rule 8: days -----------------------------------------------------------------------------------------------------
def test_a_quarters_level_is_of_its_last_day(world) -> None:
    Kpi.objects.filter(pk=world.friends.pk).update(frequency="quarter")
    for quarter, value in enumerate((100, 110, 120, 130), start=1):
        put(world.friends, f"2024-Q{quarter}", value)
    page = look(world.friends)
    assert (page.card.as_of, year(page, "2024").note) == ("令和7(2025)年3月末時点", "令和7(2025)年3月末の値")
    assert card_on(world.friends, date(2025, 1, 1)).number == "120"
    assert card_on(world.friends, date(2025, 3, 1)).number == "130"


def test_a_level_of_the_first_of_the_next_month_is_not_known_by_the_end_of_the_month(world) -> None:
    Kpi.objects.filter(pk=world.friends.pk).update(as_of_rule="next_month_first")
    put_months(world.friends, "2025-04", 400, 500)
    shown = card_on(world.friends, date(2025, 5, 1))
    assert (shown.number, shown.as_of) == ("400", "令和7(2025)年5月1日時点")


# --- Rule 9: marks ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("marks", "words"),
    [({"is_synthetic": True}, "架空値"), ({"is_provisional": True}, "速報値"), ({"nature": "estimated"}, "推計")],
)
def test_a_change_carries_the_marks_of_both_values(world, marks, words) -> None:
    put(world.friends, "2024-05", 100, **marks)
    put(world.friends, "2025-05", 15_220)
    page = look(world.friends)
    assert page.card.change == f"前年同月から15,120人増（{words}）"
    assert page.month_rows[0][3] == f"15,120人増（{words}）"


def test_marks_travel_into_the_alternative_text_and_last_years_line(world) -> None:
    put_months(world.friends, "2024-04", *range(100, 114), is_synthetic=True)
    page = look(world.friends)
    assert "（架空値）" in page.chart.alt
    line = next(line for line in page.chart.lines if line.role == Role.COMPARISON)
    assert line.marks[-1] == "架空値"
    assert "架空値を含みます" in page.card.spark


# --- Rule 10: published -----------------------------------------------------------------------------------------------
def test_a_printed_ratio_goes_with_the_value_it_was_printed_for(world) -> None:
    base(world.hours, 25_600, baseline_is_derived=True)
    put(world.hours, "FY2024", 40_000, published="1.6倍")
    assert year(look(world.hours), "2024").ratio == "1.6倍"
    put(world.hours, "FY2024", 50_000)
    assert year(look(world.hours), "2024").ratio == "2.0倍（算出値）"


def test_a_printed_share_is_the_ratio_until_its_numerator_is_replaced(world) -> None:
    put(world.online, "FY2024", 60_000, published="3倍、20.5%")
    put(world.applications, "FY2024", 292_700, is_derived=True)
    recompute(world.online.pk)
    shown = year(look(world.rate), "2024")
    assert (shown.value, shown.marks_of.is_derived) == ("20.5%", False)
    put(world.online, "FY2024", 50_000)
    shown = year(look(world.rate), "2024")
    assert (shown.value, shown.marks_of.is_derived) == ("17.1%", True)


def test_a_published_total_is_told_from_the_sum_so_far(world) -> None:
    put(world.copies, "2025-05", 1000)
    put(world.copies, "2025-05", 300, "a")
    parts = look(world.copies).breakdown
    assert (parts.total_label, parts.total, parts.difference) == (
        "公表された計",
        "1,000枚",
        "途中の計 300枚（2件中1件）",
    )


@pytest.mark.parametrize("others", [("a", "b"), ("a",)])
def test_beside_a_published_total_no_sum_does_the_subtraction_for_the_reader(world, others) -> None:
    copies = make_kpi("paper", "紙", "枚", "flow", parts=("total", "a", "b", "c"))
    put(copies, "2025-05", 1000)
    for code in others:
        put(copies, "2025-05", 300, code)
    put(copies, "2025-05", None, "c", missing_reason="withheld")
    parts = look(copies).breakdown
    assert (parts.total, parts.difference) == ("1,000枚", "内訳に非公開が1件あるため、内訳の計は表示しません。")


# --- Rules 11 to 14 ---------------------------------------------------------------------------------------------------
def test_a_ratio_near_1_is_not_written_as_1(world) -> None:
    base(world.hours, 5_220_000)
    put(world.hours, "FY2024", 4_985_000)
    assert year(look(world.hours), "2024").ratio == "0.95倍"


def test_what_falls_short_of_the_target_is_not_rounded_on_to_it(world) -> None:
    aim(world.rate, 20)
    Kpi.objects.filter(pk=world.rate.pk).update(direction="up")
    put(world.online, "FY2024", 1996)
    put(world.applications, "FY2024", 10_000)
    page = look(world.rate)
    assert (page.card.number, page.card.verdict.word) == ("19.9", Word.MISSED)
    assert (year(page, "2024").value, year(page, "2024").progress) == ("19.9%", "達成率 99.8%")


def test_a_negative_value_has_no_rate_but_reaches_a_target_it_lies_below(world) -> None:
    aim(world.hours, 100)
    put(world.hours, "FY2024", -20)
    page = look(world.hours)
    assert (page.card.progress, year(page, "2024").progress) == ("達成", "")


def test_without_a_direction_nothing_is_judged_or_counted(world) -> None:
    aim(world.applications, 100)
    put(world.applications, "FY2024", 120)
    page = look(world.applications)
    assert (page.card.target, page.card.progress, page.card.change_is) == ("目標 100件（令和6(2024)年度）", "", "")
    assert year(page, "2024").progress == ""


def test_until_march_is_approved_last_year_waits_for_it(world) -> None:
    aim(world.online, 1000)
    put_months(world.online, "2024-04", *[100] * 11)
    page = look(world.online, date(2025, 4, 1))
    assert page.card.progress == "実績待ち（11／12か月分）　11／12か月分で1,100件"
    put(world.online, "2025-03", 100, is_provisional=True)
    assert look(world.online, date(2025, 4, 20)).card.progress == "達成（速報値）　令和6年度 1,200件　達成率 120.0%"


# --- Rules 10 and 11: printed values on every surface ---------------------------------------------------------------
@pytest.fixture
def printed(world) -> Kpi:
    """A percentage of one decimal, printed as 54% and the year before as 53.5%."""
    put(world.satisfaction, "2024-05", "53.5", published="53.5%")
    put(world.satisfaction, "2025-04", 54)
    put(world.satisfaction, "2025-05", 54, published="54%")
    return world.satisfaction


def test_a_printed_percentage_keeps_its_precision_wherever_it_is_shown(printed) -> None:
    page = look(printed)
    assert (page.card.number, page.card.unit) == ("54", "%")
    assert [row[1] for row in page.month_rows[:2]] == ["54%", "54.0%"]
    assert page.month_rows[0][2:4] == ("53.5%", "＋0.5ポイント")
    assert page.chart.alt.endswith("令和7(2025)年5月の54%まで。")
    assert page.chart.lines[0].texts[-2:] == ("", "54%")
    assert ">54</text>" in page.svg
    assert "54%" in str(page.figure)
    assert "最新54%" in page.card.spark
    rows = list(csv.DictReader(io.StringIO(data_file(printed, for_excel=False).decode(), newline="")))
    assert [(row["対象期間"], row["値"]) for row in rows] == [("2024-05", "53.5"), ("2025-04", "54"), ("2025-05", "54")]


def test_a_printed_share_is_shown_with_the_digits_that_were_printed(world) -> None:
    put(world.online, "FY2024", 60_000, published="21%")
    put(world.applications, "FY2024", 292_700, is_derived=True)
    recompute(world.online.pk)
    assert year(look(world.rate), "2024").value == "21%"
    file = data_file(world.rate, for_excel=False).decode()
    [row] = csv.DictReader(io.StringIO(file, newline=""))
    assert (row["内訳コード"], row["値"], row["公表された比較"]) == ("printed", "21", "21%")
    put(world.online, "FY2024", 60_000, published="21.0%")
    recompute(world.online.pk)
    assert year(look(world.rate), "2024").value == "21.0%"
    assert ",21.0," in data_file(world.rate, for_excel=False).decode()


def flags(page: KpiPage, rows: int) -> list[bool]:
    """Whether 算出値 stands on the card, in the legend, beside the years, on the chart, in its texts, in the table."""
    assert page.chart is not None
    texts = [str(page.card.spark), page.chart.alt, str(page.figure), *(row[1] for row in page.month_rows[:rows])]
    beside = [page.card.marks_of, *(each.marks_of for each in page.years)]
    return [
        *(each is not None and each.is_derived for each in beside),
        page.marks["derived"],
        "算出値" in page.chart_marks,
        *("算出値" in text for text in texts),
    ]


def test_what_its_source_printed_is_marked_as_worked_back_on_no_surface(world) -> None:
    put(world.satisfaction, "2025-04", 53, is_derived=True, published="53%")
    put(world.satisfaction, "2025-05", 54, is_derived=True, published="54%")
    page = look(world.satisfaction)
    assert page.month_rows[0][1] == "54%"
    assert not any(flags(page, 2))


def test_what_was_worked_back_and_not_printed_is_marked_on_every_surface(world) -> None:
    put(world.satisfaction, "2025-04", 53, is_derived=True)
    put(world.satisfaction, "2025-05", 54, is_derived=True)
    assert all(flags(look(world.satisfaction), 2))


def test_a_part_that_was_printed_is_not_marked_as_worked_back(world) -> None:
    kpi = make_kpi("share", "割合", "%", "ratio", parts=("a", "b"))
    for code in "ab":
        put(kpi, "2025-04", 53, code, is_derived=True, published="53%")
        put(kpi, "2025-05", 54, code, is_derived=code == "a", published="54%" if code == "a" else "")
    page = look(kpi)
    assert page.breakdown is not None
    assert [(part.text, part.marks.is_derived) for part in page.breakdown.parts] == [("54%", False), ("54%", False)]
    assert page.part_trends is not None
    assert "算出値" not in str(page.part_trends)


@pytest.mark.parametrize(
    ("marks", "kind", "line"),
    [
        ({}, "実績値・月間計", "実績"),
        ({"is_provisional": True, "is_rounded": True}, "実績値・月間計", "実績"),
        ({"nature": "estimated"}, "推計値・月間計", "実績・推計値"),
        ({"is_synthetic": True}, "架空値・月間計", "実績・架空値"),
        ({"is_synthetic": True, "nature": "estimated"}, "架空値・月間計", "実績・架空値"),
    ],
)
def test_only_what_was_measured_is_called_measured(world, marks, kind, line) -> None:
    put(world.online, "2025-03", 90)
    put(world.online, "2025-04", 100)
    put(world.online, "2025-05", 110, **marks)
    page = look(world.online)
    assert page.chart is not None
    assert (page.card.kind, page.chart.lines[0].name) == (kind, line)


@pytest.mark.parametrize(("kpi", "length"), [("friends", ""), ("satisfaction", "・月間の率"), ("hours", "・年度計")])
def test_an_estimate_is_called_one_whatever_is_counted(world, kpi, length) -> None:
    found = getattr(world, kpi)
    when = ("FY2023", "FY2024") if kpi == "hours" else ("2025-04", "2025-05")
    for each in when:
        put(found, each, 10, nature="estimated")
    page = look(found)
    assert page.chart is not None
    assert (page.card.kind, page.chart.lines[0].name) == (f"推計値{length}", "推計値")


def printed_rate(world: World, printed: str, **marks: object) -> KpiPage:
    """A rate that was printed beside its numerator, of exact parts 207 ÷ 1,000, with a target of 21 %."""
    Kpi.objects.filter(pk=world.rate.pk).update(direction="up")
    aim(world.rate, 21)
    put(world.online, "FY2024", 207, published=printed)
    put(world.applications, "FY2024", 1000, **marks)
    return look(world.rate)


def test_what_is_printed_as_the_target_and_falls_short_of_it_misses_it(world) -> None:
    page = printed_rate(world, "21%")
    assert (page.card.number, page.card.progress) == ("21", "未達（算出値20.7%で判定）　達成率 98.6%")
    assert year(page, "2024").progress == "達成率 98.6%（算出値20.7%で判定）"


@pytest.mark.parametrize("marks", [{"is_derived": True}, {"is_rounded": True}, {"nature": "estimated"}])
def test_without_exact_parts_it_is_judged_as_printed(world, marks) -> None:
    page = printed_rate(world, "21%", **marks)
    assert (page.card.progress, year(page, "2024").progress) == ("達成　達成率 100.0%", "達成率 100.0%")


def test_a_rate_stated_beside_its_parts_is_judged_by_them_too(world) -> None:
    Kpi.objects.filter(pk=world.rate.pk).update(direction="up")
    Series.objects.create(kpi=world.rate, code="total", name="全体")
    aim(world.rate, 21, month=5, fiscal_year=2025)
    put(world.rate, "2025-05", 21)
    put(world.online, "2025-05", 207)
    put(world.applications, "2025-05", 1000)
    page = look(world.rate)
    assert page.card.progress == "未達（算出値20.7%で判定）　達成率 98.6%"
    assert page.card.kind.endswith("（計算では20.7%）")
    assert page.month_rows[0][1] == "21.0%（計算では20.7%）"


def test_a_target_on_the_unwished_side_has_no_progress_on_any_surface(world) -> None:
    base(world.hours, 100)
    aim(world.hours, 120)
    put(world.hours, "FY2024", 110)
    page = look(world.hours)
    assert (page.card.progress, year(page, "2024").progress) == ("達成　達成率 109.1%", "達成率 109.1%")


def test_a_change_beside_two_different_numbers_is_not_called_none(world) -> None:
    aim(world.satisfaction, 30, 2025, month=5)
    Kpi.objects.filter(pk=world.satisfaction.pk).update(direction="up")
    put(world.satisfaction, "2024-05", 30)
    put(world.satisfaction, "2025-04", 30)
    put(world.satisfaction, "2025-05", "29.96")
    page = look(world.satisfaction)
    assert (page.card.number, page.card.change) == ("29.9", "前年同月からほぼ増減なし（▲0.04）")
    assert (page.card.change_note, page.card.change_is) == ("前月からほぼ増減なし（▲0.04）", "")
    assert page.month_rows[0][1:4] == ("29.9%", "30.0%", "ほぼ増減なし（▲0.04）")

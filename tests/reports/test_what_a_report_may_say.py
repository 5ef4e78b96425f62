"""A report claims of a figure what its page may claim, named period or not: the rules of a whole, a part and a short year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from japan.periods import Period
from kpis.models import Kpi, Series
from kpis.summaries.recompute import recompute
from reports.figures import Figure, Figures
from reports.illustrations import illustrated
from reports.models import Section
from reports.placeholders import resolve
from reports.references import UnknownFigure
from reports.snapshot import section_of
from tests.kpis.world import make_kpi, put, put_months
from tests.reports.pages import REPORT

YEARLY = {"baseline_value": Decimal(1800), "baseline_span": "fiscal_year", "baseline_wording": "改革前"}


@pytest.fixture
def counters(department) -> Kpi:
    """An amount of two parts with a yearly baseline: FY2024 whole, of FY2025 five months of one and four of the other."""
    kpi = make_kpi("part", "窓口の件数", "件", "flow", parts=("a", "b"), direction="down", **YEARLY)
    for code in "ab":
        put_months(kpi, "2024-04", *[75] * 12, code=code)
    put_months(kpi, "2025-04", *[75] * 5, code="a")
    put_months(kpi, "2025-04", *[75] * 4, code="b")
    recompute(kpi.pk)
    return kpi


def figure(reference: str, as_of: date = date(2025, 9, 30)) -> Figure:
    return Figures(as_of).get(reference)


def compared(figure: Figure) -> tuple[str, ...]:
    """Everything that is said beside the baseline."""
    return figure.ratio, figure.change, figure.change_rate, figure.index, figure.baseline


def drawn(reference: str, small_report: Any) -> dict[str, Any]:
    """The panel of a page with the figure as columns before and after."""
    small_report.as_of = date(2025, 9, 30)
    section = Section(
        report=small_report, order=1, kind="figures", title="数値", options={"panels": [{"before_after": reference}]}
    )
    page = section_of(section, Figures(small_report.as_of))
    panel: dict[str, Any] = illustrated(page, REPORT)["options"]["panels"][0]
    return panel


def test_a_whole_year_is_a_year_and_stands_beside_its_baseline(counters, small_report):
    found = figure("part@FY2024")
    assert (found.value, found.rate, found.ratio) == ("1,800件", "年1,800件", "1.0倍")
    assert "<svg" in drawn("part@FY2024", small_report)["columns"]


def test_the_newest_year_is_the_last_whole_one(counters):
    assert figure("part@year").period == "FY2024"


def test_a_month_of_which_a_part_is_missing_is_named_as_such(counters):
    found = figure("part@2025-08")
    assert (found.value, found.rate) == ("75件（途中の計　2件中1件）", "75件（途中の計　2件中1件）")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lead", "8月は{{ kpi:late@2025-08.value }}。"),
        ("body", "年度は{{ kpi:late@FY2025.value }}。"),
        ("options", {"panels": [{"stats": [{"figure": "late@2025-06"}]}]}),
        ("options", {"panels": [{"before_after": "late/total@2025-08"}]}),
    ],
)
def test_a_period_after_the_reports_day_is_an_error_at_saving(department, small_report, field, value):
    kpi = make_kpi("late", "件数", "件", "flow")
    put_months(kpi, "2025-04", *[10] * 5)
    recompute(kpi.pk)
    section = Section(report=small_report, order=1, kind="figures", title="数値", **{field: value})
    with pytest.raises(ValidationError, match="より後です"):
        section.clean()


def test_a_projection_may_be_of_a_later_day(department, small_report):
    kpi = make_kpi("people", "人口", "人", "stock", frequency="occasional", as_of_rule="month_end")
    put(kpi, "2040", 80, nature="projected")
    recompute(kpi.pk)
    section = Section(
        report=small_report, order=1, kind="population", title="人口", options={"figures": ["people@2040"]}
    )
    section.clean()
    assert figure("people@2040", date(2025, 5, 31)).marks == ["将来推計"]


def test_a_level_of_the_first_of_next_month_is_not_shown_before_that_day(department):
    kpi = make_kpi("people", "人口", "人", "stock", as_of_rule="next_month_first")
    put_months(kpi, "2025-04", 100, 110)
    recompute(kpi.pk)
    found = figure("people", date(2025, 5, 31))
    assert (found.value, found.as_of) == ("100人", "令和7(2025)年5月1日時点")
    with pytest.raises(UnknownFigure, match="令和7\\(2025\\)年6月1日時点"):
        figure("people@2025-05", date(2025, 5, 31))


def test_the_fourth_quarters_level_is_of_the_end_of_march(department):
    kpi = make_kpi("stock", "戸数", "戸", "stock", frequency="quarter", as_of_rule="month_end")
    for quarter, value in enumerate((100, 110, 120, 130), start=1):
        put(kpi, f"2024-Q{quarter}", value)
    recompute(kpi.pk)
    assert (figure("stock").value, figure("stock").as_of) == ("130戸", "令和7(2025)年3月末時点")
    assert figure("stock", date(2025, 1, 31)).value == "120戸"


def test_what_is_withheld_leaves_the_baseline_out(department, small_report):
    kpi = make_kpi("sheets", "枚数", "枚", "flow", parts=("a", "b"), baseline_value=1200, baseline_span="month")
    put(kpi, "2025-05", 1000, "a")
    put(kpi, "2025-05", None, "b", missing_reason="withheld")
    recompute(kpi.pk)
    found = figure("sheets@2025-05")
    assert (found.value, found.marks, compared(found)) == ("1,000枚", ["非公開1件を除く"], ("",) * 5)
    assert drawn("sheets@2025-05", small_report)["columns"] == ""


@pytest.mark.parametrize(
    ("value", "base", "ratio", "rate"),
    [
        (4_985_000, 5_220_000, "0.95倍", "▲4.5%"),
        (5_230_000, 5_220_000, "1.002倍", "＋0.2%"),
        (100, 100, "1.0倍", "増減なし"),
    ],
)
def test_a_ratio_near_1_is_written_with_enough_digits(department, value, base, ratio, rate):
    kpi = make_kpi(
        "hours", "時間", "時間", "flow", baseline_value=base, baseline_span="fiscal_year", frequency="fiscal_year"
    )
    put(kpi, "FY2024", value)
    recompute(kpi.pk)
    assert (figure("hours").ratio, figure("hours").change_rate) == (ratio, rate)


@pytest.mark.parametrize("base", [0, -100])
def test_nothing_is_a_multiple_of_a_baseline_of_nothing_or_less(department, base):
    kpi = make_kpi("money", "収支", "円", "flow", baseline_value=base, baseline_span="month")
    put(kpi, "2025-05", 50)
    recompute(kpi.pk)
    found = figure("money")
    assert (found.ratio, found.change_rate, found.index) == ("", "", "")
    assert found.change == f"{50 - base}円増"


def test_what_a_source_printed_is_printed_and_a_new_value_brings_the_computed_one(department):
    kpi = make_kpi(
        "friends", "登録者", "人", "stock", as_of_rule="month_end", baseline_value=25_600, baseline_span="month"
    )
    put(kpi, "2025-05", 40_000, published="1.7倍")
    recompute(kpi.pk)
    found = figure("friends")
    assert (found.ratio, found.marks_of["ratio"], found.differs) == ("1.7倍", [], "公表値は1.7倍、計算では1.6倍")
    put(kpi, "2025-05", 50_000)
    recompute(kpi.pk)
    assert (figure("friends").ratio, figure("friends").differs) == ("2.0倍", "")


@pytest.mark.parametrize("mark", [{"is_synthetic": True}, {"is_provisional": True}, {"nature": "estimated"}])
def test_a_mark_travels_into_every_comparison(department, mark):
    kpi = make_kpi(
        "friends", "登録者", "人", "stock", as_of_rule="month_end", baseline_value=100, baseline_span="month"
    )
    put(kpi, "2025-05", 150, **mark)
    recompute(kpi.pk)
    found = figure("friends")
    assert len(found.marks) == 1
    assert found.marks_of == dict.fromkeys(("ratio", "change", "change_rate", "index"), found.marks)


def test_the_index_is_of_the_base_year_that_is_used(department, small_report):
    base = {"baseline_value": 1000, "baseline_span": "calendar_year", "baseline_period": date(2015, 1, 1)}
    kpi = make_kpi("people", "人口", "人", "stock", frequency="occasional", **base)
    put(kpi, "2020", 1100)
    recompute(kpi.pk)
    section = Section(
        report=small_report, order=1, kind="population", title="人口", options={"figures": ["people@2020"]}
    )
    page = illustrated(section_of(section, Figures(date(2025, 5, 31))), REPORT)
    [base_line] = page["drawings"]["bases"]
    assert (base_line["when"], base_line["name"], base_line["is_computed"]) == ("平成27(2015)年", "人口", True)
    [shown] = page["options"]["figures"]
    assert (shown["index"], shown["people"].count("a3.3 3.3 0 1 0 6.6")) == ("110", 110)


def test_the_source_is_the_publication_else_the_office_and_never_a_file(department):
    kpi = make_kpi("friends", "登録者", "人", "stock", as_of_rule="month_end")
    Kpi.objects.filter(pk=kpi.pk).update(department=department)
    put(kpi, "2025-05", 150)
    recompute(kpi.pk)
    assert figure("friends").source == department.name
    put(kpi, "2025-05", 150, source="市の統計書")
    recompute(kpi.pk)
    assert figure("friends").source == "市の統計書"
    put(kpi, "2025-05", 150, is_synthetic=True)
    recompute(kpi.pk)
    assert figure("friends").source == "見本データ"


def test_parts_of_a_kpi_are_named_with_their_own_life(department):
    kpi = make_kpi("copies", "枚数", "枚", "flow", parts=("a", "b"))
    Series.objects.filter(kpi=kpi, code="b").update(ends_on=date(2024, 9, 30))
    put(kpi, "FY2024", 600, "b")
    recompute(kpi.pk)
    assert figure("copies/b@FY2024").value == "600枚（4月〜9月の6か月分）"


def test_a_named_year_that_lacks_months_is_the_sum_of_its_whole_months_and_nothing_else(counters, small_report):
    found = figure("part@FY2025")
    assert (found.value, found.rate) == ("600件（4／12か月分）", "600件（4／12か月分）")
    assert compared(found) == ("", "", "", "", "")
    assert drawn("part@FY2025", small_report)["columns"] == ""


def test_a_year_to_date_of_one_part_is_no_year_either(department, small_report):
    kpi = make_kpi("copies", "枚数", "枚", "flow", **YEARLY)
    put_months(kpi, "2025-04", 100, 100, 100)
    recompute(kpi.pk)
    found = figure("copies@FY2025")
    assert (found.value, found.rate, compared(found)) == ("300枚（3／12か月分）", "300枚（3／12か月分）", ("",) * 5)
    assert drawn("copies@FY2025", small_report)["columns"] == ""


def test_a_year_with_a_gap_says_how_many_months_it_holds(department):
    kpi = make_kpi("copies", "枚数", "枚", "flow", **YEARLY)
    put_months(kpi, "2024-04", *[100] * 5, None, *[100] * 6)
    recompute(kpi.pk)
    found = figure("copies@FY2024")
    assert (found.rate, compared(found)) == ("1,100枚（11／12か月分）", ("",) * 5)


@pytest.mark.parametrize(
    ("months", "ends", "said"),
    [(6, "2024-09-30", "600枚（4月〜9月の6か月分）"), (1, "2024-04-30", "100枚（4月の1か月分）")],
)
def test_an_amount_that_ended_within_the_year_says_its_months_and_is_no_saving(department, months, ends, said):
    kpi = make_kpi("copies", "枚数", "枚", "flow", ends_on=date.fromisoformat(ends), **YEARLY)
    put_months(kpi, "2024-04", *[100] * months)
    recompute(kpi.pk)
    found = figure("copies@FY2024")
    assert (found.value, found.rate, compared(found)) == (said, said, ("",) * 5)


def test_an_amount_that_began_within_the_year_is_not_held_against_a_full_one(department):
    kpi = make_kpi("copies", "枚数", "枚", "flow", starts_on=date(2024, 10, 1), **YEARLY)
    put_months(kpi, "2024-10", *[100] * 6)
    recompute(kpi.pk)
    found = figure("copies@FY2024")
    assert (found.rate, compared(found)) == ("600枚（10月〜3月の6か月分）", ("",) * 5)


@pytest.mark.parametrize("text", ["{{ kpi:part@FY2025.ratio }}", "{{ kpi:part@FY2025.change_rate }}"])
def test_a_placeholder_for_what_may_not_be_said_is_an_error(counters, text):
    with pytest.raises(UnknownFigure, match="年の途中や一部だけの値は、基準値と比べられません"):
        resolve(text, Figures(date(2025, 9, 30)))


def ratio(top: Kpi, bottom: Kpi, unit: str = "%", **fields: Any) -> Kpi:
    return Kpi.objects.create(
        code="rate", name="率", unit=unit, kind="ratio", numerator=top, denominator=bottom, decimals=1, **fields
    )


def test_the_year_of_a_rate_of_amounts_is_all_over_all(department):
    top, bottom = make_kpi("top", "分子", "件", "flow"), make_kpi("bottom", "分母", "件", "flow")
    put_months(top, "2024-04", 10, 10, 11, 12, 12, 13, 14, 14, 15, 18, 20, 24)
    put_months(bottom, "2024-04", *[100] * 12)
    recompute(ratio(top, bottom, "％").pk)
    assert figure("rate@FY2024").value == "14.4%"
    assert figure("rate@2025-03").value == "24.0%"


def test_a_rate_to_date_says_its_months_and_is_held_against_no_full_year(department):
    top, bottom = make_kpi("top", "分子", "件", "flow"), make_kpi("bottom", "分母", "件", "flow")
    put_months(top, "2025-04", 10, 20)
    put_months(bottom, "2025-04", 100, 100)
    recompute(ratio(top, bottom, baseline_value=10, baseline_span="fiscal_year").pk)
    found = figure("rate@FY2025")
    assert (found.value, compared(found)) == ("15.0%（2／12か月分）", ("",) * 5)


def test_a_rate_of_which_a_month_is_withheld_says_so_in_a_sentence(department):
    top, bottom = make_kpi("top", "分子", "件", "flow"), make_kpi("bottom", "分母", "件", "flow")
    put_months(top, "2024-04", *[20] * 12)
    put_months(bottom, "2024-04", *[100] * 12)
    put(bottom, "2024-08", None, missing_reason="withheld")
    recompute(ratio(top, bottom).pk)
    said = resolve("{{ kpi:rate@FY2024.value }}", Figures(date(2025, 5, 31)))
    assert said == "20.0%（11／12か月分・非公開1か月分を除く）"


def test_an_amount_per_head_is_over_the_mean_level_and_not_their_sum(department):
    top = make_kpi("top", "枚数", "枚", "flow")
    bottom = make_kpi("bottom", "職員", "人", "stock", as_of_rule="month_end")
    put_months(top, "2024-04", *[3_000_000] * 12)
    put_months(bottom, "2024-04", *[3000] * 12)
    recompute(ratio(top, bottom, "枚/人").pk)
    assert figure("rate@FY2024").value == "12,000.0枚/人"


def test_thousands_of_yen_are_written_in_the_units_of_the_page(department):
    kpi = make_kpi("money", "事業費", "千円", "flow", scale="oku", frequency="fiscal_year")
    put(kpi, "FY2024", 4_120_000)
    recompute(kpi.pk)
    assert (figure("money").value, figure("money").rate) == ("41.2億円", "年41.2億円")


def test_a_yearly_projection_gives_way_to_what_is_measured(department):
    kpi = make_kpi("people", "人数", "人", "stock", frequency="fiscal_year", as_of_rule="month_end")
    put(kpi, "FY2024", 120, nature="projected")
    recompute(kpi.pk)
    with pytest.raises(UnknownFigure):
        figure("people")
    put(kpi, "FY2024", 121)
    recompute(kpi.pk)
    assert (figure("people").value, figure("people").marks) == ("121人", [])


# --- Rule 9: marks in sentences and pictures ---------------------------------------------------------------------------
@pytest.fixture
def people(department) -> Kpi:
    """A level of which the future is projected; half of it is left in 2060."""
    base = {"baseline_value": 100, "baseline_span": "calendar_year", "baseline_period": date(2020, 1, 1)}
    kpi = make_kpi("people", "人口", "人", "stock", frequency="occasional", **base)
    put(kpi, "2020", 100)
    put(kpi, "2040", 77, nature="projected")
    put(kpi, "2060", 53, nature="projected")
    recompute(kpi.pk)
    return kpi


@pytest.mark.parametrize(
    ("attribute", "text"),
    [
        ("people.halves_in", "35年後（将来推計）"),
        ("people@2060.value", "53人（将来推計）"),
        ("people@2060.ratio", "0.5倍（将来推計）"),
        ("people@2060.change", "47人減（将来推計）"),
        ("people@2060.change_rate", "▲47.0%（将来推計）"),
        ("people@2060.index", "53（将来推計）"),
        ("people@2060.baseline", "100人"),
        ("people.value", "100人"),
    ],
)
def test_what_a_sentence_says_of_a_projection_is_marked_as_one(people, attribute, text):
    assert resolve(f"{{{{ kpi:{attribute} }}}}", Figures(date(2025, 5, 31))) == text


def test_what_a_source_printed_of_a_projection_is_marked_as_one_too(people):
    put(people, "2060", 53, nature="projected", published="指数53")
    recompute(people.pk)
    figures = Figures(date(2025, 5, 31))
    assert (
        resolve("{{ kpi:people.halves_in }}、{{ kpi:people@2060.index }}", figures)
        == "35年後（将来推計）、53（将来推計）"
    )


def test_a_baseline_that_was_worked_back_says_so_in_a_sentence(people):
    Kpi.objects.filter(pk=people.pk).update(baseline_is_derived=True)
    said = resolve("{{ kpi:people@2060.baseline }}から{{ kpi:people@2060.ratio }}", Figures(date(2025, 5, 31)))
    assert said == "100人（算出値）から0.5倍（算出値・将来推計）"


def test_what_is_left_out_of_a_value_is_said_in_a_sentence(department):
    kpi = make_kpi("sheets", "枚数", "枚", "flow", parts=("a", "b"))
    put(kpi, "2025-05", 1000, "a")
    put(kpi, "2025-05", None, "b", missing_reason="withheld")
    recompute(kpi.pk)
    assert resolve("{{ kpi:sheets.value }}", Figures(date(2025, 5, 31))) == "1,000枚（非公開1件を除く）"


@pytest.mark.parametrize(
    ("base", "said"),
    [("2025-05", ("1.2倍", "100人")), ("2025-08", ("", "")), ("FY2025", ("", "")), ("FY2024", ("1.2倍", "100人"))],
)
def test_a_baseline_of_a_later_day_is_not_in_a_report(department, base, said):
    period = Period.from_iso(base)
    fields = {"baseline_value": 100, "baseline_span": period.span.value, "baseline_period": period.start}
    kpi = make_kpi("late", "人数", "人", "stock", as_of_rule="month_end", **fields)
    put(kpi, "2025-05", 120)
    recompute(kpi.pk)
    found = figure("late", date(2025, 5, 31))
    assert (found.ratio, found.baseline) == said


@pytest.mark.parametrize("field", ["lead", "body"])
def test_a_day_moved_back_before_a_page_is_refused_and_names_the_page(department, small_report, field):
    kpi = make_kpi("late", "件数", "件", "flow")
    put_months(kpi, "2025-04", 10, 10)
    recompute(kpi.pk)
    text = "5月は{{ kpi:late@2025-05.value }}。"
    Section.objects.create(report=small_report, order=1, kind="figures", title="成果の数値", **{field: text})
    small_report.as_of = date(2025, 4, 30)
    with pytest.raises(ValidationError, match=r"ページ「成果の数値」.*より後です") as refused:
        small_report.full_clean()
    assert list(refused.value.message_dict) == ["as_of"]
    small_report.as_of = date(2025, 6, 30)
    small_report.full_clean()


@pytest.mark.parametrize(("unit", "value"), [("‰", 50), ("か所", 65), ("人", 40)])
def test_a_ring_is_of_percentages_alone(department, small_report, unit, value):
    kpi = make_kpi("few", "数", unit, "stock", as_of_rule="month_end")
    put(kpi, "2025-05", value)
    recompute(kpi.pk)
    section = Section(
        report=small_report, order=1, kind="figures", title="数値", options={"panels": [{"donut": "few"}]}
    )
    page = section_of(section, Figures(small_report.as_of))
    assert illustrated(page, REPORT)["options"]["panels"][0]["ring"] == ""


# --- Digits alone ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("reference", "text"),
    [
        ("part@FY2024", "1,800"),
        ("part@FY2025", "600（4／12か月分）"),
        ("part@2025-08", "75（途中の計　2件中1件）"),
        ("part/a@2025-08", "75"),
    ],
)
def test_a_number_without_its_unit_is_bare_only_where_its_period_is_whole(counters, reference, text):
    assert resolve(f"{{{{ kpi:{reference}.number }}}}", Figures(date(2025, 9, 30))) == text


@pytest.mark.parametrize(
    ("mark", "word"),
    [
        ({"is_synthetic": True}, "架空値"),
        ({"is_provisional": True}, "速報値"),
        ({"is_rounded": True}, "概数"),
        ({"is_derived": True}, "算出値"),
        ({"nature": "estimated"}, "推計"),
        ({"nature": "projected"}, "将来推計"),
    ],
)
def test_a_number_without_its_unit_carries_the_marks_of_its_value(department, mark, word):
    kpi = make_kpi("level", "台数", "台", "stock")
    put(kpi, "2025-05", 75, **mark)
    recompute(kpi.pk)
    assert resolve("{{ kpi:level@2025-05.number }}", Figures(date(2025, 5, 31))) == f"75（{word}）"


def test_a_number_without_its_unit_says_what_it_leaves_out(department):
    kpi = make_kpi("sheets", "枚数", "枚", "flow", parts=("a", "b", "c"))
    put(kpi, "2025-05", 200, "a", is_provisional=True)
    put(kpi, "2025-05", None, "b", missing_reason="withheld")
    figures = Figures(date(2025, 5, 31))
    recompute(kpi.pk)
    said = "200（途中の計　3件中2件・速報値・非公開1件を除く）"
    assert resolve("{{ kpi:sheets@2025-05.number }}", figures) == said
    put(kpi, "2025-05", 100, "c")
    recompute(kpi.pk)
    said = "300（速報値・非公開1件を除く）"
    assert resolve("{{ kpi:sheets@2025-05.number }}", Figures(date(2025, 5, 31))) == said


def test_a_number_of_six_months_of_life_says_its_months(department):
    kpi = make_kpi("ended", "枚数", "枚", "flow", ends_on=date(2024, 9, 30))
    put_months(kpi, "2024-04", *[100] * 6)
    recompute(kpi.pk)
    assert resolve("{{ kpi:ended@FY2024.number }}", Figures(date(2025, 5, 31))) == "600（4月〜9月の6か月分）"


# --- Rule 10: as printed ------------------------------------------------------------------------------------------------
def test_a_printed_percentage_is_printed_with_its_digits_and_what_its_parts_make_is_named(department):
    top, bottom = make_kpi("top", "分子", "件", "flow"), make_kpi("bottom", "分母", "件", "flow")
    put(top, "FY2024", 207, published="21%")
    put(bottom, "FY2024", 1000)
    recompute(ratio(top, bottom).pk)
    found = figure("rate@FY2024")
    assert (found.value, found.marks, found.differs) == ("21%", [], "")
    put(top, "FY2024", 204, published="21.0%")
    recompute(Kpi.objects.get(code="rate").pk)
    assert figure("rate@FY2024").differs == "公表値は21.0%、計算では20.4%"

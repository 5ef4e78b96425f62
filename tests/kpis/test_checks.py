"""The rules of a KPI, and what is gathered for them in how many queries."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from japan.periods import Period
from kpis.checks import Finding, findings_for, needs_answer, refuse_unanswered
from kpis.models import Measurement, Rule
from kpis.values.statement import Slot, Statement
from tests.kpis.world import part, put, put_months

APRIL = date(2025, 4, 1)


def said(series, value) -> list[Finding]:
    slot = Slot(series.pk, APRIL)
    return findings_for([slot], [Statement(value=Decimal(value))]).get(slot, [])


def test_a_value_outside_its_range_stops_with_both_figures(world) -> None:
    series = part(world.friends)
    Rule.objects.create(kpi=series.kpi, kind=Rule.Kind.RANGE, maximum=100)
    [finding] = said(series, 101)
    assert (finding.severity, finding.code) == ("hard", "range")
    assert "101" in finding.message
    assert "100" in finding.message
    assert said(series, 100) == []


def test_a_fraction_breaks_the_rule_of_whole_numbers(world) -> None:
    series = part(world.friends)
    Rule.objects.create(kpi=series.kpi, kind=Rule.Kind.INTEGER)
    assert [finding.code for finding in said(series, "1.5")] == ["integer"]
    assert said(series, "2") == []


def test_a_soft_finding_is_answered_by_a_reason_or_the_tick(world) -> None:
    series = part(world.friends)
    Rule.objects.create(kpi=series.kpi, kind=Rule.Kind.RANGE, severity=Rule.Severity.SOFT, maximum=100)
    findings = said(series, 101)
    assert needs_answer(findings, Statement(value=Decimal(101)))
    assert not needs_answer(findings, Statement(value=Decimal(101), change_reason="event"))
    assert not needs_answer(findings, Statement(value=Decimal(101), is_confirmed=True))


def test_an_unanswered_doubt_is_refused_by_its_code(world) -> None:
    series = part(world.friends)
    Rule.objects.create(kpi=series.kpi, kind=Rule.Kind.RANGE, severity=Rule.Severity.SOFT, maximum=100)
    with pytest.raises(ValidationError) as refused:
        refuse_unanswered(Slot(series.pk, APRIL), Statement(value=Decimal(101)))
    assert refused.value.error_list[0].code == "checks"


def test_a_whole_file_costs_as_many_queries_as_one_value(world, django_assert_num_queries) -> None:
    series = part(world.friends)
    slots = [Slot(series.pk, date(2016 + n // 12, n % 12 + 1, 1)) for n in range(96)]
    with django_assert_num_queries(5):
        findings_for(slots, [Statement(value=Decimal(1000 + n)) for n in range(96)])


def test_a_projection_is_no_past(world) -> None:
    put_months(world.visits, "2023-04", *[1000] * 24, code="a")
    assert [finding.code for finding in said(part(world.visits, "a"), 10_000)] == ["factor"]
    Measurement.objects.update(nature="projected")
    assert said(part(world.visits, "a"), 10_000) == []


def test_a_negative_value_is_told_by_its_sign_and_not_as_swapped_digits(world) -> None:
    put_months(world.visits, "2023-04", *[1000, 1020, 990] * 8, code="a")
    [finding] = said(part(world.visits, "a"), -1010)
    assert finding.code == "negative"
    assert finding.message.startswith("▲1,010人はマイナスの値です。負の印（▲など）が正しいか、")


class TestRulesBetweenFigures:
    def test_a_value_above_another_figure_is_stopped_from_either_statement(self, world) -> None:
        """The part of the same code is compared; what is typed now counts before what is stored."""
        visits, copies = world.visits, world.copies
        Rule.objects.create(kpi=visits, kind=Rule.Kind.AT_MOST, other=copies, tolerance=5)
        put(copies, "2025-04", 100, code="a")
        assert [f.code for f in said(part(visits, "a"), 106)] == ["at_most"]
        assert said(part(visits, "a"), 105) == []
        slots = [Slot(part(visits, "a").pk, APRIL), Slot(part(copies, "a").pk, APRIL)]
        typed = [Statement(value=Decimal(106)), Statement(value=Decimal(106))]
        assert findings_for(slots, typed) == {}

    def test_two_figures_that_must_be_equal_are_told_with_both_values(self, world) -> None:
        Rule.objects.create(kpi=world.friends, kind=Rule.Kind.EQUALS, other=world.online)
        put(world.online, "2025-04", 7)
        [finding] = said(part(world.friends), 8)
        assert finding.code == "equals"
        assert "7件" in finding.message
        assert said(part(world.friends), 7) == []

    def test_nothing_is_said_while_the_other_figure_is_unknown(self, world) -> None:
        Rule.objects.create(kpi=world.friends, kind=Rule.Kind.EQUALS, other=world.online)
        assert said(part(world.friends), 8) == []

    def test_parts_that_do_not_make_the_published_total_are_told_with_the_difference(self, world) -> None:
        Rule.objects.create(kpi=world.copies, kind=Rule.Kind.PARTS, severity=Rule.Severity.SOFT)
        put(world.copies, "2025-04", 300)
        put(world.copies, "2025-04", 100, code="a")
        [finding] = said(part(world.copies, "b"), 190)
        assert "差 ▲10枚" in finding.message
        assert said(part(world.copies, "b"), 200) == []

    def test_parts_are_not_compared_before_all_of_them_are_known(self, world) -> None:
        Rule.objects.create(kpi=world.copies, kind=Rule.Kind.PARTS)
        put(world.copies, "2025-04", 300)
        assert said(part(world.copies, "b"), 190) == []

    def test_a_change_wider_than_allowed_is_told_with_its_width(self, world) -> None:
        Rule.objects.create(kpi=world.friends, kind=Rule.Kind.CHANGE, severity=Rule.Severity.SOFT, maximum=20)
        put(world.friends, "2025-03", 100)
        [finding] = said(part(world.friends), 121)
        assert "21.0％増減" in finding.message
        assert said(part(world.friends), 120) == []

    @pytest.mark.parametrize(("entered", "stored"), [("online", "applications"), ("applications", "online")])
    def test_a_share_above_a_hundred_percent_is_stopped_from_whichever_side_it_is_entered(
        self, world, entered, stored
    ) -> None:
        put(getattr(world, stored), "2025-04", 100)
        wrong, right = (101, 100) if entered == "online" else (99, 100)
        assert [(f.severity, f.code) for f in said(part(getattr(world, entered)), wrong)] == [("hard", "ratio")]
        assert said(part(getattr(world, entered)), right) == []


def test_a_series_that_explodes_is_told_a_range_that_can_be_written(world) -> None:
    for month, value in (("2024-11", 1), ("2024-12", 10**7), ("2025-01", 1), ("2025-02", 10**14), ("2025-03", 3)):
        put(world.friends, month, value)
    assert all(finding.message for finding in said(part(world.friends), 10**14))


def withheld(series) -> list[Finding]:
    slot = Slot(series.pk, APRIL)
    return findings_for([slot], [Statement(missing_reason="withheld")]).get(slot, [])


def test_a_single_withheld_part_of_a_published_total_can_be_read_off(world) -> None:
    put(world.copies, "2025-04", 1600)
    put(world.copies, "2025-04", 1000, "a")
    [finding] = withheld(part(world.copies, "b"))
    assert (finding.severity, finding.code) == ("soft", "disclosure")
    assert "1,600枚" in finding.message
    put(world.copies, "2025-04", None, "a", missing_reason="withheld")
    assert withheld(part(world.copies, "b")) == []


def test_without_a_published_total_nothing_can_be_read_off(world) -> None:
    put(world.visits, "2025-04", 1000, "a")
    assert withheld(part(world.visits, "b")) == []
    assert withheld(part(world.copies)) == []


# --- The same from the other sides ---------------------------------------------------------------------------------------
def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def test_a_total_beside_a_single_withheld_part_gives_it_away(world) -> None:
    put(world.copies, "2025-04", 1000, "a")
    put(world.copies, "2025-04", None, "b", missing_reason="withheld")
    [finding] = said(part(world.copies), 1600)
    assert (finding.severity, finding.code) == ("soft", "disclosure")
    assert "「b」の1件だけ" in finding.message
    assert "1,600枚" in finding.message
    put(world.copies, "2025-04", 1600)
    assert said(part(world.copies), 1600) == []  # it has been answered for


@pytest.mark.parametrize("reasons", [("withheld", "withheld"), ("not_applicable", "pending"), ("pending", "pending")])
def test_a_total_beside_no_or_more_withheld_parts_gives_nothing_away(world, reasons) -> None:
    for code, reason in zip("ab", reasons, strict=True):
        put(world.copies, "2025-04", None, code, missing_reason=reason)
    assert said(part(world.copies), 1600) == []


def test_a_part_published_again_leaves_the_last_withheld_one_open(world) -> None:
    put(world.copies, "2025-04", 1600)
    for code in "ab":
        put(world.copies, "2025-04", None, code, missing_reason="withheld")
    [finding] = said(part(world.copies, "a"), 1000)
    assert finding.code == "disclosure"
    assert "「b」の1件だけになり" in finding.message
    put(world.copies, "2025-04", 1000, "a")
    assert codes(said(part(world.copies, "a"), 1001)) == []  # what was warned of then is not said of each correction


def test_the_total_and_the_withheld_part_of_one_file_are_both_told(world) -> None:
    put(world.copies, "2025-04", 1000, "a")
    places = [Slot(part(world.copies).pk, APRIL), Slot(part(world.copies, "b").pk, APRIL)]
    found = findings_for(places, [Statement(value=Decimal(1600)), Statement(missing_reason="withheld")])
    assert [codes(found.get(place, [])) for place in places] == [["disclosure"], ["disclosure"]]


def test_a_withheld_total_of_published_parts_is_their_sum(world) -> None:
    put(world.copies, "2025-04", 1000, "a")
    assert withheld(part(world.copies)) == []
    put(world.copies, "2025-04", 600, "b")
    [finding] = withheld(part(world.copies))
    assert (finding.code, "足し算" in finding.message) == ("disclosure", True)


def test_so_it_is_from_the_side_of_the_last_part(world) -> None:
    put(world.copies, "2025-04", None, missing_reason="withheld")
    assert said(part(world.copies, "a"), 1000) == []
    put(world.copies, "2025-04", 1000, "a")
    [finding] = said(part(world.copies, "b"), 600)
    assert (finding.code, "足し算" in finding.message) == ("disclosure", True)


def test_a_part_that_ended_before_is_none_of_them(world) -> None:
    world.copies.series.filter(code="b").update(ends_on=date(2025, 3, 31))
    put(world.copies, "2025-04", None, "a", missing_reason="withheld")
    [finding] = said(part(world.copies), 600)
    assert "「a」の1件だけ" in finding.message


@pytest.fixture
def year_beside_months(world) -> None:
    """A year of 1,237 of which eleven months are 100 each."""
    put(world.online, "FY2024", 1237)
    put_months(world.online, "2024-04", *[100] * 4, None, *[100] * 7)


def of_year(kpi, when: str, statement: Statement) -> list[str]:
    period = Period.from_iso(when)
    slot = Slot(part(kpi).pk, period.start, period.span.value)
    found = findings_for([slot], [statement], doubted=()).get(slot, [])
    return [finding.message for finding in found if finding.code == "disclosure"]


YEAR = (
    "令和6(2024)年度の値（1,237件）が公表されているため、非公開が令和6(2024)年8月分だけでは、引き算で値が分かります。"
    "ほかの月ももう1か月分を非公開にするか、年度の値を非公開にしてください。"
)


def test_a_single_withheld_month_of_a_stated_year_can_be_read_off(world, year_beside_months) -> None:
    withheld = Statement(missing_reason="withheld")
    assert of_year(world.online, "2024-08", withheld) == [YEAR]
    put(world.online, "2024-09", None, missing_reason="withheld")
    assert of_year(world.online, "2024-08", withheld) == []


def test_without_a_stated_year_or_with_a_month_open_nothing_is_given_away(world, year_beside_months) -> None:
    put(world.online, "2024-10", None, missing_reason="pending")
    assert of_year(world.online, "2024-08", Statement(missing_reason="withheld")) == []
    put_months(world.applications, "2024-04", *[100] * 4, None, *[100] * 7)
    assert of_year(world.applications, "2024-08", Statement(missing_reason="withheld")) == []


def test_a_year_stated_beside_a_single_withheld_month_gives_it_away(world) -> None:
    put_months(world.online, "2024-04", *[100] * 4, None, *[100] * 7)
    put(world.online, "2024-08", None, missing_reason="withheld")
    assert of_year(world.online, "FY2024", Statement(Decimal(1237))) == [YEAR]


def test_a_month_published_again_leaves_the_last_withheld_one_open(world, year_beside_months) -> None:
    for when in ("2024-08", "2024-09"):
        put(world.online, when, None, missing_reason="withheld")
    assert of_year(world.online, "2024-09", Statement(Decimal(100))) == [YEAR]
    assert of_year(world.online, "2024-10", Statement(Decimal(101))) == []


QUARTER = (
    "令和6(2024)年度第2四半期の値（337件）が公表されているため、非公開が令和6(2024)年8月分だけでは、引き算で値が分かります。"
    "ほかの月ももう1か月分を非公開にするか、四半期の値を非公開にしてください。"
)
OF_QUARTERS = (
    "令和6(2024)年度の値（1,237件）が公表されているため、非公開が令和6(2024)年度第3四半期分だけでは、引き算で値が分かります。"
    "ほかの四半期ももう1期分を非公開にするか、年度の値を非公開にしてください。"
)


def test_a_stated_quarter_gives_away_its_single_withheld_month_from_either_side(world) -> None:
    put_months(world.online, "2024-07", 100, None, 100)
    put(world.online, "2024-08", None, missing_reason="withheld")
    assert of_year(world.online, "2024-Q2", Statement(Decimal(337))) == [QUARTER]
    put(world.online, "2024-Q2", 337)
    assert of_year(world.online, "2024-08", Statement(missing_reason="withheld")) == [QUARTER]
    put(world.online, "2024-07", None, missing_reason="withheld")
    assert of_year(world.online, "2024-08", Statement(missing_reason="withheld")) == []


def test_a_stated_year_gives_away_its_single_withheld_quarter(world) -> None:
    put(world.online, "FY2024", 1237)
    for when in ("2024-Q1", "2024-Q2", "2024-Q4"):
        put(world.online, when, 300)
    assert of_year(world.online, "2024-Q3", Statement(missing_reason="withheld")) == [OF_QUARTERS]


def test_a_stated_calendar_year_gives_away_its_single_withheld_month(world) -> None:
    put(world.online, "2024", 1237)
    put_months(world.online, "2024-01", *[100] * 11)
    [said] = of_year(world.online, "2024-12", Statement(missing_reason="withheld"))
    assert said.startswith("令和6(2024)年の値（1,237件）が公表されているため、非公開が令和6(2024)年12月分だけでは")


def test_nothing_more_is_asked_of_the_database_where_nothing_is_withheld(world, django_assert_num_queries) -> None:
    slot = Slot(part(world.copies).pk, APRIL)
    with django_assert_num_queries(5):
        findings_for([slot], [Statement(value=Decimal(5))])

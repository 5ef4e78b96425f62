"""The rules of a KPI, and what is gathered for them in how many queries."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from kpis.checks import Finding, findings_for, needs_answer, refuse_unanswered
from kpis.entries import Slot, Statement
from kpis.models import Rule
from tests.kpis.world import part

APRIL = date(2025, 4, 1)


def said(series, value) -> list[Finding]:
    slot = Slot(series.pk, APRIL)
    return findings_for([slot], [Statement(value=Decimal(value))], on=APRIL).get(slot, [])


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
        refuse_unanswered(Slot(series.pk, APRIL), Statement(value=Decimal(101)), on=APRIL)
    assert refused.value.error_list[0].code == "checks"


def test_a_whole_file_costs_as_many_queries_as_one_value(world, django_assert_num_queries) -> None:
    series = part(world.friends)
    slots = [Slot(series.pk, date(2016 + n // 12, n % 12 + 1, 1)) for n in range(96)]
    with django_assert_num_queries(5):
        findings_for(slots, [Statement(value=Decimal(1000 + n)) for n in range(96)], on=APRIL)

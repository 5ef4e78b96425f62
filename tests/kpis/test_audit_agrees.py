"""Whatever is measured and whatever people do, the second computation agrees with the first."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import User
from approvals.conflict import Conflict
from japan.periods import Period
from jobs.models import Job
from kpis import entries
from kpis.models import Kpi, Measurement, Series, Summary, Target
from kpis.summaries.audit import audit
from kpis.summaries.recompute import recompute
from kpis.values.recomputing import request_recompute
from kpis.values.statement import Statement
from tests.kpis.world import World, access, open_entry, part, put

# Few periods, so that years are often whole, partial or compared; few values, so that 0 and equal ones are common.
MONTHS = ["2023-04", "2023-12", "2024-03", "2024-04", "2024-05", "2024-12", "2025-01", "2025-03", "2025-04"]
PERIODS = [*MONTHS, "2023-Q1", "2024-Q1", "2024-Q4", "FY2023", "FY2024", "2024"]
VALUES = st.sampled_from([0, 1, 3, 100, "0.1", "-7", "999999999999999", "123456789.654321"])
REASONS = st.sampled_from(["not_applicable", "pending", "withheld", "before_start"])
DAYS = st.sampled_from([None, None, None, date(2024, 4, 1), date(2024, 4, 15), date(2024, 12, 31), date(2025, 3, 1)])


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    said: dict[str, Any] = {"value": None, "missing_reason": draw(REASONS)}
    if draw(st.integers(0, 3)):
        said = {"value": Decimal(draw(VALUES)), "missing_reason": ""}
    said["nature"] = draw(st.sampled_from(["observed", "observed", "observed", "estimated", "projected"]))
    said["published"] = draw(st.sampled_from(["", "", "1.6倍", "20.5%", "1.6倍、20.5%"])) if said["value"] else ""
    said["as_of"] = draw(st.sampled_from([None, date(2025, 3, 31)]))
    flag = draw(st.sampled_from(["is_derived", "is_rounded", "is_provisional", "is_synthetic"]))
    return said | {flag: draw(st.booleans())}


LIVES = st.tuples(DAYS, DAYS).map(lambda days: days if None in days else tuple(sorted(days)))
MEASURED = st.lists(
    st.tuples(st.integers(0, 99), st.sampled_from(PERIODS), statements()),
    min_size=1,
    max_size=40,
    unique_by=lambda row: (row[0] % 15, row[1]),
)
SHAPES = st.fixed_dictionaries(
    {
        "kinds": st.tuples(st.sampled_from(["stock", "flow"]), st.sampled_from(["stock", "flow"])),
        "aggregation": st.sampled_from(["sum", "sum", "none"]),
        "direction": st.sampled_from(["up", "down", "none"]),
        "level_rule": st.sampled_from(["mean", "year_end"]),
        "as_of_rule": st.sampled_from(["during", "month_end", "next_month_first"]),
        "units": st.sampled_from(
            [("件", "件", "%"), ("千円", "人", "円/人"), ("円", "千円", "‰"), ("百万円", "円", "千円")]
        ),
        "lives": st.lists(LIVES, min_size=4, max_size=4),
        "baseline": st.sampled_from([None, ("month", 50), ("fiscal_year", 100), ("month", 0)]),
        "targets": st.dictionaries(
            st.tuples(st.sampled_from([2023, 2024]), st.sampled_from([None, 4, 12])), st.integers(0, 200), max_size=3
        ),
    }
)
#: SQLite looks for examples; the second engine computes a part of them again.
EXAMPLES = 24 if connection.vendor == "sqlite" else 12
QUICK = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def whole_world(world) -> World:
    """Ratios may also be published beside their parts."""
    Series.objects.create(kpi=world.rate, code="total", name="total")
    return world


@QUICK
@given(shape=SHAPES, measured=MEASURED)
def test_any_measurements_give_the_same_summaries_twice(whole_world, shape, measured):
    with transaction.atomic():
        shaped(whole_world, shape)
        series = list(Series.objects.order_by("pk"))
        Measurement.objects.bulk_create(
            Measurement(
                series=series[n % len(series)],
                span=Period.from_iso(when).span,
                period=Period.from_iso(when).start,
                updated_at=timezone.now(),
                **said,
            )
            for n, when, said in {(n % len(series), when): (n, when, said) for n, when, said in measured}.values()
        )
        for kpi in Kpi.objects.all():
            recompute(kpi.pk)
            assert [str(difference) for difference in audit(kpi)] == []
        transaction.set_rollback(True)


def shaped(world: World, shape: dict[str, Any]) -> None:
    """Other kinds, lives, baselines and targets, before the first value."""
    top, bottom = shape["kinds"]
    Kpi.objects.filter(pk=world.online.pk).update(kind=top)
    Kpi.objects.filter(pk=world.applications.pk).update(kind=bottom)
    for kpi, unit in zip((world.online, world.applications, world.rate), shape["units"], strict=True):
        Kpi.objects.filter(pk=kpi.pk).update(unit=unit)
    Kpi.objects.filter(pk=world.rate.pk).update(level_rule=shape["level_rule"])
    Kpi.objects.filter(pk=world.satisfaction.pk).update(as_of_rule=shape["as_of_rule"])
    Kpi.objects.filter(pk__in=[world.visits.pk, world.copies.pk]).update(aggregation=shape["aggregation"])
    kpis = Kpi.objects.filter(code__in=["friends", "copies", "visits", "online", "rate", "satisfaction"])
    if shape["baseline"]:
        span, value = shape["baseline"]
        kpis.update(
            baseline_span=span, baseline_value=value, baseline_period=date(2023, 4, 1), direction=shape["direction"]
        )
    for code, (start, end) in zip(["online", "applications", "rate", "copies"], shape["lives"], strict=True):
        Kpi.objects.filter(code=code).update(starts_on=start, ends_on=end)
    start, end = shape["lives"][0]
    Series.objects.filter(code="b").update(starts_on=start, ends_on=end)
    for (year, month), value in shape["targets"].items():
        Target.objects.bulk_create(Target(kpi=kpi, fiscal_year=year, month=month, value=value) for kpi in kpis)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["enter", "enter", "submit", "approve", "approve", "return", "withdraw", "discard", "at once"]),
        st.integers(0, 5),
        st.sampled_from(["2024-03", "2024-04", "2024-05", "2025-04"]),
        statements(),
    ),
    min_size=10,
    max_size=30,
)


@settings(QUICK, max_examples=EXAMPLES // 2)
@given(acts=ACTS)
def test_after_any_acts_and_only_the_recomputations_asked_for_the_audit_finds_nothing(world, editor, approver, acts):
    with transaction.atomic():
        series = [part(kpi) for kpi in (world.friends, world.online, world.applications, world.copies)]
        series += [part(world.copies, "a"), part(world.visits, "b")]
        for act, n, when, said in acts:
            with suppress(ValidationError, Conflict):
                do(act, series[n], when, said, editor, approver)
        for kpi_id in set(Job.objects.values_list("arguments__kpi_id", flat=True)):
            recompute(kpi_id)
        call_command("audit_summaries")
        transaction.set_rollback(True)


def do(act: str, series: Series, when: str, said: dict[str, Any], editor: User, approver: User) -> None:
    """One act of the two people on the entry of a series and month."""
    clerk, chief, period = access(editor), access(approver), Period.from_iso(when)
    if act == "at once":
        put(series.kpi, when, code=series.code, **said)
        return
    if act == "enter":
        slot = entries.Slot(series.pk, period.start)
        entries.save_draft(slot, Statement(**said), access=clerk, department_id=clerk.assignments[0].department_id)
        return
    entry = open_entry(series, when)
    if entry is None:
        return
    match act:
        case "submit":
            entries.submit(entry, access=clerk)
        case "approve":
            entries.approve(entry, access=chief)
        case "return":
            entries.send_back(entry, access=chief, reason="確かめてください。")
        case "withdraw":
            entries.withdraw(entry, access=clerk)
        case "discard":
            entries.discard(entry, access=clerk)


def test_a_changed_target_baseline_or_life_asks_for_all_that_depends_on_it(world):
    request_recompute([world.online.pk])
    asked = set(Job.objects.values_list("subject", flat=True))
    assert asked == {f"kpi:{world.online.pk}", f"kpi:{world.rate.pk}"}


def test_the_audit_says_nothing_where_nothing_was_measured(world):
    for kpi in Kpi.objects.all():
        recompute(kpi.pk)
    call_command("audit_summaries")
    assert not Summary.objects.exists()

"""audit_summaries notices an altered summary, whichever column was altered, and a missing or an invented row."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from kpis.models import Kpi, Measurement, Summary, Target
from kpis.summaries.recompute import recompute
from tests.kpis.world import World, put

COLUMNS = [field.attname for field in Summary._meta.concrete_fields if field.attname != "id"]
#: Columns that have to stay within a rule of the table.
OTHER: dict[str, Any] = {
    "span": "quarter",
    "period": date(2031, 4, 1),
    "basis": "none",
    "missing_reason": "withheld",
    "nature": "estimated",
    "reported": 0,
    "expected": 9,
}


@pytest.fixture
def summarised(world) -> World:
    """A flow KPI with a baseline, a target and two Aprils; their summaries are computed."""
    Kpi.objects.filter(pk=world.online.pk).update(baseline_value=50, baseline_span="month")
    Target.objects.create(kpi=world.online, fiscal_year=2025, month=4, value=200)
    put(world.online, "2024-04", 100)
    put(world.online, "2025-04", 150, as_of=date(2025, 4, 30), as_of_wording="4月末")
    put(world.applications, "2025-04", 300)
    for kpi in Kpi.objects.all():
        recompute(kpi.pk)
    return world


@pytest.fixture
def april(summarised) -> Summary:
    return Summary.objects.get(kpi=summarised.online, span="month", period=date(2025, 4, 1))


DATES = ("as_of", "value_period", "first_month", "final_month", "newest_month")


def altered(column: str, row: Summary, world: World) -> Any:
    """Another value that the table takes."""
    now = getattr(row, column)
    if column == "kpi_id":
        return world.hours.pk
    if column in OTHER:
        return OTHER[column]
    match now:
        case bool():
            return not now
        case int() | Decimal():
            return now + 1
        case str():
            return f"{now}x"[-40:]
        case datetime():
            return now + timedelta(microseconds=1)
        case list():
            return [*now, [0, 0]]
        case _:
            return date(2025, 4, 1) if column in DATES else Decimal(1)


def test_untouched_summaries_pass(summarised):
    out = StringIO()
    call_command("audit_summaries", stdout=out)
    told = out.getvalue().splitlines()
    assert told[0] == f"集計 {Summary.objects.count()}行を検算しました。違いはありません。"
    assert (
        told[1] == f"実績値 {Measurement.objects.count()}件の履歴と、保存したファイルを確かめました。違いはありません。"
    )


def test_an_altered_column_is_found_whichever_it_is(summarised, april):
    for column in COLUMNS:
        with transaction.atomic():  # undone: the next column meets the row as it was
            changed = Summary.objects.filter(pk=april.pk).update(**{column: altered(column, april, summarised)})
            assert changed == 1
            with pytest.raises(CommandError) as found:
                call_command("audit_summaries", stdout=StringIO())
            assert found.value.returncode == 1, column
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    "column", ["value", "target_value", "progress", "achievement", "last_year_value", "cumulative"]
)
def test_a_changed_figure_is_found_even_with_a_fitting_digest_and_named_with_both_values(summarised, april, column):
    from kpis.summaries.recompute import digest_of

    setattr(april, column, Decimal(7))
    april.digest = digest_of(april)
    april.save()
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("audit_summaries", stdout=out)
    assert f"online 令和7(2025)年4月 {column}: 保存値 7 ／ 再計算" in out.getvalue()


def test_a_summary_that_is_missing_or_made_up_is_found(summarised, april):
    april.delete()
    Summary.objects.create(
        kpi=summarised.hours, span="month", period=date(2025, 4, 1), basis="last", computed_at=april.computed_at
    )
    out = StringIO()
    with pytest.raises(CommandError, match="2か所の違い"):
        call_command("audit_summaries", stdout=out)
    assert "online 令和7(2025)年4月 行: 保存値 （なし） ／ 再計算 あり" in out.getvalue()


def test_computing_again_mends_whatever_was_altered(summarised, april):
    Summary.objects.filter(pk=april.pk).update(value=7)
    Summary.objects.filter(kpi=summarised.rate).update(digest="")
    out = StringIO()
    call_command("recompute_summaries", stdout=out)
    call_command("audit_summaries", stdout=StringIO())
    assert "9指標の集計" in out.getvalue()


def test_one_kpi_can_be_computed_again_and_an_unknown_code_is_named(summarised, april):
    Summary.objects.all().update(value=7)
    call_command("recompute_summaries", "--kpi", "online", stdout=StringIO())
    april.refresh_from_db()
    assert april.value == 150
    assert set(summarised.applications.summaries.values_list("value", flat=True)) == {7}
    with pytest.raises(CommandError, match="コード「nowhere」の指標はありません"):
        call_command("recompute_summaries", "--kpi", "nowhere")


def test_rows_that_did_not_change_keep_their_time(summarised, april):
    put(summarised.online, "2023-04", 5)
    recompute(summarised.online.pk)
    later = Summary.objects.get(pk=april.pk)
    assert (later.computed_at, later.digest) == (april.computed_at, april.digest)

"""A data file adds what is missing by natural key and overwrites nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from jobs.models import Job
from kpis.imports.loading import load_kpis
from kpis.models import Closing, DefinitionChange, Kpi, Measurement, Revision
from tests.kpis.world import put

MAY = {"span": "month", "period": "2025-05-01", "value": "40000", "rounded": True}
FRIENDS = {"code": "friends", "name": "LINE", "unit": "人", "kind": "stock", "measurements": [MAY]}


def load(*kpis: dict[str, Any]) -> int:
    return load_kpis({"kpis": list(kpis), "reason": "公表値の登録"}, None)


def test_a_new_kpi_comes_with_its_series_values_marks_and_history(db):
    assert load(FRIENDS) == 3
    measurement = Measurement.objects.get()
    assert (measurement.value, measurement.is_rounded, measurement.series.kind) == (40_000, True, "total")
    assert Revision.objects.get().reason == "公表値の登録"


def test_a_second_run_adds_nothing_and_leaves_what_people_changed(db):
    load(FRIENDS)
    Kpi.objects.update(name="改めた名称")
    put(Kpi.objects.get(), "2025-05", 41_000)
    assert load(FRIENDS) == 0
    assert (Kpi.objects.get().name, Measurement.objects.get().value) == ("改めた名称", 41_000)


def test_a_value_that_the_file_gained_is_added(db):
    load(FRIENDS)
    june = {"span": "month", "period": "2025-06-01", "value": "0"}
    assert load(FRIENDS | {"measurements": [MAY, june]}) == 1
    assert set(Measurement.objects.values_list("value", flat=True)) == {Decimal(40_000), Decimal(0)}


def test_a_ratio_that_is_new_is_computed_from_values_stored_before(world):
    Job.objects.all().delete()
    load(
        {"code": "r", "name": "率", "unit": "%", "kind": "ratio", "numerator": "online", "denominator": "applications"}
    )
    asked = Job.objects.values_list("subject", flat=True)
    assert set(asked) == {f"kpi:{Kpi.objects.get(code='r').pk}"}


def test_a_part_that_a_stored_figure_gains_is_kept_as_its_history(db):
    load(FRIENDS)
    assert not DefinitionChange.objects.exists()  # a new figure begins its history with its first change
    load(FRIENDS | {"series": [["total", "全体", "total"], ["app", "アプリ", "department"]]})
    change = DefinitionChange.objects.get()
    assert (change.kpi.code, change.kind, change.about) == ("friends", "first", "内訳「アプリ」")
    assert change.reason == "公表値の登録"


def test_a_part_gained_after_its_year_was_closed_is_a_restatement(db):
    load(FRIENDS | {"measurements": [MAY | {"period": "2024-05-01"}]})
    Closing.objects.create(month=date(2025, 3, 1), closed_at=timezone.now())
    load(FRIENDS | {"series": [["total", "全体", "total"], ["app", "アプリ", "department"]]})
    assert DefinitionChange.objects.get().kind == "restatement"

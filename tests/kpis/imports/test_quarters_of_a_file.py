"""Quarters of a file become values of quarterly figures, across and down; a monthly figure takes none of them."""

from __future__ import annotations

from datetime import date

import pytest

from kpis.models import Reporting
from tests.kpis.imports.conftest import csv, outcomes, xlsx
from tests.kpis.world import LONG_AGO, make_kpi

ACROSS = (
    ("令和6年度",),
    ("区分", "第1四半期", "第2四半期", "第3四半期", "第4四半期"),
    ("相談件数", 11, 12, 13, 14),
)
MONTHS = (("令和6年度",), ("区分", "4〜6月", "7〜9月", "10〜12月", "1〜3月"), ("相談件数", 11, 12, 13, 14))
DOWN = (("年度", "四半期", "相談件数"), ("R6", "1Q", 11), (None, "2Q", 12), (None, "3Q", 13), (None, "4Q", 14))
ROWS = (("年度", "1Q", "2Q", "3Q", "4Q"), ("令和6", 11, 12, 13, 14))


@pytest.fixture
def quarterly(world, department):
    kpi = make_kpi("talks", "相談件数", "件", "flow", frequency="quarter")
    for series in kpi.series.all():
        Reporting.objects.create(series=series, department=department, valid_from=LONG_AGO)
    return kpi


def data_of(rows, kind: str) -> bytes:
    if kind == "xlsx":
        return xlsx(*rows)
    lines = (",".join("" if cell is None else str(cell) for cell in row) for row in rows)
    return csv(*(line.replace("〜", "～") for line in lines))


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("rows", [ACROSS, MONTHS, DOWN, ROWS], ids=["across", "by months", "down", "years down"])
def test_become_values_of_a_quarterly_figure(rows, kind, quarterly, imported):
    series = {"": "talks/total"} if rows is ROWS else {}
    file = imported(data_of(rows, kind), f"a.{kind}", series=series)
    lines = file.lines.order_by("row", "column").values_list("span", "period", "value")
    first = [date(2024, 4, 1), date(2024, 7, 1), date(2024, 10, 1), date(2025, 1, 1)]
    assert list(lines) == [("quarter", start, 11 + n) for n, start in enumerate(first)]


def test_are_refused_for_a_monthly_figure(quarterly, imported):
    file = imported(data_of(ACROSS, "xlsx"), "a.xlsx", series={"相談件数": "applications/total"})
    assert {outcome for _, outcome, _ in outcomes(file)} == {"refused"}
    assert "第1四半期の値は取り込めません" in outcomes(file)[0][2]

"""vol.5 loaded once for a file's tests, and its files made once for all of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from html import unescape
from io import BytesIO

import pytest
from pypdf import PdfReader

from kpis.models import Kpi, Measurement, Series
from kpis.summaries.recompute import recompute
from kpis.values.recording import Change, current_versions, record
from reports.models import Report
from reports.rendering import Files, render
from reports.snapshot import Snapshot, checksum, take
from tests.reform.conftest import vol5  # noqa: F401  fixture

CREATED = "2025-06-30"
_rendered: dict[str, Files] = {}


@pytest.fixture
def report(db, vol5) -> Report:  # noqa: F811
    """構造改革レポート vol.5."""
    return Report.objects.get(volume=5)


@pytest.fixture
def small_report(db) -> Report:
    """A report without pages, with figures up to the end of May 2025."""
    return Report.objects.create(
        volume=1,
        title="改革だより",
        first_fiscal_year=2024,
        last_fiscal_year=2024,
        as_of=date(2025, 5, 31),
        issuer="見本市",
        contact="企画課",
    )


@pytest.fixture
def kpi(db) -> Callable[..., Kpi]:
    """Makes a KPI with one total series; values are {(span, first day): value} or with more fields."""

    def make(code: str, values: dict[tuple[str, date], object], **fields: object) -> Kpi:
        defaults = {"name": code, "unit": "人", "kind": "stock", "as_of_rule": "month_end"}
        if fields.get("kind") == "ratio":
            defaults["aggregation"] = "none"
        made = Kpi.objects.create(code=code, **{**defaults, **fields})
        series = Series.objects.create(kpi=made, code="total", name="全体")
        changes = []
        for (span, period), value in values.items():
            more = value if isinstance(value, dict) else {"value": value}
            changes.append(
                Change(series_id=series.pk, span=span, period=period, **{**more, "value": Decimal(more["value"])})
            )
        record(changes, actor=None, post="", reason="試験")
        recompute(made.pk)
        return made

    return make


def set_value(code: str, period: date, value: str) -> None:
    """Changes a stored value as a correction does, and computes what depends on it."""
    measurement = Measurement.objects.get(series__kpi__code=code, period=period, span="month")
    seen = current_versions([measurement.series_id])[(measurement.series_id, "month", period)]
    change = Change(
        series_id=measurement.series_id,
        period=period,
        value=Decimal(value),
        is_rounded=measurement.is_rounded,
        as_of=measurement.as_of,
        as_of_wording=measurement.as_of_wording,
        source=measurement.source,
        expected_version=seen,
    )
    record([change], actor=None, post="", reason="訂正")
    recompute(measurement.series.kpi_id)


def files_of(snapshot: Snapshot) -> Files:
    """Both files; the same snapshot is typeset once however many tests look at it."""
    key = checksum(snapshot)
    if key not in _rendered:
        _rendered[key] = render(snapshot, created=CREATED)
    return _rendered[key]


@pytest.fixture
def files(request) -> Files:
    """vol.5 as published; loaded and typeset once for all tests that only read it."""
    if "vol.5" not in _rendered:
        _rendered["vol.5"] = files_of(take(request.getfixturevalue("report")))
    return _rendered["vol.5"]


@cache
def html_text(files: Files) -> str:
    """What a reader of the HTML file sees, SVG included, without any white space."""
    body = re.sub(r"<(style|title)>.*?</\1>", "", files.html.decode(), flags=re.DOTALL)
    return re.sub(r"\s", "", unescape(re.sub(r"<[^>]+>", "", body)))


@cache
def pdf_pages(files: Files) -> list[str]:
    """The text of each sheet, without any white space; read once however many tests look at it."""
    return [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(BytesIO(files.pdf)).pages]


def pdf_text(files: Files) -> str:
    return "".join(pdf_pages(files))

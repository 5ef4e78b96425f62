"""vol.6 begins as a copy of vol.5's pages and prints the figures of its own day; vol.5 stays as it was."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kpis.models import Series
from kpis.summaries.recompute import recompute
from kpis.values.recording import Change, record
from reports.copying import copy_sections
from reports.models import Report
from reports.rendering import Files, context_of, to_html
from reports.snapshot import take
from tests.reports.conftest import CREATED, html_text


@pytest.fixture
def next_volume(report) -> Report:
    """Volume 6, a year later, with one figure of its own: 48,000 friends in May 2026."""
    volume = Report.objects.create(
        volume=6,
        title=report.title,
        first_fiscal_year=2022,
        last_fiscal_year=2025,
        as_of=date(2026, 5, 31),
        issuer=report.issuer,
        contact=report.contact,
    )
    copy_sections(report, volume)
    series = Series.objects.get(kpi__code="line-friends")
    record(
        [Change(series.pk, date(2026, 5, 1), value=Decimal(48_000))], actor=None, post="", reason="令和8年5月分の回答"
    )
    recompute(series.kpi_id)
    return volume


def text_of(report: Report) -> str:
    return html_text(Files(to_html(context_of(take(report), CREATED)), b""))


def test_it_has_the_same_pages_and_prints_the_newer_figure(next_volume, report):
    assert next_volume.sections.count() == report.sections.count()
    text = text_of(next_volume)
    assert "vol.6" in text
    assert "48,000人令和8(2026)年5月末時点" in text
    assert "1.9倍" in text  # 48,000 ÷ 25,600
    assert "40,000人" not in text


def test_the_published_volume_still_prints_the_figure_of_its_own_day(next_volume, report):
    assert "40,000人令和7(2025)年5月時点" in text_of(report)
    assert "48,000人" not in text_of(report)


def test_what_has_no_newer_value_keeps_the_day_it_is_of(next_volume):
    assert "オンライン申請率（証明等）20.5%令和6(2024)年度" in text_of(next_volume)

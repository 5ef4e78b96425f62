"""A world's pages, files, charts and report against the model."""

from __future__ import annotations

from datetime import date

from django.test import Client

from tests.model import surface
from tests.model.compared.cards import compare_card, compare_overviews
from tests.model.compared.charts import compare_charts
from tests.model.compared.files import compare_file
from tests.model.compared.reports import compare_report
from tests.model.compared.tables import compare_periods, compare_years
from tests.model.rules import Model
from tests.model.tally import Tally


def compare_world(client: Client, today: date) -> Tally:
    """Every KPI's page and file, the overview now and as of earlier months, a report's figures."""
    tally, model = Tally(), Model(today)
    for kpi in model.kpis.values():
        page = surface.look(client, kpi.code)
        compare_file(tally, kpi, surface.file_of(client, kpi.code), model)
        compare_periods(tally, kpi, page.months, model)
        compare_years(tally, kpi, page.years, model)
        compare_card(tally, kpi, page.card, model)
        by_years = surface.look(client, kpi.code, "years") if page.has_years else None
        compare_charts(tally, kpi, page, by_years, model)
    compare_overviews(tally, client, model)
    compare_report(tally, model)
    return tally

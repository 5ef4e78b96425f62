"""Cases of docs/rules.md on the surfaces that no other test looks at."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Department
from kpis.claims import Word
from kpis.dashboards.page import page_of
from kpis.entries import approve, save_draft, submit
from kpis.entries.sheet import sheet_of
from kpis.models import Kpi, Reporting, Target
from kpis.summaries.recompute import recompute
from kpis.values.export import data_file
from kpis.values.statement import Slot, Statement
from reform.overview import overview
from reports.figures import Figures
from tests.kpis.world import LONG_AGO, World, access, make_kpi, part, put, put_months

DECEMBER = date(2025, 12, 20)


def look(kpi: Kpi, today: date = DECEMBER, asked: str = ""):
    recompute(kpi.pk)
    return page_of(Kpi.objects.for_page().get(pk=kpi.pk), today=today, asked=asked)


# --- Rule 2: what ended in June is no year on any surface ------------------------------------------------------------
def test_what_ended_in_june_is_three_months_on_page_chart_report_and_in_the_file(world: World) -> None:
    Kpi.objects.filter(pk=world.online.pk).update(ends_on=date(2025, 6, 30))
    put_months(world.online, "2024-04", *[100] * 15)
    page = look(world.online)
    assert (page.card.number, page.card.as_of, page.card.kind) == ("100", "令和7(2025)年6月", "実績値・月間計")
    years = look(world.online, asked="years")
    assert years.chart is None  # a year and three months of another make no bars
    assert years.month_rows[0][1:4] == (
        "300件（4月〜6月の3か月分）", "300件（同じ3か月どうし）", "増減なし（同じ3か月どうし）",
    )  # fmt: skip
    found = Figures(DECEMBER).get("online@FY2025")
    assert (found.rate, found.ratio, found.change) == ("300件（4月〜6月の3か月分）", "", "")


@pytest.mark.parametrize(
    ("life", "first", "count", "said"),
    [
        ({"starts_on": date(2024, 10, 1)}, "2024-10", 6, "6か月分（10月〜3月）"),
        ({"ends_on": date(2024, 9, 30)}, "2024-04", 6, "6か月分（4月〜9月）"),
        ({"ends_on": date(2024, 4, 30)}, "2024-04", 1, "1か月分（4月）"),
    ],
)
def test_a_rate_of_a_short_year_names_its_months_in_the_file(world: World, life, first, count, said) -> None:
    Kpi.objects.filter(pk__in=[world.online.pk, world.rate.pk]).update(**life)
    put_months(world.online, first, *[10] * count)
    put_months(world.applications, "2024-04", *[100] * 12)
    for kpi in (world.online, world.applications, world.rate):
        recompute(kpi.pk)
    rate = Kpi.objects.get(pk=world.rate.pk)
    rows = list(csv.DictReader(io.StringIO(data_file(rate, for_excel=False).decode(), newline="")))
    [year] = [row for row in rows if row["対象期間"] == "FY2024"]
    assert (year["値"], year["含む月"]) == ("10", said)


# --- Rule 5: one spelling is stored ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "stored"), [("％", "%"), (" ％", "%"), ("ｋＷｈ", "kWh"), ("ﾄﾝ", "トン"), ("パーセント", "%")]
)
def test_a_unit_is_stored_in_one_spelling(db, typed, stored) -> None:
    kpi = make_kpi("energy", "電力", typed, "flow")
    assert Kpi.objects.values_list("unit", flat=True).get(pk=kpi.pk) == stored
    Kpi.objects.filter(pk=kpi.pk).update(unit="件")
    again = Kpi.objects.get(pk=kpi.pk)
    again.unit = typed
    again.save()
    assert Kpi.objects.values_list("unit", flat=True).get(pk=kpi.pk) == stored


# --- Rule 6: percentages of parts --------------------------------------------------------------------------------------
@pytest.mark.parametrize("unit", ["%", "点", "‰"])
def test_a_ratio_without_parts_by_the_default_is_refused_with_what_to_do(db, unit) -> None:
    with pytest.raises(ValidationError, match="内訳の合計"):
        Kpi(code="share", name="率", unit=unit, kind="ratio", order=1).full_clean()


# --- Rule 7: projections give way --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("frequency", "period", "month"),
    [
        ("fiscal_year", "FY2024", date(2025, 3, 1)),
        ("quarter", "2024-Q4", date(2025, 3, 1)),
        ("month", "2025-03", date(2025, 3, 1)),
    ],
)
def test_a_projection_is_due_and_what_is_approved_in_its_place_is_the_latest(
    department: Department, june, editor, approver, frequency, period, month
) -> None:
    kpi = make_kpi("staff", "職員数", "人", "stock", frequency=frequency, as_of_rule="month_end")
    Reporting.objects.create(series=part(kpi), department=department, valid_from=LONG_AGO)
    put(kpi, period, 120, nature="projected")
    [line] = sheet_of(department, month)
    assert not line.is_answered
    assert look(kpi, date(2025, 6, 10)).card.number == ""
    slot = Slot(part(kpi).pk, line.period.start, line.period.span.value)
    entry = save_draft(slot, Statement(Decimal(121)), access=access(editor), department_id=department.pk)
    approve(submit(entry, access=access(editor)), access=access(approver))
    card = look(kpi, date(2025, 6, 10)).card
    assert (card.number, card.kind, card.marks_of.nature) == ("121", "実績値", "observed")
    [line] = sheet_of(department, month)
    assert line.is_answered


# --- Rule 13: without a direction ------------------------------------------------------------------------------------
@pytest.mark.parametrize("value", [120, 80, 100])
def test_without_a_direction_the_overview_counts_nothing_and_the_page_has_no_word(
    world: World, value, viewer, signed_in
) -> None:
    Kpi.objects.filter(pk=world.hours.pk).update(direction="none", baseline_value=50, baseline_span="fiscal_year")
    Target.objects.create(kpi=world.hours, fiscal_year=2024, value=Decimal(100))
    put(world.hours, "FY2023", 90)
    put(world.hours, "FY2024", value)
    recompute(world.hours.pk)
    counted = overview(DECEMBER)
    assert (counted.with_target, counted.on_track, counted.short_of, counted.open) == (0, [], [], [])
    card = next(card for card in counted.words[Word.NONE] if card.title == world.hours.name)
    assert (card.progress, card.change_is, card.meter) == ("", "", None)
    text = signed_in(viewer).get(reverse("kpis:detail", args=["hours"])).content.decode()
    main = text.partition("<main")[2].partition("</main>")[0].replace("進捗率・達成率</th>", "")
    assert [word for word in ("達成", "未達", "順調", "遅れ", "望ましい方向と逆") if word in main] == []

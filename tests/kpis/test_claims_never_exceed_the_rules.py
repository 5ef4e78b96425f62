"""Whatever is measured: no card, table, chart, sentence or file claims more than rules 1 to 4 allow, what they allow of a
year is said, and marks travel. Reports: tests/reports/test_prints_never_exceed_the_rules.py."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import Department
from japan.fiscal import add_months, month_end
from japan.periods import Period, Span
from kpis.dashboards.board import look_at
from kpis.dashboards.cards import Card, card_of
from kpis.dashboards.page import KpiPage, YearRow, page_of
from kpis.models import Kpi, Measurement, Series, Target
from kpis.models.value import DatedValue
from kpis.summaries.recompute import recompute
from kpis.values.export import data_file
from tests.kpis.world import World, make_world, put

FIRST = date(2023, 4, 1)
MONTHS = [add_months(FIRST, n) for n in range(30)]
MARKS = ({}, {}, {}, {"is_synthetic": True}, {"is_provisional": True}, {"nature": "estimated"}, {"nature": "projected"})
CELL = st.one_of(
    st.integers(-5, 500),
    st.integers(-5, 500),
    st.integers(-5, 500),
    st.none(),
    st.sampled_from(["withheld", "pending", "not_applicable", "before_start"]),
)
#: Long runs of months, so that years are often whole or to date, with a few cells that are something else.
LINE = st.tuples(
    st.integers(0, 20), st.integers(3, 30), st.lists(CELL, min_size=30, max_size=30), st.sampled_from(MARKS)
)
LIFE = st.sampled_from(
    [(None, None)] * 4 + [(date(2024, 10, 1), None), (None, date(2024, 9, 30)), (date(2024, 6, 15), date(2025, 2, 1))]
)
WORLDS = st.fixed_dictionaries(
    {
        "lines": st.lists(LINE, min_size=4, max_size=4),
        "life": LIFE,
        "direction": st.sampled_from(["up", "down", "none"]),
        "target": st.integers(-10, 6000),
        "baseline": st.integers(-10, 6000),
        "today": st.sampled_from(
            [date(2025, 4, 1), date(2025, 4, 20), date(2025, 6, 10), date(2025, 9, 30), date(2025, 12, 20)]
        ),
        "is_plain": st.booleans(),
    }
)
QUICK = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
RATES = re.compile(r"達成率|進捗率|倍")
JUDGED = re.compile(r"達成(?!率)|未達")


@pytest.fixture
def world(department: Department) -> World:
    return make_world(department)


@QUICK
@given(drawn=WORLDS)
def test_nothing_says_more_than_its_months_allow(world: World, drawn: dict[str, Any]) -> None:
    with transaction.atomic():
        kpis = [world.visits, world.online, world.rate]
        build(world, drawn)
        for kpi in kpis:
            page, card = look(kpi, drawn["today"])
            held = facts_of(kpi, drawn)
            years_say_no_more(kpi, page, held, drawn["today"])
            cards_say_no_more(kpi, card, held, drawn["today"])
            charts_break(kpi, page, held)
            files_say_no_more(kpi, held)
        transaction.set_rollback(True)


def build(world: World, drawn: dict[str, Any]) -> None:
    """Two parts of one amount, and the two parts of a rate, with one life, target, baseline and direction."""
    start, end = drawn["life"]
    ids = [world.visits.pk, world.online.pk, world.rate.pk]
    Kpi.objects.filter(pk__in=ids).update(
        starts_on=start,
        ends_on=end,
        direction=drawn["direction"],
        baseline_value=drawn["baseline"],
        baseline_span="fiscal_year",
    )
    for pk in ids:
        Target.objects.bulk_create(
            Target(kpi_id=pk, fiscal_year=year, value=drawn["target"]) for year in (2023, 2024, 2025)
        )
    parts = [(world.visits, "a"), (world.visits, "b"), (world.online, "total"), (world.applications, "total")]
    rows = []
    for (kpi, code), (first, count, cells, marks) in zip(parts, drawn["lines"], strict=True):
        series = Series.objects.get(kpi=kpi, code=code)
        for n, cell in list(enumerate(cells))[first : first + count]:
            # Most worlds are filled without holes, so that claims are made at all.
            value = 100 + n if drawn["is_plain"] and not isinstance(cell, str) else cell
            if value is not None:
                said = {"missing_reason": value} if isinstance(value, str) else {"value": value, **marks}
                rows.append(Measurement(series=series, span="month", period=MONTHS[n], updated_at=NOW, **said))
    Measurement.objects.bulk_create(rows)
    for kpi in Kpi.objects.all():
        recompute(kpi.pk)


NOW = "2025-01-01T00:00:00+09:00"


def look(kpi: Kpi, today: date) -> tuple[KpiPage, Card]:
    board = look_at(Kpi.objects.for_board().filter(pk=kpi.pk), today=today)
    page = page_of(Kpi.objects.for_page().get(pk=kpi.pk), today=today, asked="all")
    return page, card_of(board.sights[0], board)


# --- What the rules allow, from the measurements alone ---------------------------------------------------------------
class Held:
    """Which months of a KPI are whole, by the bare measurements of its parts."""

    def __init__(self, series: list[Series], life: tuple[date | None, date | None]) -> None:
        self.rows = {(m.series_id, m.period): m for m in Measurement.objects.filter(series__in=series, span="month")}
        self.series, self.life = series, life

    def values(self, month: date) -> list[DatedValue]:
        found = [self.rows.get((each.pk, month)) for each in self.series]
        return [m for m in found if m is not None and m.nature != "projected"]

    def is_in(self, month: date) -> bool:
        return len(self.values(month)) == len(self.series) and all(
            m.missing_reason != "pending" for m in self.values(month)
        )

    def is_whole(self, month: date) -> bool:
        return self.is_in(month) and not any(m.missing_reason == "withheld" for m in self.values(month))

    def is_lived(self, month: date) -> bool:
        start, end = self.life
        before = [m.missing_reason == "before_start" for m in self.values(month)]
        introduced = not (before and len(before) == len(self.series) and all(before))
        return introduced and (start is None or start <= month_end(month)) and (end is None or month <= end)

    def months(self, year: int) -> list[date]:
        return [m for m in Period(Span.FISCAL_YEAR, date(year, 4, 1)).months if self.is_lived(m)]

    def cells(self, year: int) -> list[DatedValue]:
        return [value for month in self.months(year) for value in self.values(month)]

    def is_full_year(self, year: int) -> bool:
        """Twelve months of life, every part of each in, nothing withheld: only then anything may be said."""
        return len(self.months(year)) == 12 and all(self.is_whole(month) for month in self.months(year))


def has_gap(held: list[Held], year: int, today: date) -> bool:
    """A month is missing before one that is in, or although it was due (by the middle of the next month)."""
    months = [month for month in held[0].months(year) if all(month in each.months(year) for each in held)]
    # A rate of which one side is withheld is not known at all; of an amount the other parts are.
    known = [all(each.is_whole(m) if len(held) > 1 else each.is_in(m) for each in held) for m in months]
    if not any(known):
        return True
    newest = max(n for n, is_in in enumerate(known) if is_in)
    late = [m for m, is_in in zip(months, known, strict=True) if not is_in and add_months(m, 2) <= today]
    return not all(known[: newest + 1]) or bool(late)


def facts_of(kpi: Kpi, drawn: dict[str, Any]) -> list[Held]:
    kpi.refresh_from_db()
    parts = [kpi.numerator, kpi.denominator] if kpi.numerator and kpi.denominator else [kpi]
    found = []
    for part in parts:
        series = list(part.series.all())
        life = (part.starts_on, part.ends_on) if part.pk == kpi.pk or part.code == "online" else (None, None)
        found.append(Held(series, drawn["life"] if len(parts) == 2 else life))
    return found


# --- What is claimed ---------------------------------------------------------------------------------------------------
def years_say_no_more(kpi: Kpi, page: KpiPage, held: list[Held], today: date) -> None:
    for row in page.years:
        year = row.marks_of.row.period.year
        if not all(each.is_full_year(year) for each in held):
            assert not RATES.search(row.ratio + row.progress), (kpi.code, year, row)
            assert row.note or row.value in ("値なし",) or "除く" in row.value or row.marks_of.row.missing_reason, row
            if "増減" in row.change or "増" in row.change or "減" in row.change or "ポイント" in row.change:
                assert "か月どうし" in row.change or any(each.months(year) for each in held)
        if has_gap(held, year, today):
            assert row.change == "", (kpi.code, year, row)
        years_say_what_they_may(kpi, row, held, year)
        if any(mark in row.change for mark in ("増", "減", "ポイント")):
            marks_travel(row.change, row.marks_of.row)


def years_say_what_they_may(kpi: Kpi, row: YearRow, held: list[Held], year: int) -> None:
    """The other direction: what the rules allow of a whole year is said."""
    value = row.marks_of.row.value
    if value is None or not all(each.is_full_year(year) for each in held):
        return
    assert bool(row.ratio) == (kpi.baseline_value > 0 and value >= 0), (kpi.code, year, row)
    before = sum(m.value for m in held[0].cells(year - 1) if m.value is not None) if len(held) == 1 else None
    if before and all(each.is_full_year(year - 1) for each in held):
        assert row.change, (kpi.code, year, row)
        assert "か月どうし" not in row.change, (kpi.code, year, row)
    assert "か月分" not in row.note, (kpi.code, year, row)


def marks_travel(words: str, row: Any) -> None:
    """What the figure carries, its comparison carries."""
    for flag, word in (("is_synthetic", "架空値"), ("is_provisional", "速報値")):
        if getattr(row, flag):
            assert word in words, (words, row)
    if row.nature == "estimated":
        assert "推計" in words, (words, row)


def cards_say_no_more(kpi: Kpi, card: Card, held: list[Held], today: date) -> None:
    said = card.progress
    if card.verdict is not None:
        year = card.verdict.target.fiscal_year
        if not all(each.is_full_year(year) for each in held):
            assert not RATES.search(said), (kpi.code, said)
            assert not JUDGED.search(said), (kpi.code, said)
        if has_gap(held, year, today):
            assert "順調" not in said, said
            assert "遅れ" not in said, said
        if any(len(each.months(year)) < 12 for each in held):
            assert said == "", said
        if card.verdict.word.value in ("達成", "未達", "順調", "遅れ"):
            marks_travel(said, card.verdict.figure.row)
    if kpi.direction == "none":
        assert not JUDGED.search(said), said
        assert "順調" not in said, said
        assert "遅れ" not in said, said
    if card.marks_of is not None and card.change:
        month = card.marks_of.row.period
        assert all(each.is_whole(month) for each in held), (kpi.code, card.change)
        marks_travel(card.change, card.marks_of.row)


def charts_break(kpi: Kpi, page: KpiPage, held: list[Held]) -> None:
    """Drawn is what is whole: a part, a withheld part, a projection and a short year are breaks."""
    if page.chart is None:
        return
    labels = {f"R{m.year - 2018}.{m.month}": m for m in MONTHS}
    values = page.chart.lines[0].values
    for label, value in zip(page.chart.x, values, strict=True):
        if value is not None:
            assert all(each.is_whole(labels[label]) for each in held), (kpi.code, label, value)


def files_say_no_more(kpi: Kpi, held: list[Held]) -> None:
    """A worked-out year in the file is one whose months are all in, and one of fewer months says which."""
    text = data_file(kpi, for_excel=False).decode()
    for row in csv.DictReader(io.StringIO(text, newline="")):
        if row["内訳コード"] == "computed" and row["期間の種類"] == "年度":
            year = int(row["対象期間"].removeprefix("FY"))
            assert all(each.is_whole(m) for each in held for m in each.months(year)), row
            assert row["含む月"] or all(len(each.months(year)) == 12 for each in held), row


def test_the_random_worlds_do_make_claims(world: World) -> None:
    """A test that only looks for what is not said would pass on a page that says nothing."""
    for kpi in (world.visits, world.online, world.rate):
        Kpi.objects.filter(pk=kpi.pk).update(direction="up", baseline_value=100, baseline_span="fiscal_year")
        Target.objects.create(kpi=kpi, fiscal_year=2024, value=Decimal(2000))
    for month in MONTHS[:24]:
        for kpi, code in (
            (world.visits, "a"),
            (world.visits, "b"),
            (world.online, "total"),
            (world.applications, "total"),
        ):
            put(kpi, f"{month:%Y-%m}", 100, code)
    for kpi in Kpi.objects.all():
        recompute(kpi.pk)
    page, card = look(world.visits, date(2025, 4, 20))
    assert (card.progress, page.years[0].ratio) == ("達成　令和6年度 2,400人　進捗率 121.1%", "24.0倍")

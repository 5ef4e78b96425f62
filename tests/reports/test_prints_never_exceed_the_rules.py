"""Whatever is measured: no sentence and no page of a report claims more than rules 1 to 4 allow, and what they allow is
printed. The worlds are those of tests/kpis/test_claims_never_exceed_the_rules.py; what is allowed is told from the bare
measurements."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from hypothesis import given, settings

from accounts.models import Department
from japan.fiscal import add_months, month_end, month_start
from kpis.models import Kpi
from reports.figures import Figure, Figures
from reports.illustrations import illustrated
from reports.models import Report, Section
from reports.placeholders import resolve
from reports.references import UnknownFigure
from reports.snapshot import section_of
from tests.kpis.test_claims_never_exceed_the_rules import MONTHS, QUICK, WORLDS, Held, build, facts_of
from tests.kpis.world import World, make_world
from tests.reports.pages import REPORT

#: Fewer than of pages: each world is asked for thirty figures and drawn on nine pages.
BOUNDED = settings(QUICK, max_examples=12)
COMPARED = ("ratio", "change", "change_rate", "index")
#: A multiple, a difference or a rate of change, however it is written.
COMPARISON = re.compile(r"倍|増|減|▲[0-9.]+%|＋[0-9.]+%|との比較|指数")
WORDS = {"is_synthetic": "架空値", "is_provisional": "速報値", "estimated": "推計"}


@pytest.fixture
def world(department: Department) -> World:
    return make_world(department)


@pytest.fixture
def report(small_report: Report) -> Report:
    return small_report


@BOUNDED
@given(drawn=WORLDS)
def test_a_report_says_what_its_months_allow_and_no_more(world: World, report: Report, drawn: dict[str, Any]) -> None:
    as_of = month_end(add_months(month_start(drawn["today"]), -1))
    with transaction.atomic():
        build(world, drawn)
        for kpi in (world.visits, world.online, world.rate):
            held = facts_of(kpi, drawn)
            for year in (2023, 2024, 2025):
                years_say_what_they_may(kpi, held, report, year, as_of)
            months_say_what_they_may(kpi, held, as_of)
            the_newest_is_the_last_whole_one(kpi, held, as_of)
        transaction.set_rollback(True)


def read(reference: str, as_of: date) -> Figure | None:
    """The figure; None where there is none, or one that the report may not show."""
    try:
        return Figures(as_of).get(reference)
    except UnknownFigure:
        return None


def sentence(reference: str, attribute: str, as_of: date) -> str:
    """What a placeholder writes; "" where it is refused."""
    try:
        return resolve(f"{{{{ kpi:{reference}.{attribute} }}}}", Figures(as_of))
    except UnknownFigure:
        return ""


# --- Years --------------------------------------------------------------------------------------------------------------
def years_say_what_they_may(kpi: Kpi, held: list[Held], report: Report, year: int, as_of: date) -> None:
    reference = f"{kpi.code}@FY{year}"
    figure = read(reference, as_of)
    in_any = any(each.is_in(month) for each in held for month in each.months(year))
    if figure is None:
        later = any(month_end(m) > as_of for each in held for m in each.months(year) if each.is_in(m))
        assert later or not in_any or len(held) > 1, reference
        return
    compared = {name: sentence(reference, name, as_of) for name in COMPARED}
    said = sentence(reference, "rate", as_of)
    page = printed(reference, report, as_of)
    if not all(each.is_full_year(year) for each in held):
        assert not any(compared.values()), (reference, compared)
        assert not COMPARISON.search(page["text"]), (reference, page["text"])
        assert page["columns"] == "", reference
        assert figure.exact == "" or "か月分" in said or "を除く" in said, (reference, said)
        assert not said.startswith("年") or figure.exact == "", (reference, said)
    elif figure.exact:
        assert "か月分" not in said, (reference, said)
        assert said.startswith("年") == (kpi.kind == Kpi.Kind.FLOW), (reference, said)
        assert compared["change"], reference
        assert bool(compared["ratio"]) == (kpi.baseline_value > 0 and float(figure.exact) >= 0), (reference, compared)
        assert bool(compared["change_rate"]) == (kpi.baseline_value > 0), (reference, compared)
        assert page["columns"], reference
        assert ("倍" in page["text"]) == bool(compared["ratio"]), (reference, page["text"])
    if figure.exact:
        marks_stand(held, year, [said, page["text"], page["value_alt"], *filter(None, compared.values())])


def marks_stand(held: list[Held], year: int, texts: list[str]) -> None:
    """What is measured of the months that are in, every text carries."""
    months = [m for m in held[0].months(year) if all(each.is_in(m) and m in each.months(year) for each in held)]
    if len(held) > 1:
        months = [m for m in months if all(each.is_whole(m) for each in held)]
    values = [value for month in months for each in held for value in each.values(month) if value.value is not None]
    marks = {WORDS["estimated"] for value in values if value.nature == "estimated"}
    marks |= {WORDS[flag] for flag in ("is_synthetic", "is_provisional") if any(getattr(v, flag) for v in values)}
    for text in texts:
        assert all(mark in text for mark in marks), (marks, text)


def printed(reference: str, report: Report, as_of: date) -> dict[str, str]:
    """A page with the figure's value, its columns before and after and, where it may be said, its multiple."""
    report.as_of = as_of
    stats: list[dict[str, str]] = [{"figure": reference}]
    if sentence(reference, "ratio", as_of):
        stats.append({"figure": reference, "show": "ratio"})
    options = {"panels": [{"stats": stats, "before_after": reference}]}
    section = Section(report=report, order=1, kind="figures", title="数値", options=options)
    page = illustrated(section_of(section, Figures(as_of)), REPORT)
    panel = page["options"]["panels"][0]
    html = render_to_string(
        "reports/edition/section.html", {"report": REPORT, "section": {**page, "number": 1, "step": 0}}
    )
    html = html.replace(str(panel["columns"]), "") if panel["columns"] else html
    text = re.sub(r"\s", "", unescape(strip_tags(html))).split("算出値：")[0]
    alt = re.search(r'aria-label="([^"]*)"', panel["columns"]) if panel["columns"] else None
    return {"text": text, "columns": str(panel["columns"]), "value_alt": unescape(alt[1]) if alt else text}


# --- Months and the newest ------------------------------------------------------------------------------------------------
def months_say_what_they_may(kpi: Kpi, held: list[Held], as_of: date) -> None:
    """A month after the report's day is refused; one with missing parts is 途中の計, and none is held against a year."""
    for month in (add_months(month_start(as_of), back) for back in (1, 0, -1, -2)):
        reference = f"{kpi.code}@{month:%Y-%m}"
        figure = read(reference, as_of)
        if figure is None or not figure.exact:
            continue
        if "将来推計" in figure.marks:
            assert "将来推計" in sentence(reference, "value", as_of), reference
            continue
        assert month_end(month) <= as_of, reference
        assert not any(sentence(reference, name, as_of) for name in COMPARED), reference
        if len(held) == 1:
            said = sentence(reference, "value", as_of)
            assert ("途中の計" in said) == (not held[0].is_in(month)), (reference, said)
            withheld = any(value.missing_reason == "withheld" for value in held[0].values(month))
            assert ("を除く" in said) == withheld, (reference, said)
        else:
            assert all(each.is_whole(month) for each in held), reference


def the_newest_is_the_last_whole_one(kpi: Kpi, held: list[Held], as_of: date) -> None:
    """Without a period: the newest month of which everything is in and that has a value; an invented one only where there
    is no other."""
    known = [m for m in MONTHS if month_end(m) <= as_of and all(each.is_in(m) for each in held) and has_value(held, m)]
    real = [m for m in known if not any(value.is_synthetic for each in held for value in each.values(m))]
    figure, wanted = read(f"{kpi.code}@month", as_of), max(real or known, default=None)
    assert (figure.period if figure else None) == (f"{wanted:%Y-%m}" if wanted else None), kpi.code


def has_value(held: list[Held], month: date) -> bool:
    """A sum has a value where one part has; a rate where both sides are whole and there is something to divide by."""
    values = [[value.value for value in each.values(month) if value.value is not None] for each in held]
    if len(held) == 1:
        return bool(values[0])
    return all(each.is_whole(month) for each in held) and bool(values[0]) and sum(values[1]) != 0


def test_the_worlds_do_make_claims(world: World, report: Report) -> None:
    """A test that only looks for what is not said would pass on a report that says nothing."""
    line: tuple[Any, ...] = (0, 30, [100] * 30, {"is_provisional": True})
    drawn = {"lines": [line] * 4, "life": (None, None), "direction": "up", "target": 100, "baseline": 100}
    build(world, drawn | {"is_plain": True})
    as_of = date(2025, 5, 31)
    for kpi in (world.visits, world.online, world.rate):
        held = facts_of(kpi, drawn | {"is_plain": True})
        assert all(each.is_full_year(2024) for each in held)
        assert sentence(f"{kpi.code}@FY2024", "ratio", as_of).endswith("倍（速報値）")
        assert "6／12か月分" in sentence(f"{kpi.code}@FY2025", "value", date(2025, 9, 30))
        assert read(f"{kpi.code}@FY2025", as_of) is None  # it holds June to September by now
        assert read(f"{kpi.code}@2025-06", as_of) is None
        years_say_what_they_may(kpi, held, report, 2024, as_of)

"""The sample's months meet the published points, add up, and go on by the same shapes; no database is asked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from japan.fiscal import add_months, fiscal_months
from reform.demo.copies import by_division
from reform.demo.figures import sample_values
from reform.demo.organisation import DIVISIONS
from reform.demo.shapes import copies, monthly, working_hours
from reform.demo.tables import COPIES_2025_03

LAST = date(2026, 4, 1)


def year_of(key: tuple[str, str], year: int) -> list[int | None]:
    months = monthly(date(2026, 10, 1))[key]
    return [months[month] for month in fiscal_months(year)]


@pytest.mark.parametrize(
    ("code", "year", "total"),
    [
        ("online-applications", 2021, 20_000),
        ("online-applications", 2023, 45_000),
        ("online-applications", 2024, 60_000),
        ("applications", 2021, 302_900),
        ("applications", 2024, 292_700),
        ("business-chat", 2024, 2_381_160),
        ("counter-payments", 2024, 226_129),
        ("cashless-payments", 2024, 11_241),
    ],
)
def test_months_of_a_year_add_up(code, year, total) -> None:
    assert sum(year_of((code, "total"), year)) == total


def test_months_meet_every_published_point() -> None:
    months, sheets = monthly(LAST), copies(LAST)
    march, may = date(2025, 3, 1), date(2025, 5, 1)

    assert months["business-chat", "total"][march] == 239_322
    assert sheets[march] == 3_000_000
    assert months["line-friends", "total"][may] == 40_000
    assert months["line-friends", "total"][date(2024, 8, 1)] == 25_600
    assert months["smartphone-services", "total"][may] == 65
    assert months["cashless-counters", "total"][march] == 24
    assert [months["cashless-methods", kind][march] for kind in ("credit", "e-money", "code-payment")] == [6, 14, 8]
    assert round(Decimal(100 * months["cashless-payments", "total"][march]) / 25_344, 1) == Decimal("6.4")
    assert working_hours(2024) == {2021: 5_220_000, 2022: 5_164_000, 2023: 5_079_000, 2024: 4_985_000}


@pytest.mark.parametrize("month", [date(2021, 4, 1), date(2023, 11, 1), date(2025, 3, 1), date(2027, 2, 1)])
def test_copies_of_the_departments_add_up_to_the_month(month) -> None:
    total = copies(month)[month]
    sheets = by_division(month, total)

    assert sum(sheets.values()) == total
    assert list(sheets) == [code for (code, *_), _ in DIVISIONS]
    assert all(count > 0 for count in sheets.values())


def test_copies_of_march_2025_are_those_of_the_table() -> None:
    assert by_division(date(2025, 3, 1), 3_000_000) == COPIES_2025_03


def test_seasons_show_in_the_departments() -> None:
    def share(code: str, month: date) -> float:
        return by_division(month, 3_000_000)[code] / 3_000_000

    assert share("1500", date(2025, 6, 1)) > 1.5 * share("1500", date(2025, 7, 1))  # the council sits in June
    assert share("1700", date(2026, 10, 1)) > 2 * share("1700", date(2026, 11, 1))  # an election


def test_the_same_month_gives_the_same_figures_and_later_months_change_none_of_them() -> None:
    early, late = sample_values(LAST), sample_values(add_months(LAST, 30))

    assert early == sample_values(LAST)
    assert set(early) <= set(late)
    assert max(value.month for value in early) == LAST


def test_shapes_go_on_as_they_were() -> None:
    months, sheets = monthly(date(2028, 3, 1)), copies(date(2028, 3, 1))
    share = [
        sum(year) / sum(all_)
        for y in (2024, 2025, 2026, 2027)
        if (year := [months["online-applications", "total"][m] for m in fiscal_months(y)])
        and (all_ := [months["applications", "total"][m] for m in fiscal_months(y)])
    ]
    paper = [sum(sheets[month] for month in fiscal_months(year)) for year in (2024, 2025, 2026, 2027)]

    assert share == sorted(share)
    assert share[-1] < 0.5
    assert paper == sorted(paper, reverse=True)
    hours = list(working_hours(2032).values())
    assert hours == sorted(hours, reverse=True)

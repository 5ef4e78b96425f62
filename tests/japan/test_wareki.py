"""Eras: wareki first, the western year beside it; what never existed is read and never written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from japan import wareki
from japan.dates import parse_date, parse_month
from japan.fiscal import date_of_fiscal_month, fiscal_year_of, month_start
from japan.wareki import FIRST_GREGORIAN_DAY, LAST_YEAR

days = st.dates(FIRST_GREGORIAN_DAY, date(LAST_YEAR, 12, 31))


@pytest.mark.parametrize(
    ("day", "era", "year"),
    [
        ((2019, 4, 30), "平成", 31), ((2019, 5, 1), "令和", 1), ((1989, 1, 7), "昭和", 64), ((1989, 1, 8), "平成", 1),
        ((1926, 12, 24), "大正", 15), ((1926, 12, 25), "昭和", 1), ((1912, 7, 29), "明治", 45), ((1912, 7, 30), "大正", 1),
        ((1873, 1, 1), "明治", 6),
    ],
)  # fmt: skip
def test_an_era_changes_on_its_day(day: tuple[int, int, int], era: str, year: int) -> None:
    assert wareki.to_wareki(date(*day)) == (era, year)


def test_days_before_the_gregorian_calendar_are_refused() -> None:
    with pytest.raises(ValueError):
        wareki.to_wareki(date(1872, 12, 31))


@pytest.mark.parametrize(
    ("era", "year", "western"),
    [("平成", 33, 2021), ("H", 33, 2021), ("h", 31, 2019), ("令和", 1, 2019), ("昭和", 100, 2025)],
)
def test_years_that_never_existed_count_on(era: str, year: int, western: int) -> None:
    assert wareki.era_year_to_western(era, year) == western


@pytest.mark.parametrize(("era", "year"), [("令和", 0), ("慶応", 1), ("", 1)])
def test_no_year_of_a_known_era_is_an_error(era: str, year: int) -> None:
    with pytest.raises(ValueError):
        wareki.era_year_to_western(era, year)


@pytest.mark.parametrize(
    ("fiscal_year", "label", "short"),
    [
        (2018, "平成30(2018)年度", "平成30年度"), (2019, "令和元(2019)年度", "令和元年度"), (2020, "令和2(2020)年度", "令和2年度"),
        (1988, "昭和63(1988)年度", "昭和63年度"), (1989, "平成元(1989)年度", "平成元年度"),
    ],
)  # fmt: skip
def test_fiscal_years_have_one_name(fiscal_year: int, label: str, short: str) -> None:
    assert (wareki.fiscal_year_label(fiscal_year), wareki.fiscal_year_short(fiscal_year)) == (label, short)


def test_the_labels_of_months_days_and_years() -> None:
    assert wareki.month_label(date(2025, 3, 1)) == "令和7(2025)年3月"
    assert wareki.month_short(date(2019, 5, 1)) == "令和元年5月"
    assert wareki.month_compact(date(2019, 5, 1)) == "R1.5"
    assert wareki.date_label(date(2019, 4, 30)) == "平成31(2019)年4月30日"
    assert wareki.year_label(2019) == "令和元(2019)年"
    assert wareki.year_label(1989) == "平成元(1989)年"


@given(days)
def test_no_label_names_a_year_after_its_era_ended(day: date) -> None:
    era, year = wareki.to_wareki(day)
    last = {"明治": 45, "大正": 15, "昭和": 64, "平成": 31}.get(era, LAST_YEAR)
    assert 1 <= year <= last
    assert wareki.era_year_to_western(era, year) == day.year


@given(days)
def test_every_written_day_is_read_back(day: date) -> None:
    era, year = wareki.to_wareki(day)
    letter = next(letter for name, letter, _ in wareki.ERAS if name == era)
    forms = [wareki.date_label(day), f"{wareki.month_short(day)}{day.day}日", f"{wareki.month_compact(day)}.{day.day}"]
    forms += [
        f"{letter}{year}/{day.month}/{day.day}",
        day.isoformat(),
        f"{day:%Y%m%d}" if day.year > 1899 else str(day),
    ]
    forms = [form for form in forms if day.year < 2100 or not form.isdigit()]  # eight digits are read for 19xx and 20xx
    assert {parse_date(form) for form in forms} == {day}


@given(days.map(month_start))
def test_every_written_month_is_read_back(month: date) -> None:
    written = [
        wareki.month_label,
        wareki.month_short,
        wareki.month_compact,
        lambda m: f"{m:%Y-%m}",
        lambda m: f"{m:%Y/%m}",
    ]
    forms = [write(month) for write in written]
    forms += [f"{wareki.month_short(month)}分", f"{month.year}.{month.month}", f"{month.year}年{month.month}月"]
    assert {parse_month(form) for form in forms} == {month}


@given(days, st.integers(1, 12))
def test_a_written_fiscal_year_with_a_month_is_read_back(day: date, month: int) -> None:
    fiscal_year = max(fiscal_year_of(day), 1873)
    if fiscal_year < LAST_YEAR:
        expected = date_of_fiscal_month(fiscal_year, month)
        assert parse_month(f"{wareki.fiscal_year_short(fiscal_year)}{month}月") == expected

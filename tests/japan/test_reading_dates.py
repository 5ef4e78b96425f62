"""Months and days as people type them and files bring them."""

from datetime import date, datetime

import pytest

from japan.dates import AmbiguousDate, DateError, parse_date, parse_month

APRIL = date(2024, 4, 1)


@pytest.mark.parametrize(
    "text",
    [
        "令和6年4月", "令和6年4月分", "令和６年４月", "令和06年04月", "令和6 年 4 月", "㋿6年4月", "R6.4", "r6.4", "Ｒ６．４", "R6/4", "R6-4", "R06.04",
        "R6年4月", "R6.4月", "2024.4", "2024年4月", "2024年4月分", "2024/04", "2024-04", "２０２４−４", "2024ー4", "202404", "2024.4.30", "20240430",
        "2024/4/1 0:00", "2024-04-01T00:00:00", "令和6(2024)年4月", "令和6（2024）年4月", "令和6年度4月", "2024年4月末", "2024年4月末日現在",
        "令和6年4月1日時点", "令和6年4月中", "令和6年4月30日（火）", "平成36年4月", "13/4/2024", "4/13/2024", "\ufeff2024-04",
    ],
)  # fmt: skip
def test_each_form_of_a_month_is_read(text: str) -> None:
    assert parse_month(text) == APRIL


@pytest.mark.parametrize(
    "text",
    [
        "令和7年5月31日", "令和７年５月３１日", "令和7(2025)年5月31日", "R7.5.31", "r7/5/31", "2025/5/31", "2025.5.31", "2025-05-31", "20250531",
        "2025年5月31日(土)", "2025年5月31日（土曜日）", "2025年5月31日現在", "2025-05-31 00:00:00", "5/31/2025", "31/5/2025", "令和7年5月末",
        "令和7年5月末日現在", "平成37年5月31日", "令和7年度5月31日",
    ],
)  # fmt: skip
def test_each_form_of_a_day_is_read(text: str) -> None:
    assert parse_date(text) == date(2025, 5, 31)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("平成31年4月", (2019, 4)), ("令和元年5月", (2019, 5)), ("R元.5", (2019, 5)), ("R1.5", (2019, 5)), ("H31.4", (2019, 4)),
        ("平成33年4月", (2021, 4)), ("H33.4", (2021, 4)), ("昭和64年1月", (1989, 1)), ("平成元年1月", (1989, 1)), ("T15.12", (1926, 12)),
        ("S1.12", (1926, 12)), ("昭和100年4月", (2025, 4)), ("明治6年1月", (1873, 1)),
    ],
)  # fmt: skip
def test_eras_are_read_at_their_edges_and_beyond(text: str, month: tuple[int, int]) -> None:
    assert parse_month(text) == date(*month, 1)


def test_a_month_of_a_fiscal_year_may_lie_in_the_next_calendar_year() -> None:
    assert parse_month("令和6年度3月") == date(2025, 3, 1)
    assert parse_month("令和6年3月") == date(2024, 3, 1)
    assert parse_date("令和6年度1月15日") == date(2025, 1, 15)
    assert parse_date("令和6年度2月末") == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("text", "month"),
    [("4月", (2025, 4)), ("6月分", (2025, 6)), ("7", (2024, 7)), ("１２月", (2024, 12)), ("03", (2025, 3))],
)
def test_a_month_alone_is_the_latest_one_up_to_today(text: str, month: tuple[int, int]) -> None:
    assert parse_month(text, today=date(2025, 6, 10)) == date(*month, 1)


def test_months_alone_fill_the_fiscal_year_that_a_file_is_named_after() -> None:
    last_day = date(2025, 3, 31)
    months = [parse_month(str(n), today=last_day) for n in (4, 12, 1, 3)]
    assert months == [date(2024, 4, 1), date(2024, 12, 1), date(2025, 1, 1), date(2025, 3, 1)]


def test_a_month_alone_without_today_asks_for_its_year() -> None:
    with pytest.raises(DateError, match=r"「4月」には年がありません。.*年から入力してください"):
        parse_month("4月")


def test_an_era_that_stands_only_in_the_first_row_goes_for_the_rows_below() -> None:
    assert parse_month("6年4月", era="令和") == APRIL
    assert parse_month("元年5月", era="R") == date(2019, 5, 1)
    assert parse_date("7年5月31日", era="令和") == date(2025, 5, 31)
    with pytest.raises(DateError, match="「6年4月」には元号がありません"):
        parse_month("6年4月")


def test_a_date_cell_is_taken_as_it_is() -> None:
    assert parse_month(date(2024, 4, 30)) == APRIL
    assert parse_month(datetime(2024, 4, 30, 23, 59)) == APRIL
    assert parse_date(datetime(2024, 4, 30, 23, 59)) == date(2024, 4, 30)


@pytest.mark.parametrize("read", [parse_month, parse_date])
def test_a_day_that_reads_in_two_ways_is_refused_with_both(read) -> None:
    with pytest.raises(
        AmbiguousDate, match=r"2017年10月1日とも2017年1月10日とも読めます。.*年から書いてください"
    ) as caught:
        read("10/1/2017")
    assert caught.value.candidates == (date(2017, 10, 1), date(2017, 1, 10))


def test_the_same_number_twice_is_not_ambiguous() -> None:
    assert parse_date("5/5/2025") == date(2025, 5, 5)


@pytest.mark.parametrize(
    "text", ["2024年13月", "2024年0月", "2024.2.30", "明治5年1月", "1872.12", "3000.4", "13/13/2017"]
)
def test_a_day_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(DateError, match="日付はありません。年月日を確かめてください"):
        parse_month(text)


@pytest.mark.parametrize(
    ("text", "advice"), [("令和0年4月", "という年はありません"), ("令和6(2023)年4月", "和暦と西暦の年が合いません")]
)
def test_an_impossible_year_is_refused(text: str, advice: str) -> None:
    with pytest.raises(DateError, match=f"{advice}.*年を確かめてください"):
        parse_month(text)


@pytest.mark.parametrize(
    "text", ["2024", "令和6年", "6.4", "24/4", "13", "0", "Apr-24", "45383", "令和六年四月", "2024年4月〜5月", "令6.4"]
)
def test_what_is_no_month_is_refused_with_examples(text: str) -> None:
    with pytest.raises(DateError, match=r"年月として読み取れません。「令和6年4月」「R6\.4」「2024-04」のように入力"):
        parse_month(text)


@pytest.mark.parametrize("text", ["2025.5", "2025年5月", "5月31日", "5/31", "今日"])
def test_what_is_no_day_is_refused_with_examples(text: str) -> None:
    with pytest.raises(DateError, match="日付として読み取れません。「令和7年5月31日」「2025-05-31」のように入力"):
        parse_date(text)


@pytest.mark.parametrize("text", ["", "　", "\ufeff"])
def test_a_blank_is_asked_for_in_words(text: str) -> None:
    with pytest.raises(DateError, match="年月を入力してください"):
        parse_month(text)
    with pytest.raises(DateError, match="日付を入力してください"):
        parse_date(text)

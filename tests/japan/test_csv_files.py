"""CSV as machines and Excel want it."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from japan.csv_files import runs_in_excel, write_csv


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_numbers_and_dates_are_written_for_machines() -> None:
    row = [Decimal("-235000.50"), 7, date(2025, 3, 1), None, Decimal("1E+3")]
    assert read(write_csv(["a", "b", "c", "d", "e"], [row], for_excel=False))[1] == [
        "-235000.50", "7", "2025-03-01", "", "1000",
    ]  # fmt: skip


def test_only_the_file_for_excel_begins_with_a_byte_order_mark() -> None:
    assert write_csv(["年度"], [], for_excel=True).startswith(b"\xef\xbb\xbf")
    assert write_csv(["年度"], [], for_excel=False) == "年度\r\n".encode()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\tx", "＝1+1", "－2+3"])
def test_a_text_that_excel_would_run_is_made_harmless_for_excel_alone(text: str) -> None:
    assert read(write_csv(["a"], [[text]], for_excel=True))[1] == [f"'{text}"]
    assert read(write_csv(["a"], [[text]], for_excel=False))[1] == [text]


@pytest.mark.parametrize(
    "before",
    [
        "\n",
        "\r\n",
        "\v",
        " ",
        "\u3000",
        "\u00a0",
        "\u200b",
        "\ufeff",
        "\u2060",
        "\u202e",
        "\u00ad",
        "\x00",
        "\u3164",
        "\ufe0f",
        " \t\u200b",
    ],
)
@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1+2", "@SUM(A1)", "＝1+1", "﹦1", "−2+3", "＠A1"])
def test_what_nobody_sees_before_the_sign_hides_no_formula(before: str, sign: str) -> None:
    assert runs_in_excel(before + sign)


@pytest.mark.parametrize("text", ["\n増えた", "\t5", "\r5"])
def test_a_text_that_would_begin_a_new_cell_is_made_harmless(text: str) -> None:
    assert runs_in_excel(text)


@pytest.mark.parametrize(
    "text",
    ["", "-", "＝", "-5", "-12.5", " 増減なし", "\u200b増", "a=1", "1-2", "▲5", "△1.5", "“=1”", "市民課\n=会計課"],
)
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert not runs_in_excel(text)


def test_a_heading_is_made_harmless_too() -> None:
    assert read(write_csv(["=1+1"], [], for_excel=True))[0] == ["'=1+1"]


def test_a_negative_number_and_a_lone_dash_stay_as_they_are() -> None:
    assert read(write_csv(["a", "b"], [[Decimal(-5), "－"]], for_excel=True))[1] == ["-5", "－"]


def test_a_row_that_does_not_fit_its_columns_is_refused() -> None:
    with pytest.raises(ValueError):
        write_csv(["a", "b"], [["one"]], for_excel=False)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=2, max_size=4))
def test_every_text_comes_back_from_the_file_for_machines(cells: list[str]) -> None:
    assert read(write_csv(["c"] * len(cells), [cells], for_excel=False))[1] == cells

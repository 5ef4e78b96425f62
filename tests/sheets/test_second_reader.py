"""The reader of XLSX agrees with openpyxl, which reads the same files in its own way, on every value."""

import io
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets import FileRefused
from sheets.cells import Gathering
from sheets.opening import read_here

VALUES = st.one_of(
    st.none(),
    st.integers(-(10**15), 10**15),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=12).filter(
        lambda text: not text.startswith("=") and "_x" not in text and text.strip() == text
    ),
    st.booleans(),
    st.dates(date(1900, 3, 1), date(2999, 12, 31)),
    st.sampled_from(["#N/A", "1,234", "４月", " ", datetime(2024, 4, 1, 23, 59, 59), time(12, 30)]),
)


@given(st.lists(st.lists(VALUES, max_size=6), min_size=1, max_size=6))
@settings(max_examples=150, deadline=None)
def test_every_value_is_what_openpyxl_reads(rows: list[list[Any]]) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    gathering = Gathering()
    again = openpyxl.load_workbook(io.BytesIO(out.getvalue()), data_only=True).active
    expected = [gathering.row("", 1, [cell.value for cell in row]) for row in again.iter_rows()]
    while expected and not expected[-1]:
        expected.pop()
    try:
        found = read_here(out.getvalue()).sheets[0].rows
    except FileRefused:
        found = []
    assert found == expected
    assert all(type(cell) is not float for row in found for cell in row)
    assert {type(cell) for row in found for cell in row} <= {Decimal, str, bool, date, type(None)}

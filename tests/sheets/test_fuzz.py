"""Files spoiled at random: a book or a refusal comes out, nothing else. `python -m benchmarks.fuzz_uploads` runs 2,000."""

from datetime import date
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz_uploads import run
from sheets import FileRefused, Sheet, find_tables, guess_layout, open_book
from sheets.books import Cell

WORDS = [
    "4月",
    "令和6年4月",
    "5月",
    "R6.4",
    "2024-04",
    "所属",
    "年",
    "月",
    "合計",
    "※注",
    "1,234",
    "▲ 2",
    "－",
    "市 民 課",
    "\n",
]
CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.sampled_from(WORDS),
    st.text(max_size=8),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.integers(1, 12).map(Decimal),
    st.dates(date(1990, 1, 1)),
    st.booleans(),
)


def test_a_hundred_and_fifty_spoiled_files_are_read_or_refused_in_bounded_time_and_memory() -> None:
    outcomes, memory = run(150, seed=100_000)
    assert len(outcomes) == 150
    assert {outcome.ended for outcome in outcomes} == {"book", "refused"}
    assert max(outcome.seconds for outcome in outcomes) < 30  # a loaded machine is slow; a trap takes minutes
    assert memory < 300_000_000


@given(st.binary(max_size=2000))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        book = open_book(data, "a.csv")
    except FileRefused:
        return
    assert book.sheets


@example([[date(2000, 1, 1), "4月", date(2000, 1, 1), "4月"], [None, "4月", "4月"]])
@given(st.lists(st.lists(CELLS, max_size=8), max_size=12))
@settings(max_examples=150, deadline=None)
def test_any_sheet_is_looked_through_and_each_cell_belongs_to_one_table_at_most(rows: list[list[Cell]]) -> None:
    tables = find_tables(Sheet("表", rows))
    # Tables side by side share their rows, each with columns of its own.
    cells = [(row.number, column.index) for table in tables for row in table.rows for column in table.columns]
    assert len(cells) == len(set(cells))
    for table in tables:
        assert all(len(row.cells) == len(table.columns) for row in table.rows)
        layout = guess_layout(table, file_name="令和6年度.csv")
        assert set(layout.row_months) <= {row.number for row in table.rows}

"""A file is read by a process of its own: whatever becomes of that one, a book or a sentence comes back, and nothing stays."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets import Book, FileRefused, Merged, ReaderBusy, Sheet, apart, open_book
from sheets.books import Cell
from sheets.csv_text import read_csv
from sheets.limits import CHILD_CPU, CHILD_MEMORY
from sheets.number_formats import Formats
from sheets.opening import MAX_TEXT_HERE
from sheets.wire import book_of, lines_of
from tests.sheets.making import MONTHLY, xls, xlsx

GOOD = xlsx(MONTHLY)
CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.booleans(),
    st.dates(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.text(st.characters(blacklist_categories=["Cs"])),
)


def no_process_is_left() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return True
    return False


def instead(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Has the child do something else than read the file."""
    monkeypatch.setattr(apart, "COMMAND", (sys.executable, "-c", program))


def test_a_file_is_read_and_no_process_is_left() -> None:
    assert open_book(GOOD, "a.xlsx").sheets[0].rows[3][1] == Decimal(1234)
    assert open_book(xls(MONTHLY), "a.xls").sheets[0].rows[3][1] == Decimal(1234)
    assert no_process_is_left()


def test_a_long_text_is_read_apart_too_and_a_short_one_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter beyond the basic plane (an emoji) makes every letter of a text four bytes: not in the server's memory."""
    long = ("年月,件数\n" + "2024年4月,😀\n" * (MAX_TEXT_HERE // 10)).encode()
    assert open_book(long, "a.csv").sheets == read_csv(long).sheets
    instead(monkeypatch, "raise SystemExit(3)")
    with pytest.raises(FileRefused):
        open_book(long, "a.csv")
    assert open_book("年月,件数\n2024年4月,😀\n".encode(), "a.csv").sheets[0].rows[1] == ["2024年4月", "😀"]


@pytest.mark.parametrize(
    "program",
    [
        "import os; os.abort()",
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "raise SystemExit(3)",
        "print('{}')",
        "print('nothing of the sort')",
        "print('[1, 2]')",
        """print('{"kind": "xlsx", "encoding": "", "warnings": [], "sheets": 2}')""",
        """import sys; sys.stdout.write('{"refused": "an answer cut')""",
        "import sheets.child as c; c.limit(); bytearray(2 << 30)",
        "import sheets.child as c; c.CHILD_CPU = 1; c.limit()\nwhile True: pass",
    ],
    ids=["abort", "killed", "exit", "empty", "text", "list", "short", "cut", "memory", "processor"],
)
def test_a_process_that_dies_or_talks_nonsense_is_a_sentence(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    instead(monkeypatch, program)
    with pytest.raises(FileRefused, match=r"保存し直してください。$") as refused:
        open_book(GOOD, "a.xlsx")
    assert not isinstance(refused.value, ReaderBusy)
    assert no_process_is_left()


def test_a_process_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "CHILD_WALL", 0.3)
    instead(monkeypatch, "import time; time.sleep(60)")
    with pytest.raises(FileRefused, match="時間かメモリ"):
        open_book(GOOD, "a.xlsx")
    assert no_process_is_left()


def test_an_answer_without_end_is_not_listened_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "MAX_ANSWER", 1_000_000)
    instead(monkeypatch, "while True: print('x' * 100_000)")
    with pytest.raises(FileRefused):
        open_book(GOOD, "a.xlsx")
    assert no_process_is_left()


def test_a_request_that_is_broken_off_takes_its_process_along(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken_off(lines: object) -> Book:
        raise KeyboardInterrupt

    instead(monkeypatch, "import time; time.sleep(60)")
    monkeypatch.setattr(apart, "book_of", broken_off)
    with pytest.raises(KeyboardInterrupt):
        open_book(GOOD, "a.xlsx")
    assert no_process_is_left()
    monkeypatch.undo()
    assert open_book(GOOD, "a.xlsx").sheets  # and the next one has its turn


def test_a_file_waits_for_the_one_before_it_and_no_longer_than_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "MAX_WAIT", 0.05)
    with apart._turn, pytest.raises(ReaderBusy, match="順番"):
        open_book(GOOD, "a.xlsx")
    assert open_book(GOOD, "a.xlsx").sheets


def test_files_of_several_threads_are_read_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most = 0, 0
    counting = threading.Lock()
    read = apart._read

    def counted(*asked: Any) -> Any:
        nonlocal running, most
        with counting:
            running += 1
            most = max(most, running)
        try:
            return read(*asked)
        finally:
            with counting:
                running -= 1

    monkeypatch.setattr(apart, "_read", counted)
    with ThreadPoolExecutor(4) as pool:
        books = list(pool.map(lambda _: open_book(GOOD, "a.xlsx"), range(4)))
    assert len(books) == 4
    assert most == 1
    assert no_process_is_left()


def test_a_machine_without_room_for_a_process_asks_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "COMMAND", ("/nowhere/python",))
    with pytest.raises(ReaderBusy):
        open_book(GOOD, "a.xlsx")


def test_the_process_limits_itself_before_it_reads_and_knows_no_setting() -> None:
    program = (
        "import os, resource, sheets.child; sheets.child.limit();"
        "print(*(resource.getrlimit(each)[1] for each in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=apart._ROOT
    )
    assert answer.stdout.split() == [str(CHILD_MEMORY), str(CHILD_CPU), "0"]


def test_the_process_is_not_told_what_it_has_no_use_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://user:secret@db/reform")
    instead(monkeypatch, "import json, os; print(json.dumps({'refused': ' '.join(os.environ)}))")
    with pytest.raises(FileRefused) as refused:
        open_book(GOOD, "a.xlsx")
    assert "DATABASE_URL" not in str(refused.value)


def test_the_process_brings_neither_django_nor_the_writer_of_workbooks_along() -> None:
    program = (
        "import sys, sheets.child, sheets.opening; print(sorted({'django', 'openpyxl', 'xlrd'} & set(sys.modules)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=apart._ROOT
    )
    assert answer.stdout.strip() == "[]"


@given(st.lists(st.lists(CELLS, max_size=5), max_size=5), st.booleans())
@settings(max_examples=100, deadline=None)
def test_what_comes_over_is_what_was_read(rows: list[list[Cell]], is_hidden: bool) -> None:
    formats = Formats([(0, 1, 3, "0%"), (0, 5, 5, 'm"月"'), (2, 1, 1, "@")])
    sheet = Sheet("表", rows, formats, (Merged(1, 0, 2, 3),), frozenset({2}), frozenset({1, 4}), is_hidden)
    book = Book("ods", "", (sheet, Sheet("", [])), ("注意",))
    again = book_of(lines_of(book))
    assert again == book
    assert [[type(cell) for cell in row] for row in again.sheets[0].rows] == [
        [type(cell) for cell in row] for row in rows
    ]


def test_days_long_ago_and_numbers_with_every_digit_come_over() -> None:
    cells: list[Cell] = [date(1, 1, 1), Decimal("1E+20"), Decimal("0.10"), "n1", "", "\n", "𠮷"]
    found = book_of(lines_of(Book("xls", "", (Sheet("a", [cells]),)))).sheets[0].rows[0]
    assert list(map(str, found)) == list(map(str, cells))

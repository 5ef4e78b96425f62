"""No text that somebody hands over can stop a process: twice the letters take about twice the time, never its square.

Every expression of the product is found by itself, and tried on long runs of what it is made of. What is compared are
times of one expression on two lengths, so a slow machine makes no difference.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import itertools
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from accounts.personnel.reading import read_lines
from japan.dates import parse_date, parse_month
from japan.periods import Period
from japan.reading_numbers import parse_number
from japan.reading_periods import read_period
from kpis.imports.names import no_result_in
from kpis.imports.titles import month_of_table
from kpis.imports.written_units import unit_in
from reports.markdown import to_html
from reports.placeholders import placeholders_in
from reports.templatetags.report_pages import closed, phrases, sized
from sheets import (
    FileRefused,
    Sheet,
    find_tables,
    find_year,
    fold,
    guess_layout,
    open_book,
    plain,
    put_together,
    timeless,
)
from sheets.cells import Gathering, decimal_of
from sheets.months import bare_month, is_year, month_told, tidy, year_of
from sheets.named_years import era_within, years_within
from sheets.quarters import quarter_of
from sheets.rows import is_note, is_number, is_time, is_total, is_value, names_month

FOLDERS = sorted(
    path.parent.name
    for path in settings.BASE_DIR.glob("*/__init__.py")
    if path.parent.name not in ("tests", "benchmarks")
)
#: Expressions that would look at a run of letters many times if they looked for their place in a long text.
NEVER_SEARCHED = {
    "kpis.claims.published._FORMS": "only matched with a whole piece of 120 letters at most",
    "kpis.summaries.audit.ratios._PRINTED_SHARE": "only matched at the start of a text of 120 letters at most",
    "reports.scaling._RULE": "only looks through our own style sheet",
    "reports.scaling._LENGTH": "only looks through our own style sheet",
    "japan.reading_numbers._NOTE": "parse_number refuses more than 60 letters before",
    "japan.reading_periods._QUARTER": "only matched with a whole text",
    "reports.placeholders._FORM": "only matched with the whole text between two braces",
    "sheets.months._SETONTOOF": "only matched at the start of a text",
    "sheets.rows._NUMBER": "only matched with a whole text",
}
LONG = 4_000


def modules() -> Iterator[str]:
    for folder in FOLDERS:
        for module in pkgutil.walk_packages([str(settings.BASE_DIR / folder)], f"{folder}."):
            if ".migrations" not in module.name:
                yield module.name


def patterns() -> dict[str, re.Pattern]:
    found: dict[int, tuple[str, re.Pattern]] = {}
    for name in modules():
        for word, value in vars(importlib.import_module(name)).items():
            for where, pattern in patterns_in(f"{name}.{word}", value):
                found.setdefault(id(pattern), (where, pattern))
    return dict(found.values())


def patterns_in(where: str, value: object, depth: int = 4) -> Iterator[tuple[str, re.Pattern]]:
    """An expression itself, and those in lists and tables of them, however deep: each by where it stands."""
    if isinstance(value, re.Pattern):
        yield where, value
    elif depth and isinstance(value, dict):
        yield from patterns_in(where, [*value.values(), *value], depth)
    elif depth and isinstance(value, list | tuple):
        for number, held in enumerate(value):
            yield from patterns_in(f"{where}[{number}]", held, depth - 1)


PATTERNS = patterns()


def text_of(pattern: re.Pattern) -> str:
    return pattern.pattern.decode() if isinstance(pattern.pattern, bytes) else pattern.pattern


def letters_of(pattern: re.Pattern) -> list[str]:
    """The letters an expression is written with, and one of each sort that its classes stand for."""
    return sorted(
        {letter for letter in text_of(pattern) if not letter.isalnum() or not letter.isascii()} | set("a0F \n[")
    )


def seconds(work: Callable[[str], object], make: Callable[[int], str], length: int, tries: int = 5) -> float:
    """The shortest of several tries. Each has a text of its own, so that nothing is remembered from the last."""
    best = 60.0
    for number in range(tries):
        text = make(length) + "!" * (number + 1)
        started = time.process_time()
        work(text)
        best = min(best, time.process_time() - started)
        if best < 0.0005:
            break
    return best


def grows_too_fast(work: Callable[[str], object], make: Callable[[int], str]) -> bool:
    """Whether four times the letters take more than ten times as long, three times in a row: others use the machine too."""
    return all(seems_to_grow_too_fast(work, make) for _ in range(3))


def seems_to_grow_too_fast(work: Callable[[str], object], make: Callable[[int], str], longest: int = LONG) -> bool:
    """The same measured once; 0.5 ms are nothing, whatever the length."""
    for length in (16, 20, 24, 28):  # what doubles with each letter is found here, long before it takes hours
        if seconds(work, make, length, 3) > 0.0005 and seconds(work, make, length) > 3 * seconds(
            work, make, length - 4
        ):
            return True
    if seconds(work, make, longest // 4, 1) > 0.1:  # what is squared shows it earlier
        longest //= 4
    whole = seconds(work, make, longest)
    return whole > 0.0005 and whole > 10 * seconds(work, make, longest // 4)


def run_of(unit: str, before: str = "") -> Callable[[int], str]:
    return lambda length: before + unit * (length // len(unit))


def ways(pattern: re.Pattern) -> list[Callable[[str], object]]:
    def encoded(text: str) -> str | bytes:
        return text.encode() if isinstance(pattern.pattern, bytes) else text

    return [
        lambda text: pattern.fullmatch(encoded(text)),
        lambda text: [None for _ in pattern.finditer(encoded(text))],
    ]


@pytest.mark.parametrize("name", PATTERNS)
def test_an_expression_looks_at_each_letter_a_few_times_at_most(name: str) -> None:
    pattern = PATTERNS[name]
    whole, everywhere = ways(pattern)
    units = [*letters_of(pattern), "1年", "a)", "(注", "※1", "4月", "1,", "1.", "令和1年", "<c", "</f>"]
    for unit, before in itertools.product(units, ("", "(", "1")):
        assert not grows_too_fast(whole, run_of(unit, before)), f"{before}{unit}{unit}…"
        assert name.partition("[")[0] in NEVER_SEARCHED or not grows_too_fast(everywhere, run_of(unit, before)), (
            f"{before}{unit}{unit}…"
        )


@pytest.mark.parametrize("name", PATTERNS)
def test_no_expression_doubles_its_work_with_two_letters_more(name: str) -> None:
    """Pairs of letters that can be read in two ways: 千円 as 千円, and as 千 and 円."""
    pattern = PATTERNS[name]
    for unit in map("".join, itertools.permutations(letters_of(pattern), 2)):
        for work in ways(pattern):
            make = run_of(unit, "1")
            if seconds(work, make, 40, 1) > 0.001 and (whole := seconds(work, make, 40)) > 0.001:
                assert whole < 3 * seconds(work, make, 36), f"1{unit}{unit}…"


def of_sheet(text: str) -> None:
    for table in find_tables(Sheet("表", [[text], ["所属", text, "4月"], [text, "1", "2"], [text, text, "3"], [text]])):
        guess_layout(table, file_name=text)
        month_of_table(table, text)
        find_year(table, text)


def of_layouts(text: str) -> None:
    """Headings that are years, months or the like, over values and beside years."""
    months = ["4月", "5月", "6月"]
    for rows in (
        [["区分", text, *[None] * 3, text], [text, *months, *months], ["件数", *"123456"]],
        [["年度", *months], [text, *"123"], ["令和元", *"456"], [text, *"789"]],
        [[text], ["年月", "件数"], ["R6.4", "1"], [text, "2"], ["5月", "3"]],
    ):
        for table in find_tables(Sheet(text, rows)):
            guess_layout(table, file_name=text)


def of_cells(text: str) -> None:
    """A row of as many cells as the text has threes of letters: a number may be torn apart anywhere."""
    cells = [text[start : start + 3] for start in range(0, len(text), 3)]
    for table in find_tables(Sheet("", [["年月", "件数", "人数"], ["4月", "1", "2"], ["5月", *cells]])):
        put_together(table)


def of_personnel(text: str) -> None:
    book = open_book(f"職員番号,氏名,{text}\n{text},{text},1\n".encode(), f"{text}.csv")
    read_lines(book)


#: Whatever reads what a person or a file says.
READERS: dict[str, Callable[[str], object]] = {
    reader.__name__: reader
    for reader in (
        parse_month,
        parse_date,
        parse_number,
        read_period,
        Period.from_iso,
        unit_in,
        to_html,
        placeholders_in,
        closed,
        phrases,
        sized,
        fold,
        plain,
        timeless,
        decimal_of,
        bare_month,
        is_year,
        tidy,
        year_of,
        is_note,
        is_number,
        is_time,
        is_total,
        is_value,
        names_month,
        of_sheet,
        of_layouts,
        of_cells,
        no_result_in,
        month_told,
        quarter_of,
        of_personnel,
    )
} | {
    "years_within": lambda text: list(years_within(text, "")),
    "era_within": lambda text: era_within([text]),
    "cells": lambda text: Gathering().row("", 1, [text]),
    "csv": lambda text: open_book(text.encode(), "a.csv"),
}
TEXTS = [
    "*", "※", "注", "1", "１", " ", "　", "千円", "千", "百万円", "1,", "1.", "4月", "令和6年", "a)", "(注", "(", ")", "（", "年度",
    "-", "…", "{{", "{{}}", "{{ kpi:", "}}", "{{ a.", "[", "![", "`", "_", "*a_", "> ", "- ", "|", "\n|", "&", "<", "あ、", "・",
    "ﷺ", "⑴", "元", "R", "4/1/", "計", "'", '"', '"",', "\n", "\t",
]  # fmt: skip


@pytest.mark.parametrize("reader", READERS)
def test_whatever_reads_a_text_takes_about_twice_the_time_for_twice_the_letters(reader: str) -> None:
    def work(text: str) -> None:
        with contextlib.suppress(ValueError, FileRefused, ValidationError):
            READERS[reader](text)

    for unit, before in itertools.product(TEXTS, ("", "4月")):
        assert not grows_too_fast(work, run_of(unit, before)), f"{before}{unit}{unit}…"


def test_expressions_in_lists_and_tables_are_found_too() -> None:
    inner, outer = re.compile("a"), re.compile("b")
    found = dict(patterns_in("m.X", (("word", inner), {"key": [outer]})))
    assert found == {"m.X[0][1]": inner, "m.X[1][0][0]": outer}
    assert any(name.startswith("kpis.claims.published._FORMS[") for name in PATTERNS)


def test_every_expression_has_a_name_so_that_these_tests_find_it() -> None:
    unnamed = []
    for name in modules():
        source = Path(str(importlib.import_module(name).__file__)).read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef) and any(map(is_expression, ast.walk(node))):
                unnamed.append(f"{name}.{node.name}")
    assert not unnamed


def is_expression(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr != "escape"
    )


def test_a_text_too_long_for_a_month_is_refused_with_its_beginning() -> None:
    with pytest.raises(ValueError, match="長すぎて"):
        parse_month("令和6年4月" * 50)
    with pytest.raises(ValueError, match="長すぎて"):
        read_period("令和6年4月" * 50)
    assert parse_month("令和6年4月") == date(2024, 4, 1)

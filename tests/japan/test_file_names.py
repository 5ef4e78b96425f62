"""What is the name of a file or a place of one, and what is an office or a publication."""

from __future__ import annotations

import time

import pytest

from japan.file_names import names_a_file


@pytest.mark.parametrize(
    "text",
    [
        "窓口集計_R7最終版.xlsx",
        "窓口集計.XLS（市民課）",
        "集計．ｘｌｓｘ",
        r"\\server\共有\集計",
        "¥¥server¥共有",
        "￥￥server￥共有",
        r"C:\data",
        "D:/集計/令和7年",
        "file:///srv/data",
        "構造改革レポート、窓口集計.csv",
        "決算カード.pdf",
    ],
)
def test_a_file_or_its_place(text) -> None:
    assert names_a_file(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "市民課",
        "総務部/財政課",
        "構造改革レポート vol.5",
        "LINE公式アカウント",
        "令和6年度決算（¥1,000単位）",
        "https://www.city.example.jp/report/vol5.pdf",
        "統計書（https://www.city.example.jp/r7.xlsx）",
        "e-Stat No.1.5",
        "docomo.ne.jp の調べ",
    ],
)
def test_an_office_or_a_publication(text) -> None:
    assert not names_a_file(text)


def test_a_long_text_is_read_at_once() -> None:
    begun = time.perf_counter()
    for text in ("." * 100_000, "https://" * 20_000, "a:" * 50_000, ".xls1" * 20_000):
        assert not names_a_file(text)
    assert time.perf_counter() - begun < 2

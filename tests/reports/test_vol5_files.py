"""vol.5 alone makes the complete report: every figure, milestone and name in both files."""

import re

import pytest

from initiatives.models import Alias, Milestone
from tests.reports.conftest import html_text, pdf_pages, pdf_text

FIGURES = [
    "40,000人",
    "1.6倍",
    "65サービス",
    "月239,322件",
    "年60,000件",
    "3倍",
    "20.5%",
    "月300万枚",
    "6.4%",
    "24か所",
    "6種類",
    "14種類",
    "8種類",
    "▲23.5万時間",
    "▲4.5%",
    "54%",
    "78%",
    "332,931人",
    "255,645人",
    "175,940人",
    "35年後",
    "25,600人",
    "20,000件",
    "522万時間",
    "498.5万時間",
]
READERS = [pytest.param(html_text, id="html"), pytest.param(pdf_text, id="pdf")]


@pytest.mark.parametrize("read", READERS)
def test_every_figure_stands_in_the_text_with_its_unit(files, read):
    text = read(files)
    assert [figure for figure in FIGURES if figure not in text] == []


@pytest.mark.parametrize("read", READERS)
def test_the_population_has_its_indices(files, read):
    text = read(files)
    for year, index, people in (("2020", "100", "332,931人"), ("2040", "77", "255,645人"), ("2060", "53", "175,940人")):
        assert re.search(rf"\({year}\)年(将来推計)?指数{index}(令和[^人]*)?.*?{people}", text)


@pytest.mark.parametrize("read", READERS)
def test_every_milestone_stands_in_the_text_with_its_month(files, read):
    text = read(files)
    assert Milestone.objects.count() == 30
    for milestone in Milestone.objects.all():
        when = f"({milestone.month}月)" if milestone.month else "(〜2025)" if milestone.until_fiscal_year else ""
        detail = f"（{milestone.detail}）" if milestone.detail else ""
        assert f"{milestone.wording}{detail}{when}" in text


@pytest.mark.parametrize("read", READERS)
def test_every_name_of_the_cloud_stands_in_the_text_and_five_are_bold(files, read):
    names = Alias.objects.filter(cloud_order__isnull=False).select_related("initiative")
    assert len(names) == 39
    text = read(files)
    assert [alias.name for alias in names if re.sub(r"\s", "", alias.name) not in text] == []
    svg = re.search(r'<div class="cloud">(.*?)</svg>', files.html.decode(), re.DOTALL)[1]
    bold = set(re.findall(r'font-weight="700">([^<]+)<', svg))
    assert bold == {"保育DX", "書かない窓口", "おでかけ市役所", "介護保険DX", "スマホ市役所"}


def test_the_sheets_follow_the_published_order(files):
    headings = [
        "構造改革レポートvol.5", "道半ば", "人口減少の先を見すえる", "5つの課題", "Well-Being", "ビジョン", "5つの柱", "3年間の歩み",
        "市公式LINE友達数", "ビジネスチャット件数", "オンライン申請件数", "コピー出力枚数", "公共施設", "業務時間の増減", "取組の全体像",
        "職員の声", "まだ、道の途中です", "数値の一覧", "奥付",
    ]  # fmt: skip
    pages = pdf_pages(files)
    assert len(pages) == len(headings)
    for heading, page in zip(headings, pages, strict=True):
        assert heading in page


def test_nothing_published_carries_the_mark_of_a_sample(files):
    assert "架空値" not in html_text(files)


def test_the_colophon_names_issuer_contact_and_what_was_interpreted(files):
    colophon = pdf_pages(files)[-1]
    for words in ("いわき市", "構造改革・DX推進課", "算出値：", "概数：", "解釈した", "令和7(2025)年5月31日まで"):
        assert words in colophon


def test_the_phone_draws_six_fourteen_and_eight_ways_to_pay(files):
    html = files.html.decode()
    dots = re.findall(r'<p class="method-dots">(.*?)</p>', html)
    assert [row.count("<span") for row in dots] == [6, 14, 8]


def test_a_hundred_seventy_seven_and_fifty_three_people_are_filled(files):
    drawings = re.findall(r'<div class="people">(.*?)</div>', files.html.decode(), re.DOTALL)
    filled = [re.search(r'<path d="([^"]+)" fill="#0017c1"/>', drawing)[1].count("M") for drawing in drawings]
    assert filled == [100, 77, 53]

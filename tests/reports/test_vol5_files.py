"""vol.5 alone makes the complete report: every figure, milestone and name in both files."""

import re

import pytest

from initiatives.models import Milestone
from tests.reports.conftest import html_text, pdf_pages, pdf_text

#: Every figure of the published report as it must be printed, and what stands directly beside it.
FIGURES = [
    "市公式LINE友達数40,000人令和7(2025)年5月時点概数",
    "登録者数の伸び1.6倍令和6年8月末との比較65サービス",
    "65サービススマホから利用できるサービス数令和7(2025)年5月時点",
    "ビジネスチャット件数月239,322件令和7(2025)年3月",
    "オンライン申請件数（証明等）年60,000件令和6(2024)年度概数",
    "改革前と比べて3倍改革前との比較",
    "オンライン申請率（証明等）20.5%令和6(2024)年度",
    "コピー出力枚数月300万枚令和7(2025)年3月概数",
    "利用率6.4%直近",
    "対応窓口24か所直近",
    "クレジット6種類",
    "電子マネー14種類",
    "コード決済8種類",
    "年間業務時間の増減▲23.5万時間▲4.5%令和6(2024)年度と改革前の差",
    "「構造改革が着実に進んでいると感じる」54%R7.3実施",
    "「今後も引き続き改革を進めていくべき」78%R7.3実施",
    "いまから35年後（将来推計）、いわき市の人口はおよそ半分",
    "市公式LINE友達数40,000人令和7(2025)年5月時点令和6年8月末25,600人（算出値）",
    "オンライン申請件数（証明等）年60,000件令和6(2024)年度改革前20,000件（算出値）",
    "年間業務時間年498.5万時間令和6(2024)年度改革前522万時間（算出値）",
]
MILESTONES = {
    2022: """おくやみ相談窓口設置(9月) マイナンバーカードスマート窓口開設(10月) 公共施設等総合管理計画の改訂
        若手職員によるワーキンググループ開始（業務マニュアル検討、広報、市民対話）(8月) 管理職向けBPR研修(1月)
        骨太の方針を策定（中長期的課題の解決に向けた施策の方向性）(11月) 市民窓口にキャッシュレス決済導入(3月)
        AI会議録作成システム導入(3月) 窓口部門7業務でBPR""",
    2023: """行政MaaS車両による出張行政サービス開始(4月) 広報紙リニューアル(5月) AI会議録システム運用開始(5月)
        若手職員によるワーキンググループ活動（広報、市民対話）(8月) 予算編成の簡素化試行(10月) 人材育成基本方針策定(10月)
        チャットボット運用開始(11月) 庁内FAQシステムの構築(1月) 公共施設等の集中保全に着手(〜2025)""",
    2024: """下水道管路施設包括的管理業務委託の導入(4月) 会議体のあり方・意思決定プロセスの見直し(5月)
        個別施設計画の策定(5月) 若手職員によるワーキンググループ活動（AI活用、データ見える化）(8月) テレワーク制度化(10月)
        スマホ市役所開始(10月) 予算編成の簡素化拡充(10月) 電子契約サービス導入(10月) 書かない窓口導入(12月)
        電子請求システム導入(1月) お出かけ市役所デマンド運行(2月) 保育DX(3月)""",
}
CLOUD = """RAG機能を備えた庁内FAQ, 会計ルールの見直し, LoGoチャット, 公共施設の集中保全, 保育DX, テレワーク環境整備, 個別施設計画,
    おくやみコーナー, マイナンバーカード出張申請, LoGoフォーム, 大型ディスプレイ+庁内WiFi, 書かない窓口, 窓口キャッシュレス化,
    本庁市民窓口の受付時間短縮, 行政手続オンライン化, 新たな人事評価制度の導入, 広報紙リニューアル, 人材育成基本方針策定, 予算調整の弾力化,
    公共施設等総合管理計画改定, 包括施設管理委託, 電子決裁の推進, オンライン施設予約システム, コピー枚数の見える化,
    マイナンバーカードスマート申請窓口, おでかけ市役所, 電子契約サービスの導入, 請求書デジタル化, BPR研修, コピー機の統廃合, 介護保険DX,
    フリーアドレス(未来オフィス), スマホ市役所, ノーコード・ローコードツール(kintone)導入, AI会議録システム運用,
    BIツールによるデータの見える化, 下水道管路包括施設管理委託, 若手職員によるワーキンググループ活動, 契約書デジタル化"""
CHALLENGES = ["人口減少・少子高齢化", "担い手不足", "インフラ・公共施設", "自然災害", "地域の活力の低下"]
AREAS = [
    "教育",
    "子育て",
    "担い手",
    "防災",
    "医療/健康",
    "暮らし",
    "まち",
    "環境/GX",
    "地域交通",
    "産業",
    "農林水産",
    "観光・文化・スポーツ",
]
PILLARS = [
    "市民サービスのDX", "サービス・インフラの最適化", "持続可能な行財政マネジメント", "パフォーマンスを引き出す人材マネジメント", "仕事の効率化の徹底",
]  # fmt: skip
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
    wanted = [milestone for of_year in MILESTONES.values() for milestone in of_year.split()]
    assert len(wanted) == 30
    assert [each for each in wanted if each not in text] == []


@pytest.mark.parametrize("year", MILESTONES)
def test_milestones_stand_under_their_year_and_none_was_added(report, files, year):
    text = html_text(files)
    begins = text.index(f"{year}令和{year - 2018}年度")
    column = text[begins : text.find(f"{year + 1}令和{year - 2017}年度", begins)]
    wanted = MILESTONES[year].split()
    assert [each for each in wanted if each not in column] == []
    assert Milestone.objects.filter(fiscal_year=year).count() == len(wanted)


@pytest.mark.parametrize("read", READERS)
def test_every_name_of_the_cloud_stands_in_the_text(files, read):
    names = re.split(r",\s+", CLOUD)
    assert len(names) == 39
    text = read(files)
    assert [name for name in names if name not in text] == []


def test_the_five_names_set_in_bold_are_bold_in_the_cloud(files):
    svg = re.search(r'<div class="cloud">(.*?)</svg>', files.html.decode(), re.DOTALL)[1]
    bold = set(re.findall(r'font-weight="700">([^<]+)<', svg))
    assert bold == {"保育DX", "書かない窓口", "おでかけ市役所", "介護保険DX", "スマホ市役所"}


@pytest.mark.parametrize("read", READERS)
def test_challenges_areas_and_pillars_stand_in_the_text(files, read):
    text = read(files)
    assert [each for each in (*CHALLENGES, *AREAS, *PILLARS) if each not in text] == []


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


def test_every_page_with_figures_explains_its_marks_and_names_their_source(files):
    pages = pdf_pages(files)
    with_figures = [pages[2], *pages[8:12], pages[13], pages[15]]
    assert [page[:30] for page in with_figures if "出典：構造改革レポートvol.5" not in page] == []
    assert "概数：公表時に丸められた値。" in pages[8]
    assert "将来推計：将来の見通しの値。" in pages[2]


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

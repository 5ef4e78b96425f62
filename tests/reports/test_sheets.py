"""Nothing on a sheet is cut, lost or printed over something else; everyday pages fit."""

import re
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.utils.html import strip_tags

from reports.drawing import lettering, people
from reports.drawing.columns import Column, columns
from reports.pdf import typeset
from reports.rendering import context_of, laid_out_of, to_html
from reports.scaling import SMALLEST, STEPS, scaled
from reports.snapshot import SnapshotError
from tests.reports.pages import REPORT, figure, laid_out, page

STAT = {"figure": figure(), "caption": "登録者数", "show": "value"}
CARD = {"icon": "rain", "title": "災害のとき", "text": "複数の部署が、同じ情報を同時に見て動けるようになった。"}
MENU = [{"icon": "plan", "text": text} for text in ("オンライン申請", "予約", "子育て", "防災", "ごみ", "お知らせ")]
STYLE = "<style>@page{size:A4 landscape;margin:10mm} body,p{margin:0;font-size:16px} .box{border:1px solid}</style>"


def overruns(body: str) -> list[str]:
    """What is said of a part of a document."""
    html = f'{STYLE}<section id="page-1">{body}</section>'
    return typeset(html).overruns.get("page-1", [])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('<p style="white-space:nowrap">' + "あ" * 80 + "</p>", "が用紙の右にはみ出しています"),
        ('<p style="margin-left:-60px">左端</p>', "「左端」が用紙の左にはみ出しています"),
        ('<p style="position:absolute;top:770px">下端</p>', "「下端」が用紙の下にはみ出しています"),
        (
            '<svg aria-label="棒の図" style="margin-left:1000px" width="200" height="20"></svg>',
            "「棒の図」が用紙の右にはみ出しています",
        ),
        (
            '<div class="box" style="width:50px;white-space:nowrap">枠より長い言葉</div>',
            "「枠より長い言葉」が枠の右にはみ出しています",
        ),
        ('<div class="box" style="margin-left:900px;width:300px">枠</div>', "「枠」の枠が用紙の右にはみ出しています"),
        (
            '<p>となりの言葉</p><div class="box" style="margin:-20px 0 0 20px;width:90px;height:30px;padding-top:40px">枠の中</div>',
            "「となりの言葉」が「枠の中」の枠に重なっています",
        ),
        ('<p>上の言葉</p><p style="margin-top:-20px">下の言葉</p>', "が重なっています"),
    ],
)
def test_what_runs_over_is_named_with_the_side(body, said):
    assert said in "、".join(overruns(body))


def test_what_fits_is_not_complained_of():
    assert overruns('<div class="box"><p>よい言葉</p></div><svg aria-label="図" width="20" height="20"></svg>') == []


def test_words_that_no_sheet_shows_are_named():
    assert "文字が印刷されません" in "".join(overruns('<p>見える</p><p style="display:none">消えた言葉</p>'))


@pytest.mark.parametrize(
    "options",
    [
        {"panels": [{"stats": [STAT], "before_after": figure()}] * 2},
        {"panels": [{"title": "一つ", "stats": [STAT], "before_after": figure()}] * 3},
        {"panels": [{"title": "一つ", "stats": [STAT], "text": "手続きが短い時間で終わります。"}] * 4},
        {"panels": [{"stats": [STAT, STAT], "phone": figure("65サービス"), "menu": MENU}, {"stats": [STAT]}]},
        {"panels": [{"stats": [STAT], "phone": figure("65サービス"), "menu": MENU}] * 2},
        {"panels": [{"stats": [STAT, STAT], "donut": figure("20.5%", exact="20.5")}, {"stats": [STAT]}]},
        {"panels": [{"stats": [{"figure": figure("1,234,567,890円")}], "before_after": figure()}]},
    ],
)
def test_panels_side_by_side_fit(options):
    laid_out(page("figures", options))


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("challenges", {"cards": [CARD] * 8}),
        ("facilities", {"cards": [CARD] * 6}),
        ("vision", {"missions": [CARD] * 4, "changes": ["制度"] * 4, "resources": ["人員"] * 3, "vision": "改革"}),
        ("goals", {"groups": [{"title": "次世代を育てる", "areas": [{"icon": "book", "text": "教育"}] * 3}] * 6}),
    ],
)
def test_long_lists_stand_in_rows(kind, options):
    laid_out(page(kind, options, data=[]))


@pytest.mark.parametrize("count", [1, 3, 4, 5, 12, 16])
def test_a_survey_of_many_questions_stands_on_one_sheet(count):
    question = {
        "wording": "新しいことに使える時間が増えたと感じますか", "percent": "そう思う・まあそう思う 55%", "share": "55",
        "share_text": "55%", "choices": "そう思う・まあそう思う", "base": "回答者80人", "marks": ["算出値"], "source": "市の調査",
    }  # fmt: skip
    survey = {"name": "職員アンケート", "conducted": "令和7年3月実施", "response": "", "is_unpublished": True}
    _, sheets = laid_out(page("survey", data={"surveys": [survey], "questions": [question] * count}))
    assert sheets.sheets == 1


def test_what_a_part_of_a_year_holds_stands_small_beside_its_number():
    part = figure("600件（4／12か月分）", baseline="")
    options = {"panels": [{"stats": [{"figure": part}], "before_after": part}]}
    snapshot = {"report": REPORT, "sections": [page("figures", options)], "figures": [], "opinions": [], "notes": []}
    html = to_html(laid_out_of(context_of(snapshot, "2025-06-30"))[0]).decode()
    assert '600<span class="unit">件</span><span class="extent">（4／12か月分）</span>' in html
    assert "panel-columns-chart" not in html.partition("</style>")[2]


def test_a_timeline_of_eight_years_stands_on_one_sheet():
    item = {"wording": "窓口の開設", "detail": "", "month": "4月", "until": "", "bold": False}
    years = [{"year": year, "label": f"令和{year - 2018}年度", "entries": [item] * 4} for year in range(2019, 2027)]
    _, sheets = laid_out(page("timeline", data=years))
    assert sheets.sheets == 1


def test_a_page_that_is_too_full_is_set_smaller_and_the_html_as_small():
    full = page("challenges", {"cards": [{**CARD, "text": "同じ情報を同時に見て動ける。" * 6}] * 8})
    snapshot = {"report": REPORT, "sections": [full], "figures": [], "opinions": [], "notes": []}
    context, _ = laid_out_of(context_of(snapshot, "2025-06-30"))
    step = context["sections"][0]["step"]
    assert step > 0
    html = to_html(context).decode()
    assert f'class="page-body set-{step}"' in html
    assert f".set-{step} .card{{" in html


def test_a_page_that_fits_at_no_size_is_an_error_that_names_it_and_what_runs_over():
    wide = page("figures", {"panels": [{"stats": [{"figure": figure("1,234,567,890,123,456人")}] * 2}] * 2})
    with pytest.raises(
        SnapshotError, match=r"「見出し」のページ：「1,234,567,890,123,456」が.*にはみ出しています.*減らしてください"
    ):
        laid_out(wide)


def test_nothing_is_set_smaller_than_can_be_read():
    sizes = re.findall(
        r"font-size:([\d.]+)px", scaled(".a { font-size: 18px; } .b { font-size: 14px; }", len(STEPS) - 1)
    )
    assert [float(size) >= SMALLEST for size in sizes] == [True, True]


def test_long_names_under_the_columns_are_folded_and_do_not_touch():
    before = Column(100, "1,034,567,890円", ("行財政改革推進計画の策定時点（平成31年3月）", "（算出値）"))
    after = Column(120, "1,234,567,890円", ("令和7(2025)年度第1四半期", "（速報値）"))
    assert lettering.overruns(columns(before, after, "前後", bubble="1.2倍")) == []


def test_a_drawing_whose_words_are_cut_is_an_error():
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 40">'
        '<text x="60" y="20" font-size="20" text-anchor="start">長い名前</text></svg>'
    )
    assert lettering.overruns(svg) == ["図の「長い名前」が図の端で切れます"]


def test_a_column_of_a_negative_value_goes_below_zero():
    drawn = columns(Column(100, "100件", ("前",)), Column(-50, "▲50件", ("後",)), "前後")
    zero = float(re.search(r'<line x1="12" x2="348" y1="([\d.]+)"', drawn)[1])
    tops = [float(y) for y in re.findall(r'<rect x="\d+" y="([\d.]+)"', drawn)]
    assert tops[0] < zero
    assert tops[1] == zero
    assert lettering.overruns(drawn) == []


@pytest.mark.parametrize(
    ("index", "filled", "pale"),
    [(77, 77, 23), (110, 110, 0), (0, 0, 100), (100.4, 101, 0), (99.6, 99, 1), (100, 100, 0)],
)
def test_as_many_people_are_filled_as_the_index_says(index, filled, pale):
    drawn = people(Decimal(str(index)), "人")
    paths = dict(re.findall(r'<path d="([^"]+)" fill="(#\w+)"', drawn))
    counts = {colour: path.count("M") for path, colour in paths.items()}
    assert (counts.get("#0017c1", 0), counts.get("#ffffff", 0)) == (filled, pale)


def test_no_people_stand_for_a_negative_index():
    assert people(Decimal(-5), "人") == ""


@pytest.mark.parametrize("share", ["-3", "130", ""])
def test_a_ring_is_drawn_from_0_to_100_percent_or_not_at_all(share):
    ring = figure(f"{share}%", exact=share)
    snapshot = {
        "report": REPORT,
        "sections": [page("figures", {"panels": [{"stats": [STAT], "donut": ring}]})],
        "figures": [], "opinions": [], "notes": [],
    }  # fmt: skip
    context = context_of(snapshot, "2025-06-30")
    panel = context["sections"][0]["options"]["panels"][0]
    assert panel["ring"] == ""
    # Its number stands where the ring would: no place is left empty.
    printed = strip_tags(render_to_string("reports/edition/panel.html", {"panel": panel, "panels_count": 1}))
    assert f"{share}%" in printed.replace("▲", "-")

"""A part that would print nothing is named with what to do, on the list of pages, in a draft and at export."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from initiatives.models import Pillar
from kpis.models import Kpi
from reports.copying import copy_sections
from reports.empties import empty_parts, hollow
from reports.exporting import ExportError, export
from reports.models import Edition, Report, Section
from reports.options import OPTIONS
from reports.snapshot import SnapshotError, take

CARD = {"title": "災害のとき", "text": "連絡が届く"}
FULL = {
    "message": {"past": "集中期間", "now": "道半ば", "future": "次の期間", "cards": [{"text": "見直した"}]},
    "challenges": {"cards": [CARD]},
    "goals": {"groups": [{"title": "次世代", "areas": [{"icon": "book", "text": "教育"}]}]},
    "vision": {
        "vision": "改革", "changes": ["制度"], "resources": ["予算"], "missions": [CARD], "slogan": "変える",
    },
    "facilities": {"cards": [CARD]},
    "figures": {"panels": [{"title": "枠", "stats": [{"figure": "friends"}]}]},
    "colophon": {"rows": [{"name": "体制", "text": "本部"}]},
}  # fmt: skip


@pytest.mark.parametrize("kind", FULL)
def test_a_page_with_everything_has_no_empty_part(kind):
    assert empty_parts(kind, FULL[kind], "本文") == []


@pytest.mark.parametrize(
    "kind",
    [kind for kind in OPTIONS if kind not in {"cover", "pillars", "timeline", "cloud", "closing", "data", "colophon"}],
)
def test_a_page_without_settings_is_empty(kind):
    assert "が空です。入力してください。" in "".join(empty_parts(kind, {}, "本文"))


@pytest.mark.parametrize(
    ("kind", "changed", "said"),
    [
        ("challenges", {"cards": [CARD, {"title": "", "text": ""}]}, "「課題2」が空です"),
        ("challenges", {"cards": [{"icon": "rain"}]}, "「課題」が空です"),
        ("challenges", {"cards": [{"title": " ", "text": "文"}]}, "「課題1」の「見出し」が空です"),
        (
            "goals",
            {"groups": [{"title": "次世代", "areas": [{"icon": "book", "text": ""}]}]},
            "「目標1 分野1」が空です",
        ),
        ("vision", {"changes": ["制度", ""]}, "「変えるもの2」が空です"),
        ("vision", {"slogan": ""}, "「合言葉」が空です"),
        ("figures", {"panels": [{"title": "枠", "text": "文章だけ"}]}, "「枠1」に数値がありません。指標を選ぶか"),
        ("figures", {"panels": [{"stats": [], "cards": [CARD]}]}, "「枠1」に数値がありません"),
        ("colophon", {"rows": [{"name": "", "text": "本部"}]}, "「行1」の「名前」が空です"),
    ],
)
def test_an_empty_part_is_named(kind, changed, said):
    assert said in "".join(empty_parts(kind, {**FULL[kind], **changed}, "本文"))


@pytest.mark.parametrize("kind", ["message", "closing"])
def test_a_page_that_lives_by_its_words_needs_them(kind):
    assert "「本文」が空です。入力してください。" in empty_parts(kind, FULL.get(kind, {}), " ")


@pytest.mark.parametrize(
    ("text", "found"), [("ここは「」です", "「」"), ("出典：。", "：。"), ("値（ ）", "（ ）"), ("「よい」。", "")]
)
def test_brackets_that_hold_nothing_are_found(text, found):
    assert hollow(text) == found


@pytest.fixture
def empty_page(small_report) -> Section:
    return Section.objects.create(
        report=small_report, order=1, kind="vision", title="ビジョン", options={"slogan": "変える"}
    )


def test_an_empty_part_refuses_the_export_and_leaves_no_edition(small_report, empty_page):
    with pytest.raises(ExportError, match="「ビジョン」のページ：「ビジョン」が空です。入力してください。"):
        export(small_report, asked_at=timezone.now(), author=None, post="試験")
    assert not Edition.objects.exists()


@pytest.mark.parametrize("name", ["reports:detail", "reports:draft"])
def test_the_list_of_pages_and_the_draft_name_it(empty_page, reform_office, signed_in, name):
    text = signed_in(reform_office).get(reverse(name, args=[1]), follow=True).content.decode()
    assert "「ビジョン」が空です。入力してください。" in text


def test_the_page_itself_names_it_and_a_viewer_is_not_bothered(empty_page, reform_office, viewer, signed_in):
    page = signed_in(reform_office).get(reverse("reports:section_edit", args=[1, empty_page.pk])).content.decode()
    assert "公表の前に直すところがあります" in page
    assert "公表の前に直すところ" not in signed_in(viewer).get(reverse("reports:detail", args=[1])).content.decode()


def test_all_pages_are_named_at_once(small_report, empty_page):
    Section.objects.create(report=small_report, order=2, kind="challenges", title="課題のページ")
    with pytest.raises(SnapshotError, match=r"「ビジョン」のページ：.*\n「課題のページ」のページ：「課題」が空です"):
        take(small_report)


@pytest.mark.parametrize(
    ("kind", "said"),
    [("pillars", "改革の柱を管理画面で登録"), ("timeline", "主な実施事項を"), ("cloud", "名称を管理画面で登録")],
)
def test_a_page_of_what_is_not_registered_says_where(small_report, kind, said):
    assert not Pillar.objects.exists()
    Section.objects.create(report=small_report, order=1, kind=kind, title="一覧")
    with pytest.raises(SnapshotError, match=said):
        take(small_report)


def test_a_comparison_that_may_not_be_made_is_an_error_and_no_empty_number(small_report, kpi):
    kpi("friends", {("month", date(2025, 5, 1)): 100})
    options = {"panels": [{"stats": [{"figure": "friends", "show": "ratio"}]}]}
    Section.objects.create(report=small_report, order=1, kind="figures", title="数値", options=options)
    with pytest.raises(SnapshotError, match=r"「friends」（令和7\(2025\)年5月）の.*は書けません"):
        take(small_report)


@pytest.fixture
def vanished(small_report, kpi) -> Section:
    """A page whose KPI was deleted after the page was saved."""
    made = kpi("friends", {})
    section = Section.objects.create(
        report=small_report, order=1, kind="challenges", title="課題", lead="友だち{{ kpi:friends.value }}",
        options={"cards": [CARD]},
    )  # fmt: skip
    made.series.all().delete()
    Kpi.objects.all().delete()
    return section


@pytest.mark.parametrize("name", ["reports:detail", "reports:draft", "reports:section_edit"])
def test_a_placeholder_of_a_deleted_kpi_is_named_and_the_page_opens(vanished, reform_office, signed_in, name):
    arguments = [1, vanished.pk] if name == "reports:section_edit" else [1]
    answer = signed_in(reform_office).get(reverse(name, args=arguments), follow=True)
    assert answer.status_code == 200
    assert "コード「friends」の指標はありません" in answer.content.decode()


@pytest.mark.parametrize(
    "text", ["{{ kpi:friends.nothing }}", "{{ kpi friends }}", "{{ kpi:friends.value }", "{{ other:x.y }}"]
)
def test_a_stored_placeholder_that_cannot_be_read_is_named_and_the_page_opens(vanished, reform_office, signed_in, text):
    Section.objects.update(lead=text)
    for name, arguments in (
        ("reports:draft", [1]),
        ("reports:detail", [1]),
        ("reports:section_edit", [1, vanished.pk]),
    ):
        assert signed_in(reform_office).get(reverse(name, args=arguments), follow=True).status_code == 200
    with pytest.raises(SnapshotError, match="「課題」のページ"):
        take(vanished.report)


@pytest.mark.parametrize(("first", "last"), [(2025, 2025), (2022, 2025)])
def test_the_names_of_periods_keep_their_own_years_in_the_next_volume(small_report, first, last):
    Report.objects.filter(pk=small_report.pk).update(first_fiscal_year=2022)
    small_report.refresh_from_db()
    Section.objects.create(
        report=small_report, order=1, kind="message", title="道半ば", body="本文", options=FULL["message"]
    )
    following = Report.objects.create(
        volume=2, title="改革だより", first_fiscal_year=first, last_fiscal_year=last, as_of=date(2026, 5, 31),
        issuer="見本市", contact="企画課",
    )  # fmt: skip
    copy_sections(small_report, following)
    options = following.sections.get().options
    assert (options["past_from"], options["future_from"]) == ("令和4年度", "令和7年度")
    third = Report.objects.create(
        volume=3, title="改革だより", first_fiscal_year=2026, last_fiscal_year=2026, as_of=date(2027, 5, 31),
        issuer="見本市", contact="企画課",
    )  # fmt: skip
    copy_sections(following, third)
    assert third.sections.get().options == options

"""取組の年表 and the page of an initiative: what was published, in the order of the fiscal year, nothing invented."""

import csv
import io
import re
from datetime import date

import pytest
from django.urls import reverse

from initiatives.chronicle import Wish, chronicle, in_order
from initiatives.models import Alias, Initiative, Milestone, Pillar, PillarName

NOTE = "名称は内容により対応させた。"


@pytest.fixture
def pillar(db) -> Pillar:
    pillar = Pillar.objects.create(code="service", order=1, icon="service", note=NOTE)
    PillarName.objects.create(
        pillar=pillar, name="市民接点のデジタル化", valid_from=date(2022, 4, 1), valid_to=date(2025, 3, 31)
    )
    PillarName.objects.create(pillar=pillar, name="市民サービスのDX", valid_from=date(2025, 4, 1))
    return pillar


@pytest.fixture
def counter(pillar) -> Initiative:
    """書かない窓口: March before September in the calendar, after it in the fiscal year; one without a month."""
    initiative = Initiative.objects.create(code="counter", title="書かない窓口", pillar=pillar, source="vol.5")
    rows = [
        (2022, 3, "三月の事項"),
        (2022, None, "月のない事項"),
        (2022, 9, "九月の事項"),
        (2024, 4, "ＡＢＣ窓口の開始"),
    ]
    Milestone.objects.bulk_create(
        Milestone(initiative=initiative, fiscal_year=y, month=m, wording=w, order=n) for n, (y, m, w) in enumerate(rows)
    )
    return initiative


@pytest.fixture
def upkeep(db) -> Initiative:
    """集中保全: a span, and no pillar."""
    initiative = Initiative.objects.create(code="upkeep", title="集中保全")
    Milestone.objects.create(initiative=initiative, fiscal_year=2023, wording="集中保全に着手", until_fiscal_year=2025)
    return initiative


def shown(wish: Wish = Wish()):  # noqa: B008  a frozen value
    return chronicle(list(Pillar.objects.with_names()), list(Initiative.objects.for_timeline()), wish)


def page(client, **asked) -> str:
    response = client.get(reverse("initiatives:timeline"), asked)
    assert response.status_code == 200
    return response.content.decode()


def test_milestones_stand_from_april_to_march_and_undated_ones_at_the_end(counter) -> None:
    assert [m.wording for m in in_order(counter.milestones.all())] == [
        "九月の事項", "三月の事項", "月のない事項", "ＡＢＣ窓口の開始",
    ]  # fmt: skip


def test_a_milestone_without_a_month_gets_no_date(counter, viewer, signed_in) -> None:
    text = page(signed_in(viewer), q="月のない")
    assert "月の公表なし" in text
    assert "<time" not in text


def test_january_to_march_belong_to_the_calendar_year_after(counter, viewer, signed_in) -> None:
    assert '<time datetime="2023-03">3月</time>' in page(signed_in(viewer), q="三月")


def test_a_span_is_shown_as_running_in_the_years_after_its_beginning(counter, upkeep) -> None:
    cells = {cell.year: cell for cell in shown().rows[-1].cells}
    assert [len(cells[year].begun) for year in (2022, 2023, 2024)] == [0, 1, 0]
    assert [len(cells[year].going_on) for year in (2022, 2023, 2024)] == [0, 0, 1]


def test_a_span_counts_once(counter, upkeep) -> None:
    assert len(shown().milestones) == 5


def test_years_between_stay_in_the_table_although_nothing_began(counter) -> None:
    assert shown().years == [2022, 2023, 2024]


def test_an_initiative_without_a_pillar_has_a_row_of_its_own(counter, upkeep) -> None:
    assert [row.name for row in shown().rows] == ["市民接点のデジタル化", "柱の公表なし"]


def test_a_pillar_is_named_as_at_the_end_of_the_years_shown_with_its_other_names_beside(counter) -> None:
    [row] = shown(Wish(last_year=2024)).rows
    assert (row.name, row.other_names) == ("市民接点のデジタル化", ["令和7年度から「市民サービスのDX」"])
    [row] = shown(Wish(last_year=2025)).rows
    assert (row.name, row.other_names) == ("市民サービスのDX", ["令和6年度まで「市民接点のデジタル化」"])


def test_the_note_on_pillar_names_stands_once_as_a_footnote(counter, viewer, signed_in) -> None:
    assert page(signed_in(viewer)).count(NOTE) == 1


def test_an_initiative_without_milestones_stands_under_no_published_time(counter, pillar, viewer, signed_in) -> None:
    Initiative.objects.create(code="chat", title="LoGoチャット", pillar=pillar)
    text = page(signed_in(viewer))
    assert "LoGoチャット" in text[text.index("時期の公表なし") :]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"pillar": "none"}, {"集中保全に着手"}),
        ({"first": "2024", "pillar": "service"}, {"ＡＢＣ窓口の開始"}),
        ({"q": "abc"}, {"ＡＢＣ窓口の開始"}),
        ({"last": "2022", "q": "九月"}, {"九月の事項"}),
        ({"first": "2024"}, {"ＡＢＣ窓口の開始", "集中保全に着手"}),
    ],
)
def test_an_address_filters_by_pillar_year_and_text(asked, expected, counter, upkeep, viewer, signed_in) -> None:
    text = page(signed_in(viewer), **asked)
    assert set(re.findall(r'<a href="/initiatives/[a-z]+/">([^<]+)</a>', text)) == expected


def test_a_published_name_finds_all_milestones_of_its_initiative(counter) -> None:
    Alias.objects.create(initiative=counter, name="ワンストップ")
    assert len(shown(Wish(text="ﾜﾝｽﾄｯﾌﾟ")).milestones) == 4


def test_a_range_that_ends_before_it_begins_is_told_under_its_field(counter, viewer, signed_in) -> None:
    assert "始まりの年度以後を選んでください。" in page(signed_in(viewer), first="2024", last="2022")


def test_a_filter_without_a_match_says_so_and_leads_back(counter, viewer, signed_in) -> None:
    assert "条件に合う取組はありません" in page(signed_in(viewer), q="どこにもない")


def test_an_empty_timeline_says_who_fills_it(viewer, signed_in) -> None:
    assert "取組はまだ登録されていません" in page(signed_in(viewer))


@pytest.mark.parametrize("for_excel", [False, True])
def test_the_milestones_shown_leave_as_csv(for_excel, counter, upkeep, viewer, signed_in) -> None:
    asked = {"pillar": "service", "first": "2022", "last": "2022"} | ({"for": "excel"} if for_excel else {})
    response = signed_in(viewer).get(reverse("initiatives:data"), asked)
    assert response.content.startswith(b"\xef\xbb\xbf") == for_excel
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [(row["年度（西暦）"], row["年月"]) for row in rows] == [
        ("2022", "2022-09"),
        ("2022", "2023-03"),
        ("2022", ""),
    ]
    assert rows[0]["改革の柱"] == "市民サービスのDX"


def test_a_wording_that_looks_like_a_formula_is_harmless_in_excel(counter, viewer, signed_in) -> None:
    Milestone.objects.create(initiative=counter, fiscal_year=2023, wording="=HYPERLINK(1)")
    response = signed_in(viewer).get(reverse("initiatives:data"), {"for": "excel"})
    assert "'=HYPERLINK(1)" in response.content.decode("utf-8-sig")


def test_an_initiative_shows_its_names_pillar_source_and_measures(counter, viewer, signed_in) -> None:
    from tests.kpis.world import make_kpi

    Alias.objects.create(initiative=counter, name="書かない市民窓口")
    make_kpi("visits", "来庁者数", "人", "flow").initiatives.add(counter)
    text = signed_in(viewer).get(reverse("initiatives:detail", args=["counter"])).content.decode()
    for words in ("書かない市民窓口", "市民サービスのDX", "vol.5", "来庁者数", reverse("kpis:detail", args=["visits"])):
        assert words in text


def test_an_initiative_without_pillar_department_and_source_says_so(upkeep, viewer, signed_in) -> None:
    text = signed_in(viewer).get(reverse("initiatives:detail", args=["upkeep"])).content.decode()
    assert text.count("公表なし") >= 3
    assert "令和7(2025)年度まで続く取組です。" in text


def test_an_unknown_initiative_is_not_found(viewer, signed_in) -> None:
    assert signed_in(viewer).get(reverse("initiatives:detail", args=["nowhere"])).status_code == 404


@pytest.mark.parametrize("count", [1, 12])
def test_the_timeline_takes_as_many_queries_for_twelve_initiatives_as_for_one(
    count, pillar, viewer, signed_in, django_assert_num_queries
) -> None:
    for number in range(count):
        initiative = Initiative.objects.create(code=f"i{number}", title=f"取組{number}", pillar=pillar)
        Milestone.objects.create(initiative=initiative, fiscal_year=2022 + number % 3, wording=f"事項{number}")
    client = signed_in(viewer)
    # session, user, posts; pillars with names, initiatives with four of theirs, the newest records
    with django_assert_num_queries(11):
        page(client)


def test_the_page_of_an_initiative_takes_eleven_queries(counter, viewer, signed_in, django_assert_num_queries) -> None:
    client = signed_in(viewer)
    with django_assert_num_queries(11):
        client.get(reverse("initiatives:detail", args=["counter"]))

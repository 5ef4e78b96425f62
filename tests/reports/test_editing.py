"""Editing a page: what cannot be printed is refused, nobody is written over, a preview shows what would be printed."""

from datetime import date

import pytest
from django.urls import reverse

from reports.models import Section

MAY = date(2025, 5, 1)


@pytest.fixture
def friends(kpi):
    return kpi("line-friends", {("month", MAY): 40_000})


@pytest.fixture
def page(small_report, friends) -> Section:
    """A page with a card, of which an icon and a text are fields."""
    return Section.objects.create(
        report=small_report,
        order=1,
        kind="challenges",
        title="課題",
        lead="友だちは{{ kpi:line-friends.value }}。",
        options={"cards": [{"title": "一つめ", "icon": "phone"}]},
    )


@pytest.fixture
def send(reform_office, signed_in, page):
    """Sends the form of the page with some fields changed."""

    def send(action: str = "save", **changed: str):
        data = {
            "title": page.title,
            "lead": page.lead,
            "body": page.body,
            "seen_version": page.version,
            "option-cards.0.title": "一つめ",
            "option-cards.0.icon": "phone",
            "action": action,
        }
        return signed_in(reform_office).post(reverse("reports:section_edit", args=[1, page.pk]), {**data, **changed})

    return send


def test_texts_and_parts_are_saved(send, page):
    assert send(title="新しい課題", **{"option-cards.0.title": "まず"}).status_code == 302
    page.refresh_from_db()
    assert (page.title, page.options["cards"], page.version) == ("新しい課題", [{"title": "まず", "icon": "phone"}], 2)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("lead", "{{ kpi:line-freinds.value }}", "近いコード：line-friends"),
        ("body", "{{ kpi:line-friends.vlaue }}", "「.vlaue」は使えません。"),
        ("body", "{{ kpi:line-friends.value }", "数が合いません"),
        ("option-cards.0.title", "{{ survey:none/none.percent }}", "アンケート「none/none」の結果はありません"),
        ("option-cards.0.icon", "unicorn", "正しく選択してください"),
        ("title", "", "このフィールドは必須です"),
    ],
)
def test_what_cannot_be_printed_is_an_error_at_saving_and_stays_typed(send, page, field, value, message):
    answer = send(**{field: value})
    assert answer.status_code == 422
    form = answer.context["form"]
    assert message in " ".join(form.errors[field])
    assert form[field].value() == value
    page.refresh_from_db()
    assert page.version == 1


def test_a_newer_page_of_somebody_else_is_shown_and_not_written_over(send, page):
    Section.objects.filter(pk=page.pk).update(title="ほかの人の題", version=2)
    answer = send(title="わたしの題")
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "ほかの人が先にこのページを保存しました。" in text
    assert "ほかの人の題" in text
    assert 'value="わたしの題"' in text
    page.refresh_from_db()
    assert page.title == "ほかの人の題"


def test_after_seeing_the_newer_page_it_can_be_saved(send, page):
    Section.objects.filter(pk=page.pk).update(title="ほかの人の題", version=2)
    assert send(title="わたしの題", seen_version="2").status_code == 302
    page.refresh_from_db()
    assert (page.title, page.version) == ("わたしの題", 3)


def test_a_preview_prints_the_figures_and_saves_nothing(send, page):
    answer = send("preview", lead="いま{{ kpi:line-friends.value }}（{{ kpi:line-friends.as_of }}）")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "いま40,000人（令和7(2025)年5月末時点）" in text
    page.refresh_from_db()
    assert (page.lead, page.version) == ("友だちは{{ kpi:line-friends.value }}。", 1)


def test_a_preview_says_why_a_figure_prints_nothing(send):
    text = send("preview", lead="{{ kpi:line-friends.ratio }}").content.decode()
    assert "を書けません。基準値に対する倍率" in text


def test_the_figures_that_can_be_named_are_on_offer_with_their_values(reform_office, signed_in, page):
    text = signed_in(reform_office).get(reverse("reports:section_edit", args=[1, page.pk])).content.decode()
    assert "{{ kpi:line-friends.value }}" in text
    assert "40,000人" in text


def test_a_page_of_another_volume_is_not_found_under_this_one(reform_office, signed_in, page):
    assert signed_in(reform_office).get(reverse("reports:section_edit", args=[2, page.pk])).status_code == 404

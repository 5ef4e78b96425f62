"""A page's options: each kind takes what it knows, and its texts become fields."""

import pytest
from django.core.exceptions import ValidationError

from reports.models import Section
from reports.options import OPTIONS, check_options, leaves_of, with_leaf


def test_every_kind_of_page_has_a_description():
    assert set(OPTIONS) == set(Section.Kind.values)


@pytest.mark.parametrize(
    ("kind", "options", "message"),
    [
        ("cover", {"slogn": "あ"}, "「slogn」という設定はありません"),
        ("cover", {"slogan": 5}, "文字で入力"),
        ("cover", [], "{ } で入力"),
        ("challenges", {"cards": {}}, r"一覧（\[ \]）"),
        ("challenges", {"cards": [{"icon": "unicorn"}]}, "次から選んでください"),
        ("hours", {"figure": "nothing"}, "コード「nothing」の指標はありません"),
        ("survey", {"questions": ["a/b"]}, "アンケート「a/b」の結果はありません"),
        ("cover", {"slogan": "{{ kpi:nothing.value }}"}, "指標はありません"),
        ("nothing", {}, "ページの種類"),
    ],
)
def test_what_a_kind_does_not_know_is_refused(db, kind, options, message):
    with pytest.raises(ValidationError) as caught:
        check_options(kind, options)
    assert caught.match(message)


def test_the_texts_of_a_page_are_fields_with_places_and_names():
    options = {"cards": [{"title": "一", "icon": "phone"}, {"title": "二"}], "conclusion": "まとめ"}
    leaves = {leaf.path: (leaf.label, leaf.value) for leaf in leaves_of("challenges", options)}
    assert leaves == {
        "cards.0.title": ("課題1 見出し", "一"),
        "cards.0.icon": ("課題1 図柄", "phone"),
        "cards.1.title": ("課題2 見出し", "二"),
        "conclusion": ("まとめ", "まとめ"),
    }


def test_a_changed_field_goes_back_to_its_place():
    options = {"cards": [{"title": "一"}, {"title": "二"}]}
    with_leaf(options, "cards.1.title", "三")
    assert options == {"cards": [{"title": "一"}, {"title": "三"}]}

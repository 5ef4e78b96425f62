"""A page's options: each kind takes what it knows, and its texts become fields."""

import pytest
from django.core.exceptions import ValidationError

from reports.icons import ICONS, NAMES
from reports.models import Section
from reports.options import OPTIONS, Choice, Fields, Many, check_options, leaves_of, schema_of, with_leaf


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


def _choices(node):
    match node:
        case Choice():
            yield node
        case Many():
            yield from _choices(node.item)
        case Fields():
            for each in node.fields.values():
                yield from _choices(each)


def test_whoever_edits_a_page_chooses_by_japanese_words_each_of_them_once():
    found = [choice for kind in OPTIONS for choice in _choices(schema_of(kind))]
    assert {choice.label for choice in found} >= {"図柄", "表すもの", "大きな図柄"}
    for choice in found:
        words = [word for _, word in choice.choices]
        assert not [word for word in words if word.isascii()]
        assert len(set(words)) == len(words)


def test_every_drawing_has_a_word_to_choose_it_by():
    assert list(NAMES) == list(ICONS)

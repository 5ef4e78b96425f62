"""Which figure a label is proposed for: one that is named, and never two labels for one."""

from __future__ import annotations

import pytest

from kpis.imports.matching import propose
from kpis.models import Series
from tests.kpis.world import make_kpi, part


@pytest.fixture
def series(db) -> list[Series]:
    make_kpi("people", "人口", "人", "stock")
    make_kpi("visits", "来庁者数", "人", "flow", parts=("本庁", "支所"))
    make_kpi("friends", "LINE友だち登録者数", "人", "stock")
    return list(Series.objects.select_related("kpi"))


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("人口", "people/total"),
        ("人口（人）", "people/total"),
        ("人口に対する交付枚数率", ""),
        ("（市公式）LINE友だち登録者数", "friends/total"),
        ("本庁", "visits/本庁"),
        ("来庁者数 支所", "visits/支所"),
        ("面積", ""),
    ],
)
def test_a_label_is_proposed_for_what_it_names(series, label, code):
    assert propose([label], series) == {label: code}


def test_two_labels_that_are_like_one_figure_are_both_left_to_the_clerk(series):
    assert propose(["人口総数", "人口密度"], series) == {"人口総数": "", "人口密度": ""}


def test_a_label_that_names_the_figure_takes_it_from_one_that_is_only_like_it(series):
    assert propose(["人口密度", "人口"], series) == {"人口密度": "", "人口": "people/total"}


def test_a_file_of_one_figure_by_its_name_twice_is_proposed_for_neither_part(series):
    assert propose(["来庁者数"], series) == {"来庁者数": ""}
    assert part(series[0].kpi).kpi.code == "people"

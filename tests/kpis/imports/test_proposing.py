"""Which figure a label is proposed for: one that is named, and never two labels for one."""

from __future__ import annotations

import pytest

from kpis.imports.matching import Around, propose
from kpis.imports.written_units import unit_in
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


class TestWhatStandsBesideAName:
    """It makes another figure of it, unless it is a unit, a time, or a word such as 実績."""

    @pytest.mark.parametrize(
        "words", ["前年比", "目標", "累計", "（計画）", "前年同月", "の増減", "割合", "一人当たり", "予算"]
    )
    @pytest.mark.parametrize("name", ["来庁者数 本庁", "LINE友だち登録者数", "人口"])
    def test_behind_it(self, series, name, words):
        assert propose([name + words], series) == {name + words: ""}

    @pytest.mark.parametrize(
        "label", ["女性人口", "うちLINE友だち登録者数", "前年度の人口", "（目標）人口", "外国人 人口"]
    )
    def test_before_it(self, series, label):
        assert propose([label], series) == {label: ""}

    @pytest.mark.parametrize(
        "label",
        [
            "人口（実績）",
            "人口（千人）",
            "人口 令和7年4月分",
            "（３）人口",
            "市全体 人口",
            "人口［単位：人］",
            "人口 ※1",
        ],
    )
    def test_words_that_leave_it_the_same(self, series, label):
        assert propose([label], series) == {label: "people/total"}

    @pytest.mark.parametrize("label", ["人口2", "人口（2）", "人口 02", "来庁者数 本庁2", "LINE友だち登録者数３"])
    def test_a_number_behind_it_makes_it_another(self, series, label):
        assert propose([label], series) == {label: ""}

    def test_a_figure_s_name_without_what_is_counted_is_its_name(self, series):
        assert propose(["LINE友だち", "来庁"], series) == {"LINE友だち": "friends/total", "来庁": ""}

    def test_a_word_that_only_says_what_is_counted_names_no_figure(self, series):
        assert propose(["登録者数", "人数", "数"], series) == {"登録者数": "", "人数": "", "数": ""}

    def test_a_label_in_another_unit_is_not_its_figure(self, series):
        assert propose(["人口（円）", "人口（％）"], series) == {"人口（円）": "", "人口（％）": ""}


class TestAPartAlone:
    """A department's name means many things: it is a figure's part where nothing says that something else is counted."""

    @pytest.mark.parametrize("label", ["本庁／時間外勤務時間", "本庁 予算額", "本庁／円", "本庁／％", "本庁の窓口"])
    def test_is_not_taken_beside_another_figure_or_unit(self, series, label):
        assert propose([label], series) == {label: ""}

    @pytest.mark.parametrize(
        "label", ["本庁／人数", "本庁／人", "本庁 来庁者数", "本庁（実績）", "来庁者数／本庁（人）"]
    )
    def test_is_taken_beside_what_is_counted(self, series, label):
        assert propose([label], series) == {label: "visits/本庁"}

    @pytest.mark.parametrize(
        ("heading", "code"),
        [("時間外勤務時間", ""), ("金額", ""), ("人数", "visits/本庁"), ("来庁者数（人）", "visits/本庁")],
    )
    def test_the_heading_over_its_numbers_counts(self, series, heading, code):
        assert propose(["本庁"], series, around=Around(heading)) == {"本庁": code}

    def test_a_title_that_names_another_figure_counts(self, series):
        assert propose(["本庁"], series, around=Around(texts=("令和7年度 人口",))) == {"本庁": ""}
        assert propose(["本庁"], series, around=Around(texts=("令和7年度 来庁者数と人口",))) == {"本庁": "visits/本庁"}

    def test_a_unit_over_the_table_counts(self, series):
        assert propose(["本庁"], series, around=Around(units={"本庁": unit_in("（円）")})) == {"本庁": ""}

    def test_of_two_figures_with_the_part_the_heading_says_which(self, series):
        make_kpi("calls", "電話の件数", "件", "flow", parts=("本庁", "支所"))
        found = list(Series.objects.select_related("kpi"))
        assert propose(["本庁"], found) == {"本庁": ""}
        assert propose(["本庁"], found, around=Around("電話の件数")) == {"本庁": "calls/本庁"}
        assert propose(["本庁"], found, around=Around("来庁者数")) == {"本庁": "visits/本庁"}


def test_the_department_that_reports_a_part_is_a_name_of_it(series):
    [main, _] = [each for each in series if each.kpi.code == "visits"]
    assert propose(["市民課", "市民課／時間外"], series, {main.pk: "市民課"}) == {
        "市民課": "visits/本庁",
        "市民課／時間外": "",
    }


@pytest.mark.parametrize("heading", ["目標値", "前年比", "累計件数", "対前年増減", "予算額", "計画値"])
def test_numbers_under_a_heading_that_says_they_are_no_results_are_left_to_the_clerk(series, heading):
    assert propose(["人口", "本庁"], series, around=Around(heading)) == {"人口": "", "本庁": ""}


def test_a_figure_that_is_called_so_itself_is_one(series):
    make_kpi("rate", "目標達成率", "%", "ratio")
    found = list(Series.objects.select_related("kpi"))
    assert propose(["目標達成率"], found) == {"目標達成率": "rate/total"}
    assert propose(["目標達成率"], found, around=Around("目標達成率（％）")) == {"目標達成率": "rate/total"}

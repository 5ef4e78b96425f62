"""A unit written in a label or beside a table is the one its numbers are in, however it is set apart, or it is asked about."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.imports.matching import propose
from kpis.imports.questions import answer_of, asked_of
from kpis.imports.written_units import split_label, unit_in
from kpis.models import Reporting, Series
from tests.kpis.imports.conftest import csv, outcomes
from tests.kpis.world import LONG_AGO, make_kpi, part

SET_APART = (
    "{} {}", "{}\n{}", "{}/{}", "{}／{}", "{}：{}", "{}、{}", "{}_{}", "{}・{}", "{}-{}", "{}＝{}", "{}＜{}＞", "{}（{}）",
    "{}【{}】", "{}{}", "{}　{}", "{}（単位：{}）", "{} 単位：{}", "{}（{}単位）", "{}（{}）実績", "{}　{}　実績", "市全体{}({})",
)  # fmt: skip
TIMES = {
    "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "億": 8, "十億": 9,
}  # fmt: skip
FIGURES = {"試験金額": "円", "試験人数": "人", "試験件数": "件"}


@pytest.fixture
def figures(world, department):
    for number, (name, unit) in enumerate(FIGURES.items()):
        kpi = make_kpi(f"trial-{number}", name, unit, "flow")
        Reporting.objects.create(series=part(kpi), department=department, valid_from=LONG_AGO)


def values(file) -> list[Decimal]:
    return [line.value for line in file.lines.exclude(outcome="refused").order_by("row", "column")]


class TestInALabel:
    @pytest.mark.parametrize("set_apart", SET_APART)
    @pytest.mark.parametrize(("times", "power"), [("千", 3), ("百万", 6)])
    def test_it_multiplies_the_numbers(self, imported, figures, set_apart, times, power) -> None:
        label = set_apart.format("試験金額", f"{times}円")
        file = imported(csv(f'年月,"{label}"', "R7.4,10", "R7.5,20"))
        assert values(file) == [10 * 10**power, 20 * 10**power]

    @given(
        name=st.sampled_from(list(FIGURES)),
        times=st.sampled_from(["", *TIMES]),
        set_apart=st.sampled_from(SET_APART),
    )
    def test_no_multiple_is_taken_off_that_is_not_read(self, name: str, times: str, set_apart: str) -> None:
        label = set_apart.format(name, times + FIGURES[name])
        found = split_label(label)
        assert found.unit is not None
        assert (found.unit.power, found.unit.name) == (TIMES.get(times, 0), FIGURES[name])
        assert not times or times + FIGURES[name] not in found.name

    @pytest.mark.parametrize(
        "label", ["試験金額（千円未満切捨て）", "試験金額三百万円", "千円単位の試験金額", "試験金額（千）"]
    )
    def test_what_may_be_none_is_proposed_for_nothing(self, figures, label) -> None:
        assert propose([label], list(Series.objects.select_related("kpi"))) == {label: ""}

    @pytest.mark.parametrize(("answer", "stored"), [("written", 10_000), ("as_is", 10)])
    @pytest.mark.parametrize("label", ["千円単位の試験金額", "試験金額（千）"])
    def test_and_is_asked_about_when_somebody_chooses_the_figure(
        self, imported, figures, label, answer, stored
    ) -> None:
        data, series = csv(f"年月,{label}", "R7.4,10"), {label: "trial-0/total"}
        file = imported(data, series=series)
        assert [outcome for _, outcome, _ in outcomes(file)] == ["refused"]
        assert [each.question.code for each in asked_of(file)] == ["multiple"]
        chosen = answer_of(f"multiple-{answer}")
        assert chosen is not None
        assert values(imported(data, series=series, **{chosen.field: chosen.value})) == [stored]

    def test_a_figure_that_is_called_so_is_not_asked_about(self, imported, world, department) -> None:
        kpi = make_kpi("poems", "百人一首大会の参加者", "人", "flow")
        Reporting.objects.create(series=part(kpi), department=department, valid_from=LONG_AGO)
        assert values(imported(csv("年月,百人一首大会の参加者", "R7.4,10", "R7.5,20"))) == [10, 20]

    @pytest.mark.parametrize("text", ["残業時間", "百万円以上の契約", "三百万円", "件数（再掲）", "1,000円札"])
    def test_words_that_only_look_like_one_are_none(self, text) -> None:
        assert unit_in(text) is None

    def test_a_unit_of_two_parts_is_one(self) -> None:
        unit = unit_in("費用（千円/人）")
        assert (unit.scale_for("円/人"), unit.scale_for("円")) == ("thousand", "")


class TestBesideTheTable:
    @pytest.mark.parametrize(
        "line",
        [
            "千円",
            "（千円）",
            "（金額：千円）",
            "単　位：千円",
            "【単位】千円",
            "数値は千円単位",
            "金額は千円。",
            "単位→千円",
            "※金額の単位は千円です。",
            "※　単位は千円で表示しています。",
            "試験の一覧　千円",
            "単位：件・人・千円",
        ],
    )
    def test_it_multiplies_the_numbers(self, imported, figures, line) -> None:
        assert values(imported(csv(line, "", "年月,試験金額", "R7.4,10", "R7.5,20"))) == [10_000, 20_000]

    def test_one_of_some_numbers_says_nothing_of_the_others(self, imported, figures) -> None:
        file = imported(csv("金額は千円。", "", "年月,試験金額,試験件数", "R7.4,10,7", "R7.5,20,8"))
        assert values(file) == [10_000, 7, 20_000, 8]

    @pytest.mark.parametrize(("answer", "stored"), [("written", [10_000, 20_000]), ("as_is", [10, 20])])
    def test_a_word_of_the_title_is_asked_about(self, imported, figures, answer, stored) -> None:
        data = csv("千円クーポンの利用", "", "年月,試験金額", "R7.4,10", "R7.5,20")
        assert [each.question.code for each in asked_of(imported(data))] == ["multiple"]
        chosen = answer_of(f"multiple-{answer}")
        assert chosen is not None
        assert values(imported(data, **{chosen.field: chosen.value})) == stored

    @pytest.mark.parametrize(("answer", "stored"), [("one", [10, 20]), ("thousand", [10_000, 20_000])])
    def test_what_cannot_be_read_is_a_question_with_an_answer(self, imported, figures, answer, stored) -> None:
        data = csv("単位：キロ円ほか", "", "年月,試験金額", "R7.4,10", "R7.5,20")
        series = {"試験金額": "trial-0/total"}
        file = imported(data, series=series)
        assert [each.question.code for each in asked_of(file)] == ["unread"]
        chosen = answer_of(f"unread-{answer}")
        assert chosen is not None
        assert values(imported(data, series=series, **{chosen.field: chosen.value})) == stored

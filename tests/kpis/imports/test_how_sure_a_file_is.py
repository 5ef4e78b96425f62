"""速報, 推計, 約 and notes beside a number are part of what a file says: taken as marks, or told; never dropped in silence."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kpis.imports.applying import apply_file
from kpis.imports.sureness import Sureness, said_beside
from kpis.models import Entry, Measurement
from tests.kpis.imports.conftest import csv
from tests.kpis.world import access, put


@pytest.mark.parametrize(
    ("text", "rest", "mark"),
    [
        ("1,234（速報）", "1,234", Sureness.PROVISIONAL),
        ("1,234人 速報値", "1,234人", Sureness.PROVISIONAL),
        ("1,234p", "1,234", Sureness.PROVISIONAL),
        ("ｐ1,234", "1,234", Sureness.PROVISIONAL),
        ("▲12（暫定）", "▲12", Sureness.PROVISIONAL),
        ("推計 1,234", "1,234", Sureness.ESTIMATED),
        ("1,234e", "1,234", Sureness.ESTIMATED),
        ("約1.2万", "1.2万", Sureness.ROUNDED),
        ("1,200(概数)", "1,200", Sureness.ROUNDED),
        ("1,234（見込み）", "1,234", Sureness.EXPECTED),
        ("1,234r", "1,234", Sureness.NONE),
        ("1,234（確定値）", "1,234", Sureness.NONE),
        ("1,234", "1,234", Sureness.NONE),
        ("R7.4", "R7.4", Sureness.NONE),
        ("12people", "12people", Sureness.NONE),
        ("（速報）", "（速報）", Sureness.NONE),
    ],
)
def test_a_word_beside_a_number_is_told_from_it(text, rest, mark):
    said = said_beside(text)
    assert (said.rest, said.mark) == (rest, mark)


def assumed(file) -> list[str]:
    return [each["how"] for each in file.understood["assumed"]]


class TestMarks:
    def test_become_those_of_the_value(self, imported, editor):
        file = imported(
            csv("年月,総申請件数", 'R7.3,"1,234（速報）"', "R7.4,約1200", 'R7.5,"推計 1,300"'),
        )
        assert [line.how for line in file.lines.order_by("row")] == [
            "「速報」を速報値の印として",
            "「約」を概数の印として",
            "「推計」を推計の印として",
        ]
        apply_file(file, access=access(editor), note="", is_confirmed=True)
        march, april, may = Entry.objects.order_by("period")
        assert (march.value, march.is_provisional, march.nature) == (Decimal(1234), True, "observed")
        assert (april.value, april.is_rounded, april.is_provisional) == (Decimal(1200), True, False)
        assert (may.value, may.nature) == (Decimal(1300), "estimated")

    def test_are_put_to_what_is_stored_when_it_is_recorded(self, imported, reform_office, world):
        for month, value in (("2020-03", 5), ("2020-04", 6), ("2020-05", 7)):
            put(world.applications, month, value)
        data = csv("年月,総申請件数", "R2.3,5p", "R2.4,9（速報）", "R2.5,7")
        file = imported(data, user=reform_office, of=None, records=True)
        assert [line.outcome for line in file.lines.order_by("row")] == ["changed", "changed", "same"]
        apply_file(file, access=access(reform_office), note="速報", is_confirmed=True)
        stored = Measurement.objects.filter(series__kpi=world.applications).order_by("period")
        assert [(each.value, each.is_provisional) for each in stored] == [(5, True), (9, True), (7, False)]
        again = imported(data, user=reform_office, of=None, records=True)
        assert {line.outcome for line in again.lines.all()} == {"same"}

    def test_what_is_only_expected_is_no_result(self, imported):
        line = imported(csv("年月,総申請件数", "R7.4,1234（見込み）")).lines.get()
        assert line.outcome == "refused"
        assert "見込みの数です" in line.message


class TestNotes:
    def test_beside_a_number_are_named(self, imported):
        assert imported(csv("年月,総申請件数", "R7.4,1234※2")).lines.get().how == "注記「※2」は取り込みません"

    def test_around_the_table_and_in_a_column_beside_are_told(self, imported):
        file = imported(csv("年月,総申請件数,備考", "R7.3,1,", "R7.4,2,速報値", "R7.5,3,", "※5月分は速報値です。,,"))
        assert "C列「備考」の1行に「速報値」などとあります。値に印は付けません" in assumed(file)
        assert "表の上下に「※5月分は速報値です。」とあります。値に印は付けません" in assumed(file)

    def test_nothing_is_told_where_nothing_is_said(self, imported):
        file = imported(csv("年月,総申請件数,備考", "R7.3,1,窓口", "R7.4,2,"))
        assert not [how for how in assumed(file) if "印" in how]

"""What stands around a table counts: the month of its title, the unit over its numbers, a name that is new this month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from kpis.imports import Mapping, reading_of, receive, remember
from kpis.imports.titles import month_of_table
from kpis.imports.written_units import unit_in, unit_of_table
from kpis.models import Kpi, Reporting
from sheets import find_tables, open_book
from tests.kpis.imports.conftest import csv, outcomes
from tests.kpis.world import LONG_AGO, access, make_kpi, part

APRIL, MAY = date(2025, 4, 1), date(2025, 5, 1)


def table(*rows: str):
    return find_tables(open_book(csv(*rows), "a.csv").sheets[0])[0]


ROWS = ("項目,件数", "総申請件数,7", "LINE友だち登録者数,5")


class TestTheMonthOfATable:
    @pytest.mark.parametrize(
        "title",
        [
            "令和7年5月分 報告書",
            "報告書（R7.5）",
            "2025年5月",
            "令和7年5月31日現在",
            "令和7年度　5月分",
            "2025-05 月報",
        ],
    )
    def test_is_read_from_its_title(self, title):
        assert month_of_table(table(title, "", *ROWS), "a.csv")[0] == MAY

    def test_is_read_from_the_file_s_name(self):
        assert month_of_table(table(*ROWS), "実績_令和7年5月.csv")[0] == MAY

    def test_is_read_from_the_heading_of_its_values(self):
        assert month_of_table(table("項目,令和7年5月分", *ROWS[1:]), "a.csv")[0] == MAY

    @pytest.mark.parametrize("title", ["令和7年6月3日作成", "令和7年4月から令和7年5月まで", "5月分", "令和7年"])
    def test_is_asked_for_where_the_title_does_not_say_one(self, title):
        assert month_of_table(table(title, "", *ROWS), "a.csv") is None

    def test_is_told_with_where_it_was_read_and_every_value_is_of_it(self, imported, editor, department):
        data = csv("令和7年5月分 報告書", "", *ROWS)
        file = receive(data, "a.csv", access=access(editor), department=department)
        assert "2025" in reading_of(file, access=access(editor)).explanations[-1]
        assert set(imported(data, "a.csv").lines.values_list("period", flat=True)) == {MAY}


class TestNextMonth:
    @pytest.fixture
    def decided(self, editor, department, world, june):
        """Remembers how a file is read; gives the reading of the next one."""
        who = access(editor)

        def of_next(first: bytes, second: bytes, **series: str):
            file = receive(first, "a.csv", access=who, department=department)
            found = reading_of(file, access=who)
            said = replace(found.mapping, series={**found.mapping.series, **series})
            remember("月報", reading_of(file, access=who, mapping=said), access=who, department=department)
            return reading_of(receive(second, "b.csv", access=who, department=department), access=who)

        return of_next

    def test_a_heading_that_names_its_month_is_the_same_column(self, decided):
        found = decided(csv("項目,令和7年4月分", *ROWS[1:]), csv("項目,令和7年5月分", *ROWS[1:]))
        assert (found.saved.name, found.is_ready, found.mapping.month) == ("月報", True, MAY)

    def test_a_label_that_names_its_month_keeps_its_figure(self, decided):
        data = [csv("年月,窓口の数（" + month + "調べ）", "R7.3,1", "R7.4,2") for month in ("4月", "5月")]
        found = decided(*data, **{"窓口の数（4月調べ）": "visits/a"})
        assert found.is_ready
        assert found.mapping.series["窓口の数（5月調べ）"] == "visits/a"

    def test_a_new_name_is_asked_about_and_never_passed_over(self, decided):
        rows = ("対象月,項目,件数", "R7.4,総申請件数,5", "R7.4,LINE友だち登録者数,6")
        found = decided(csv(*rows), csv(*rows, "R7.5,新しい窓口,7"))
        assert (found.saved.name, found.new_labels, found.is_ready) == ("月報", ("新しい窓口",), False)


class TestUnits:
    @pytest.mark.parametrize(
        ("text", "power", "name"),
        [("利用者数（千人）", 3, "人"), ("金額［百万円］", 6, "円"), ("件数(件)", 0, "件"), ("率（％）", 0, "%")],
    )
    def test_are_read_in_brackets(self, text, power, name):
        assert (unit_in(text).power, unit_in(text).name) == (power, name)

    @pytest.mark.parametrize(
        "line",
        [
            "（百万円）",
            "［単位：百万円］",
            "単位；百万円",
            "単位＝百万円",
            "単位　百万円",
            "(1,000,000円)",
            "〔百万円〕",
            "単位：人・百万円",
        ],
    )
    def test_are_read_above_the_table_however_they_are_written(self, line):
        found = table(f'"{line}"', "", "年月,試験金額", "R7.4,74150", "R7.5,70174")
        unit = unit_of_table(found, Mapping(value_columns=("試験金額",)))
        assert (unit.scale_for("円"), unit.scale_for("千円")) == ("million", "thousand")

    @pytest.mark.parametrize(
        ("line", "figure", "scale"),
        [
            ("単位：人・千円", "人", "one"),
            ("単位：人・千円", "円", "thousand"),
            ("単位：1,000円", "円", "thousand"),
            ("（億円）", "円", "oku"),
            ("単位：ﾄﾝ", "トン", "one"),
            ("単位：千ﾄﾝ", "トン", "thousand"),
            ("単位：箇所", "か所", "one"),
        ],
    )
    def test_go_with_the_figure_they_are_of(self, line, figure, scale):
        found = table(f'"{line}"', "", "年月,件数,金額", "R7.4,1,2", "R7.5,3,4")
        assert unit_of_table(found, Mapping(value_columns=("件数", "金額"))).scale_for(figure) == scale

    def test_that_are_found_but_do_not_fit_are_asked_about(self):
        unit = unit_of_table(table("単位：トン", "", *ROWS), Mapping(value_columns=("件数",)))
        assert "「トン」" in unit.mismatch("件", "one")

    @pytest.mark.parametrize("text", ["件数（再掲）", "件数", "窓口（本庁）", "（千分比）"])
    def test_other_brackets_are_none(self, text):
        assert unit_in(text) is None

    def test_a_scale_over_the_numbers_is_proposed_and_multiplies(self, imported):
        file = imported(csv("年月,LINE友だち登録者数（千人）", "R7.4,1.2", "R7.5,3"))
        assert [line.value for line in file.lines.order_by("row")] == [Decimal(1200), Decimal(3000)]

    def test_a_scale_said_above_the_table_is_proposed_too(self, imported):
        file = imported(csv("友だち　単位：万人", "", "年月,LINE友だち登録者数", "R7.4,2", "R7.5,3"))
        assert file.lines.get(row=4).value == 20_000

    def test_numbers_in_thousands_are_not_taken_as_ones(self, imported):
        file = imported(csv("年月,LINE友だち登録者数（千人）", "R7.4,1", "R7.5,3"), scale="one")
        assert {(outcome, "千（1,000倍）" in message) for _, outcome, message in outcomes(file)} == {("refused", True)}

    def test_another_unit_than_the_figure_s_is_refused(self, imported):
        data = csv("年月,満足度（件）", "R7.4,1", "R7.5,3")
        assert not imported(data).lines.exists()  # nothing is proposed: it counts something else
        file = imported(data, series={"満足度（件）": "satisfaction/total"})
        assert {outcome for _, outcome, _ in outcomes(file)} == {"refused"}
        assert "「件」" in outcomes(file)[0][2]


def test_a_code_that_names_no_figure_is_refused_in_the_application_s_own_format(imported):
    head = "指標コード,内訳コード,対象期間,値"
    file = imported(csv(head, "friends,total,2025-04,5", "freinds,total,2025-05,6"), "a.csv")
    assert [(shown, outcome) for shown, outcome, _ in outcomes(file)] == [("5", "new"), ("6", "refused")]


class TestAColumnOfUnits:
    """単位 beside each row: every label's numbers are converted by their own unit, and compared with the figure's."""

    ROWS = ("指標,単位,令和7年4月,令和7年5月", "LINE友だち登録者数,千人,1.2,1.3", "総申請件数,件,5,6")

    def values(self, file):
        return {(line.series.kpi.code, line.column): line.value for line in file.lines.exclude(outcome="refused")}

    def test_each_row_by_its_own_unit(self, imported):
        file = imported(csv(*self.ROWS))
        assert self.values(file) == {
            ("friends", 2): 1200,
            ("friends", 3): 1300,
            ("applications", 2): 5,
            ("applications", 3): 6,
        }
        assert "名前ごとに、書かれている単位のとおり" in {each["how"] for each in file.understood["assumed"]}

    def test_units_in_the_headings_may_differ_too(self, imported):
        file = imported(
            csv("年月,LINE友だち登録者数（千人）,総申請件数（百件）,満足度（％）", "R7.4,1.2,5,45.7", "R7.5,3,6,50")
        )
        assert file.lines.get(row=2, column=1).value == 1200
        assert file.lines.get(row=2, column=3).value == Decimal("45.7")

    def test_a_row_in_another_unit_is_not_its_figure(self, imported):
        file = imported(csv(self.ROWS[0], "LINE友だち登録者数,円,1,2", "総申請件数,件,5,6"))
        assert set(self.values(file)) == {("applications", 2), ("applications", 3)}

    def test_nor_is_a_department_s_row_in_another_unit(self, imported, department, world):
        make_kpi("calls", "電話件数", "件", "flow", parts=("情報政策課",))
        Reporting.objects.create(
            series=part(Kpi.objects.get(code="calls"), "情報政策課"), department=department, valid_from=LONG_AGO
        )
        head = "年月,課,単位,数"
        taken = imported(
            csv(head, "R7.4,情報政策課,件,5", "R7.4,市民課,件,6", "R7.5,情報政策課,件,7", "R7.5,市民課,件,7")
        )
        other = imported(
            csv(head, "R7.4,情報政策課,時間,5", "R7.4,市民課,時間,6", "R7.5,情報政策課,時間,7", "R7.5,市民課,時間,7")
        )
        assert (taken.lines.count(), other.lines.count()) == (2, 0)


class TestWhatCountsAsAValueThatIsLeftOut:
    """In a CSV every cell is a text: days, times, shares and signs count as numbers do."""

    def left_out(self, file) -> dict[str, int]:
        return {each["what"]: each["values"] for each in file.understood["left_out"]}

    def test_in_columns_that_are_not_read(self, imported):
        data = csv(
            "年月,総申請件数,割合,開始,処理日,公表,備考",
            "R7.4,11,12.5%,8:30,2025/4/3,秘,雨",
            "R7.5,12,x,9時30分,令和7年5月2日,－,",
        )
        file = imported(data, "a.csv", value_columns=("総申請件数",))
        assert self.left_out(file) == {"C列「割合」": 2, "D列「開始」": 2, "E列「処理日」": 2, "F列「公表」": 2}

    def test_in_rows_of_totals_and_columns_of_totals(self, imported):
        data = csv("令和7年度", "区分,4月,5月,計", "総申請件数,11,12,23", '合計,11,"1,200",x')
        assert self.left_out(imported(data, "a.csv")) == {"4行目": 2, "D列「計」": 1}

    def test_in_tables_that_are_not_read(self, imported):
        months = [f"R{year}.{month},11" for year in (5, 6) for month in range(1, 13)]
        data = csv("年月,総申請件数", *months, "", "担当,受付,割合", "窓口,8:30,12%", "電話,9:00,秘")
        assert set(self.left_out(imported(data, "a.csv")).values()) == {4}

    def test_outside_of_tables_without_the_days_of_the_form(self, imported):
        data = csv("作成日 令和7年6月3日", "2025/6/3", '"1,234"', "秘", "", "年月,総申請件数", "R7.4,11", "R7.5,12")
        assert self.left_out(imported(data, "a.csv")) == {"このファイルの表の外": 1}

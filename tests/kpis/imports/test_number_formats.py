"""What a cell shows is part of what it says: percent signs, thousands left away, a unit in the format."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kpis.models import Reporting
from tests.kpis.imports.conftest import outcomes, xlsx
from tests.kpis.world import LONG_AGO, make_kpi, part


@pytest.fixture
def money(world, department):
    kpi = make_kpi("cost", "経費", "円", "flow")
    Reporting.objects.create(series=part(kpi), department=department, valid_from=LONG_AGO)
    return kpi


def values(file) -> list[Decimal]:
    return [line.value for line in file.lines.exclude(outcome="refused").order_by("row", "column")]


class TestPercent:
    def test_cells_shown_as_percentages_are_percentages(self, imported):
        rows = (["年月", "満足度"], ["令和7年3月", 1], ["令和7年4月", 0.9], ["令和7年5月", 0.5])
        file = imported(xlsx(*rows, B2="0%", B3="0%", B4="0%"), "率.xlsx")
        assert values(file) == [100, 90, 50]
        assert [line.how for line in file.lines.order_by("row")][1] == "セルの表示は90%"

    @pytest.mark.parametrize(
        ("cell", "code", "value"),
        [
            (0.457, "0.0%", "45.7"),
            (-0.125, "0.0%;▲0.0%", "-12.5"),
            (45.7, '0.0"%"', "45.7"),
            (45.7, "0.0", "45.7"),
            (0, "0%", "0"),
            (1.205, "0.0%", "120.5"),
        ],
    )
    def test_by_the_code_of_the_format(self, imported, cell, code, value):
        file = imported(xlsx(["年月", "満足度"], ["令和7年4月", cell], ["令和7年5月", 1], B2=code), "率.xlsx")
        assert file.lines.get(row=2).value == Decimal(value)

    def test_a_fraction_said_for_the_table_is_not_multiplied_twice(self, imported):
        data = xlsx(["年月", "満足度"], ["令和7年4月", 0.9], ["令和7年5月", 0.8], B2="0%")
        assert values(imported(data, "率.xlsx", scale="percent")) == [90, 80]

    def test_a_percentage_is_no_count(self, imported):
        data = xlsx(["年月", "総申請件数"], ["令和7年4月", 0.9], ["令和7年5月", 7], B2="0%")
        assert [(outcome, "90%" in message) for _, outcome, message in outcomes(imported(data, "件数.xlsx"))] == [
            ("refused", True),
            ("new", False),
        ]

    def test_months_across(self, imported):
        data = xlsx(["区分", "令和7年4月", "令和7年5月"], ["満足度", 0.123, 0.2], B2="0.0%", C2="0.0%")
        assert values(imported(data, "率.xlsx")) == [Decimal("12.3"), 20]


@pytest.mark.usefixtures("money")
class TestThousands:
    ROWS = (["（単位：千円）"], ["年月", "経費"], ["令和7年4月", 1234567], ["令和7年5月", 2000000])
    FORMATS = {"B3": "#,##0,", "B4": "#,##0,"}

    def test_are_asked_about_with_both_readings(self, imported):
        file = imported(xlsx(*self.ROWS, **self.FORMATS), "経費.xlsx")
        assert {outcome for _, outcome, _ in outcomes(file)} == {"refused"}
        message = outcomes(file)[0][2]
        assert "1,234,567円" in message
        assert "1,234,567,000円" in message
        assert file.understood["questions"]["format"]["count"] == 2

    @pytest.mark.parametrize(("answer", "value"), [("shown", 1_234_567), ("stored", 1_234_567_000)])
    def test_the_answer_decides(self, imported, answer, value):
        file = imported(xlsx(*self.ROWS, **self.FORMATS), "経費.xlsx", shown_as=answer)
        assert file.lines.get(row=3).value == value

    def test_are_asked_about_where_nobody_wrote_a_unit_too(self, imported):
        rows = (["年月", "経費"], ["令和7年4月", 5000000], ["令和7年5月", 2000000])
        file = imported(xlsx(*rows, B2="#,##0,,", B3="#,##0"), "経費.xlsx")
        assert [outcome for _, outcome, _ in outcomes(file)] == ["refused", "new"]
        assert "表示は5、" in outcomes(file)[0][2]

    def test_a_format_that_names_its_unit_says_it_all(self, imported):
        rows = (["年月", "経費"], ["令和7年4月", 1234567], ["令和7年5月", 1234])
        file = imported(xlsx(*rows, B2='#,##0,"千円"', B3='#,##0"千円"'), "経費.xlsx")
        assert values(file) == [1_234_567, 1_234_000]

    @pytest.mark.parametrize("code", ['0"人"', '0"冊"', "0.0%", '#,##0,"千人"', 'G/標準"世帯"'])
    def test_a_unit_in_the_format_that_is_not_the_figure_s_is_asked_about(self, imported, code):
        data = xlsx(["年月", "経費"], ["令和7年4月", 5000], ["令和7年5月", 6], B2=code)
        file = imported(data, "経費.xlsx")
        assert [outcome for _, outcome, _ in outcomes(file)] == ["refused", "new"]
        assert file.understood["questions"]["unit"]["count"] == 1
        assert values(imported(data, "経費.xlsx", ignores_unit=True)) == [5000, 6]

    @pytest.mark.parametrize("code", ['"¥"#,##0', "[$¥-411]#,##0", "\\¥#,##0", "[$JPY]#,##0"])
    def test_a_sign_of_money_is_a_unit(self, imported, code):
        data = xlsx(["年月", "経費", "総申請件数"], ["令和7年4月", 5, 5], ["令和7年5月", 6, 6], B2=code, C2=code)
        assert [outcome for _, outcome, _ in outcomes(imported(data, "経費.xlsx"))] == ["new", "refused", "new", "new"]

    @pytest.mark.parametrize("code", ['"約"0', '#,##0"（速報）"', '0"※1"', "#,##0_);(#,##0)"])
    def test_words_that_say_how_sure_a_number_is_are_no_unit(self, imported, code):
        data = xlsx(["年月", "経費"], ["令和7年4月", 5], ["令和7年5月", 6], B2=code)
        assert values(imported(data, "経費.xlsx")) == [5, 6]

    def test_the_unit_and_its_factor_are_told_with_where_they_come_from(self, imported):
        rows = (["年月", "経費"], ["令和7年4月", 12], ["令和7年5月", 13])
        file = imported(xlsx(*rows, B2='#,##0"千円"', B3='#,##0"円"'), "経費.xlsx")
        told = [
            (each["how"], each["source"]) for each in file.understood["assumed"] if each["what"] == "セルの表示形式"
        ]
        assert told == [
            ("1件を、セルに表示されている単位「千円（1,000倍）」で読みました", "セルの表示形式から"),
            ("1件を、セルに表示されている単位「円」で読みました", "セルの表示形式から"),
        ]

    @pytest.mark.parametrize(
        ("answer", "value"), [("", None), ("unit", 5_000), ("stored", 5_000_000), ("shown", 5_000_000)]
    )
    def test_a_unit_of_the_format_that_is_not_the_table_s_is_asked_about(self, imported, answer, value):
        rows = (["（単位：千円）"], ["年月", "経費"], ["令和7年4月", 5000], ["令和7年5月", 0])
        file = imported(xlsx(*rows, B3='#,##0"円"', B4='#,##0"円"'), "経費.xlsx", shown_as=answer)
        assert values(file)[0] == (value or 0)
        if not answer:
            assert "5,000円" in file.understood["questions"]["format"]["example"]
            assert "5,000,000円" in file.understood["questions"]["format"]["example"]

    def test_a_smaller_unit_than_the_figure_s_is_divided(self, imported, department):
        kpi = make_kpi("fees", "委託料", "千円", "flow")
        Reporting.objects.create(series=part(kpi), department=department, valid_from=LONG_AGO)
        data = xlsx(["年月", "委託料"], ["令和7年4月", 5_000], ["令和7年5月", 6_000], B2='#,##0"円"', B3='#,##0"円"')
        assert values(imported(data, "委託料.xlsx")) == [5, 6]
        titled = xlsx(["単位：円"], ["年月", "委託料"], ["令和7年4月", 5_000], ["令和7年5月", 6_000])
        assert values(imported(titled, "委託料.xlsx")) == [5, 6]


class TestDaysThatAreNotShown:
    """A date by the format of a month is that month, whatever day it is stored with."""

    @pytest.fixture(autouse=True)
    def members(self, world, department):
        kpi = make_kpi("members", "会員数", "人", "stock", as_of_rule="next_month_first")
        Reporting.objects.create(series=part(kpi), department=department, valid_from=LONG_AGO)

    ROWS = (["日付", "会員数"], [date(2025, 4, 1), 49], [date(2025, 5, 1), 50])

    @pytest.mark.parametrize("code", ['m"月"', "yyyy/m", 'ggge"年"m"月"', "mmm-yy"])
    def test_down(self, imported, code):
        file = imported(xlsx(*self.ROWS, A2=code, A3=code), "会員.xlsx")
        assert [line.period for line in file.lines.order_by("row")] == [date(2025, 4, 1), date(2025, 5, 1)]

    def test_across(self, imported):
        rows = (["区分", date(2025, 4, 1), date(2025, 5, 1)], ["会員数", 49, 50])
        code = 'yyyy"年"m"月"'
        file = imported(xlsx(*rows, B1=code, C1=code), "会員.xlsx")
        assert [line.period for line in file.lines.order_by("column")] == [date(2025, 4, 1), date(2025, 5, 1)]

    def test_a_day_that_is_shown_is_asked_about(self, imported):
        file = imported(xlsx(*self.ROWS, A2="yyyy/m/d", A3="yyyy/m/d"), "会員.xlsx")
        assert file.understood["questions"]["as_of"]["count"] == 2


class TestASignThatIsNotShown:
    def data(self):
        return xlsx(["年月", "総申請件数"], ["令和7年4月", -10], ["令和7年5月", 7], B2="#,##0;#,##0")

    def test_is_asked_about(self, imported):
        file = imported(self.data(), "件数.xlsx")
        assert file.understood["questions"]["format"]["count"] == 1
        assert "-10" in outcomes(file)[0][2]

    @pytest.mark.parametrize(("answer", "value"), [("shown", 10), ("stored", -10)])
    def test_is_what_somebody_says(self, imported, answer, value):
        assert values(imported(self.data(), "件数.xlsx", shown_as=answer))[0] == value

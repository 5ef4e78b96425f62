"""Rows of days become a month by the figure's kind, and more decimals than a figure keeps are taken with them only when said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kpis.imports import Mapping, reading_of, receive, remember
from kpis.imports.applying import apply_file
from kpis.imports.looking import look_through
from kpis.imports.previewing import KEPT
from kpis.imports.questions import answer_of
from kpis.imports.remembering import read_as
from kpis.models import Entry
from tests.kpis.imports.conftest import csv, outcomes, xlsx
from tests.kpis.world import access, put

DAYS = csv(
    "日付,満足度,LINE友だち登録者数,総申請件数", "2025-04-01,45.7,127,5", "2025-04-02,38.1,155,6", "2025-05-01,40,160,7"
)


class TestAddingUp:
    def refused(self, file) -> dict[str, str]:
        return {line.series.kpi.code: line.message for line in file.lines.filter(outcome="refused")}

    def values(self, file) -> dict[str, list[Decimal]]:
        found: dict[str, list[Decimal]] = {}
        for line in file.lines.exclude(outcome="refused").order_by("period"):
            found.setdefault(line.series.kpi.code, []).append(line.value)
        return found

    def test_rates_and_levels_are_refused_once_for_each_column_and_amounts_are_added(self, imported):
        file = imported(DAYS, repeats="sum")
        assert self.values(file) == {"applications": [11, 7]}
        assert set(self.refused(file)) == {"satisfaction", "friends"}
        assert "比率は足し合わせられず" in self.refused(file)["satisfaction"]
        assert "残高は足し合わせられません" in self.refused(file)["friends"]
        assert file.counts["refused"] == 2

    def test_by_the_kind_a_level_is_that_of_its_last_day_and_a_rate_stays_refused(self, imported):
        file = imported(DAYS, repeats="by_kind")
        assert self.values(file) == {"applications": [11, 7], "friends": [155, 160]}
        assert set(self.refused(file)) == {"satisfaction"}

    def test_the_last_day_is_the_latest_one_wherever_its_row_is(self, imported):
        rows = ("2025-05-31,161", "2025-05-01,160", "2025-04-30,155", "2025-04-01,127")
        assert self.values(imported(csv("日付,LINE友だち登録者数", *rows), repeats="by_kind")) == {
            "friends": [155, 161]
        }
        assert self.values(imported(csv("日付,LINE友だち登録者数", *rows), repeats="last")) == {"friends": [155, 161]}

    def test_a_column_with_one_value_for_each_month_has_nothing_to_add_up(self, imported):
        data = csv("日付,満足度,総申請件数", "2025-04-01,,5", "2025-04-30,38.1,6", "2025-05-31,40,7")
        assert self.values(imported(data, repeats="sum")) == {
            "applications": [11, 7],
            "satisfaction": [Decimal("38.1"), 40],
        }

    def test_how_many_rows_a_sum_is_of_is_told(self, imported):
        assert "2行目から3行目までの2行の計" in set(imported(DAYS, repeats="sum").lines.values_list("how", flat=True))


class TestDigits:
    RATES = csv("年月,満足度", "令和7年4月,45.66929133858268", "令和7年5月,99.96")

    def test_more_decimals_than_the_figure_is_written_with_are_refused_with_what_taking_them_would_give(self, imported):
        file = imported(self.RATES)
        assert [outcome for _, outcome, _ in outcomes(file)] == ["refused", "refused"]
        assert "そのままの桁で取り込むと 45.669291（表示は45.7%）です" in outcomes(file)[0][2]
        assert "99.96（表示は99.9%）" in outcomes(file)[1][2]
        assert file.understood["questions"]["decimals"]["count"] == 2

    def test_once_said_they_are_stored_as_they_are_and_how_they_are_shown_is_told(self, imported):
        file = imported(self.RATES, keeps_digits=True)
        told = [(line.shown, line.value, line.how) for line in file.lines.order_by("row")]
        assert told[0] == ("45.66929133858268", Decimal("45.669291"), "45.669291（表示は45.7%）")
        assert told[1] == ("99.96", Decimal("99.96"), "99.96（表示は99.9%）")

    @pytest.mark.parametrize(
        ("typed", "value"),
        [
            ("▲0.123456789", "-0.123456"),
            ("12.3456789%", "12.345678"),
            ("0.05", "0.05"),
            ("20.5", "20.5"),
            ("20.499999999999996", "20.5"),
            ("20.4999999", "20.499999"),
            ("99.9999999", "99.999999"),
            ("0.0000001", "0.000001"),
        ],
    )
    def test_in_other_spellings(self, imported, typed, value):
        file = imported(csv("年月,満足度", f"令和7年4月,{typed}", "令和7年5月,1"), keeps_digits=True)
        assert file.lines.get(row=2).value == Decimal(value)

    def test_a_whole_number_keeps_its_half_and_no_noise(self, imported):
        file = imported(csv("年月,総申請件数", "R7.3,10.5", "R7.4,3", "R7.5,10.300000000000001"), keeps_digits=True)
        assert [line.value for line in file.lines.order_by("row")] == [Decimal("10.5"), 3, Decimal("10.3")]

    def test_what_falls_short_of_100_percent_is_not_rounded_to_it_by_being_taken_over(self, imported, world, editor):
        file = imported(self.RATES, keeps_digits=True)
        apply_file(file, access=access(editor))
        assert Entry.objects.get(period=date(2025, 5, 1)).value == Decimal("99.96")

    def test_the_answer_is_kept_with_the_file_and_with_the_way_it_is_remembered(self, editor, department, world, june):
        who = access(editor)
        file = receive(self.RATES, "率.csv", access=who, department=department)
        saved = remember("満足度の表", reading_of(file, access=who), access=who, department=department)
        look_through(file, reading_of(file, access=who), access=who, saved=saved)
        assert file.counts["refused"] == 2
        look_through(file, read_as(file, answer_of("decimals-keep"), access=who), access=who, saved=saved)
        assert file.counts["new"] == 2
        following = receive(self.RATES, "率2.csv", access=who, department=department)
        assert reading_of(following, access=who).mapping.keeps_digits


@pytest.mark.parametrize("sent", ["", "decimals", "decimals-", "decimals-before", "nothing-keep", "repeats-sum"])
def test_what_is_no_answer_changes_nothing(sent):
    assert answer_of(sent) is None


def test_rows_of_days_are_asked_about_but_the_same_day_twice_is_an_error(imported):
    days = imported(csv("日付,総申請件数", "2025/4/1,5", "2025/4/2,9", "2025/5/1,7"))
    assert days.understood["questions"]["repeats"]["count"] == 2
    twice = imported(csv("日付,総申請件数", "2025/4/1,5", "2025/4/1,9", "2025/5/1,7"))
    assert twice.understood["questions"] == {}


class TestAValueThatIsTheStoredOneRounded:
    """A file that says less than is stored takes nothing of it away, unless somebody wants it so."""

    @pytest.mark.parametrize(
        ("stored", "typed", "header"),
        [
            (1_234, "1.2千", "総申請件数"),
            (1_234, "1", "総申請件数（千件）"),
            (12_345, "1.2万", "総申請件数"),
            ("12.34", "12.3", "満足度"),
            ("12.34", "12", "満足度"),
            ("12.95", "13.0", "満足度"),
        ],
    )
    def test_is_named_and_the_stored_one_stays(self, imported, world, stored, typed, header):
        kpi = world.satisfaction if header == "満足度" else world.applications
        put(kpi, "2025-04", stored)
        file = imported(csv(f"年月,{header}", f"令和7年4月,{typed}"))
        line = file.lines.get()
        assert (line.outcome, line.value) == ("same", Decimal(stored))
        assert line.how.endswith(KEPT)
        assert file.counts["coarser"] == 1
        assert "丸めると同じ" in file.understood["questions"]["coarser"]["example"]

    @pytest.mark.parametrize("typed", ["1.3千", "1,230", "1234.4", "1.23千人"])
    def test_another_value_is_a_change_or_refused(self, imported, world, typed):
        put(world.applications, "2025-04", 1_234)
        file = imported(csv("年月,総申請件数", f'令和7年4月,"{typed}"'))
        assert file.lines.get().outcome in ("changed", "refused")
        assert "coarser" not in file.counts

    def test_a_cell_is_as_exact_as_its_format_shows(self, imported, world):
        put(world.satisfaction, "2025-04", "12.04")
        data = xlsx(["年月", "満足度"], ["令和7年4月", Decimal(12)], B2="0.00")
        assert imported(data, "件数.xlsx").lines.get().outcome == "changed"  # 12.00
        data = xlsx(["年月", "満足度"], ["令和7年4月", Decimal("0.12")], B2="0%")
        assert imported(data, "件数.xlsx").lines.get().value == Decimal("12.04")

    def test_is_taken_where_somebody_says_so_and_for_this_file_alone(self, imported, editor, world):
        put(world.applications, "2025-04", 1_234)
        file = imported(csv("年月,総申請件数", "令和7年4月,1.2千"))
        who = access(editor)
        found = read_as(file, answer_of("coarser-replace"), access=who)
        look_through(file, found, access=who)
        line = file.lines.get()
        assert (line.outcome, line.value) == ("changed", 1200)
        assert "coarser" not in file.understood["questions"]
        assert Mapping.from_json(found.mapping.remembered()).takes_rounded is False

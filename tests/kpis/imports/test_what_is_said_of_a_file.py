"""The preview says what was assumed and where it comes from, and names everything that is not taken."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from kpis.imports import look_through, reading_of, receive, remember
from kpis.imports.saved_mappings import suggested_name
from kpis.models import ImportedFile, Reporting
from tests.kpis.imports.conftest import csv, xlsx
from tests.kpis.imports.test_pages import fields_of
from tests.kpis.world import LONG_AGO, access, make_kpi, part


def left_out(file: ImportedFile) -> dict[str, tuple[str, int]]:
    return {part["what"]: (part["why"], part["values"]) for part in file.understood["left_out"]}


def assumed(file: ImportedFile) -> dict[str, tuple[str, str]]:
    return {each["what"]: (each["how"], each["source"]) for each in file.understood["assumed"]}


class TestWhatIsNotTaken:
    def test_names_without_a_figure_with_their_values(self, imported):
        file = imported(csv("年月,総申請件数,総申請件数前年比,天気", "R7.3,1,101,3", "R7.4,2,98,"))
        assert left_out(file) == {
            "「総申請件数前年比」": ("指標を選んでいない名前", 2),
            "「天気」": ("指標を選んでいない名前", 1),
        }
        assert file.counts["left_out"] == 3

    def test_rows_and_columns_of_totals(self, imported):
        data = xlsx(["指標", "令和7年3月", "令和7年4月", "計"], ["総申請件数", 1, 2, 3], ["合計", 1, 2, 3])
        found = left_out(imported(data, "件数.xlsx"))
        assert found["シート「Sheet」の3行目"] == ("合計や平均の行", 2)
        assert found["D列「計」"][1] == 1

    def test_other_tables_sheets_and_numbers_outside_of_tables(self, imported):
        book = openpyxl.load_workbook(io.BytesIO(xlsx(["年月", "総申請件数"], ["R7.3", 1], ["R7.4", 2], ["R7.5", 3])))
        other = book.create_sheet("別の表")
        for row in (["年月", "女性の数"], ["R7.3", 7], ["R7.4", 8]):
            other.append(row)
        book.create_sheet("メモ")["B2"] = 12
        out = io.BytesIO()
        book.save(out)
        found = left_out(imported(out.getvalue(), "件数.xlsx"))
        assert found["シート「別の表」 2〜3行目（2列）"] == ("読む表に選んでいない表", 2)
        assert found["シート「メモ」"] == ("表として読めないところの数", 1)

    def test_hidden_rows_and_columns_are_not_taken_unless_said(self, imported):
        book = openpyxl.load_workbook(
            io.BytesIO(
                xlsx(["年月", "総申請件数", "LINE友だち登録者数"], ["R7.3", 1, 5], ["R7.4", 2, 6], ["R7.5", 3, 7])
            )
        )
        book.active.row_dimensions[3].hidden = True
        book.active.column_dimensions["C"].hidden = True
        out = io.BytesIO()
        book.save(out)
        file = imported(out.getvalue(), "件数.xlsx")
        assert [line.shown for line in file.lines.order_by("row")] == ["1", "3"]
        assert left_out(file) == {
            "シート「Sheet」の3行目": ("表示されていない行", 1),
            "C列「LINE友だち登録者数」": ("表示されていない列", 2),
        }
        assert imported(out.getvalue(), "件数.xlsx", takes_hidden=True).lines.count() == 6

    def test_a_hidden_sheet_is_not_the_one_that_is_read(self, imported):
        book = openpyxl.load_workbook(io.BytesIO(xlsx(["年月", "総申請件数"], ["R7.3", 1], ["R7.4", 2])))
        old = book.create_sheet("旧")
        for row in (["年月", "総申請件数"], ["R6.1", 7], ["R6.2", 8], ["R6.3", 9], ["R6.4", 9]):
            old.append(row)
        old.sheet_state = "hidden"
        out = io.BytesIO()
        book.save(out)
        file = imported(out.getvalue(), "件数.xlsx")
        assert {line.shown for line in file.lines.all()} == {"1", "2"}
        assert any("表示されていないシート" in what for what in left_out(file))

    def test_the_preview_names_them(self, client, imported, editor):
        client.force_login(editor)
        file = imported(csv("年月,総申請件数,天気", "R7.3,1,101", "R7.4,2,98"))
        page = client.get(reverse("imports:preview", args=[file.pk])).text
        assert "取り込まないものが1か所あります（値2件）" in page
        assert "「天気」（2件）" in page


class TestWhatWasAssumed:
    def test_where_the_year_and_the_arrangement_come_from(self, imported):
        file = imported(csv("令和6年度 窓口の件数", "", "月,総申請件数", "4月,1", "5月,2"))
        said = [each["how"] for each in file.understood["assumed"]]
        assert any("表の上の見出し「令和6年度」" in sentence for sentence in said)
        assert {each["source"] for each in file.understood["assumed"]} == {"ファイルから"}

    def test_the_unit_and_its_factor(self, imported):
        file = imported(csv("年月,LINE友だち登録者数（千人）", "R7.4,1.2", "R7.5,3"))
        assert assumed(file)["数値の単位"] == ("千（1,000倍）", "ファイルの単位「千人」から")

    def test_rounding_with_the_number_of_values(self, imported):
        file = imported(csv("年月,満足度", "R7.4,45.66", "R7.5,3"), keeps_digits=True)
        assert assumed(file)["細かい桁"][0].startswith("1件を、")
        assert assumed(file)["指標の桁より細かい値"] == ("そのままの桁で取り込む", "画面で選んだ")

    def test_a_title_of_targets_is_doubted(self, imported):
        file = imported(csv("令和7年度 目標値", "", "年月,総申請件数", "R7.4,1", "R7.5,2"))
        assert any("「目標」とあります" in each["how"] for each in file.understood["assumed"])

    def test_a_day_within_the_month_is_told(self, imported, world, department):
        kpi = make_kpi("cards", "交付枚数", "枚", "stock", as_of_rule="month_end")
        Reporting.objects.create(series=part(kpi), department=department, valid_from=LONG_AGO)
        file = imported(csv("時点,交付枚数", "令和7年3月31日現在,1", "令和7年4月15日現在,2"))
        assert [bool(line.how) for line in file.lines.order_by("row")] == [False, True]
        assert "4月15日の値を" in assumed(file)["いつの値か"][0]

    def test_the_preview_shows_them(self, client, imported, editor):
        client.force_login(editor)
        file = imported(csv("年月,LINE友だち登録者数（千人）", "R7.4,1.2", "R7.5,3"))
        page = client.get(reverse("imports:preview", args=[file.pk])).text
        assert "このように読みました" in page
        assert "ファイルの単位「千人」から" in page


class TestWhatSomebodyCorrected:
    """It is remembered, and shown as assumed from last time."""

    FORM = ("様式第2号（令和2年4月改正）", "", "月,総申請件数", "4月,5", "5月,6")

    @pytest.fixture
    def next_month(self, editor, department, world, june):
        """A file is read as somebody says and remembered; gives the next file, looked through if nothing is asked."""

        def take(first: bytes, second: bytes, *, on: str = "2025-07-10 10:00+09:00", **said):
            who = access(editor)
            file = receive(first, "件数.csv", access=who, department=department)
            reading = reading_of(file, access=who)
            mapping = replace(reading.mapping, **said)
            remember("月報", reading_of(file, access=who, mapping=mapping), access=who, department=department)
            with time_machine.travel(on):
                later = access(editor, date.fromisoformat(on[:10]))
                following = receive(second, "件数.csv", access=later, department=department)
                reading = reading_of(following, access=later)
                if reading.is_ready:
                    look_through(following, reading, access=later)
            return following, reading

        return take

    def test_the_year_is_last_time_s_and_says_so(self, next_month):
        following, reading = next_month(csv(*self.FORM), csv(*self.FORM, "6月,7"), fiscal_year=2025)
        assert (reading.is_ready, reading.mapping.fiscal_year) == (True, 2025)
        how, source = assumed(following)["年のない月の年度"]
        assert how.startswith("令和7")
        assert source.startswith("前回の「月報」で令和7")
        assert {line.period.year for line in following.lines.all()} == {2025}

    def test_in_the_next_fiscal_year_it_moves_on(self, next_month):
        _, reading = next_month(csv(*self.FORM), csv(*self.FORM), fiscal_year=2025, on="2026-06-10 10:00+09:00")
        assert reading.mapping.fiscal_year == 2026

    def test_in_april_files_still_bring_the_old_year(self, next_month):
        _, reading = next_month(csv(*self.FORM), csv(*self.FORM), fiscal_year=2025, on="2026-04-10 10:00+09:00")
        assert reading.mapping.fiscal_year == 2025

    def test_a_file_that_says_another_year_than_it_did_is_asked_about(self, next_month):
        changed = ("令和8年度 様式第2号（令和2年4月改正）", *self.FORM[1:])
        _, reading = next_month(csv(*self.FORM), csv(*changed), fiscal_year=2025, on="2026-06-10 10:00+09:00")
        assert not reading.is_ready
        assert "表の上の見出し「令和8" in reading.asks_year

    def test_and_the_page_goes_on_only_with_an_answer(self, client, next_month, editor):
        changed = ("令和8年度 様式第2号（令和2年4月改正）", *self.FORM[1:])
        following, reading = next_month(csv(*self.FORM), csv(*changed), fiscal_year=2025, on="2026-06-10 10:00+09:00")
        with time_machine.travel("2026-06-10 10:00+09:00"):
            client.force_login(editor)
            url = reverse("imports:reading", args=[following.pk])
            page = client.get(url)
            assert reading.asks_year in page.context["reading"].asks_year
            sent = fields_of(page)
            assert client.post(url, sent).status_code == 422
            assert client.post(url, sent | {"fiscal_year": 2025}).status_code == 302
        following.refresh_from_db()
        assert {line.period.year for line in following.lines.all()} == {2025}

    def test_months_with_years_of_their_own_need_none(self, next_month):
        rows = ("様式第2号（令和2年4月改正）", "", "月,総申請件数", "R7.4,5", "R7.5,6")
        _, reading = next_month(csv(*rows), csv(*rows), fiscal_year=2024)
        assert (reading.is_ready, reading.mapping.fiscal_year) == (True, None)

    def test_a_month_that_the_title_told_wrong_is_asked_for_again(self, next_month):
        rows = ("令和7年4月 様式", "", "項目,件数", "総申請件数,7", "LINE友だち登録者数,5")
        _, reading = next_month(csv(*rows), csv(*rows), month=date(2025, 5, 1))
        assert (reading.needs_month, reading.mapping.month) == (True, None)

    def test_other_answers_say_that_they_are_last_time_s(self, next_month):
        data = csv("年月,満足度", "R7.4,45.66", "R7.5,3")
        following, _ = next_month(data, data, keeps_digits=True)
        assert assumed(following)["指標の桁より細かい値"] == ("そのままの桁で取り込む", "前回の「月報」から")


def test_the_command_names_what_is_not_taken(tmp_path, editor, department, world, june, capsys):
    who = access(editor)
    data = csv("年月,総申請件数,天気", "R7.3,1,101", "R7.4,2,98")
    file = receive(data, "件数.csv", access=who, department=department)
    remember("月報", reading_of(file, access=who), access=who, department=department)
    path = tmp_path / "件数.csv"
    path.write_bytes(data)
    number = editor.employee_number
    call_command("import_measurements", str(path), user=number, department=department.code, dry_run=True)
    assert "取り込まない：「天気」（指標を選んでいない名前、値2件）" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("月報.xlsx", "月報（情報政策課）"),
        ("窓口実績_R7.5月分.csv", "窓口実績（情報政策課）"),
        ("令和７年度_来庁者数（５月）.xlsx", "来庁者数（情報政策課）"),
        ("202505.csv", "表（情報政策課）"),
    ],
)
def test_a_name_without_its_dates_is_suggested_for_next_month(editor, department, world, june, name, suggested):
    data = csv("年月,総申請件数", "R7.3,1", "R7.4,2")
    file = receive(data, name.rsplit(".", 1)[0] + ".csv", access=access(editor), department=department)
    assert suggested_name(file, reading_of(file, access=access(editor)).found.table) == suggested

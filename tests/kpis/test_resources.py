"""Files of values and targets: shown first, all or none, and the same file twice changes nothing."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.back_office.access import follow_staff_flag
from japan.missing import MissingReason
from jobs.models import Job
from kpis.models import Measurement, Revision, Rule, Target
from kpis.values.closed import close_month
from tests.kpis.imports.conftest import xlsx
from tests.kpis.world import access, put

VALUES = "/admin/kpis/measurement/"
HEADER = "指標コード,対象期間,値"


@pytest.fixture
def office(reform_office, signed_in):
    follow_staff_flag(reform_office)
    return signed_in(reform_office)


def preview(
    office, *lines: str, url: str = VALUES, encoding: str = "utf-8", content: bytes | None = None, **typed: str
):
    body = content if content is not None else "\n".join(lines).encode(encoding)
    upload = SimpleUploadedFile("値.csv", body)
    form = {"import_file": upload, "format": "0", "resource": "0", "reason": "月次の取り込み"}
    return office.post(f"{url}import/", form | typed)


def confirm(office, shown, url: str = VALUES):
    form = shown.context["confirm_form"]
    return office.post(f"{url}process_import/", {name: form[name].value() for name in form.fields}, follow=True)


def refused(shown) -> str:
    """What the page says; it offers nothing to confirm."""
    assert "confirm_form" not in shown.context
    return re.sub(r"<[^>]+>", "", shown.content.decode())


class TestValues:
    def test_a_preview_saves_nothing_and_its_confirmation_leaves_revisions(self, office, world, reform_office) -> None:
        shown = preview(office, HEADER, "friends,2025-04,４万", "online,令和7年4月,－")
        assert "<ins>40000</ins>" in shown.content.decode()
        assert not Measurement.objects.exists()
        confirm(office, shown)
        assert Measurement.objects.get(series__kpi=world.friends).value == Decimal(40_000)
        assert Measurement.objects.get(series__kpi=world.online).missing_reason == "not_applicable"
        assert {(r.actor, r.reason) for r in Revision.objects.all()} == {(reform_office, "月次の取り込み")}

    def test_the_confirmed_file_asks_for_the_summaries_and_the_preview_does_not(self, office, world) -> None:
        shown = preview(office, HEADER, "friends,2025-04,1")
        assert not Job.objects.exists()
        confirm(office, shown)
        assert Job.objects.get().subject == f"kpi:{world.friends.pk}"

    def test_the_same_file_twice_changes_nothing(self, office, world) -> None:
        for _ in range(2):
            page = confirm(office, preview(office, HEADER, "friends,2025-04,40000", "hours,令和6年度,▲3"))
        assert "新しい行0、変わった行0、変わらない行2" in page.content.decode()
        assert Revision.objects.count() == 2

    def test_cp932_and_a_file_of_excel_are_read_alike(self, office, world) -> None:
        book = openpyxl.Workbook()
        for row in (["指標コード", "対象期間", "値"], ["friends", "2025-04", 40000]):
            book.active.append(row)
        out = io.BytesIO()
        book.save(out)
        confirm(office, preview(office, HEADER, "friends,2025-04,40000", encoding="cp932"))
        confirm(office, preview(office, content=out.getvalue()))
        assert [m.version for m in Measurement.objects.all()] == [1]

    @pytest.mark.parametrize(
        ("lines", "message"),
        [
            ((HEADER, "friends,2025-04,1", "friends,令和7年4月,2"), "同じ行が上にもあります"),
            ((HEADER, "friends,2025-04,1", "online,2025-04,"), "値が空です"),
            ((HEADER, "friends,2025-04,1", "online,2025-04,1_000"), "読み取れません"),
            ((HEADER, "friends,2025-04,1", "online,2025-04,0.5"), "整数で"),
            ((HEADER, "friends,2025-04,1", "nothing,2025-04,1"), "という指標コードはない"),
            ((HEADER, "friends,2025-04,1", "services,2025-04,1"), "この指標の内訳：a、b"),
            ((HEADER, "friends,2025-04,1", "online,2025,1"), "年度か暦年か"),
            ((HEADER, "friends,2025-04,1", "online,,1"), "対象期間が空"),
            (("指標コード,対象期間", "friends,2025-04"), "必要な列がありません：値"),
            ((HEADER + ",あたい", "friends,2025-04,1,2"), "使えない列があります：あたい"),
        ],
    )
    def test_one_wrong_row_saves_nothing_and_is_named(self, office, world, lines, message) -> None:
        assert message in refused(preview(office, *lines))
        assert not Measurement.objects.exists()

    def test_the_wrong_row_carries_the_number_that_excel_shows(self, office, world) -> None:
        shown = preview(office, HEADER, "friends,2025-04,1", "online,2025-04,")
        assert [row.number for row in shown.context["result"].invalid_rows] == [3]

    def test_a_value_that_changed_after_the_preview_is_not_overwritten(self, office, world) -> None:
        put(world.friends, "2025-04", 1)
        shown = preview(office, HEADER, "friends,2025-04,2", "online,2025-04,2")
        put(world.friends, "2025-04", 3)
        page = confirm(office, shown).content.decode()
        assert "プレビューの後に" in page
        assert "1行も保存していません" in page
        assert 'href="/admin/kpis/measurement/import/">ファイルを選び直す' in page
        assert Measurement.objects.get().value == 3

    def test_a_row_that_became_wrong_after_the_preview_saves_nothing(self, office, world) -> None:
        shown = preview(office, HEADER, "friends,2025-04,2", "online,2025-04,2")
        world.online.series.all().delete()
        assert "1行も保存していません" in confirm(office, shown).content.decode()
        assert not Measurement.objects.exists()

    def test_a_rule_that_stops_departments_stops_a_file_and_names_the_figure(self, office, world) -> None:
        Rule.objects.create(kpi=world.friends, kind="range", severity="hard", maximum=200)
        said = refused(preview(office, HEADER, "friends,2025-04,99999", "online,2025-05,2"))
        assert "LINE友だち登録者数" in said
        assert "令和7(2025)年4月" in said
        assert not Measurement.objects.exists()

    def test_what_gives_away_something_withheld_is_not_taken_from_a_file(self, office, world) -> None:
        put(world.copies, "2025-04", 1000)
        put(world.copies, "2025-04", 600, "a")
        row = f"copies,b,2025-04,{MissingReason.WITHHELD.symbol}"
        said = refused(preview(office, "指標コード,内訳コード,対象期間,値", row))
        assert "引き算で値が分かります" in said
        assert "1件ずつ登録してください" in said
        assert not Measurement.objects.filter(series__code="b").exists()

    def test_a_doubt_does_not_stop_the_office_which_gives_a_reason_anyway(self, office, world) -> None:
        Rule.objects.create(kpi=world.friends, kind="range", severity="soft", maximum=200)
        confirm(office, preview(office, HEADER, "friends,2025-04,99999"))
        assert Measurement.objects.get().value == 99999

    def test_a_file_with_a_closed_month_saves_nothing(self, office, world, reform_office) -> None:
        close_month(date(2025, 4, 1), access=access(reform_office))
        shown = preview(office, HEADER, "friends,2025-04,2", "online,2025-05,2")
        assert "確定しているため、変更できません" in refused(shown)
        assert not Measurement.objects.exists()

    def test_confirming_twice_stores_once_and_is_no_error(self, office, world) -> None:
        shown = preview(office, HEADER, "friends,2025-04,2")
        confirm(office, shown)
        assert "もうありません" in confirm(office, shown).content.decode()
        assert Revision.objects.count() == 1

    def test_a_file_without_a_reason_is_refused(self, office, world) -> None:
        assert "reason" in preview(office, HEADER, "friends,2025-04,1", reason="").context["form"].errors

    def test_a_file_that_is_no_table_is_refused_with_what_to_do(self, office, world) -> None:
        assert "壊れて" in refused(preview(office, content=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))

    def test_marks_and_times_are_kept_where_the_file_has_no_such_column(self, office, world) -> None:
        put(world.friends, "2025-04", 1, is_rounded=True, note="公表値")
        confirm(office, preview(office, HEADER, "friends,2025-04,2"))
        measurement = Measurement.objects.get()
        assert (measurement.value, measurement.is_rounded, measurement.note) == (2, True, "公表値")


class TestExports:
    def export(self, office, kind: str, url: str = VALUES) -> bytes:
        return office.post(f"{url}export/", {"format": kind, "resource": "0"}).content

    def test_a_csv_has_plain_numbers_western_dates_and_no_live_formula(self, office, world) -> None:
        put(world.friends, "2025-04", -40_000, note="=1+1", as_of="2025-04-30")
        text = self.export(office, "0").decode("utf-8-sig")
        assert "friends,total,月,2025-04,-40000,," in text
        assert "2025-04-30" in text
        assert ",'=1+1," in text

    def test_an_xlsx_has_numbers_and_text_that_is_no_formula(self, office, world) -> None:
        put(world.friends, "2025-04", 40_000, note="=1+1")
        sheet = openpyxl.load_workbook(io.BytesIO(self.export(office, "1"))).active
        cells = {header.value: cell for header, cell in zip(sheet[1], sheet[2], strict=True)}
        assert (cells["値"].value, cells["値"].data_type) == (40_000, "n")
        assert (cells["注記"].value, cells["注記"].data_type) == ("=1+1", "s")

    @pytest.mark.parametrize("kind", ["0", "1"])
    def test_an_exported_file_imports_without_a_change(self, office, world, kind) -> None:
        put(world.friends, "2025-04", 40_000, note="=1+1", as_of="2025-04-30", is_rounded=True)
        put(world.hours, "FY2024", -3)
        put(world.visits, "2025-04", None, "a", missing_reason="withheld")
        shown = preview(office, content=self.export(office, kind))
        assert shown.context["result"].totals["skip"] == 3


class TestNumbersAsTheyAreShown:
    """The back office's table obeys the rules of every other file: number formats, units, ▲."""

    def sent(self, office, code: str, value: object, format: str = "General"):
        content = xlsx(["指標コード", "対象期間", "値"], [code, "2025-04", value], C2=format)
        return preview(office, content=content)

    @pytest.mark.parametrize(
        ("code", "value", "format", "shown"),
        [
            ("satisfaction", 0.457, "0.0%", "45.7"),
            ("satisfaction", 1, "0%", "100"),
            ("friends", 5, '0"人"', "5"),
            ("friends", "▲1,234人", "@", "-1234"),
            ("friends", 1.2, '0.0"千人"', "1200"),
        ],
    )
    def test_are_taken_as_shown(self, office, world, code, value, format, shown) -> None:
        assert f"<ins>{shown}</ins>" in self.sent(office, code, value, format).content.decode()

    @pytest.mark.parametrize(
        ("code", "value", "format"),
        [
            ("friends", 0.5, "0%"),
            ("friends", 5, '0"円"'),
            ("satisfaction", 45.669, "0.0"),
            ("friends", 12345, "#,##0,"),
        ],
    )
    def test_are_refused_where_they_say_something_else(self, office, world, code, value, format) -> None:
        assert refused(self.sent(office, code, value, format))

    def test_a_target_in_another_unit_is_refused(self, office, world) -> None:
        url = "/admin/kpis/target/"
        head = ["指標コード", "年度", "月", "目標値"]
        shown = preview(office, url=url, content=xlsx(head, ["friends", 2025, None, 0.5], D2="0%"))
        assert "単位が違います" in refused(shown)
        taken = preview(office, url=url, content=xlsx(head, ["satisfaction", 2025, None, 0.5], D2="0%"))
        assert "<ins>50</ins>" in taken.content.decode()


class TestTargets:
    URL = "/admin/kpis/target/"

    def upload(self, office, *lines: str):
        return preview(office, "指標コード,年度,月,目標値", *lines, url=self.URL)

    def test_the_list_of_targets_leads_to_taking_a_table_and_to_one(self, office, world) -> None:
        page = office.get(self.URL).content.decode()
        assert f'href="{self.URL}import/' in page
        assert f'href="{self.URL}export/' in page

    def test_targets_are_added_changed_and_left_by_their_key(self, office, world, june) -> None:
        Target.objects.create(kpi=world.friends, fiscal_year=2025, value=1)
        Target.objects.create(kpi=world.visits, fiscal_year=2025, value=5)
        confirm(office, self.upload(office, "friends,2025,,5万", "friends,2025,4,41000", "visits,2025,,5"), self.URL)
        stored = {(t.kpi.code, t.month): t.value for t in Target.objects.all()}
        assert stored == {("friends", None): 50_000, ("friends", 4): 41_000, ("visits", None): 5}

    def test_only_changed_targets_ask_for_summaries(self, office, world) -> None:
        Target.objects.create(kpi=world.visits, fiscal_year=2025, value=5)
        confirm(office, self.upload(office, "friends,2025,,50000", "visits,2025,,5"), self.URL)
        assert {job.subject for job in Job.objects.all()} == {f"kpi:{world.friends.pk}"}

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ("nothing,2025,,5", "という指標コードはありません"),
            ("friends,2025,13,5", "月は1から12"),
            ("friends,2025,,", "NULL|必須|入力"),
            ("friends,2025,4.5,5", "整数"),
        ],
    )
    def test_one_wrong_row_saves_nothing(self, office, world, line, message) -> None:
        assert re.search(message, refused(self.upload(office, "visits,2025,,5", line)))
        assert not Target.objects.exists()

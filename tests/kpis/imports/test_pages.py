"""Taking a file over in the browser: chosen, read, looked through, taken."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kpis.imports import Changed, apply_file, look_through, reading_of
from kpis.models import Entry, ImportedFile, ImportLine, ImportMapping, Measurement, Rule
from tests.kpis.imports.conftest import csv, sealed
from tests.kpis.reporting_world import draft
from tests.kpis.world import access, part, put

FRIENDS = csv("年月,ともだち", "R7.4,100", "R7.5,110")


@pytest.fixture
def client(client, editor, world, june):
    client.force_login(editor, backend="accounts.leaving.PostBackend")
    return client


def upload(client, data: bytes, name: str = "a.csv", **fields):
    target = client.get(reverse("imports:list")).context["form"].fields["target"].initial
    sent = {"file": SimpleUploadedFile(name, data), "target": target} | fields
    return client.post(reverse("imports:list"), sent)


def fields_of(page) -> dict[str, object]:
    """What a browser would send back of the reading's form, untouched."""
    return {field.html_name: field.value() for field in page.context["form"] if field.value() not in (None, "", [])}


def decide(client, file: ImportedFile, **changed):
    url = reverse("imports:reading", args=[file.pk])
    return client.post(url, fields_of(client.get(url)) | changed)


def test_a_clerk_takes_an_unknown_file_over_in_three_steps(client, world):
    response = upload(client, FRIENDS)
    file = ImportedFile.objects.get()
    assert response.url == reverse("imports:reading", args=[file.pk])
    response = decide(client, file, series0="friends/total", name="友だちの表")
    assert response.url == reverse("imports:preview", args=[file.pk])
    page = client.get(response.url)
    assert [shown.after for shown in page.context["lines"]] == ["100人", "110人"]
    client.post(response.url, sealed(file, note="システムの出力"))
    assert Entry.objects.submitted().count() == 2
    assert "取込済" in client.get(response.url).text


def test_next_month_s_file_of_the_shape_goes_straight_to_its_preview(client):
    upload(client, FRIENDS)
    decide(client, ImportedFile.objects.get(), series0="friends/total", name="友だちの表")
    response = upload(client, FRIENDS)
    assert response.url == reverse("imports:preview", args=[ImportedFile.objects.latest("pk").pk])
    assert ImportMapping.objects.get().name == "友だちの表"


def test_a_name_that_is_new_this_month_is_asked_about_before_the_preview(client):
    rows = ("対象月,項目,件数", "R7.4,総申請件数,5", "R7.4,LINE友だち登録者数,6")
    upload(client, csv(*rows))
    decide(client, ImportedFile.objects.get(), name="月報")
    response = upload(client, csv(*rows, "R7.5,新しい窓口,7"))
    assert response.url == reverse("imports:reading", args=[ImportedFile.objects.latest("pk").pk])
    assert "前にはなかった名前" in client.get(response.url).text


def test_a_file_that_cannot_be_read_is_refused_under_its_field_and_not_kept(client):
    response = upload(client, b"<html><body>404</body></html>", "a.xlsx")
    assert response.status_code == 422
    assert "ウェブページ" in response.text
    assert not ImportedFile.objects.exists()


def test_a_file_that_is_too_large_is_refused_before_it_is_read(client, monkeypatch):
    monkeypatch.setattr("kpis.imports.forms.MAX_BYTES", 10)
    monkeypatch.setattr("kpis.imports.receive", lambda *args, **kwargs: pytest.fail("it was read"))
    response = upload(client, FRIENDS)
    assert response.status_code == 422
    assert "大きすぎます" in response.text


def test_another_arrangement_is_shown_before_it_counts(client):
    upload(client, FRIENDS)
    file = ImportedFile.objects.get()
    response = decide(client, file, arrangement="", month_column="", month="2025-05", label_columns=["年月"])
    assert response.url == reverse("imports:reading", args=[file.pk])
    assert list(client.get(response.url).context["reading"].labels) == ["R7.4", "R7.5"]
    assert not file.lines.exists()


def test_a_month_that_cannot_be_read_is_told_at_its_field_and_all_that_was_chosen_stays(client):
    upload(client, FRIENDS)
    response = decide(client, ImportedFile.objects.get(), month="いつか", series0="friends/total")
    assert response.status_code == 422
    assert response.context["form"]["series0"].value() == "LINE友だち登録者数（人）"


def test_refused_values_come_first_and_nothing_can_be_taken_over(client):
    upload(client, csv("年月,LINE友だち登録者数", "R7.3,1", "R7.4,2", "R7.5,たくさん"))
    file = ImportedFile.objects.get()
    decide(client, file)
    page = client.get(reverse("imports:preview", args=[file.pk]))
    assert page.context["lines"][0].line.outcome == "refused"
    assert "取り込んで確認者へ提出する" not in page.text
    answer = client.post(reverse("imports:preview", args=[file.pk]), sealed(file))
    assert (answer.status_code, Entry.objects.exists()) == (422, False)


def test_a_conflict_shows_the_newer_value_and_saves_nothing(client, world, editor):
    upload(client, csv("年月,LINE友だち登録者数", "R7.4,100", "R7.5,110"))
    file = ImportedFile.objects.get()
    decide(client, file)
    draft(part(world.friends), editor, "7", date(2025, 4, 1))
    answer = client.post(reverse("imports:preview", args=[file.pk]), sealed(file))
    assert answer.status_code == 422
    assert "ほかの人が更新しました" in answer.text
    assert "7人" in [shown.before for shown in answer.context["lines"]]


class TestWhatAnotherPageChangedMeanwhile:
    """What is taken over is what this page showed."""

    @pytest.fixture
    def file(self, client, world) -> ImportedFile:
        upload(client, csv("年月,LINE友だち登録者数", "R7.4,12", "R7.5,13"))
        file = ImportedFile.objects.get()
        decide(client, file)
        return file

    def test_is_shown_and_nothing_is_taken_over(self, client, file):
        first = sealed(file, note="月次")
        decide(client, file, scale="thousand")  # in another page
        answer = client.post(reverse("imports:preview", args=[file.pk]), first)
        assert (answer.status_code, Entry.objects.exists()) == (422, False)
        assert "何も取り込んでいません" in answer.text
        assert [shown.after for shown in answer.context["lines"]] == ["12,000人", "13,000人"]
        assert 'value="月次"' in answer.text  # what was typed stays
        again = {"seal": answer.context["seal"], "note": "月次"}
        client.post(reverse("imports:preview", args=[file.pk]), again)
        assert sorted(Entry.objects.values_list("value", flat=True)) == [12_000, 13_000]

    def test_a_doubt_nobody_saw_is_not_answered(self, client, file, world):
        first = sealed(file, is_confirmed="on", change_reason="event")
        Rule.objects.create(kpi=world.friends, kind="range", severity="soft", maximum=12)
        decide(client, file)
        answer = client.post(reverse("imports:preview", args=[file.pk]), first)
        assert (answer.status_code, Entry.objects.exists()) == (422, False)
        form = answer.context["form"]
        assert not form["is_confirmed"].value()
        assert not form["change_reason"].value()
        answered = client.post(
            reverse("imports:preview", args=[file.pk]), {"seal": first["seal"], "action": "answer", "answer-1": "event"}
        )
        assert answered.status_code == 422
        assert not file.lines.exclude(change_reason="").exists()

    def test_the_same_preview_made_anew_is_taken_over(self, client, file):
        first = sealed(file)
        decide(client, file)
        client.post(reverse("imports:preview", args=[file.pk]), first)
        assert Entry.objects.submitted().count() == 2

    def test_a_page_without_a_seal_takes_nothing_over(self, client, file):
        ImportedFile.objects.update(understood={k: v for k, v in file.understood.items() if k != "seal"})
        answer = client.post(reverse("imports:preview", args=[file.pk]), {"note": ""})
        assert (answer.status_code, Entry.objects.exists()) == (422, False)
        assert answer.context["seal"]

    def test_it_is_looked_at_again_under_the_lock(self, file, editor):
        seen = ImportedFile.objects.get(pk=file.pk)
        file.refresh_from_db()
        who = access(editor)
        scaled = replace(reading_of(file, access=who).mapping, scale="thousand")
        look_through(file, reading_of(file, access=who, mapping=scaled), access=who)
        with pytest.raises(Changed):
            apply_file(seen, access=who)
        assert not Entry.objects.exists()

    def test_what_was_taken_over_is_not_looked_through_again(self, file, editor):
        seen = ImportedFile.objects.get(pk=file.pk)
        apply_file(ImportedFile.objects.get(pk=file.pk), access=access(editor))
        with pytest.raises(ValidationError, match="取込済"):
            look_through(seen, reading_of(seen, access=access(editor)), access=access(editor))
        assert ImportedFile.objects.get().state == "applied"


def test_the_reform_office_records_for_all_departments(client, world, reform_office):
    client.force_login(reform_office, backend="accounts.leaving.PostBackend")
    upload(client, csv("年月,LINE友だち登録者数", "R6.4,100", "R6.5,110"), target="record")
    file = ImportedFile.objects.get()
    decide(client, file)
    preview = reverse("imports:preview", args=[file.pk])
    assert "実績値（取りまとめ課が直接登録）" in client.get(preview).content.decode()
    client.post(preview, sealed(file, note=""))
    assert Measurement.objects.filter(series=part(world.friends)).count() == 2


def test_once_taken_over_the_page_still_tells_what_counted_before(client, world, reform_office):
    put(world.friends, "2024-04", 90)
    client.force_login(reform_office, backend="accounts.leaving.PostBackend")
    upload(client, csv("年月,LINE友だち登録者数", "R6.4,100", "R6.5,110"), target="record")
    file = ImportedFile.objects.get()
    decide(client, file)
    preview = reverse("imports:preview", args=[file.pk])
    assert "登録済みの実績値を変える理由" in client.post(preview, sealed(file, note="")).text
    client.post(preview, sealed(file, note="転記誤り"))
    put(world.friends, "2024-04", 120)  # corrected since
    page = client.get(preview)
    assert "取り込む前の実績値" in page.text
    told = {(shown.line.outcome, shown.before, shown.after) for shown in page.context["lines"]}
    assert told == {("changed", "90人", "100人"), ("new", "", "110人")}


def test_the_reform_office_hands_in_for_the_departments(client, world, reform_office):
    client.force_login(reform_office, backend="accounts.leaving.PostBackend")
    upload(client, csv("年月,LINE友だち登録者数", "R7.4,100", "R7.5,110"), target="report")
    file = ImportedFile.objects.get()
    decide(client, file)
    preview = reverse("imports:preview", args=[file.pk])
    assert "各所属の回答（取りまとめ課が提出）" in client.get(preview).content.decode()
    said = client.post(preview, sealed(file, note=""), follow=True).content.decode()
    assert "2件を確認者へ提出しました。" in said
    assert Entry.objects.submitted().count() == 2
    assert not Measurement.objects.exists()


def test_a_file_given_up_changes_nothing_and_cannot_be_opened_for_reading(client):
    upload(client, FRIENDS)
    file = ImportedFile.objects.get()
    client.post(reverse("imports:cancel", args=[file.pk]))
    file.refresh_from_db()
    assert file.state == "cancelled"
    assert client.get(reverse("imports:reading", args=[file.pk])).status_code == 302


class TestTemplate:
    def sheet(self, client):
        data = client.get(reverse("imports:template", args=["1010", 2025])).content
        book = openpyxl.load_workbook(io.BytesIO(data))
        return book, book.active

    def test_it_holds_what_is_stored_and_locks_all_but_value_and_reason(self, client, world):
        put(world.friends, "2025-04", 41)
        _, sheet = self.sheet(client)
        row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "friends" and row[4].value == "2025-04")
        assert row[5].value == 41
        assert [cell.protection.locked for cell in row] == [True] * 5 + [False, True, False]
        assert sheet.protection.sheet
        assert len(sheet.data_validations.dataValidation) == 1

    @pytest.mark.parametrize("name", ["=1+1", "＝1+1", "\u200b=1+1", "\n@SUM(A1)", "- 1"])
    def test_a_name_that_would_run_is_a_text(self, client, world, name):
        type(world.friends).objects.filter(pk=world.friends.pk).update(name=name)
        _, sheet = self.sheet(client)
        rows = [row for row in sheet.iter_rows(min_row=2, values_only=True) if row[0] == "friends"]
        assert {str(row[2])[:1] for row in rows} == {"'"}

    def test_unchanged_cells_stay_untouched_and_a_typed_one_is_all_that_changes(self, client, world):
        put(world.friends, "2025-04", 41)
        book, sheet = self.sheet(client)
        for row in sheet.iter_rows(min_row=2):
            if row[0].value == "friends" and row[4].value == "2025-05":
                row[5].value = 42
            if row[0].value == "online" and row[4].value == "2025-05":
                row[7].value = "集計中"
        out = io.BytesIO()
        book.save(out)
        response = upload(client, out.getvalue(), "様式.xlsx")
        file = ImportedFile.objects.get()
        assert response.url == reverse("imports:preview", args=[file.pk])
        assert (file.counts["new"], file.counts["same"]) == (2, 1)


def test_the_preview_costs_the_same_queries_for_any_number_of_lines(client, django_assert_num_queries):
    rows = [f"R{year}.{month},{year}{month}" for year in (5, 6) for month in range(1, 13)]
    upload(client, csv("年月,LINE友だち登録者数", *rows))
    file = ImportedFile.objects.get()
    decide(client, file)
    with django_assert_num_queries(8):
        client.get(reverse("imports:preview", args=[file.pk]))


def test_the_office_changes_the_way_without_beginning_anew_and_sees_where_each_value_goes(
    client, world, reform_office, department
):
    client.force_login(reform_office)
    upload(client, FRIENDS, target="record")
    file = ImportedFile.objects.get()
    decide(client, file, series0="friends/total", name="友だちの表")
    preview = reverse("imports:preview", args=[file.pk])
    page = client.get(preview)
    assert "取り込む先を「各所属の回答（取りまとめ課が提出）」に変える" in page.text
    assert {shown.line.outcome for shown in page.context["lines"]} == {"refused"}
    page = client.post(reverse("imports:other_way", args=[file.pk]), follow=True)
    assert "取り込む先を「各所属の回答（取りまとめ課が提出）」に変えました" in page.text
    assert [(shown.line.outcome, shown.reporter) for shown in page.context["lines"]] == [("new", "情報政策課")] * 2
    assert [shown.after for shown in page.context["lines"]] == ["100人", "110人"]
    client.post(preview, sealed(file, note=""))
    assert Entry.objects.submitted().count() == 2
    assert "「取込済」です" in client.post(reverse("imports:other_way", args=[file.pk]), follow=True).text


def test_the_department_reads_who_handed_its_values_in(client, world, reform_office, editor):
    client.force_login(reform_office)
    upload(client, FRIENDS, target="report")
    decide(client, ImportedFile.objects.get(), series0="friends/total", name="友だちの表")
    file = ImportedFile.objects.get()
    client.post(reverse("imports:preview", args=[file.pk]), sealed(file))
    client.force_login(editor)
    page = client.get(reverse("entries:month", args=["1010", "2025-05"])).text
    assert "構造改革・DX推進課 係長が、取り込んだファイルで提出しました。" in page


class TestWhichFigure:
    """One list of all figures serves every label of the file; without scripts it is a box to type into."""

    def test_the_page_holds_the_list_once_and_a_box_with_the_number_of_values_for_each_label(self, client):
        upload(client, csv("年月,ともだち,LINE友だち登録者数", "R7.3,9,100", "R7.4,,110"))
        page = client.get(reverse("imports:reading", args=[ImportedFile.objects.get().pk]))
        assert page.text.count('<option value="LINE友だち登録者数（人）">') == 1
        shown = [(field.label, field.value(), count) for field, count in page.context["form"].labels]
        assert shown == [("ともだち", "", 1), ("LINE友だち登録者数", "LINE友だち登録者数（人）", 2)]

    @pytest.mark.parametrize(
        "typed", ["LINE友だち登録者数（人）", "ＬＩＮＥ友だち登録者数", "line友だち登録者数 (人)", "friends/total"]
    )
    def test_a_figure_is_typed_in_any_width_by_its_name_or_code(self, client, typed):
        upload(client, FRIENDS)
        decide(client, ImportedFile.objects.get(), series0=typed)
        assert {line.series.kpi.code for line in ImportLine.objects.all()} == {"friends"}

    @pytest.mark.parametrize("typed", ["友だち", "来庁者数", "LINE友だち登録者数（件）", "visits"])
    def test_what_names_no_figure_or_several_is_refused_at_its_label_and_stays_as_typed(self, client, typed):
        upload(client, FRIENDS)
        answer = decide(client, ImportedFile.objects.get(), series0=typed)
        assert answer.status_code == 422
        assert f"「{typed}」という指標はありません" in answer.text
        assert answer.context["form"]["series0"].value() == typed
        assert not ImportLine.objects.exists()

    def test_an_emptied_box_leaves_the_label_out(self, client):
        upload(client, csv("年月,総申請件数,LINE友だち登録者数", "R7.3,9,100", "R7.4,8,110"))
        decide(client, ImportedFile.objects.get(), series0="")
        assert {line.series.kpi.code for line in ImportLine.objects.all()} == {"friends"}

    def test_the_page_grows_by_a_line_for_each_label_and_costs_the_same_queries(
        self, client, django_assert_num_queries
    ):
        sizes = []
        for count in (10, 110):
            upload(
                client, csv("項目,R7.3,R7.4", *[f"窓口{n:04}の記録,{n}7,{n}8" for n in range(count)]), f"{count}.csv"
            )
            url = reverse("imports:reading", args=[ImportedFile.objects.latest("pk").pk])
            with django_assert_num_queries(10):  # two of them mark the file while it is read (kpis.imports.being_read)
                sizes.append(len(client.get(url).content))
        assert (sizes[1] - sizes[0]) / 100 < 300


def test_a_file_is_read_once_while_it_is_handed_in(client, monkeypatch):
    """Also where the way of reading is known and the preview is made at once."""
    from kpis.imports import receiving

    read = []
    opened = receiving.open_tables
    monkeypatch.setattr(receiving, "open_tables", lambda *asked: (read.append(asked[1]), opened(*asked))[1])
    upload(client, FRIENDS)
    decide(client, ImportedFile.objects.get(), name="友だち", series0="LINE友だち登録者数")
    read.clear()
    answer = upload(client, FRIENDS, "b.csv")
    assert answer["Location"] == reverse("imports:preview", args=[ImportedFile.objects.get(name="b.csv").pk])
    assert read == ["b.csv"]

"""Papers attached to a figure's month: what is taken, who sees them, how they leave, how they are taken back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from kpis.entries.evidence import attach, listed, may_see, shown_name, take_back
from kpis.models import Evidence
from kpis.values.closed import close_month, reopen
from tests.kpis.reporting_world import MONTH, handed_in
from tests.kpis.world import access, put

PDF = b"%PDF-1.7 a paper"


@pytest.fixture
def client(signed_in, editor):
    return signed_in(editor)


def upload(client, series, content=PDF, name="集計表.pdf", **more):
    url = reverse("entries:evidence_add", args=[series.pk, "2025-05"])
    return client.post(url, {"file": SimpleUploadedFile(name, content), **more}, follow=True)


@pytest.fixture
def paper(month, editor, department):
    file = SimpleUploadedFile("集計表.pdf", PDF)
    return attach(file, kpi=month.friends.kpi, department=department, month=MONTH, access=access(editor))


class TestAttaching:
    def test_a_paper_is_listed_with_who_attached_it(self, client, month):
        html = upload(client, month.friends, note="LINEの管理画面").content.decode()
        for words in ("根拠資料を添付しました。", "集計表.pdf", "LINEの管理画面", "主査 入力 花子"):
            assert words in html

    def test_it_lies_outside_the_web_root_under_a_name_of_its_own(self, client, month, settings):
        upload(client, month.friends, name="../../<b>x.pdf")
        paper = Evidence.objects.get()
        path = Path(paper.file.path)
        assert path.is_relative_to(Path(settings.MEDIA_ROOT) / "evidence")
        assert len(path.stem) == 32
        assert path.read_bytes() == PDF
        assert paper.name == "<b>x.pdf"

    @pytest.mark.parametrize(
        ("content", "name", "words"),
        [
            (b"<html><script>alert(1)</script>", "a.pdf", "この種類のファイルは添付できません"),
            (PDF, "a.xlsx", "中身はPDF"),
            (b"", "a.pdf", "空です"),
        ],
    )
    def test_what_is_not_what_it_says_is_refused_and_kept_nowhere(self, client, month, settings, content, name, words):
        assert words in upload(client, month.friends, content, name).content.decode()
        assert not Evidence.objects.exists()
        assert not (Path(settings.MEDIA_ROOT) / "evidence").exists()

    def test_a_paper_over_the_limit_is_refused(self, client, month, settings):
        settings.EVIDENCE_MAX_MB = 1
        assert "1MBまで" in upload(client, month.friends, PDF + b" " * 1024 * 1024).content.decode()
        assert not Evidence.objects.exists()

    def test_sending_no_file_says_so(self, client, month):
        url = reverse("entries:evidence_add", args=[month.friends.pk, "2025-05"])
        assert "添付するファイルを選んでください" in client.post(url, {}, follow=True).content.decode()

    def test_a_note_with_a_letter_that_no_database_keeps_is_refused(self, client, month):
        assert upload(client, month.friends, note="図\x00").status_code == 422
        assert not Evidence.objects.exists()

    def test_a_note_that_is_too_long_is_refused(self, client, month):
        assert "200字以内" in upload(client, month.friends, note="あ" * 201).content.decode()

    @pytest.mark.parametrize("who", ["approver", "reform_office", "other_editor"])
    def test_only_an_editor_of_the_department_attaches(self, month, department, request, who):
        person = access(request.getfixturevalue(who))
        with pytest.raises(PermissionDenied):
            attach(
                SimpleUploadedFile("a.pdf", PDF),
                kpi=month.friends.kpi,
                department=department,
                month=MONTH,
                access=person,
            )

    def test_a_broken_file_raises_with_a_sentence(self, month, department, editor):
        file = SimpleUploadedFile("a.docx", b"PK\x03\x04")
        with pytest.raises(ValidationError, match="壊れて"):
            attach(file, kpi=month.friends.kpi, department=department, month=MONTH, access=access(editor))


class TestLeaving:
    def test_it_leaves_as_a_download_that_no_browser_runs_or_guesses_at(self, client, paper):
        response = client.get(reverse("entries:evidence", args=[paper.pk]))
        assert b"".join(response.streaming_content) == PDF
        assert response["Content-Disposition"].startswith("attachment;")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Type"] == "application/pdf"
        assert "sandbox" in response["Content-Security-Policy"]

    @pytest.mark.parametrize(
        ("who", "status"),
        [("approver", 200), ("reform_office", 200), ("other_editor", 403), ("viewer", 403)],
    )
    def test_before_approval_it_is_for_those_who_see_the_entry(self, signed_in, paper, request, who, status):
        client = signed_in(request.getfixturevalue(who))
        response = client.get(reverse("entries:evidence", args=[paper.pk]))
        assert list(response)  # read to its end: that closes the file, and not the database's connection
        assert response.status_code == status

    def test_of_a_value_that_counts_it_is_for_all_who_see_the_value(self, signed_in, viewer, paper, month):
        put(month.friends.kpi, "2025-05", 41_000)
        response = signed_in(viewer).get(reverse("entries:evidence", args=[paper.pk]))
        assert list(response)  # read to its end: that closes the file, and not the database's connection
        assert response.status_code == 200

    def test_it_follows_to_the_office_that_comes_to_register_the_value(
        self, signed_in, paper, month, other_department, other_editor
    ):
        assert not may_see(access(other_editor), paper)
        month.friends.reportings.update(registrar=other_department)
        assert may_see(access(other_editor), paper)
        panel = signed_in(other_editor).get(reverse("entries:panel", args=[month.friends.pk, "2025-05"]))
        html = panel.content.decode()
        assert reverse("entries:evidence", args=[paper.pk]) in html
        assert reverse("entries:evidence_remove", args=[paper.pk]) not in html  # it is not this office's to take away


class TestTakingBack:
    def test_it_is_no_longer_listed_nor_given_out_but_stays_on_record(self, client, paper, month):
        url = reverse("entries:evidence_remove", args=[paper.pk])
        html = client.post(url, {"cell": f"{month.friends.pk}/2025-05"}, follow=True).content.decode()
        assert "「集計表.pdf」を取り下げました。" in html
        assert client.get(reverse("entries:evidence", args=[paper.pk])).status_code == 404
        paper.refresh_from_db()
        assert paper.removed_at
        assert (paper.removed_by.name, paper.removed_post) == ("入力 花子", "情報政策課 主査")
        assert Path(paper.file.path).exists()

    def test_the_month_tells_who_took_it_back(self, client, paper, month):
        take_back(paper, access=access(paper.uploaded_by))
        html = client.get(reverse("entries:panel", args=[month.friends.pk, "2025-05"])).content.decode()
        assert "取り下げた資料：集計表.pdf（情報政策課 主査 入力 花子、" in html
        assert "いま添付されている資料はありません" in html

    def test_what_was_taken_back_stays_as_it_was(self, paper):
        take_back(paper, access=access(paper.uploaded_by))
        with pytest.raises(IntegrityError, match="evidence_changes_when_taken_back_only"), transaction.atomic():
            Evidence.objects.filter(pk=paper.pk).update(removed_at=None, removed_by=None)

    def test_only_an_editor_of_the_department_takes_it_back(self, paper, approver):
        with pytest.raises(PermissionDenied):
            take_back(paper, access=access(approver))

    def test_taking_it_back_twice_changes_nothing(self, paper, editor):
        assert take_back(paper, access=access(editor))
        assert not take_back(paper, access=access(editor))


def test_papers_of_another_month_are_not_listed(paper, month, department):
    assert listed(month.friends.kpi, [department], MONTH) == [paper]
    assert listed(month.friends.kpi, [department], date(2025, 4, 1)) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\共有\\集計.xlsx", "集計.xlsx"),
        ("a/b/c.pdf", "c.pdf"),
        ("bad\u202efdp.txt\x00", "badfdp.txt"),
        ("あ" * 300 + ".pdf", "あ" * 196 + ".pdf"),
    ],
)
def test_the_name_people_see_is_its_last_part_made_harmless(name, shown):
    assert shown_name(name) == shown


class TestWithheldAndClosed:
    def test_a_paper_of_a_withheld_value_stays_with_the_department(self, month, paper, viewer, editor):
        put(month.friends.kpi, "2025-05", 5)
        assert may_see(access(viewer), paper)
        put(month.friends.kpi, "2025-05", None, missing_reason="withheld")
        assert not may_see(access(viewer), paper)
        assert may_see(access(editor), paper)

    def test_papers_of_a_closed_month_come_and_go_only_once_it_is_open_again(
        self, client, month, paper, editor, reform_office, department
    ):
        on = date(2025, 6, 10)
        close_month(MONTH, access=access(reform_office, on))
        with pytest.raises(ValidationError, match="確定している"):
            take_back(paper, access=access(editor, on))
        url = reverse("entries:evidence_remove", args=[paper.pk])
        html = client.post(url, {"cell": f"{month.friends.pk}/2025-05"}, follow=True).content.decode()
        assert "資料を取り下げられません" in html
        assert "資料の添付と取下げはできません" in html
        assert "添付する</button>" not in html
        with pytest.raises(ValidationError, match="資料を添付できません"):
            attach(
                SimpleUploadedFile("後.pdf", b"%PDF-1.7 b"), kpi=month.friends.kpi, department=department, month=MONTH,
                access=access(editor, on),
            )  # fmt: skip
        reopen(MONTH, department, reason="誤り", until=date(2025, 6, 30), access=access(reform_office, on))
        assert take_back(paper, access=access(editor, on))


# --- A file that is not the one that was handed in ------------------------------------------------------------------
def test_a_paper_that_was_changed_on_the_disk_is_not_given_out(client, paper):
    Path(paper.file.path).write_bytes(b"%PDF-1.4 something else")
    answer = client.get(reverse("entries:evidence", args=[paper.pk]))
    assert answer.status_code == 500
    assert "登録したときのものと異なります" in answer.content.decode()
    assert not answer.streaming


def test_a_paper_that_is_gone_from_the_disk_is_told_so(client, paper):
    Path(paper.file.path).unlink()
    answer = client.get(reverse("entries:evidence", args=[paper.pk]))
    assert answer.status_code == 500
    assert "サーバーに見つかりません" in answer.content.decode()


class TestDeciding:
    """Who decides sees the papers where they decide."""

    def test_the_queue_marks_what_has_papers_and_the_decision_lists_them(
        self, month, paper, editor, approver, signed_in
    ):
        with_paper, without = handed_in(month.friends, editor, "5"), handed_in(month.hours, editor, "6")
        chief = signed_in(approver)
        assert chief.get(reverse("approvals:list")).content.decode().count("根拠資料あり") == 1
        page = chief.get(reverse("approvals:decide", args=[with_paper.pk])).content.decode()
        assert reverse("entries:evidence", args=[paper.pk]) in page
        assert "集計表.pdf" in page
        assert "集計表.pdf" not in chief.get(reverse("approvals:decide", args=[without.pk])).content.decode()
        assert chief.get(reverse("entries:evidence", args=[paper.pk])).status_code == 200

    def test_one_that_was_taken_back_is_not_shown(self, month, paper, editor, approver, signed_in):
        entry = handed_in(month.friends, editor, "5")
        take_back(paper, access=access(editor))
        chief = signed_in(approver)
        assert "根拠資料あり" not in chief.get(reverse("approvals:list")).content.decode()
        assert "集計表.pdf" not in chief.get(reverse("approvals:decide", args=[entry.pk])).content.decode()

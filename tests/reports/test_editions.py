"""Editions never change; the command makes them as the page does."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from kpis.values.recording import Change, record
from reports.exporting import ExportError, export
from reports.models import Edition, Report, Section


@pytest.fixture
def report(small_report) -> Report:
    """The small report with a cover."""
    Section.objects.create(report=small_report, order=1, kind="cover", title="表紙", options={"slogan": "変える"})
    return small_report


def make(report: Report, asked_at=None) -> Edition:
    return export(report, asked_at=asked_at or timezone.now(), author=None, post="試験")


def test_each_export_is_a_new_edition_and_leaves_the_older_as_they_were(report):
    first = make(report)
    before = Edition.objects.values().get(pk=first.pk)
    report.sections.update(title="新しい表紙")
    second = make(report)
    assert (first.number, second.number) == (1, 2)
    assert Edition.objects.values().get(pk=first.pk) == before
    assert first.html.name != second.html.name or first.html_sha256 == second.html_sha256


def test_running_the_same_export_twice_makes_one_edition(report):
    moment = timezone.now()
    first, second = make(report, moment), make(report, moment)
    assert first.pk == second.pk
    assert (first.pdf_sha256, first.html.name) == (second.pdf_sha256, second.html.name)


def test_an_export_that_fails_leaves_no_edition(report):
    report.sections.update(body="𠮷")
    with pytest.raises(ExportError, match="書体にない文字「𠮷」"):
        make(report)
    assert not Edition.objects.exists()


def test_a_number_is_given_once(report):
    edition = make(report)
    edition.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        edition.save()


def test_a_file_without_its_checksum_cannot_be_stored(report):
    edition = make(report)
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(pdf_sha256="")


def test_a_report_with_editions_cannot_be_deleted(report):
    make(report)
    with pytest.raises(Exception, match="protected"):
        report.delete()


def test_the_back_office_shows_editions_and_offers_no_change(report, reform_office, signed_in):
    edition = make(report)
    reform_office.is_superuser = True
    reform_office.save()
    client = signed_in(reform_office)
    address = reverse("admin:reports_edition_change", args=[edition.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"number": 9}).status_code == 403
    assert client.post(reverse("admin:reports_edition_delete", args=[edition.pk])).status_code == 403
    assert client.get(reverse("admin:reports_edition_add")).status_code == 403


def test_the_command_writes_both_files_and_keeps_the_edition(report, tmp_path, capsys):
    call_command("export_report", "1", html=tmp_path / "a.html", pdf=tmp_path / "a.pdf")
    edition = Edition.objects.get()
    assert (tmp_path / "a.html").read_bytes() == edition.html.read()
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    assert "改革だより vol.1 第1版 を作成しました。" in capsys.readouterr().out


def test_the_command_names_the_volumes_there_are(report):
    with pytest.raises(CommandError, match=r"vol\.7 のレポートはありません。登録済みの号：1"):
        call_command("export_report", "7")


def test_the_command_names_a_folder_that_is_not_there_before_it_works(report, tmp_path):
    with pytest.raises(CommandError, match="書き出し先のフォルダーがありません"):
        call_command("export_report", "1", pdf=tmp_path / "none" / "a.pdf")
    assert not Edition.objects.exists()


def test_the_command_names_a_path_it_cannot_write(report, tmp_path):
    with pytest.raises(CommandError, match="書き出せません"):
        call_command("export_report", "1", pdf=tmp_path)
    assert not Edition.objects.exists()


def test_the_command_says_why_a_report_cannot_be_made(report):
    report.as_of = date(2025, 5, 31)
    report.sections.all().delete()
    with pytest.raises(CommandError, match="ページがありません"):
        call_command("export_report", "1")


def test_an_edition_prints_what_was_approved_though_the_recomputation_still_waits(report, kpi, monkeypatch):
    made = kpi("friends", {("month", date(2025, 5, 1)): 40_000})
    Section.objects.create(report=report, order=2, kind="closing", title="ご報告", body="{{ kpi:friends.value }}")
    monkeypatch.setattr("kpis.values.recording.request_recompute", lambda kpi_ids: None)  # the queue is stuck
    change = Change(made.series.get().pk, date(2025, 5, 1), value=Decimal(61_111), expected_version=1)
    record([change], actor=None, post="", reason="訂正")
    assert "61,111" in json.dumps(make(report).snapshot, ensure_ascii=False)

"""The pages about reports: who may read, who may publish, what a click does."""

import hashlib
from datetime import date
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from jobs.models import Job
from reports.models import Edition, Report, Section


@pytest.fixture
def edition(small_report) -> Edition:
    """A published edition with two small files."""
    made = Edition(report=small_report, number=1, snapshot={}, snapshot_sha256="0" * 64, created_at=timezone.now())
    for kind, data in (("html", b"<!doctype html>"), ("pdf", b"%PDF-1.7")):
        getattr(made, kind).save(f"vol1.{kind}", ContentFile(data), save=False)
        setattr(made, f"{kind}_sha256", hashlib.sha256(data).hexdigest())
    made.save()
    return made


@pytest.fixture
def cover(small_report) -> Section:
    """The only page of the small report."""
    return Section.objects.create(
        report=small_report, order=1, kind="cover", title="表紙", options={"slogan": "変える"}
    )


def test_a_viewer_reads_the_editions_and_sees_nothing_to_change(viewer, signed_in, edition, cover):
    page = signed_in(viewer).get(reverse("reports:detail", args=[1])).content.decode()
    assert "第1版" in page
    assert reverse("reports:edition_pdf", args=[1, 1]) in page
    for words in ("公表版を作成する", "号の情報を直す", "ページ</h2>"):
        assert words not in page


def test_the_reform_office_sees_the_pages_and_the_button(reform_office, signed_in, cover):
    page = signed_in(reform_office).get(reverse("reports:detail", args=[1])).content.decode()
    assert "公表版を作成する" in page
    assert reverse("reports:section_edit", args=[1, cover.pk]) in page


@pytest.mark.parametrize("who", ["viewer", "editor", "approver"])
@pytest.mark.parametrize(
    ("method", "name", "arguments"),
    [
        ("get", "reports:create", []),
        ("get", "reports:edit", [1]),
        ("get", "reports:draft", [1]),
        ("post", "reports:export", [1]),
        ("get", "reports:section_edit", [1, "cover"]),
        ("post", "reports:section_edit", [1, "cover"]),
    ],
)
def test_only_the_reform_office_writes(request, signed_in, cover, who, method, name, arguments):
    client = signed_in(request.getfixturevalue(who))
    arguments = [cover.pk if each == "cover" else each for each in arguments]
    assert getattr(client, method)(reverse(name, args=arguments)).status_code == 403
    assert not Job.objects.exists()


def test_the_list_names_the_newest_edition(viewer, signed_in, edition, django_assert_num_queries):
    client = signed_in(viewer)
    client.get(reverse("reports:list"))
    with django_assert_num_queries(5):
        page = client.get(reverse("reports:list")).content.decode()
    assert "改革だより vol.1" in page
    assert "公表版 第1版" in page


def test_a_volumes_page_takes_as_many_queries_for_one_edition_as_for_many(
    viewer, signed_in, edition, django_assert_num_queries
):
    client = signed_in(viewer)
    for number in range(2, 8):
        edition.pk, edition.number = None, number
        edition.save()
    with django_assert_num_queries(5):
        client.get(reverse("reports:detail", args=[1]))


def test_a_download_is_the_published_file_under_a_speaking_name(viewer, signed_in, edition):
    answer = signed_in(viewer).get(reverse("reports:edition_pdf", args=[1, 1]))
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"
    assert answer["Content-Type"] == "application/pdf"
    assert "attachment" in answer["Content-Disposition"]
    assert "vol1_%E7%AC%AC1%E7%89%88.pdf" in answer["Content-Disposition"]


def test_an_edition_in_the_browser_may_run_and_load_nothing(viewer, signed_in, edition):
    answer = signed_in(viewer).get(reverse("reports:edition_view", args=[1, 1]))
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'none'" in policy


@pytest.mark.parametrize("name", ["reports:edition_pdf", "reports:edition_html", "reports:edition_view"])
def test_a_file_that_was_altered_is_not_handed_out(viewer, signed_in, edition, name):
    for kind in ("pdf", "html"):
        Path(getattr(edition, kind).path).write_bytes(b"altered")
    answer = signed_in(viewer).get(reverse(name, args=[1, 1]), follow=True)
    assert answer.redirect_chain == [(reverse("reports:detail", args=[1]), 302)]
    assert "ファイルが公表時のものと異なるため、お渡しできません。" in answer.content.decode()


def test_a_file_that_is_gone_says_whom_to_tell_and_the_page_still_opens(viewer, signed_in, edition):
    Path(edition.pdf.path).unlink()
    text = signed_in(viewer).get(reverse("reports:edition_pdf", args=[1, 1]), follow=True).content.decode()
    assert "改革だより vol.1 第1版 のPDFファイルが見つかりません。システムの管理者に連絡してください。" in text
    assert "PDF（ファイルがありません）" in text


def test_an_edition_that_was_never_made_is_not_found(viewer, signed_in, edition):
    assert signed_in(viewer).get(reverse("reports:edition_pdf", args=[1, 2])).status_code == 404


def test_asking_for_an_edition_leads_to_the_page_of_its_job(reform_office, signed_in, cover, finish_jobs):
    with finish_jobs():
        answer = signed_in(reform_office).post(reverse("reports:export", args=[1]))
    job = Job.objects.get()
    assert answer.url == reverse("jobs:detail", args=[job.pk])
    assert (job.state, job.percent) == (Job.State.DONE, 100)
    made = Edition.objects.get()
    assert (made.number, made.created_by, made.created_post) == (1, reform_office, "構造改革・DX推進課 係長")
    assert made.is_complete


def test_a_report_that_cannot_be_made_says_why_on_its_page(reform_office, signed_in, cover, finish_jobs):
    Section.objects.filter(pk=cover.pk).update(body="𠮷田")
    client = signed_in(reform_office)
    with finish_jobs():
        client.post(reverse("reports:export", args=[1]))
    assert not Edition.objects.exists()
    page = client.get(reverse("reports:detail", args=[1])).content.decode()
    assert "「表紙」のページに、書体にない文字「𠮷」があります。" in page


def test_a_draft_is_shown_without_storing_anything(reform_office, signed_in, cover):
    answer = signed_in(reform_office).get(reverse("reports:draft", args=[1]))
    assert "変える" in answer.content.decode()
    assert not Edition.objects.exists()


def test_a_draft_that_cannot_be_made_leads_back_with_the_reason(reform_office, signed_in, small_report):
    answer = signed_in(reform_office).get(reverse("reports:draft", args=[1]), follow=True)
    assert "改革だより vol.1 にはページがありません。" in answer.content.decode()


def test_the_next_volume_begins_with_the_pages_of_this_one(reform_office, signed_in, cover):
    client = signed_in(reform_office)
    form = client.get(reverse("reports:create")).context["form"]
    assert (form["volume"].value(), form["template"].value()) == (2, cover.report_id)
    data = {
        "volume": 2, "title": "改革だより", "first_fiscal_year": 2024, "last_fiscal_year": 2025, "as_of": "2026-05-31",
        "issuer": "見本市", "contact": "企画課", "template": cover.report_id,
    }  # fmt: skip
    answer = client.post(reverse("reports:create"), data)
    assert answer.url == reverse("reports:detail", args=[2])
    report = Report.objects.get(volume=2)
    assert report.as_of == date(2026, 5, 31)
    assert list(report.sections.values_list("title", "options")) == [("表紙", {"slogan": "変える"})]


def test_a_volume_number_in_use_is_refused_under_its_field(reform_office, signed_in, cover):
    client = signed_in(reform_office)
    answer = client.post(reverse("reports:create"), {"volume": 1, "title": "改革だより"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["volume"]
    assert answer.context["form"]["title"].value() == "改革だより"


def test_a_period_that_ends_before_it_begins_is_refused(reform_office, signed_in, small_report):
    data = {
        "volume": 1, "title": "改革だより", "first_fiscal_year": 2024, "last_fiscal_year": 2023, "as_of": "2025-05-31",
        "issuer": "見本市", "contact": "企画課",
    }  # fmt: skip
    answer = signed_in(reform_office).post(reverse("reports:edit", args=[1]), data)
    assert "対象期間の終わりは始まり以後の年度にしてください。" in answer.content.decode()

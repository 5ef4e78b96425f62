"""A file too large to wait for is looked through and taken over by a job that shows how far it is."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import Assignment
from jobs.models import Job
from kpis.imports import in_background, look_through, read_as, reading_of
from kpis.imports.questions import answer_of
from kpis.models import Entry, ImportedFile
from tests.kpis.imports.conftest import csv, sealed
from tests.kpis.imports.test_pages import decide, upload
from tests.kpis.reporting_world import draft
from tests.kpis.world import access, part

FRIENDS = csv("年月,LINE友だち登録者数", "R7.3,90", "R7.4,100", "R7.5,110")


@pytest.fixture
def client(client, editor, world, june, monkeypatch):
    """The editor's browser, where three values are many."""
    monkeypatch.setattr(in_background, "AT_ONCE", 2)
    client.force_login(editor, backend="accounts.leaving.PostBackend")
    return client


@pytest.fixture
def previewed(client, finish_jobs) -> ImportedFile:
    upload(client, FRIENDS)
    with finish_jobs():
        decide(client, ImportedFile.objects.get())
    return ImportedFile.objects.get()


def test_its_preview_is_made_by_a_job_that_leads_to_it(client, finish_jobs):
    upload(client, FRIENDS)
    file = ImportedFile.objects.get()
    with finish_jobs():
        response = decide(client, file, name="友だち")
    job = Job.objects.get(kind=in_background.LOOK)
    assert response.url == reverse("jobs:detail", args=[job.pk])
    assert (job.state, job.percent) == ("done", 100)
    page = client.get(response.url).text
    assert "ファイルの内容の確認" in page
    assert reverse("imports:preview", args=[file.pk]) in page
    file.refresh_from_db()
    assert (file.state, file.counts["new"], file.mapping.name) == ("previewed", 3, "友だち")


def test_the_next_file_of_the_shape_goes_straight_to_its_job(client, finish_jobs):
    upload(client, FRIENDS)
    with finish_jobs():
        decide(client, ImportedFile.objects.get(), name="友だち")
        response = upload(client, FRIENDS)
    assert response.url == reverse("jobs:detail", args=[Job.objects.filter(kind=in_background.LOOK).latest("pk").pk])
    assert ImportedFile.objects.latest("pk").state == "previewed"


def test_it_is_taken_over_by_a_job(client, previewed, finish_jobs):
    with finish_jobs():
        response = client.post(
            reverse("imports:preview", args=[previewed.pk]), sealed(previewed, note="年次", is_confirmed="on")
        )
    job = Job.objects.get(kind=in_background.APPLY)
    assert response.url == reverse("jobs:detail", args=[job.pk])
    assert (job.state, job.result["count"]) == ("done", 3)
    assert Entry.objects.submitted().count() == 3
    assert "取り込んだ3件を見る" in client.get(response.url).text


def test_a_run_that_comes_again_takes_nothing_over_twice(previewed, editor):
    said = {"note": "", "change_reason": "", "is_confirmed": True}
    for _ in range(2):
        count = in_background.apply_now(previewed.pk, editor.pk, lambda *step: None, **said)
        assert count == 3
    assert Entry.objects.count() == 3


def test_what_changed_meanwhile_is_told_by_the_job_and_shown_anew(client, previewed, world, editor, finish_jobs):
    draft(part(world.friends), editor, "7", previewed.lines.first().period)
    with finish_jobs():
        client.post(reverse("imports:preview", args=[previewed.pk]), sealed(previewed, note="", is_confirmed="on"))
    job = Job.objects.get(kind=in_background.APPLY)
    assert job.state == "failed"
    assert "もう一度確かめて" in job.error
    assert not Entry.objects.submitted().exists()
    page = client.get(reverse("imports:preview", args=[previewed.pk]))
    assert "7人" in [shown.before for shown in page.context["lines"]]


def test_who_lost_the_right_meanwhile_takes_nothing_over(client, previewed, editor, finish_jobs):
    with finish_jobs():
        client.post(reverse("imports:preview", args=[previewed.pk]), sealed(previewed, note="", is_confirmed="on"))
        Assignment.objects.filter(user=editor).delete()
    job = Job.objects.get(kind=in_background.APPLY)
    assert (job.state, "権限がなくなっています" in job.error) == ("failed", True)
    assert not Entry.objects.exists()


def test_a_preview_that_was_made_anew_meanwhile_is_not_taken_over(client, previewed, editor, finish_jobs):
    with finish_jobs():
        client.post(reverse("imports:preview", args=[previewed.pk]), sealed(previewed, is_confirmed="on"))
        read_as(previewed, answer_of("future-skip"), access=access(editor))
        look_through(previewed, reading_of(previewed, access=access(editor)), access=access(editor))
    job = Job.objects.get(kind=in_background.APPLY)
    assert (job.state, "何も取り込んでいません" in job.error) == ("failed", True)
    assert not Entry.objects.exists()

"""The pages of background work: who sees which job, and what each state offers."""

import pytest
from django.urls import reverse

from jobs.models import Job
from tests.kpis.world import make_kpi


def page(client, name: str, *args) -> str:
    return client.get(reverse(f"jobs:{name}", args=args)).content.decode()


# --- Who may see ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["detail", "status"])
@pytest.mark.parametrize(
    ("who", "code"),
    [("editor", 200), ("reform_office", 200), ("approver", 404), ("viewer", 404), ("other_editor", 404)],
)
def test_a_job_is_seen_by_who_asked_for_it_and_the_reform_office(name, who, code, editor, make_job, signed_in, request):
    job = make_job(owner=editor)
    assert signed_in(request.getfixturevalue(who)).get(reverse(f"jobs:{name}", args=[job.pk])).status_code == code


@pytest.mark.parametrize("name", ["list", "detail", "status"])
def test_nobody_sees_a_job_without_signing_in(name, make_job, client):
    args = [] if name == "list" else [make_job().pk]
    assert client.get(reverse(f"jobs:{name}", args=args))["Location"].startswith(reverse("login"))


def test_a_job_nobody_asked_for_is_seen_by_the_reform_office_alone(make_job, editor, reform_office, signed_in):
    job = make_job(Job.State.FAILED)
    assert signed_in(editor).get(reverse("jobs:detail", args=[job.pk])).status_code == 404
    assert signed_in(editor).post(reverse("jobs:retry", args=[job.pk])).status_code == 404
    assert "（自動）" in page(signed_in(reform_office), "list")


def test_the_list_holds_ones_own_jobs(work, make_job, editor, approver, signed_in):
    make_job(owner=editor, subject="わたしの")
    make_job(owner=approver, subject="ひとの")
    html = page(signed_in(editor), "list")
    assert "試しの処理（わたしの）" in html
    assert "ひとの" not in html


def test_a_job_about_a_figure_says_its_name_and_not_its_code(
    make_job, reform_office, signed_in, django_assert_num_queries
):
    kpi, other = (
        make_kpi(code, name, "件", "flow") for code, name in (("prints", "印刷枚数"), ("calls", "電話の件数"))
    )
    jobs = [make_job(kind="recompute_summaries", subject=f"kpi:{each.pk}") for each in (kpi, other)]
    make_job(kind="recompute_summaries", subject="kpi:999999")
    client = signed_in(reform_office)
    with django_assert_num_queries(6):  # session, person, assignments, how many, the page, all names at once
        html = page(client, "list")
    assert "集計の更新（印刷枚数）" in html
    assert "集計の更新（電話の件数）" in html
    assert f"kpi:{kpi.pk}" not in html
    assert "集計の更新（kpi:999999）" in html  # gone meanwhile: its code is all that is known
    assert "集計の更新（印刷枚数）" in page(client, "detail", jobs[0].pk)


# --- The list ------------------------------------------------------------------------------------------------------
def test_the_list_says_when_there_is_nothing(editor, signed_in):
    client = signed_in(editor)
    assert "依頼した処理はありません" in page(client, "list")
    assert "この状態の処理はありません" in client.get(reverse("jobs:list"), {"state": "failed"}).content.decode()


def test_the_list_can_be_narrowed_to_a_state(make_job, editor, signed_in):
    make_job(Job.State.FAILED, owner=editor, subject="だめ")
    make_job(Job.State.DONE, owner=editor, subject="よし")
    html = signed_in(editor).get(reverse("jobs:list"), {"state": "failed"}).content.decode()
    assert "だめ" in html
    assert "よし" not in html


def test_a_long_list_has_pages_that_keep_the_state(make_job, editor, signed_in):
    for _ in range(51):
        make_job(Job.State.DONE, owner=editor)
    html = signed_in(editor).get(reverse("jobs:list"), {"state": "done"}).content.decode()
    assert "全51件のうち1〜50件" in html
    assert "?state=done&amp;page=2" in html


def test_the_list_asks_the_database_as_often_for_one_job_as_for_many(
    make_job, editor, signed_in, django_assert_num_queries
):
    client = signed_in(editor)
    for expected in (1, 21):
        while Job.objects.count() < expected:
            make_job(owner=editor)
        with django_assert_num_queries(5):  # session, person, assignments, how many, the page
            client.get(reverse("jobs:list"))


# --- One job -------------------------------------------------------------------------------------------------------
def test_a_job_under_way_asks_for_its_status_until_it_has_ended(make_job, editor, signed_in):
    job = make_job(Job.State.RUNNING, owner=editor, percent=40, step="PDFを作成しています")
    client = signed_in(editor)
    html = page(client, "detail", job.pk)
    assert f'hx-get="{reverse("jobs:status", args=[job.pk])}"' in html
    assert "htmx-2.min.js" in html
    assert "PDFを作成しています" in html
    assert 'max="100" value="40"' in html
    assert client.get(reverse("jobs:status", args=[job.pk])).status_code == 200


@pytest.mark.parametrize("state", Job.ENDED)
def test_a_job_that_ended_stops_asking_and_its_page_needs_no_script(state, make_job, editor, signed_in):
    job = make_job(state, owner=editor)
    client = signed_in(editor)
    assert client.get(reverse("jobs:status", args=[job.pk])).status_code == 286
    html = page(client, "detail", job.pk)
    assert "hx-get" not in html
    assert "htmx-2.min.js" not in html


def test_a_job_that_is_done_leads_on_to_its_result(make_job, editor, signed_in):
    job = make_job(Job.State.DONE, owner=editor, result={"url": "/reports/5/", "link": "vol.5 の公表版を見る"})
    assert '<a href="/reports/5/">vol.5 の公表版を見る</a>' in page(signed_in(editor), "status", job.pk)


def test_a_result_that_leads_nowhere_offers_no_link(make_job, editor, signed_in):
    html = page(signed_in(editor), "status", make_job(Job.State.DONE, owner=editor, result={"rows": 3}).pk)
    assert "完了しました" in html
    assert "<a " not in html


@pytest.mark.parametrize("state", [Job.State.FAILED, Job.State.INTERRUPTED])
def test_what_ended_badly_says_why_and_runs_again_at_a_click(state, work, make_job, editor, signed_in, finish_jobs):
    job = make_job(state, owner=editor, error="止まりました。<b>")
    client = signed_in(editor)
    html = page(client, "detail", job.pk)
    assert "止まりました。&lt;b&gt;" in html
    assert "もう一度実行" in html
    with finish_jobs():
        response = client.post(reverse("jobs:retry", args=[job.pk]))
    assert response["Location"] == reverse("jobs:detail", args=[job.pk])
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.DONE, "")


def test_a_second_click_on_again_runs_nothing(work, make_job, editor, signed_in, finish_jobs):
    job = make_job(Job.State.DONE, owner=editor)
    with finish_jobs():
        response = signed_in(editor).post(reverse("jobs:retry", args=[job.pk]), follow=True)
    assert "もう一度実行する必要がありません" in response.content.decode()
    assert work == []


def test_looking_runs_nothing(make_job, editor, signed_in):
    job = make_job(Job.State.FAILED, owner=editor)
    assert signed_in(editor).get(reverse("jobs:retry", args=[job.pk])).status_code == 405


def test_only_what_the_page_has_not_said_yet_is_announced(make_job, editor, signed_in):
    job = make_job(Job.State.RUNNING, owner=editor, step="PDFを作成しています")
    client, address = signed_in(editor), reverse("jobs:status", args=[job.pk])

    def announced(heard: str) -> bool:
        html = client.get(address, {"heard": heard}, headers={"hx-request": "true"}).content.decode()
        return '<div hx-swap-oob="innerHTML:#job-announcement">PDFを作成しています</div>' in html

    assert announced("順番を待っています")
    assert not announced("PDFを作成しています")


def test_a_page_of_one_job_asks_the_database_four_times(make_job, editor, signed_in, django_assert_num_queries):
    job = make_job(Job.State.RUNNING, owner=editor)
    client = signed_in(editor)
    for name in ("detail", "status"):
        with django_assert_num_queries(4):  # session, person, assignments, the job
            client.get(reverse(f"jobs:{name}", args=[job.pk]))

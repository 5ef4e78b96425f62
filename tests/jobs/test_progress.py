"""How far a job is, as its page sees it while it runs."""

from datetime import timedelta

from django.utils import timezone

from jobs.models import Job
from jobs.progress import Progress
from jobs.running import claim


def seen(job: Job) -> tuple[int, str]:
    return Job.objects.values_list("percent", "step").get(pk=job.pk)


def test_a_new_step_is_seen_at_once(make_job):
    job = claim(make_job().pk)
    progress = Progress(job)
    progress.report(10, "数値をまとめています")
    assert seen(job) == (10, "数値をまとめています")
    progress.report(60, "PDFを作成しています")
    assert seen(job) == (60, "PDFを作成しています")


def test_percents_alone_are_written_now_and_then(make_job, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr("jobs.progress.time.monotonic", lambda: clock[0])
    job = claim(make_job().pk)
    progress = Progress(job)
    progress.report(10, "数値をまとめています")
    clock[0] += 0.1
    progress.report(11)
    assert seen(job)[0] == 10
    clock[0] += 0.2
    progress.report(12)
    assert seen(job) == (12, "数値をまとめています")


def test_a_percent_stays_within_0_and_100(make_job):
    job = claim(make_job().pk)
    Progress(job).report(130, "終わりかけ")
    assert seen(job)[0] == 100
    Progress(job).report(-5, "始め")
    assert seen(job)[0] == 0


def test_each_report_says_that_the_job_lives(make_job):
    job = claim(make_job().pk)
    earlier = timezone.now() - timedelta(minutes=5)
    Job.objects.filter(pk=job.pk).update(started_at=earlier, heartbeat_at=earlier)
    job.refresh_from_db()
    Progress(job).report(10, "数値をまとめています")
    assert Job.objects.get(pk=job.pk).heartbeat_at > earlier

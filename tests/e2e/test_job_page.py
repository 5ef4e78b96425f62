"""A person watches background work in a browser: how far it is, how it ended, and again where it failed."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from jobs import registry
from jobs.dispatch import dispatch
from jobs.models import Job
from jobs.running import run


@pytest.fixture
def gate(monkeypatch) -> Iterator[threading.Event]:
    """Work of the kind `gated` waits in the middle until this is set."""
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    event = threading.Event()

    @registry.handles("gated", title="試しの処理")
    def work(progress) -> dict[str, str]:
        progress.report(40, "数値をまとめています")
        event.wait(30)
        return {"url": reverse("jobs:list"), "link": "一覧を見る"}

    yield event
    event.set()


@pytest.fixture
def begin(gate) -> Iterator[object]:
    """Runs a job in a thread beside the server, as the server's own thread or a worker would."""
    threads: list[threading.Thread] = []

    def begin(job: Job) -> None:
        def work() -> None:
            from django.db import connections

            try:
                run(job.pk)
            finally:
                connections.close_all()

        threads.append(threading.Thread(target=work))
        threads[-1].start()

    yield begin
    gate.set()
    for thread in threads:
        thread.join(30)


def open_job(page: Page, base_url: str, job: Job) -> None:
    page.goto(base_url + reverse("jobs:detail", args=[job.pk]))


@pytest.mark.both_profiles
def test_progress_moves_and_the_end_leads_on_without_reloading(
    new_context, base_url, sign_in, editor, begin, gate, assert_accessible
):
    page = new_context().new_page()
    sign_in(page, editor)
    job = Job.objects.create(kind="gated", subject="vol.5", owner=editor)
    open_job(page, base_url, job)
    expect(page.get_by_text("待機中", exact=True)).to_be_visible()

    begin(job)
    bar = page.get_by_role("progressbar", name="試しの処理")
    expect(bar).to_have_attribute("value", "40")
    expect(page.locator("#job-announcement")).to_have_text("数値をまとめています")
    assert_accessible(page)

    gate.set()
    link = page.get_by_role("link", name="一覧を見る")
    expect(link).to_be_visible()
    expect(page.locator("#job-announcement")).to_have_text("完了しました")
    assert_accessible(page)
    link.click()
    expect(page.get_by_role("link", name="試しの処理（vol.5）")).to_be_visible()
    assert_accessible(page)


def test_a_page_whose_job_has_ended_asks_no_more(new_context, base_url, sign_in, editor, begin, gate):
    page = new_context().new_page()
    page.clock.install()
    sign_in(page, editor)
    gate.set()
    job = Job.objects.create(kind="gated", owner=editor)
    open_job(page, base_url, job)
    begin(job)
    expect(page.get_by_role("link", name="一覧を見る")).to_be_visible()

    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(5000)  # it would ask each second
    assert asked == []


@pytest.mark.both_profiles
def test_on_a_phone_a_failed_job_says_why_and_runs_again_at_a_tap(
    phone_page, base_url, sign_in, editor, gate, assert_accessible
):
    sign_in(phone_page, editor)
    gate.set()
    job = dispatch("of_another_version", owner=editor)
    open_job(phone_page, base_url, job)
    expect(phone_page.get_by_role("alert")).to_contain_text("いまの版では実行できません")
    assert_accessible(phone_page)
    assert phone_page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    phone_page.get_by_role("button", name="もう一度実行").tap()
    expect(phone_page.get_by_text("もう一度実行します。")).to_be_visible()
    expect(phone_page.get_by_role("alert")).to_contain_text("処理は失敗しました")


def test_without_scripts_the_page_offers_to_look_again(new_context, base_url, sign_in, editor, gate):
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, editor)
    job = Job.objects.create(kind="gated", owner=editor)
    open_job(page, base_url, job)
    gate.set()
    run(job.pk)
    page.get_by_role("link", name="表示を更新").click()
    expect(page.get_by_role("link", name="一覧を見る")).to_be_visible()

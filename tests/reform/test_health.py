"""/healthz: serving, serving with a reason to look at it, or down. It never shows data."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from jobs import broker, sweeping
from jobs.models import Sweep
from jobs.registry import Finding
from jobs.trouble import Trouble
from reform import health


@pytest.fixture(autouse=True)
def _nothing_probed_before(monkeypatch, tmp_path, settings):
    monkeypatch.setattr(health, "_probed", {})
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def ask(db):
    def ask() -> tuple[int, list[str]]:
        answer = Client().get("/healthz")
        return answer.status_code, answer.content.decode().split("\n")

    return ask


def test_all_is_well(ask, settings):
    settings.REDIS_URL = ""
    assert ask() == (200, ["ok"])


def test_what_the_sweep_found_is_told_in_codes_without_its_words(ask, settings):
    settings.REDIS_URL = ""
    found = Finding("summaries-behind", "窓口の来庁者数の集計が…", "/jobs/")
    Sweep.objects.create(pk=1, swept_at=timezone.now(), findings=[vars(found)])
    assert ask() == (200, ["degraded", "summaries-behind"])


def test_a_sweep_that_nobody_does_any_more_is_told(ask, settings):
    settings.REDIS_URL, settings.JOBS_SWEEP_SECONDS = "", 60
    Sweep.objects.create(pk=1, swept_at=timezone.now() - timedelta(minutes=7))
    assert ask() == (200, ["degraded", "not-swept"])
    settings.JOBS_SWEEP_SECONDS = 0  # chosen
    assert ask() == (200, ["ok"])


def test_a_clock_that_stepped_back_is_no_reason(ask, settings):
    settings.REDIS_URL = ""
    Sweep.objects.create(pk=1, swept_at=timezone.now() + timedelta(hours=3))
    assert ask() == (200, ["ok"])


def test_a_sweep_that_met_a_full_disk_is_told(ask, settings, monkeypatch):
    settings.REDIS_URL = ""
    monkeypatch.setattr(sweeping, "_sweeper", SimpleNamespace(trouble=Trouble.DISK, is_late=False))
    assert ask() == (200, ["degraded", "sweep-met-disk"])


def test_a_disk_that_fills_is_told_before_it_is_full(ask, settings):
    settings.REDIS_URL = ""
    settings.DISK_FREE_MIN_MB = 10**9
    assert ask() == (200, ["degraded", "disk-low"])
    [finding] = health.disk()
    assert "空き容量" in finding.text


def test_a_folder_that_cannot_be_written_to_is_told(ask, settings, monkeypatch):
    settings.REDIS_URL = ""

    def refuse(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(health, "TemporaryFile", refuse)
    assert ask() == (200, ["degraded", "disk-not-writable"])


def test_a_redis_that_is_gone_is_told_and_not_asked_at_every_look(ask, settings, monkeypatch):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    asked: list[int] = []
    monkeypatch.setattr(broker, "answers", lambda: bool(asked.append(1)))
    assert ask() == (200, ["degraded", "redis-does-not-answer"])
    assert ask() == (200, ["degraded", "redis-does-not-answer"])
    assert len(asked) == 1


def test_a_database_that_does_not_answer_is_the_only_reason_to_be_down(ask, monkeypatch):
    def refuse(*_: object) -> None:
        raise OperationalError("connection refused: secret-host")

    with monkeypatch.context() as away:
        away.setattr(connection, "cursor", refuse)
        assert ask() == (503, ["down", "database"])


def test_the_office_reads_the_sentence_on_its_home_page_and_nobody_else_does(signed_in, reform_office, editor):
    found = Finding("audit-differs", "集計の検算が問題なしで終わっていません。", "/jobs/3/")
    Sweep.objects.create(pk=1, swept_at=timezone.now(), findings=[vars(found)])
    html = signed_in(reform_office).get("/").content.decode()
    assert found.text in html
    assert 'href="/jobs/3/"' in html
    assert found.text not in signed_in(editor).get("/").content.decode()

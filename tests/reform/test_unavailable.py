"""The page when the database, the disk or Redis is away: a sentence, a button, and what was typed."""

from __future__ import annotations

import errno
import sqlite3
from html import unescape
from importlib import import_module

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client

from accounts.models import User

AWAY = OperationalError("connection refused")
FULL = OSError(errno.ENOSPC, "No space left on device")


def refusing(error: Exception):
    def view(*args: object, **kwargs: object) -> None:
        raise error

    return view


def client_of(user: User | None, *, strict: bool = False) -> Client:
    client = Client(raise_request_exception=False, enforce_csrf_checks=strict)
    if user is not None:
        client.force_login(user)
    return client


@pytest.fixture
def broken_home(monkeypatch):
    """The home page fails with the error that is given."""

    def fail(error: Exception) -> None:
        monkeypatch.setattr(import_module("reform.views.home"), "home_of", refusing(error))

    return fail


@pytest.fixture
def broken_access(monkeypatch):
    """Whatever needs to know who asks fails, as it does when the database is away."""

    def fail(error: Exception) -> None:
        monkeypatch.setattr(SessionBase, "_get_session", refusing(error))
        monkeypatch.setattr(SessionBase, "_session", property(refusing(error)))

    return fail


@pytest.mark.parametrize(
    ("error", "words"), [(AWAY, "データベースにつながりません"), (FULL, "保存領域（ディスク）がいっぱい")]
)
def test_a_page_says_what_is_away_and_offers_to_open_it_again(broken_home, editor, error, words):
    broken_home(error)
    page = client_of(editor).get("/?part=1&x=2")
    html = page.content.decode()
    assert (page.status_code, page["Retry-After"], page["Cache-Control"]) == (503, "10", "no-store")
    assert words in html
    assert '<a class="button" href="/?part=1&amp;x=2">もう一度開く</a>' in html


def test_a_fault_of_the_code_stays_a_failure_with_its_number(broken_home, editor):
    missing = OperationalError("no such table: x")
    with pytest.raises(sqlite3.OperationalError) as caught:
        sqlite3.connect(":memory:").execute("SELECT * FROM x")
    missing.__cause__ = caught.value
    broken_home(missing)
    assert client_of(editor).get("/").status_code == 500


def test_the_page_needs_neither_session_nor_database(broken_access, editor):
    client = client_of(editor)
    broken_access(AWAY)
    page = client.get("/overview/")
    assert page.status_code == 503
    assert "もう一度開く" in page.content.decode()


#: What a client that is not strict takes for the right one.
TOKEN = {"csrfmiddlewaretoken": "t" * 64}
TYPED = {"text": "６月の増は\r\n<連休>の影響です。", "seen_version": "3", "action": "submit"}


def test_what_was_typed_is_in_the_page_and_is_sent_again_by_its_button(broken_access, editor):
    client = client_of(editor, strict=True)
    token = client.get("/password/").context["csrf_token"]
    broken_access(AWAY)
    page = client.post("/entries/?month=2025-06", TYPED | {"csrfmiddlewaretoken": str(token)})
    html = page.content.decode()
    assert page.status_code == 503
    assert 'method="post" action="/entries/?month=2025-06"' in html
    for name, value in (TYPED | {"csrfmiddlewaretoken": str(token)}).items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in unescape(html)
    assert "&lt;連休&gt;" in html
    assert "もう一度送信する" in html


def test_a_form_that_another_site_sent_does_not_become_one_of_ours(broken_access, editor):
    client = client_of(editor, strict=True)
    client.get("/password/")
    broken_access(AWAY)
    for token in ({}, {"csrfmiddlewaretoken": "x" * 64}):
        html = client.post("/entries/", TYPED | token).content.decode()
        assert "連休" not in html
        assert "<form" not in html
        assert "「戻る」" in html


def test_a_password_is_never_given_back(broken_access, db):
    client = client_of(None)
    broken_access(AWAY)
    page = client.post("/login/", TOKEN | {"username": "100001", "password": "secret-word-1"})
    assert page.status_code == 503
    assert "secret-word-1" not in page.content.decode()


def test_a_file_has_to_be_chosen_again_and_the_words_beside_it_stay(broken_access, editor):
    client = client_of(editor)
    broken_access(AWAY)
    html = client.post(
        "/imports/", TOKEN | {"note": "６月分です", "file": SimpleUploadedFile("値.csv", b"a,b")}
    ).content.decode()
    assert 'enctype="multipart/form-data"' in html
    assert "「値.csv」をもう一度選んでください" in html
    assert '<input type="hidden" name="note" value="６月分です">' in html


def test_a_body_longer_than_any_text_is_left_unread(broken_access, editor, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 4000
    client = client_of(editor)
    broken_access(AWAY)
    assert "長長" in client.post("/entries/", TOKEN | {"text": "長" * 200}).content.decode()
    html = client.post("/entries/", TOKEN | {"text": "長" * 2000}).content.decode()
    assert "長長" not in html
    assert "「戻る」" in html


def test_the_log_says_in_one_line_why(broken_home, editor, caplog):
    broken_home(AWAY)
    client_of(editor).get("/")
    [line] = [record for record in caplog.records if record.name == "reform.views.failure"]
    assert "database: connection refused" in line.getMessage()

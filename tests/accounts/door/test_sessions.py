"""A session ends with the browser, after an idle time, at the end of the working day, and where its person ends it."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from axes.models import AccessLog
from django.conf import settings as django_settings
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.background import sweep_the_door
from accounts.models import KeptForm, Session
from accounts.models.session import SWEPT_AT_ONCE
from jobs.registry import all_watches

PASSWORD = "pass-word-123"
NOON = "2025-06-10T03:00:00Z"


@pytest.fixture(autouse=True)
def _noon(time_machine) -> None:
    time_machine.move_to(NOON, tick=False)


def browser(number: str = "E001") -> Client:
    client = Client()
    assert client.post("/login/", {"username": number, "password": PASSWORD}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/password/").status_code == 200


def test_the_cookie_ends_with_the_browser(editor):
    cookie = browser().cookies[django_settings.SESSION_COOKIE_NAME]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert cookie["httponly"]


def test_who_asks_for_nothing_for_an_hour_signs_in_again(editor, time_machine):
    client = browser()
    time_machine.shift(timedelta(minutes=59))
    assert is_in(client)
    time_machine.shift(timedelta(minutes=59))
    assert is_in(client)  # counted from what was asked last
    time_machine.shift(timedelta(minutes=61))
    assert not is_in(client)


def test_the_idle_time_is_a_setting(editor, settings, time_machine):
    settings.SESSION_IDLE_MINUTES = 5
    client = browser()
    time_machine.shift(timedelta(minutes=6))
    assert not is_in(client)


def test_whoever_works_all_day_signs_in_again_after_twelve_hours(editor, time_machine):
    client = browser()
    for _ in range(24):
        assert is_in(client)
        time_machine.shift(timedelta(minutes=30))
    assert not is_in(client)


def test_a_page_that_writes_to_the_session_does_not_make_the_day_longer(editor, time_machine):
    client = browser()
    for _ in range(24):
        session = client.session
        session["something"] = timezone.now().isoformat()
        session.save()
        assert is_in(client)
        time_machine.shift(timedelta(minutes=30))
    assert not is_in(client)


def test_that_a_session_is_used_is_written_once_a_minute_at_most(editor, time_machine):
    client = browser()
    time_machine.shift(timedelta(seconds=50))
    client.get("/password/")
    assert Session.objects.get().seen_at == timezone.now() - timedelta(seconds=50)
    time_machine.shift(timedelta(seconds=20))
    client.get("/password/")
    assert Session.objects.get().seen_at == timezone.now()


def test_a_session_knows_whose_it_is_and_from_where(editor):
    client = Client()
    client.post("/login/", {"username": "E001", "password": PASSWORD}, REMOTE_ADDR="10.0.0.7")
    found = Session.objects.get()
    assert (found.user, found.address, found.begun_at) == (editor, "10.0.0.7", timezone.now())


def test_signing_out_leaves_no_row(editor):
    client = browser()
    client.post("/logout/")
    assert not Session.objects.exists()


def test_the_page_lists_ones_own_and_says_which_is_this_one(editor, other_editor):
    client = browser()
    browser()
    browser("E002")
    text = client.get("/sessions/").content.decode()
    assert text.count("この端末") == 1
    assert text.count('<td role="cell" data-label="端末">他の端末') == 1


def test_the_button_ends_the_others_and_nobody_elses(editor, other_editor):
    here, elsewhere, somebody_else = browser(), browser(), browser("E002")
    answer = here.post("/sessions/", follow=True)
    assert "他の端末1台からログアウトしました。" in answer.content.decode()
    assert (is_in(here), is_in(elsewhere), is_in(somebody_else)) == (True, False, True)


def test_a_session_that_was_ended_elsewhere_does_not_come_back_by_being_saved(editor):
    here, elsewhere = browser(), browser()
    ending = elsewhere.session
    assert ending["_auth_user_id"] == str(editor.pk)
    here.post("/sessions/")
    ending["something"] = "written after the end"
    with pytest.raises(UpdateError):
        ending.save()
    assert Session.objects.count() == 1


def test_another_person_in_the_same_browser_begins_a_day_of_their_own(editor, other_editor, time_machine):
    client = browser()
    time_machine.shift(timedelta(minutes=30))
    client.post("/logout/")
    client.post("/login/", {"username": "E002", "password": PASSWORD})
    found = Session.objects.get()
    assert (found.user, found.begun_at) == (other_editor, timezone.now())


def test_whoever_signs_in_sweeps_what_has_ended(editor, other_editor, time_machine):
    for _ in range(3):
        browser("E002")
    time_machine.shift(timedelta(minutes=61))
    browser()
    assert [found.user for found in Session.objects.all()] == [editor]


def test_a_sweep_is_bounded(editor, time_machine):
    now = timezone.now()
    gone = {"session_data": "", "begun_at": now, "seen_at": now, "expire_date": now}
    Session.objects.bulk_create(Session(session_key=f"old-{n}", **gone) for n in range(SWEPT_AT_ONCE + 5))
    assert Session.objects.sweep() == SWEPT_AT_ONCE
    assert Session.objects.sweep() == 5


@pytest.mark.parametrize("path", ["/", "/password/", "/sessions/", "/entries/", "/overview/"])
def test_a_page_of_somebody_signed_in_is_kept_by_nobody(path, editor, signed_in):
    assert signed_in(editor).get(path)["Cache-Control"] == "private, no-store"


def test_neither_is_where_a_stranger_is_sent(db):
    assert Client().get("/")["Cache-Control"] == "private, no-store"


def test_whether_the_service_lives_is_asked_without_a_session(db):
    with CaptureQueriesContext(connection) as asked:
        Client().get("/healthz")
    assert not [query for query in asked if "accounts_session" in query["sql"]]


def test_the_sweep_of_the_jobs_removes_what_has_ended(editor, time_machine, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    left = tmp_path / "left.upload"
    left.write_bytes(b"x")
    browser()
    KeptForm.objects.create(user=editor, page="/", action="/")
    AccessLog.objects.update(attempt_time=timezone.now() - timedelta(days=61))
    AccessLog.objects.create(username="E001", ip_address="10.0.0.1")
    os.utime(left, (timezone.now().timestamp() - 2 * 60 * 60,) * 2)
    time_machine.shift(timedelta(minutes=61))
    assert sweep_the_door in all_watches()
    assert list(sweep_the_door()) == []
    assert not Session.objects.exists()
    assert not KeptForm.objects.exists()
    assert AccessLog.objects.count() == 1
    assert not left.exists()

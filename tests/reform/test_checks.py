"""Wrong settings are found by `manage.py check`, with an id and a sentence that says what to mend."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core import checks

from reform import env
from reform.checks import check_environment, check_fonts, check_https, check_mail, check_media_root, check_secret_key
from reports import fonts


def ids(messages: list[checks.CheckMessage]) -> list[str | None]:
    return [message.id for message in messages]


def test_an_unreadable_variable_is_an_error_that_names_it_and_what_it_should_be(monkeypatch):
    monkeypatch.setattr(env, "problems", [("REDIS_URL", "redis://ホスト:6379/0")])
    (message,) = check_environment()
    assert message.id == "reform.E001"
    assert "REDIS_URL" in message.msg
    assert "redis://ホスト:6379/0" in str(message.hint)


def test_a_media_folder_that_is_still_to_be_made_is_no_problem(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "not" / "yet"
    assert check_media_root() == []


@pytest.mark.parametrize("below", ["", "editions"])
def test_a_file_where_the_media_folder_should_be_is_an_error(settings, tmp_path, below):
    (tmp_path / "file").write_text("")
    settings.MEDIA_ROOT = tmp_path / "file" / below
    assert ids(check_media_root()) == ["reform.E002"]


def test_a_media_folder_that_cannot_be_written_to_is_an_error(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "editions"
    # Not by chmod: tests may run as root, whom no mode keeps out.
    monkeypatch.setattr(os, "access", lambda place, mode: not (Path(place) == tmp_path and mode & os.W_OK))
    (message,) = check_media_root()
    assert message.id == "reform.E002"
    assert str(tmp_path) in message.msg


def test_a_missing_secret_key_is_a_warning_before_going_live(settings):
    settings.SECRET_KEY_GIVEN = ""
    assert ids(check_secret_key()) == ["reform.W001"]
    settings.SECRET_KEY_GIVEN = "x" * 50
    assert check_secret_key() == []


def test_going_live_without_https_is_a_warning(settings):
    settings.SECURE = False
    assert ids(check_https()) == ["reform.W002"]
    settings.SECURE = True
    assert check_https() == []


def test_a_missing_typeface_is_a_warning_before_going_live(settings, tmp_path):
    settings.REPORT_FONT_DIRS = [str(tmp_path)]
    fonts.font_file.cache_clear()
    try:
        assert ids(check_fonts()) == ["reform.W003"]
    finally:
        fonts.font_file.cache_clear()


def test_the_settings_of_the_tests_themselves_are_sound():
    assert checks.run_checks() == []


def test_going_live_without_a_mail_server_or_a_sender_is_a_warning(settings):
    settings.MAIL_IS_SET, settings.DEFAULT_FROM_EMAIL = False, "kpi@city.example.lg.jp"
    assert "EMAIL_URL" in check_mail()[0].msg
    settings.MAIL_IS_SET, settings.DEFAULT_FROM_EMAIL = True, "webmaster@localhost"
    assert "MAIL_FROM" in check_mail()[0].msg
    settings.DEFAULT_FROM_EMAIL = "kpi@city.example.lg.jp"
    assert check_mail() == []

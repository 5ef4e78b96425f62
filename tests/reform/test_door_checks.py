"""What would leave the door open is said before going live, and files with data are for their own user."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection

from accounts.models import User
from reform import env
from reform.demo.organisation import SIGN_INS
from reform.door_checks import check_hosts, check_modes, check_proxies, check_sample_sign_ins
from reform.second_city.organisation import SIGN_INS as OF_THE_SECOND_CITY


def ids(messages) -> list[str | None]:
    return [message.id for message in messages]


def mode(place: Path | str) -> int:
    return stat.S_IMODE(Path(place).stat().st_mode)


@pytest.mark.parametrize(
    ("hosts", "said"),
    [(["*"], ["reform.W007"]), (["kpi.example.lg.jp", "*"], ["reform.W007"]), ([".example.lg.jp"], [])],
)
def test_any_name_of_the_site_is_a_warning(hosts, said, settings):
    settings.ALLOWED_HOSTS = hosts
    assert ids(check_hosts()) == said


@pytest.mark.parametrize(
    ("secure", "proxies", "said"), [(True, 0, ["reform.W009"]), (True, 1, []), (False, 0, []), (False, 2, [])]
)
def test_tls_at_a_proxy_that_is_not_counted_is_a_warning(secure, proxies, said, settings):
    settings.SECURE, settings.PROXY_COUNT = secure, proxies
    assert ids(check_proxies()) == said


@pytest.mark.parametrize("person", [SIGN_INS[0], OF_THE_SECOND_CITY[2]])
def test_a_sign_in_of_a_sample_is_a_warning_until_its_password_is_changed_or_it_is_ended(person, db):
    user = User.objects.create_user(person.number, person.password, name=person.name)
    (message,) = check_sample_sign_ins()
    assert message.id == "reform.W008"
    assert person.number in message.msg
    assert person.password not in message.msg
    User.objects.update(is_active=False)
    assert check_sample_sign_ins() == []
    user.set_password("kaki-to-kuri-77")
    user.save()
    assert check_sample_sign_ins() == []


def test_before_the_first_migration_there_is_nobody_to_warn_of(monkeypatch):
    def away(**_):
        raise DatabaseError("no such table")

    monkeypatch.setattr(User.objects, "filter", away)
    assert check_sample_sign_ins() == []


def test_data_that_others_can_read_is_a_warning(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir(mode=0o755)
    (message,) = check_modes()
    assert message.id == "reform.W010"
    assert str(settings.MEDIA_ROOT) in message.msg
    settings.MEDIA_ROOT.chmod(0o700)
    assert check_modes() == []


def test_a_readable_database_is_a_warning(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "none"
    monkeypatch.setattr(connection, "vendor", "sqlite")
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "x.sqlite3"))
    (tmp_path / "x.sqlite3-wal").touch(mode=0o644)
    assert "x.sqlite3-wal" in check_modes()[0].msg


def test_a_database_in_a_file_is_for_its_own_user_with_what_lies_beside_it(tmp_path):
    file = tmp_path / "x.sqlite3"
    env.keep_private(str(file))
    assert mode(file) == 0o600
    open_ = sqlite3.connect(file)
    open_.execute("PRAGMA journal_mode=WAL")
    open_.execute("CREATE TABLE x (y)")
    open_.commit()
    assert {each.name: mode(each) for each in tmp_path.iterdir()} == dict.fromkeys(
        ("x.sqlite3", "x.sqlite3-wal", "x.sqlite3-shm"), 0o600
    )
    open_.close()


def test_a_database_that_others_could_read_is_closed_to_them(tmp_path):
    for ending in ("", "-wal", "-shm"):
        (tmp_path / f"x.sqlite3{ending}").touch(mode=0o644)
    env.keep_private(str(tmp_path / "x.sqlite3"))
    assert {mode(each) for each in tmp_path.iterdir()} == {0o600}


def test_a_database_in_memory_or_nowhere_is_left_to_the_database(tmp_path):
    env.keep_private(":memory:")
    env.keep_private(str(tmp_path / "none" / "x.sqlite3"))
    assert list(tmp_path.iterdir()) == []
    assert not Path(":memory:").exists()


def test_a_stored_paper_is_for_its_own_user(db):
    name = default_storage.save("evidence/a/b.pdf", ContentFile(b"x"))
    stored = Path(default_storage.path(name))
    assert (mode(stored), mode(stored.parent)) == (0o600, 0o700)


def test_a_file_of_the_pages_is_read_by_the_proxy_too(settings, tmp_path):
    storage = StaticFilesStorage(location=tmp_path, base_url="/", **settings.STORAGES["staticfiles"]["OPTIONS"])
    storage.save("css/base.css", ContentFile(b"x"))
    assert (mode(tmp_path / "css/base.css"), mode(tmp_path / "css")) == (0o644, 0o755)

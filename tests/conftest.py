"""The cast and the small world that every test shares."""

from __future__ import annotations

import gc
import os
import re
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.http import HttpResponse
from django.test import Client
from hypothesis import settings as hypothesis_settings
from xdist.scheduler import LoadFileScheduling

from accounts.models import Assignment, Department, User
from jobs.celery_settings import celery_settings
from jobs.dispatch import finish_work_here
from tests.chosen import ELSEWHERE, LEFT_OUT, LONG, OF_ONE_WORLD
from tests.kpis.conftest import june  # noqa: F401  fixture
from tests.second_city import second_city, shared_second_city, stored_second_city  # noqa: F401  fixtures
from tests.town import shared_town, town  # noqa: F401  fixtures
from tests.worker import media, until_workers_are_idle, worker, worker_process  # noqa: F401  fixtures

LONG_AGO = date(2019, 4, 1)


def pytest_report_header() -> list[str]:
    """Where this run's database and background work are: script/test repeats it at its end."""
    if connection.vendor == "sqlite":
        return [f"Database: SQLite {sqlite3.sqlite_version}; background work in a thread of the process"]
    return []


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Side by side, what a process has to report reaches the terminal through the one that began it."""
    named = getattr(node, "workeroutput", {}).get("celery worker")
    if named:
        node.config.get_terminal_writer().line(f"\n{named}")


def pytest_configure() -> None:
    gc.set_threshold(100_000, 20, 100)  # a tenth of the time went into looking for garbage among models and templates
    # whitenoise would list every static file again for each test client: half the time of a test that asks for a page.
    # The browser tests' server serves them by Django's own handler.
    settings.WHITENOISE_USE_FINDERS = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the product's takes its time
    # A test that loads reform.wsgi would start the process's own sweep beside all tests that follow.
    settings.JOBS_SWEEP_SECONDS = 0
    if connection.vendor == "sqlite":
        _let_history_go_between_tests()
    else:
        _empty_tables_when_nobody_uses_them()
    if settings.REDIS_URL and "PYTEST_XDIST_WORKER" in os.environ:
        _use_redis_database(1 + int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw")))


def _let_history_go_between_tests() -> None:
    """A test that commits is followed by emptying every table. PostgreSQL truncates past the triggers that keep
    history; SQLite deletes rows, so those triggers are taken away for that moment."""
    operations = type(connection.ops)  # the class: a browser's event loop has a connection of its own
    empty = operations.execute_sql_flush

    def past_the_triggers(self: BaseDatabaseOperations, statements: list[str]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name GLOB '*_delete'")
            keeping = cursor.fetchall()
        empty(self, [f"DROP TRIGGER {name}" for name, _ in keeping] + statements + [sql for _, sql in keeping])

    operations.execute_sql_flush = past_the_triggers


def _empty_tables_when_nobody_uses_them() -> None:
    """TRUNCATE locks every table, one after the other: a request that a closed browser left behind, or a task of the
    worker, would meet it in the other order, and PostgreSQL would end one of the two."""
    operations = type(connection.ops)
    empty = operations.execute_sql_flush

    def when_quiet(self: BaseDatabaseOperations, statements: list[str]) -> None:
        until_workers_are_idle()
        end = time.monotonic() + 30
        with self.connection.cursor() as cursor:
            while time.monotonic() < end:
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle'"
                )
                if cursor.fetchone() == (0,):
                    break
                time.sleep(0.02)
        # Tables of history refuse to be emptied; a superuser may look away for a moment.
        looking_away = ["SET session_replication_role = replica", *statements, "SET session_replication_role = DEFAULT"]
        empty(self, looking_away if statements else statements)

    operations.execute_sql_flush = when_quiet


def _use_redis_database(number: int) -> None:
    """Each process keeps to a database of its own: side by side, their workers would take each other's jobs."""
    settings.REDIS_URL = f"{settings.REDIS_URL.rpartition('/')[0]}/{number}"
    for name, value in celery_settings(settings.REDIS_URL).items():
        setattr(settings, name, value)


class FilesInOneProcess(LoadFileScheduling):
    """A file's tests stay in one process: what a file prepares once is not prepared twice. So do those of one world."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return next((world for world, files in OF_ONE_WORLD.items() if file in files), file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> FilesInOneProcess:
    config.option.loadscopereorder = False  # the order of _longest_first
    return FilesInOneProcess(config, log)


def pytest_collection_finish() -> None:
    gc.freeze()  # what is loaded now stays


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="leave out the dear files of tests/chosen.py")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """They are not even read. One that is named is run all the same."""
    file = collection_path.relative_to(config.rootpath).as_posix()
    is_named = any(argument.startswith(file) for argument in config.args)
    return True if config.option.quick and file in {*LONG, *ELSEWHERE, *LEFT_OUT} and not is_named else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what asks a database runs again: everything else is the same on every engine."""
    worlds = set().union(*OF_ONE_WORLD.values())
    for item in items:
        if _file_of(item) in worlds:  # the first that asks builds the world: 40 s on PostgreSQL, more on a busy machine
            item.add_marker(pytest.mark.timeout(600), append=False)
    if "PYTEST_XDIST_WORKER" in os.environ:
        _longest_first(items)
    if connection.vendor == "sqlite":
        return
    again = [item for item in items if _asks_a_database(item) and not ELSEWHERE & {item.nodeid, _file_of(item)}]
    config.hook.pytest_deselected(items=[item for item in items if item not in again])
    items[:] = again


def _file_of(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def _longest_first(items: list[pytest.Item]) -> None:
    """Files of LONG first, then those with the most tests."""
    files = [_file_of(item) for item in items]
    place = {file: LONG.index(file) if file in LONG else len(LONG) for file in files}
    tests = Counter(files)
    items.sort(key=lambda item: (place[file := _file_of(item)], -tests[file], file))


def _asks_a_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", []))
    return bool(fixtures & {"db", "transactional_db", "django_db_setup"}) or bool(item.get_closest_marker("django_db"))


# How long one example takes says something about the machine, nothing about the code.
hypothesis_settings.register_profile("no deadline", deadline=None)
hypothesis_settings.load_profile("no deadline")


_folders = count()


@pytest.fixture(autouse=True)
def _files_in_a_temporary_folder(settings, tmp_path_factory) -> None:
    """It is made when the first file is kept: few tests keep one."""
    settings.MEDIA_ROOT = tmp_path_factory.getbasetemp() / f"files-{next(_folders)}" / "media"


def make_division() -> Department:
    return Department.objects.create(code="10", name="総合政策部", short_name="政策部", order=10, valid_from=LONG_AGO)


def make_department(
    division: Department, code: str = "1010", name: str = "情報政策課", short: str = "情政", order: int = 11
) -> Department:
    return Department.objects.create(
        code=code, name=name, short_name=short, parent=division, order=order, valid_from=LONG_AGO
    )


@pytest.fixture
def division(db) -> Department:
    """総合政策部."""
    return make_division()


@pytest.fixture
def department(division) -> Department:
    """情報政策課: the department whose figures the tests enter."""
    return make_department(division)


@pytest.fixture
def other_department(division) -> Department:
    """市民課: somebody else's department."""
    return make_department(division, "1020", "市民課", "市民", 12)


def person(number: str, name: str, role: str, department: Department | None = None, title: str = "") -> User:
    """A user with one assignment that has been in force for years."""
    user = User.objects.create_user(number, "pass-word-123", name=name)
    Assignment.objects.create(user=user, department=department, role=role, title=title, valid_from=LONG_AGO)
    return user


@pytest.fixture
def editor(department) -> User:
    """入力担当者 of 情報政策課."""
    return person("E001", "入力 花子", Assignment.Role.EDITOR, department, "主査")


@pytest.fixture
def approver(department) -> User:
    """課長 of 情報政策課."""
    return person("A001", "課長 太郎", Assignment.Role.APPROVER, department, "課長")


@pytest.fixture
def reform_office(db) -> User:
    """取りまとめ課; uses the back office too."""
    user = person("R001", "改革 一郎", Assignment.Role.REFORM_OFFICE, None, "構造改革・DX推進課 係長")
    user.is_staff = True
    user.save()
    return user


@pytest.fixture
def viewer(db) -> User:
    """閲覧者."""
    return person("V001", "閲覧 みどり", Assignment.Role.VIEWER, None, "部長")


@pytest.fixture
def other_editor(other_department) -> User:
    """入力担当者 of another department."""
    return person("E002", "別課 次郎", Assignment.Role.EDITOR, other_department, "主事")


@pytest.fixture
def registrar(division) -> Department:
    """広報課: it registers figures for everybody (一括登録)."""
    return make_department(division, "1030", "広報課", "広報", 13)


@pytest.fixture
def clerk(registrar) -> User:
    """入力担当者 of 広報課."""
    return person("E030", "広報 夏子", "editor", registrar, "主任")


@pytest.fixture
def chief(registrar) -> User:
    """課長 of 広報課."""
    return person("A030", "広報 冬男", "approver", registrar, "課長")


_POSTED_FORM = re.compile(r"<form\b[^>]*method=.post.*?</form>", re.DOTALL | re.IGNORECASE)


@pytest.fixture(scope="session", autouse=True)
def every_form_carries_its_token() -> Iterator[None]:
    """Django's test client sends forms without the token a browser must send; a template included with `only` loses it
    silently. So every page that any test opens is looked through."""
    plain = Client.request

    def request(self: Client, **sent: Any) -> HttpResponse:
        response = plain(self, **sent)
        if not response.streaming and response.get("Content-Type", "").startswith("text/html"):
            for form in _POSTED_FORM.findall(response.content.decode()):
                assert 'name="csrfmiddlewaretoken"' in form, f"{sent.get('PATH_INFO')}: {form[:300]}"
        return response

    with mock.patch.object(Client, "request", request):
        yield


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A test client of a signed-in person."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="accounts.leaving.PostBackend")
        return client

    return sign_in


@pytest.fixture
def finish_jobs(django_capture_on_commit_callbacks) -> Callable[[], object]:
    """A context in which background work asked for is done before it ends, as if committed."""
    from contextlib import contextmanager

    @contextmanager
    def context() -> Iterator[None]:
        with finish_work_here(), django_capture_on_commit_callbacks(execute=True):
            yield

    return context

"""gunicorn and nginx as they are deployed, besieged on a small scale: pages are answered, and nothing is left on the disk."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from accounts.models import User
from benchmarks.siege import NUMBER, PASSWORD, Seen, Visitor, idle_sockets, large_posts, left, siege, until_after
from tests.web import Web, gunicorn, nginx
from tests.worker import address_of_the_test_database

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def servers(django_db_setup, tmp_path_factory) -> Iterator[tuple[Web, Web]]:
    """The application, and the proxy before it."""
    folder = tmp_path_factory.mktemp("web")
    environment = {"DATABASE_URL": address_of_the_test_database(), "REDIS_URL": settings.REDIS_URL}
    with gunicorn(folder, environment) as application, nginx(folder, application) as proxy:
        yield application, proxy


@pytest.fixture
def visitor(db) -> User:
    hashed = PBKDF2PasswordHasher().encode(PASSWORD, "salt")  # the tests' quick way is not known to the server
    return User.objects.create(employee_number=NUMBER, password=hashed, name="籠城 花子")


def test_pages_are_answered_during_a_siege_and_nothing_is_left(servers, visitor):
    application, proxy = servers
    _, during = siege(proxy, 4, scale=0.5)
    assert during.attacks["/healthz answered"] > 0
    assert during.attacks["/ answered"] > 0
    assert [what for what in during.attacks if what.endswith("LOST")] == []
    assert {what for what in during.attacks if what.startswith("posts")} <= {
        "posts of 600 MB: HTTP/1.1 413 Request Entity Too Large",
        "posts of 600 MB: HTTP/1.1 429 Too Many Requests",
        "posts of 600 MB: hung up",
    }
    assert left(application.temporary, application.uploads, proxy.uploads) == []
    assert Visitor(proxy.port).sign_in(NUMBER, PASSWORD) in (302, 429, 503)
    assert User.objects.count() == 1


@pytest.mark.parametrize("chunked", [False, True])
def test_without_the_proxy_too_a_large_body_is_not_taken(chunked, servers, db):
    application, _ = servers
    seen = Seen()
    large_posts(application.port, 30, chunked, seen, until_after(1))
    assert seen.attacks
    assert [what for what in seen.attacks if "200" in what or "302" in what] == []
    assert left(application.temporary, application.uploads) == []


def test_twelve_silent_sockets_do_not_stop_gunicorn(servers, db):
    application, _ = servers
    over = threading.Event()
    silent = threading.Thread(target=idle_sockets, args=(application.port, 30, over.is_set))
    silent.start()
    try:
        assert Visitor(application.port).ask("GET", "/healthz") == (200, "ok")
    finally:
        over.set()
        silent.join()

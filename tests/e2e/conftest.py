"""Tests in a real browser against a real server.

With REDIS_URL a Celery worker does the background work, otherwise the server's own thread: the same tests, both ways.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from accounts.models import User
from jobs.dispatch import wait_for_thread
from tests.servers import browser as installed_browser
from tests.servers import version_of

# Playwright's synchronous face runs an event loop in this thread, in which Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


def pytest_report_header() -> str:
    path = installed_browser()
    return f"Browser: {version_of(path)} ({path})"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("browser")


def pytest_collection_finish(session: pytest.Session) -> None:
    """On SQLite the server's threads need the test database in a file: in memory they would lock each other out."""
    if connection.vendor == "sqlite" and any("browser" in item.keywords for item in session.items):
        folder = tempfile.mkdtemp(prefix="browser-tests-")
        session.config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
        connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / "test.sqlite3")


# --- The server ----------------------------------------------------------------------------------------------------
@pytest.fixture(autouse=True)
def _files_in_a_temporary_folder(settings, media) -> None:
    settings.MEDIA_ROOT = media  # the one the worker writes to


@pytest.fixture(autouse=True)
def _background_work(request: pytest.FixtureRequest, transactional_db) -> Iterator[None]:
    """A worker if there is a broker; the test ends only when the server's own thread has nothing left to do."""
    if django_settings.REDIS_URL:
        request.getfixturevalue("worker")
    yield
    wait_for_thread()


@pytest.fixture(scope="session")
def base_url(live_server) -> str:
    return live_server.url


# --- The browser ---------------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    quiet = [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    if os.geteuid() == 0:
        quiet.append("--no-sandbox")  # Chromium refuses to start as root with it
    return browser_type_launch_args | {"executable_path": installed_browser(), "args": quiet}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"locale": "ja-JP", "timezone_id": "Asia/Tokyo"}


@pytest.fixture
def page_problems() -> list[str]:
    """What went wrong in the browser; a test that provokes an error on purpose clears it."""
    return []


@pytest.fixture
def new_context(new_context, base_url, page_problems) -> Iterator[Callable[..., BrowserContext]]:
    """Contexts that are watched: a script error, a message in the console or a request elsewhere fails the test."""

    def note_request(request: Request) -> None:
        if not request.url.startswith((base_url, "data:", "blob:", "about:", "file:")):
            page_problems.append(f"request to {request.url}")

    def note_message(message: ConsoleMessage) -> None:
        if message.type == "error":
            page_problems.append(f"console: {message.text} ({message.location['url']})")

    def watched(**options: Any) -> BrowserContext:
        context = new_context(**({"viewport": DESKTOP} | options))
        context.on("weberror", lambda error: page_problems.append(f"script error: {error.error}"))
        context.on("console", note_message)
        context.on("request", note_request)
        return context

    yield watched
    assert page_problems == []


@pytest.fixture
def phone_page(new_context) -> Page:
    """A page as wide as a phone."""
    return new_context(viewport=PHONE, is_mobile=True, has_touch=True, device_scale_factor=2).new_page()


@pytest.fixture
def sign_in(base_url) -> Callable[[Page, User], None]:
    """Signs a person in by cookie, for tests that are not about signing in."""

    def sign_in(page: Page, user: User) -> None:
        client = Client()
        client.force_login(user, backend="accounts.leaving.PostBackend")
        name = django_settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": base_url}])

    return sign_in


@pytest.fixture
def assert_accessible() -> Callable[..., None]:
    """Fails with axe's own words when the page as it stands breaks WCAG 2.2 A or AA (what a machine can see of it).

    `colours=False` leaves out contrast, two thirds of the time: for a second look at a page whose colours were seen.
    """

    def check(page: Page, *, colours: bool = True) -> None:
        levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        # What passes is not reported: on a page with an interactive chart that is thousands of nodes.
        options = {
            "runOnly": {"type": "tag", "values": levels},
            "resultTypes": ["violations"],
            "rules": {"color-contrast": {"enabled": colours}},
            "preload": False,  # style sheets once more, and sound: for rules outside these levels
        }
        results = Axe().run(page, options=options)
        assert results.violations_count == 0, results.generate_report()

    return check


#: A chart is drawn a moment after the page has arrived.
_CHARTS_ARE_DRAWN = "() => [...document.querySelectorAll('[data-chart-plot]')].every(e => e.querySelector('.main-svg'))"


@pytest.fixture
def look_at(assert_accessible) -> Callable[..., None]:
    """Opens each path once and looks at it on a desk and on a phone: axe finds nothing, and it is no wider than that.

    Without a path it looks at the page as it stands.
    """

    def at_both_widths(page: Page, path: str) -> None:
        page.wait_for_function(_CHARTS_ARE_DRAWN)
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            assert_accessible(page, colours=size == DESKTOP)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (path, size)

    def look(page: Page, *paths: str) -> None:
        if not paths:
            at_both_widths(page, page.url)
        for path in paths:
            page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
            answer = page.goto(path)
            assert answer is not None
            assert answer.ok, path
            at_both_widths(page, path)

    return look

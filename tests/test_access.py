"""Who may do what: every address, read and written to, by everyone there is, in one table.

An address that is missing from the table, or no longer exists, fails the test. What a cell says:

    200       the page; 286: a part of it that needs no more asking for
    >name     done, and the browser is sent on to the address of that name
    403       refused
    404       not there for this person: who may not see it is not told that it exists
    405       nothing can be sent there, or nothing be read
    sign-in   asked to sign in first
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils import timezone

from accounts.models import User
from initiatives.models import Initiative
from jobs.models import Job
from kpis.models import Entry
from reports.models import Edition, Report, Section
from surveys.models import Survey
from tests.kpis.conftest import june  # noqa: F401  fixture
from tests.kpis.reporting_world import MONTH, Month, draft, fields_of, handed_in, make_month

WHO = ["anonymous", "editor", "other_editor", "approver", "reform_office", "viewer", "nobody"]

#: anonymous; editor and approver of the department whose figures are asked for; editor of another department; 取りまとめ課;
#: viewer; somebody signed in without any post in force.
TABLE = """
address                   anonymous editor         other_editor approver        reform_office   viewer nobody
home                 GET  sign-in   200            200          200             200             200    200
home                 POST sign-in   405            405          405             405             405    405
healthz              GET  200       200            200          200             200             200    200
healthz              POST 405       405            405          405             405             405    405
overview             GET  sign-in   200            200          200             200             200    200
overview             POST sign-in   405            405          405             405             405    405
login                GET  200       >home          >home        >home           >home           >home  >home
login                POST >home     >home          >home        >home           >home           >home  >home
logout               GET  sign-in   405            405          405             405             405    405
logout               POST sign-in   >login         >login       >login          >login          >login >login
password_change      GET  sign-in   200            200          200             200             200    200
password_change      POST sign-in   >password_change_done >password_change_done >password_change_done >password_change_done >password_change_done >password_change_done
password_change_done GET  sign-in   200            200          200             200             200    200
password_change_done POST sign-in   405            405          405             405             405    405
kpis:detail          GET  sign-in   200            200          200             200             200    200
kpis:detail          POST sign-in   405            405          405             405             405    405
kpis:data            GET  sign-in   200            200          200             200             200    200
kpis:data            POST sign-in   405            405          405             405             405    405
entries:list         GET  sign-in   200            200          200             200             403    403
entries:list         POST sign-in   405            405          405             405             403    403
entries:detail       GET  sign-in   200            403          200             200             403    403
entries:detail       POST sign-in   405            405          405             405             403    403
entries:withdraw     GET  sign-in   405            405          405             405             403    403
entries:withdraw     POST sign-in   >entries:month 403          403             403             403    403
entries:discard      GET  sign-in   405            405          405             405             403    403
entries:discard      POST sign-in   >entries:month 403          403             403             403    403
entries:understand   GET  sign-in   200            200          200             200             403    403
entries:understand   POST sign-in   405            405          405             405             403    403
entries:month        GET  sign-in   200            403          200             200             403    403
entries:month        POST sign-in   >entries:month 403          403             403             403    403
approvals:list       GET  sign-in   403            403          200             403             403    403
approvals:list       POST sign-in   403            403          >approvals:list 403             403    403
approvals:decide     GET  sign-in   403            403          200             403             403    403
approvals:decide     POST sign-in   403            403          >approvals:list 403             403    403
initiatives:timeline GET  sign-in   200            200          200             200             200    200
initiatives:timeline POST sign-in   405            405          405             405             405    405
initiatives:data     GET  sign-in   200            200          200             200             200    200
initiatives:data     POST sign-in   405            405          405             405             405    405
initiatives:detail   GET  sign-in   200            200          200             200             200    200
initiatives:detail   POST sign-in   405            405          405             405             405    405
surveys:list         GET  sign-in   200            200          200             200             200    200
surveys:list         POST sign-in   405            405          405             405             405    405
surveys:detail       GET  sign-in   200            200          200             200             200    200
surveys:detail       POST sign-in   405            405          405             405             405    405
surveys:data         GET  sign-in   200            200          200             200             200    200
surveys:data         POST sign-in   405            405          405             405             405    405
reports:list         GET  sign-in   200            200          200             200             200    200
reports:list         POST sign-in   405            405          405             405             405    405
reports:create       GET  sign-in   403            403          403             200             403    403
reports:create       POST sign-in   403            403          403             >reports:detail 403    403
reports:detail       GET  sign-in   200            200          200             200             200    200
reports:detail       POST sign-in   405            405          405             405             405    405
reports:edit         GET  sign-in   403            403          403             200             403    403
reports:edit         POST sign-in   403            403          403             >reports:detail 403    403
reports:draft        GET  sign-in   403            403          403             200             403    403
reports:draft        POST sign-in   403            403          403             405             403    403
reports:export       GET  sign-in   403            403          403             405             403    403
reports:export       POST sign-in   403            403          403             >jobs:detail    403    403
reports:section_edit GET  sign-in   403            403          403             200             403    403
reports:section_edit POST sign-in   403            403          403             >reports:detail 403    403
reports:edition_html GET  sign-in   200            200          200             200             200    200
reports:edition_html POST sign-in   405            405          405             405             405    405
reports:edition_view GET  sign-in   200            200          200             200             200    200
reports:edition_view POST sign-in   405            405          405             405             405    405
reports:edition_pdf  GET  sign-in   200            200          200             200             200    200
reports:edition_pdf  POST sign-in   405            405          405             405             405    405
jobs:list            GET  sign-in   200            200          200             200             200    200
jobs:list            POST sign-in   405            405          405             405             405    405
jobs:detail          GET  sign-in   404            404          404             200             404    404
jobs:detail          POST sign-in   405            405          405             405             405    405
jobs:status          GET  sign-in   404            404          404             286             404    404
jobs:status          POST sign-in   405            405          405             405             405    405
jobs:retry           GET  sign-in   405            405          405             405             405    405
jobs:retry           POST sign-in   404            404          404             >jobs:detail    404    404
"""


@dataclass
class Town:
    """One of everything that an address can name."""

    people: dict[str, User]
    month: Month
    draft: Entry
    submitted: Entry
    job: Job
    report: Report
    section: Section
    arguments: dict[str, dict[str, Any]] = field(default_factory=dict)
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)


def rows(table: str) -> dict[str, dict[str, str]]:
    """What the table says: for "name METHOD" the outcome of each person."""
    _, *lines = table.strip().splitlines()
    cells = [line.split() for line in lines if line.strip()]
    assert all(len(row) == len(WHO) + 2 for row in cells), [row for row in cells if len(row) != len(WHO) + 2]
    answer = {f"{row[0]} {row[1]}": dict(zip(WHO, row[2:], strict=True)) for row in cells}
    assert len(answer) == len(cells)
    return answer


ROWS = rows(TABLE)
METHODS = ["GET", "POST"]
NAMES = list(dict.fromkeys(row.split()[0] for row in ROWS))


def addresses(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """The names of all addresses below; the back office's are a table of their own."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                prefix = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from addresses(pattern, prefix)
        else:
            assert isinstance(pattern, URLPattern)
            assert pattern.name, f"{pattern.pattern} has no name"
            yield namespace + pattern.name


@pytest.fixture
def nobody(db) -> User:
    """Somebody who can sign in and has no post."""
    return User.objects.create_user("N001", "pass-word-123", name="無任 三郎")


@pytest.fixture
def town(june, department, editor, other_editor, approver, reform_office, viewer, nobody) -> Town:  # noqa: F811
    people = dict(zip(WHO[1:], [editor, other_editor, approver, reform_office, viewer, nobody], strict=True))
    month = make_month(department)
    report = Report.objects.create(
        volume=7,
        title="レポート",
        first_fiscal_year=2024,
        last_fiscal_year=2024,
        as_of=MONTH,
        issuer="市",
        contact="課",
    )
    town = Town(
        people=people,
        month=month,
        draft=draft(month.friends, editor, "40000"),
        submitted=handed_in(month.hours, editor, "235000"),
        job=Job.objects.create(kind="試験", owner=reform_office, state="failed", finished_at=timezone.now()),
        report=report,
        section=Section.objects.create(report=report, order=1, kind="message", title="ごあいさつ", body="本文"),
    )
    Initiative.objects.create(code="line", title="LINE")
    Survey.objects.create(code="staff", name="職員", conducted_on=MONTH)
    _publish(report)
    town.arguments = _arguments(town)
    town.sent = _sent(town)
    return town


def _publish(report: Report) -> None:
    edition = Edition(report=report, number=1, snapshot={}, created_at=timezone.now())
    for kind in ("html", "pdf"):
        getattr(edition, kind).save(f"edition.{kind}", ContentFile(b"edition"), save=False)
        setattr(edition, f"{kind}_sha256", sha256(b"edition").hexdigest())
    edition.save()


def _arguments(town: Town) -> dict[str, dict[str, Any]]:
    """What stands in the address, by its name."""
    volume = {"volume": town.report.volume}
    edition = volume | {"number": 1}
    return {
        "kpis:detail": {"code": "friends"},
        "kpis:data": {"code": "friends"},
        "entries:detail": {"pk": town.draft.pk},
        "entries:withdraw": {"pk": town.submitted.pk},
        "entries:discard": {"pk": town.draft.pk},
        "entries:understand": {"series_id": town.month.friends.pk},
        "entries:month": {"department_code": "1010", "month": "2025-05"},
        "approvals:decide": {"pk": town.submitted.pk},
        "initiatives:detail": {"code": "line"},
        "surveys:detail": {"code": "staff"},
        "surveys:data": {"code": "staff"},
        "reports:detail": volume,
        "reports:edit": volume,
        "reports:draft": volume,
        "reports:export": volume,
        "reports:section_edit": volume | {"pk": town.section.pk},
        "reports:edition_html": edition,
        "reports:edition_view": edition,
        "reports:edition_pdf": edition,
        "jobs:detail": {"pk": town.job.pk},
        "jobs:status": {"pk": town.job.pk},
        "jobs:retry": {"pk": town.job.pk},
    }


def _sent(town: Town) -> dict[str, dict[str, Any]]:
    """What a form sends when everything in it is right, by the name of its address; other addresses get nothing."""
    page = client_of(town, "editor").get(reverse("entries:month", kwargs=town.arguments["entries:month"]))
    volume = {
        "volume": 7, "title": "題名", "first_fiscal_year": 2024, "last_fiscal_year": 2024, "as_of": "2025-05-31",
        "issuer": "市", "contact": "課",
    }  # fmt: skip
    secret = {"old_password": "pass-word-123", "new_password1": "another-word-9", "new_password2": "another-word-9"}
    return {
        "login": {"username": "E001", "password": "pass-word-123"},
        "password_change": secret,
        "entries:month": {**fields_of(page), f"s{town.month.growth.pk}-typed": "5.1", "action": "submit"},
        "approvals:list": {"entry": f"{town.submitted.pk}:{town.submitted.version}"},
        "approvals:decide": {"action": "approve", "seen_version": town.submitted.version},
        "reports:create": volume | {"volume": 8},
        "reports:edit": volume,
        "reports:section_edit": {"title": "題", "lead": "", "body": "本文", "seen_version": town.section.version},
    }


def client_of(town: Town, who: str) -> Client:
    client = Client()
    if who in town.people:
        client.force_login(town.people[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


def outcome(client: Client, method: str, url: str, sent: dict[str, Any] | None = None) -> str:
    """What the person gets, as the table writes it; whatever was done is undone."""
    with transaction.atomic():
        response = getattr(client, method.lower())(url, sent or {})
        if response.streaming:
            response.close()
        transaction.set_rollback(True)
    if response.status_code != 302:
        return str(response.status_code)
    target = resolve(response.url.partition("?")[0]).view_name
    return "sign-in" if target == "login" and "?next=" in response.url else f">{target}"


def test_every_address_is_in_the_table_and_nothing_else_is():
    names = set(addresses(get_resolver()))
    assert {row.split()[0] for row in ROWS} == names
    assert set(ROWS) == {f"{name} {method}" for name in names for method in METHODS}


@pytest.mark.parametrize("name", NAMES)
def test_everyone_may_do_what_the_table_says(town, name):
    url = reverse(name, kwargs=town.arguments.get(name))
    for method in METHODS:
        sent = town.sent.get(name) if method == "POST" else None
        found = {who: outcome(client_of(town, who), method, url, sent) for who in WHO}
        assert found == ROWS[f"{name} {method}"], f"{name} {method}"

"""Who may do what in the back office: 取りまとめ課 by a table, everybody else nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.http import HttpResponseForbidden
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.access import Access
from accounts.models import User
from tests.town import WHO, client_of, outcome

#: What 取りまとめ課 may do in the back office, by table. Everybody else is refused at the door.
BACK_OFFICE = """
accounts.assignment     view   add    change delete
accounts.closedday      view   add    change delete
accounts.department     view   add    change
accounts.deputy         view   add    change delete
accounts.route          view   add    change delete
accounts.routeuse       view   add    change delete
accounts.succession     view   add    change delete
accounts.user           view   add    change
auth.group
axes.accessattempt
axes.accessfailurelog
axes.accesslog
initiatives.initiative  view   add    change delete
initiatives.milestone   view   add    change delete
initiatives.pillar      view   add    change delete
jobs.job                view
kpis.entry              view
kpis.kpi                view   add    change
kpis.measurement        view   add    change
kpis.reporting          view   add    change delete
kpis.revision           view
kpis.series             view   add    change
kpis.summary            view
kpis.target             view   add    change delete
reports.edition         view
reports.report          view   add    change delete
reports.section         view   add    change delete
surveys.question        view   add    change delete
surveys.result          view   add    change delete
surveys.survey          view   add    change delete
"""


ACTS = ["view", "add", "change", "delete"]


def back_office_rights() -> dict[str, list[str]]:
    """What the table says: for "app.model" what may be done with it."""
    return {model: acts for model, *acts in (line.split() for line in BACK_OFFICE.strip().splitlines())}


def back_office_pages() -> list[str]:
    """Every page of the back office, with arguments that fit its address."""
    arguments = {"app_label": "kpis", "url": "nowhere"}  # everything else is a number
    pages = []
    for pattern in _flat(get_resolver().url_patterns):
        if isinstance(pattern, URLPattern) and pattern.name:
            wanted = pattern.pattern.regex.groupindex
            pages.append(reverse(f"admin:{pattern.name}", kwargs={name: arguments.get(name, "1") for name in wanted}))
    return pages


def _flat(patterns: list[Any], *, inside: bool = False) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _flat(pattern.url_patterns, inside=inside or pattern.app_name == "admin")
        elif inside:
            yield pattern


def test_every_table_of_the_back_office_is_in_the_table():
    assert {model._meta.label_lower for model in admin.site._registry} == set(back_office_rights())


@pytest.mark.parametrize("who", [who for who in WHO if who != "reform_office"])
def test_nobody_else_gets_into_the_back_office(town, who, monkeypatch):
    # A page each time would take most of the time, and says the same.
    monkeypatch.setattr("reform.urls.handler403", lambda request, exception: HttpResponseForbidden(), raising=False)
    expected = "sign-in" if who == "anonymous" else "403"
    client = client_of(town, who)
    open_doors = {page for page in back_office_pages() if outcome(client, "GET", page) != expected}
    assert open_doors == set()


def test_the_reform_office_may_do_what_the_table_says_and_no_more(town, rf):
    request = rf.get("/admin/")
    request.user = User.objects.get(pk=town.people["reform_office"].pk)
    request.access = Access(request.user, timezone.localdate())
    found = {
        model._meta.label_lower: [act for act in ACTS if getattr(office, f"has_{act}_permission")(request)]
        for model, office in admin.site._registry.items()
    }
    assert found == back_office_rights()


def test_the_reform_office_opens_every_list_and_every_form_for_something_new(town):
    client = client_of(town, "reform_office")
    for model, acts in back_office_rights().items():
        name = model.replace(".", "_")
        assert outcome(client, "GET", reverse(f"admin:{name}_changelist")) == ("200" if acts else "403"), model
        assert outcome(client, "GET", reverse(f"admin:{name}_add")) == ("200" if "add" in acts else "403"), model

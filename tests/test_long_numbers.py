"""Numbers that no row can have, wherever a request can name one: not found or refused, never an error of the server.

What is tried is found, not listed: every address with a number in it, every parameter a page looks for, every field that a
form reads, every action and every form of the back office.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.datastructures import MultiValueDict

from accounts.models import Assignment, User
from kpis.models import Kpi, Series
from tests.town import Town, client_of

#: One more than a bigint holds; more digits than Python reads; no number at all.
LONG = {"bigint": str(2**63), "5000": "9" * 5000, "words": "abc"}


def patterns_of(patterns: list[Any], spaces: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inside = f"{spaces}{pattern.namespace}:" if pattern.namespace else spaces
            yield from patterns_of(pattern.url_patterns, inside)
        elif pattern.name:
            yield f"{spaces}{pattern.name}", pattern


PATTERNS = dict(patterns_of(get_resolver().url_patterns))
OURS = [name for name in PATTERNS if not name.startswith("admin:")]
DJANGOS = [name for name in PATTERNS if name.startswith("admin:")]


def arguments_of(name: str, town: Town) -> dict[str, Any]:
    if name in OURS:
        return town.arguments.get(name, {})
    return {part: {"app_label": "kpis"}.get(part, "1") for part in PATTERNS[name].pattern.regex.groupindex}


@contextmanager
def seen() -> Iterator[set[str]]:
    """The names under which a request is asked for what was sent with it."""
    names: set[str] = set()
    with mock.patch.multiple(
        QueryDict,
        get=lambda self, key, default=None: (names.add(key), MultiValueDict.get(self, key, default))[1],
        getlist=lambda self, key, default=None: (names.add(key), MultiValueDict.getlist(self, key, default))[1],
        __getitem__=lambda self, key: (names.add(key), MultiValueDict.__getitem__(self, key))[1],
        __contains__=lambda self, key: (names.add(key), dict.__contains__(self, key))[1],
    ):
        yield names


def status(client: Client, method: str, url: str, sent: dict[str, Any] | None = None) -> int:
    """Whatever was done is undone."""
    client.raise_request_exception = False
    with transaction.atomic():
        found: int = getattr(client, method)(url, sent or {}).status_code
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize(("who", "names", "at_least"), [("editor", OURS, 150), ("reform_office", PATTERNS, 500)])
def test_an_address_with_a_number_that_no_row_has(town, who, names, at_least) -> None:
    """An editor, for whom rows are looked up otherwise, is turned away from the back office before it reads a number."""
    client, tried, failed = client_of(town, who), 0, []
    for name in names:
        pattern = PATTERNS[name]
        known = arguments_of(name, town)
        for part in pattern.pattern.regex.groupindex:
            for kind, number in LONG.items():
                converter = pattern.pattern.converters.get(part)
                if type(converter).__name__ == "IntConverter" and not number.isdecimal():
                    continue  # no address
                try:
                    url = reverse(name, kwargs=known | {part: number})
                except Exception:
                    continue  # the address takes no such text
                for method in ("get", "post"):
                    tried += 1
                    sent = town.sent.get(name) if method == "post" else None
                    if status(client, method, url, sent) >= 500:
                        failed.append(f"{method} {name} {part} {kind}")
    assert failed == []
    assert tried > at_least


def test_a_parameter_with_a_number_that_no_row_has(town) -> None:
    client, tried, failed = client_of(town, "reform_office"), set(), []
    for name in OURS:
        url = reverse(name, kwargs=arguments_of(name, town))
        with seen() as asked_for:
            status(client, "get", f"{url}?x=1")
        for parameter in asked_for - {"x"}:
            tried.add(parameter)
            for kind, number in LONG.items():
                if status(client, "get", url, {parameter: number}) >= 500:
                    failed.append(f"{name} {parameter} {kind}")
    assert failed == []
    assert tried > {"page", "as_of", "month", "department", "state", "range"}


def test_a_filter_of_the_back_office_with_a_number_that_no_row_has(town) -> None:
    """Of every list and of what is exported from it: page, order, each filter, and one that the table does not know."""
    client, tried, failed = client_of(town, "reform_office"), 0, []
    for model, office in admin.site._registry.items():
        filters = [f"{each}__id__exact" for each in office.list_filter if isinstance(each, str)]
        for page in ("changelist", "export"):
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
            if name not in PATTERNS:
                continue
            for parameter in ("p", "o", "unknown", *filters):
                for kind in ("bigint", "5000"):
                    tried += 1
                    if status(client, "get", reverse(name), {parameter: LONG[kind]}) >= 500:
                        failed.append(f"{name} {parameter} {kind}")
    assert failed == []
    assert tried > 200


@pytest.mark.parametrize("who", ["editor", "approver", "reform_office"])
def test_a_field_with_a_number_that_no_row_has(town, who) -> None:
    client, tried, failed = client_of(town, who), set(), []
    for name in OURS:
        url, sent = reverse(name, kwargs=arguments_of(name, town)), town.sent.get(name, {})
        with seen() as asked_for:
            status(client, "post", url, sent)
        for field in (asked_for | set(sent)) - {"csrfmiddlewaretoken"}:
            tried.add(field)
            for kind, number in LONG.items():
                if status(client, "post", url, sent | {field: number}) >= 500:
                    failed.append(f"{name} {field} {kind}")
    assert failed == []
    assert len(tried) > 15


def tables() -> Iterator[tuple[str, str]]:
    for model in admin.site._registry:
        yield model._meta.label_lower, f"admin:{model._meta.app_label}_{model._meta.model_name}"


@pytest.mark.parametrize("kind", LONG)
def test_rows_ticked_in_the_back_office_that_do_not_exist(town, kind) -> None:
    client, tried, failed = client_of(town, "reform_office"), 0, []
    for label, name in tables():
        url = reverse(f"{name}_changelist")
        page = client.get(url)
        if page.status_code != 200 or not page.context["action_form"]:
            continue
        for action, _ in page.context["action_form"].fields["action"].choices:
            for more in ({}, {"post": "yes"}, {"select_across": LONG[kind]}):
                tried += 1
                sent = {"action": action, ACTION_CHECKBOX_NAME: [LONG[kind]], "index": "0"} | more
                if status(client, "post", url, sent) >= 500:
                    failed.append(f"{label} {action} {more}")
    assert failed == []
    assert tried > 30


@pytest.mark.parametrize("kind", LONG)
def test_fields_of_the_back_office_that_name_no_row(town, kind) -> None:
    client, tried, failed = client_of(town, "reform_office"), 0, []
    rows = {"accounts.user": User, "accounts.assignment": Assignment, "kpis.kpi": Kpi, "kpis.series": Series}
    for label, name in tables():
        urls = [reverse(f"{name}_add")]
        if label in rows:
            urls.append(reverse(f"{name}_change", args=[rows[label].objects.order_by("pk")[0].pk]))
        for url in urls:
            page = client.get(url)
            if page.status_code != 200:
                continue
            managing = {}
            for inline in page.context["inline_admin_formsets"]:
                prefix, form = inline.formset.prefix, inline.formset.empty_form
                managing |= {f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-INITIAL_FORMS": "0"}
                managing |= {f"{prefix}-0-{field}": LONG[kind] for field in form.fields}
            fields = list(page.context["adminform"].form.fields)
            tried += len(fields) + len(managing)
            if status(client, "post", url, managing | dict.fromkeys(fields, LONG[kind])) >= 500:
                failed.append(url)
    assert failed == []
    assert tried > 100

"""What an attacker sends with somebody else's browser, and what somebody writes into a field for others to run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, models, transaction
from django.test import Client
from django.urls import reverse

from accounts.loading import OUR_APPS
from accounts.models import Session
from tests.test_access import NAMES, ROWS
from tests.test_long_numbers import PATTERNS, arguments_of
from tests.town import Town, client_of

#: Closes an attribute, then a tag; nothing of ours is called so.
HOSTILE = "\"'><xatk>"


def all_addresses(town: Town) -> Iterator[tuple[str, str]]:
    for name in PATTERNS:
        yield name, reverse(name, kwargs=arguments_of(name, town))


def test_no_form_of_another_site_does_anything(town) -> None:
    """A signed-in person's browser is sent to each address without our token, by the office, who may do most."""
    known = client_of(town, "reform_office").cookies[settings.SESSION_COOKIE_NAME].value
    passed = []
    for name, url in all_addresses(town):
        client = Client(enforce_csrf_checks=True)
        client.cookies[settings.SESSION_COOKIE_NAME] = known
        with transaction.atomic():
            response = client.post(url, town.sent.get(name, {}), HTTP_ORIGIN="https://elsewhere.example")
            transaction.set_rollback(True)
        if response.status_code not in (403, 405):
            passed.append((name, response.status_code))
    assert passed == []


@pytest.mark.parametrize(
    "wanted",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "javascript:alert(1)",
        "http:///elsewhere.example",
        " //elsewhere.example",
    ],
)
def test_signing_in_and_out_leads_to_no_other_site(town, wanted) -> None:
    who = {"username": "E001", "password": "pass-word-123"}
    for client, url, sent in (
        (Client(), "/login/", who | {"next": wanted}),
        (client_of(town, "editor"), "/logout/", {"next": wanted}),
        (client_of(town, "editor"), "/notices/read/", {"next": wanted}),
        (client_of(town, "editor"), "/sessions/", {"next": wanted}),
    ):
        with transaction.atomic():
            response = client.post(f"{url}?next={wanted}", sent)
            transaction.set_rollback(True)
        led_to = response.headers.get("Location", "/")
        assert urlsplit(led_to).netloc == "", url
        assert led_to.startswith("/"), url
        assert not led_to.startswith(("//", "/\\")), url


@pytest.mark.parametrize("path", ["//elsewhere.example/login", "//elsewhere.example/kpis", "/\\elsewhere.example"])
def test_a_missing_slash_leads_to_no_other_site(town, path) -> None:
    response = client_of(town, "editor").get(path)
    assert not response.headers.get("Location", "/").startswith(("//", "http"))


def poisoned(model: type[models.Model]) -> None:
    """Every free text of every row says HOSTILE, as far as the database lets it."""
    for field in model._meta.local_concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField) and not isinstance(field, models.FileField)
        if not is_text or field.choices or (field.max_length or 99) < len(HOSTILE) + 4:
            continue
        if field.name.endswith("sha256") or field.name in {
            "file",
            "password",
            "code",
            "employee_number",
            "session_key",
            "steps",
        }:
            continue
        for pk, said in model._base_manager.values_list("pk", field.name):
            text = f"{said[: (field.max_length or 2000) - len(HOSTILE)]}{HOSTILE}" if said else HOSTILE
            try:
                with transaction.atomic():
                    model._base_manager.filter(pk=pk).update(**{field.name: text})
            except DatabaseError:
                break  # kept by a rule, or no free text


@pytest.mark.timeout(400)  # ninety pages
@pytest.mark.parametrize("who", ["reform_office", "editor"])
def test_no_page_runs_what_somebody_wrote(town, who) -> None:
    for app in OUR_APPS:
        for model in apps.get_app_config(app).get_models():
            if model is not Session:  # or nobody would be signed in
                poisoned(model)
    client, shown, told = client_of(town, who), [], 0
    client.raise_request_exception = False
    for name in (name for name in NAMES if ROWS[f"{name} GET"][who] == "200"):
        response: Any = client.get(reverse(name, kwargs=town.arguments.get(name)))
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert response.status_code < 500, name
        if response.headers.get("Content-Type", "").startswith("text/html"):
            told += b"xatk" in body
            shown += [name] if b"<xatk" in body else []
    assert shown == []
    assert told > 20

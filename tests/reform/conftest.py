"""The published volume, and the sample on top of it, loaded once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import override_settings

from accounts.loading import OUR_APPS
from reform.demo.loading import load_sample
from tests.built_once import built_once

#: The sample's today: its last month is April 2026, its working hours of FY2025 are due with March.
TODAY = date(2026, 5, 18)


@pytest.fixture(scope="module")
def vol5(django_db_setup, django_db_blocker) -> Iterator[str]:
    """vol.5 is loaded and its summaries are computed; gives what the command said."""
    with django_db_blocker.unblock(), built_once("vol.5", _load_vol5) as said:
        yield said


def _load_vol5() -> str:
    out = StringIO()
    call_command("load_vol5", stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def sample(vol5, django_db_blocker) -> Iterator[dict[str, int]]:
    """vol.5 with the sample as of TODAY; gives how many rows of each kind were added."""
    quick = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with quick, django_db_blocker.unblock(), built_once("sample", lambda: load_sample(TODAY)) as counts:
        yield counts


def all_rows() -> dict[str, list[tuple[object, ...]]]:
    """Every row of our tables, the queue's apart: a second run must leave it as it is."""
    models = [model for app in OUR_APPS if app != "jobs" for model in apps.get_app_config(app).get_models()]
    return {model.__name__: list(model._base_manager.order_by("pk").values_list()) for model in models}

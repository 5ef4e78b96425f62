"""`.env.example` names exactly what can be set: what the application reads, and what compose and the scripts take."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from reform import env
from tests.test_compose import COMPOSE_TEXT, interpolated

EXAMPLE = (settings.BASE_DIR / ".env.example").read_text(encoding="utf-8")
DOCUMENTED = re.findall(r"^([A-Z_]+)=", EXAMPLE, flags=re.MULTILINE)
#: Taken by script/server, gunicorn.conf.py and docker-compose.yml, not by the application.
OUTSIDE_THE_APPLICATION = {"PORT", "POSTGRES_PASSWORD", "ADDRESS", "UPLOAD_MB", "BIND", "WEB_PROCESSES", "WEB_THREADS"}


def test_the_example_names_each_setting_once():
    assert len(DOCUMENTED) == len(set(DOCUMENTED))


def test_the_example_names_what_the_application_reads_and_nothing_else():
    assert set(DOCUMENTED) == env.NAMES | OUTSIDE_THE_APPLICATION


def test_the_example_names_what_compose_takes_from_outside():
    assert interpolated(COMPOSE_TEXT) <= set(DOCUMENTED)


def test_the_example_holds_no_value_that_somebody_might_leave_as_it_is():
    assert re.findall(r"^[A-Z_]+=(.+)$", EXAMPLE, flags=re.MULTILINE) == []


@pytest.mark.parametrize("name", sorted(DOCUMENTED))
def test_every_setting_is_explained_above_it(name):
    lines = EXAMPLE.splitlines()
    above = lines[lines.index(f"{name}=") - 1]
    assert above.startswith("#") or above.endswith("=")

"""deploy/postgresql-roles.sql: the application's role does its work and cannot touch what keeps history."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, transaction

from kpis.models import Measurement
from tests.kpis.world import make_world, put

ROLES = (settings.BASE_DIR / "deploy" / "postgresql-roles.sql").read_text(encoding="utf-8")


@pytest.fixture
def as_the_application(department):
    """The world, and a connection that has become the application's role."""
    world = make_world(department)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(20)"
        )  # roles belong to the whole server: one test process at a time
        cursor.execute(ROLES)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET ROLE reform_app")
    yield world
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def test_it_records_a_value_with_its_history(as_the_application) -> None:
    put(as_the_application.friends, "2025-04", 40_000)
    put(as_the_application.friends, "2025-04", 41_000)
    assert Measurement.objects.get().revisions.count() == 2


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE kpis_revision DISABLE TRIGGER ALL",
        "DROP TRIGGER revision_never_changes ON kpis_revision",
        "DROP FUNCTION revision_never_changes() CASCADE",
        "TRUNCATE kpis_revision CASCADE",
        "SET session_replication_role = replica",
        "DROP TABLE kpis_revision CASCADE",
        "CREATE TABLE public.elsewhere (id int)",
    ],
)
def test_it_cannot_go_past_the_history(as_the_application, statement) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

"""Rows of earlier versions come through the migrations, on both databases, and are kept by every rule afterwards.

One database is migrated in steps, with rows put in at each; the tests look at what became of them.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from constraints.rows import RowConstraint
from tests.old_database import OldDatabase, old_database, schema_of

#: It migrates from nothing; and a file of tests with and without Django's database would be torn in two, and migrate twice.
pytestmark = [pytest.mark.timeout(600), pytest.mark.django_db]
MAY = {"span": "month", "period": "2025-05-01", "nature": "observed", "version": 1}


def guarded() -> Iterator[tuple[str, RowConstraint]]:
    """Every table that keeps its rows, with the rule that says so."""
    for model in apps.get_models():
        for rule in model._meta.constraints:
            if isinstance(rule, RowConstraint) and rule.keeps_rows:
                yield model._meta.db_table, rule


def a_kpi(database: OldDatabase, code: str, **row: Any) -> int:
    known = {"name": code, "unit": "件", "kind": "flow", "aggregation": "sum", "direction": "up", "scale": "one"}
    known |= {"frequency": "month", "as_of_rule": "during", "due_working_day": 10}
    return database.insert("kpis_kpi", code=code, **known | row)


@pytest.fixture(scope="module")
def migrated(tmp_path_factory, django_db_setup) -> Iterator[OldDatabase]:
    folder = tmp_path_factory.mktemp("old")
    with old_database(folder) as database:
        database.migrate(("kpis", "0013"))
        user = database.insert("accounts_user", employee_number="E001", name="入力 花子", password="!")
        office = database.insert(
            "accounts_department", code="1010", name="情報政策課", short_name="情政", valid_from="2019-04-01"
        )
        _figures(database, user, office)
        database.migrate(("accounts", "0008"), ("inquiries", "0004"))
        _decisions(database, user, office)
        (folder / "media" / "a.pdf").write_bytes(b"%PDF-1")
        _answers(database, user, office)
        _as_before_rules_kept_all_rows(database)
        database.migrate()
        yield database


def _figures(database: OldDatabase, user: int, office: int) -> None:
    """A frozen percentage that was added up, one without values, one of parts; values, drafts, a line of a file."""
    rate = a_kpi(database, "rate", unit="％", kind="ratio", frozen_kind="ratio", frozen_aggregation="sum")
    a_kpi(database, "empty-rate", unit="%", kind="ratio")
    flow = a_kpi(database, "flow", frozen_kind="flow", frozen_aggregation="sum")
    other = a_kpi(database, "other")
    a_kpi(database, "of-parts", unit="％", kind="ratio", numerator_id=flow, denominator_id=other)
    for kpi, value in ((rate, "20.5"), (flow, "40000")):
        series = database.insert("kpis_series", kpi_id=kpi, name="全体", kind="total", order=1)
        held = database.insert("kpis_measurement", series_id=series, value=value, **MAY)
        database.insert(
            "kpis_revision", measurement_id=held, kind="first", reason="初回", actor_id=user, value=value,
            nature="observed", version=1,
        )  # fmt: skip
        database.insert(
            "kpis_entry", series_id=series, value=value, state="draft", department_id=office, author_id=user, **MAY
        )
    file = database.insert(
        "kpis_importedfile",
        department_id=office,
        uploaded_by_id=user,
        state="uploaded",
        way="report",
        understood="{}",
        counts="{}",
    )
    database.insert("kpis_importline", imported_file_id=file, outcome="refused", span="month", nature="observed")
    database.insert("kpis_closing", month="2025-04-01")


def _decisions(database: OldDatabase, user: int, office: int) -> None:
    """Two appointments of one deputy: something was approved in the last second of the first."""
    post = database.insert("accounts_assignment", user_id=user, department_id=office, role="approver", kind="regular")
    days = (("2025-06-09", "2025-06-10", "使われた"), ("2025-06-11", "2025-06-12", "使われない"))
    for first, last, reason in days:
        named = {"principal_id": post, "deputy_id": user, "valid_from": first, "valid_to": last}
        database.insert("accounts_deputy", reason=reason, **named)
    [(entry,)] = database.run("SELECT min(id) FROM kpis_entry")
    done = {"action": "approved", "actor_id": user, "principal_id": post, "at": "2025-06-10 14:59:59+00:00"}
    database.insert("kpis_entryevent", entry_id=entry, **done)
    for reason in ("LINE友だち数の一括登録する所属の変更", "入力 花子から後任 葉子へ事務引継"):
        moved = {"action": "handed_over", "actor_id": user, "at": "2025-06-10 00:00:00+00:00", "reason": reason}
        database.insert("kpis_entryevent", entry_id=entry, **moved)


def _answers(database: OldDatabase, user: int, office: int) -> None:
    inquiry = database.insert("inquiries_inquiry", kind="one_off", title="照会", text="依頼")
    asked = database.insert(
        "inquiries_recipient", inquiry_id=inquiry, department_id=office, state="open", file="a.pdf", version=1
    )
    for file in ("a.pdf", "gone.pdf", ""):
        database.insert("inquiries_answerevent", recipient_id=asked, action="saved", actor_id=user, file=file)
    other = database.insert("inquiries_inquiry", kind="one_off", title="事前の照会", text="依頼")
    back = {"state": "returned", "return_reason": "内訳も", "decided_by_id": user, "decided_post": "課長", "version": 3}
    database.insert("inquiries_recipient", inquiry_id=other, department_id=office, **back)


def _as_before_rules_kept_all_rows(database: OldDatabase) -> None:
    for table, rule in guarded():
        if database.is_postgresql:
            database.run(f"DROP TRIGGER IF EXISTS {rule.name}_truncate ON {table}")
        else:
            database.run(f"DROP TRIGGER IF EXISTS {rule.name}_delete")


def test_units_are_normalised_and_percentages_without_parts_no_longer_added_up(migrated) -> None:
    found = migrated.run("SELECT code, unit, aggregation, frozen_aggregation, level_rule FROM kpis_kpi ORDER BY code")
    assert found == [
        ("empty-rate", "%", "none", "", "mean"),
        ("flow", "件", "sum", "sum", "mean"),
        ("of-parts", "%", "sum", "", "mean"),
        ("other", "件", "sum", "", "mean"),
        ("rate", "%", "none", "none", "mean"),
    ]


def test_values_drafts_and_lines_of_files_get_what_is_new_about_them(migrated) -> None:
    for table, rows in (("kpis_measurement", 2), ("kpis_revision", 2), ("kpis_entry", 2), ("kpis_importline", 1)):
        assert migrated.run(f"SELECT count(*) FROM {table} WHERE published = ''") == [(rows,)]
    assert migrated.run("SELECT unreadable, reading_since FROM kpis_importedfile") == [("", None)]
    assert migrated.run("SELECT how FROM kpis_importline") == [("",)]


def test_summaries_of_the_old_values_agree_with_the_audit(migrated) -> None:
    assert "differences: []" in migrated.manage(("recompute_summaries",), ("shell", "--command", _AUDITED))
    assert migrated.run("SELECT count(*) > 0 FROM kpis_summary") in ([(True,)], [(1,)])
    [(value,)] = migrated.run("SELECT value FROM kpis_measurement ORDER BY value LIMIT 1")
    assert float(value) == 20.5


def test_files_of_answers_have_their_checksums(migrated) -> None:
    known = hashlib.sha256(b"%PDF-1").hexdigest()
    assert migrated.run("SELECT file_sha256 FROM inquiries_recipient WHERE state = 'open'") == [(known,)]
    events = migrated.run("SELECT file, file_sha256 FROM inquiries_answerevent WHERE action = 'saved' ORDER BY id")
    assert events == [("a.pdf", known), ("gone.pdf", "-"), ("", "")]
    with pytest.raises(Exception, match="answer_event_never_changes"):
        migrated.run("UPDATE inquiries_answerevent SET reason = 'x'")


def test_the_reason_of_a_return_stands_in_its_event_and_the_row_tells_of_the_last_approval_alone(migrated) -> None:
    told = migrated.run("SELECT reason, post FROM inquiries_answerevent WHERE action = 'returned'")
    assert told == [("内訳も", "課長")]
    back = migrated.run("SELECT decided_by_id, decided_post FROM inquiries_recipient WHERE state = 'returned'")
    assert back == [(None, "")]


def test_a_move_to_another_department_is_an_action_of_its_own(migrated) -> None:
    found = migrated.run("SELECT action FROM kpis_entryevent WHERE reason <> '' ORDER BY id")
    assert found == [("reassigned",), ("handed_over",)]
    with pytest.raises(Exception, match="entry_event_never_changes"):
        migrated.run("UPDATE kpis_entryevent SET action = 'saved'")


def test_appointments_that_were_used_are_marked_and_kept(migrated) -> None:
    found = migrated.run("SELECT reason, is_used FROM accounts_deputy ORDER BY valid_from")
    assert [(reason, bool(used)) for reason, used in found] == [("使われた", True), ("使われない", False)]
    with pytest.raises(Exception, match="deputy_is_kept_once_used"):
        migrated.run("DELETE FROM accounts_deputy")
    with pytest.raises(Exception, match="deputy_stays_used"):
        migrated.run("UPDATE accounts_deputy SET is_used = NOT is_used")
    migrated.run("DELETE FROM accounts_deputy WHERE reason = %s", ["使われない"])


def test_every_table_that_is_kept_refuses_to_be_emptied(migrated) -> None:
    assert {"kpis_closing", "kpis_measurement", "accounts_deputy", "kpis_revision"} <= {table for table, _ in guarded()}
    if migrated.is_postgresql:
        for table, rule in guarded():
            with pytest.raises(psycopg.errors.CheckViolation, match=rule.name):
                migrated.run(f"TRUNCATE {table} CASCADE")
    kept = {name for (name,) in migrated.run(_TRIGGERS[migrated.is_postgresql])}
    ending = "_truncate" if migrated.is_postgresql else "_delete"
    assert {f"{rule.name}{ending}" for _, rule in guarded()} <= kept


@pytest.mark.parametrize("table", ["kpis_closing", "kpis_measurement", "kpis_entry", "inquiries_recipient"])
def test_rows_that_are_kept_change_and_are_not_deleted(migrated, table) -> None:
    [(first,)] = migrated.run(f"SELECT min(id) FROM {table}")
    with pytest.raises(Exception, match="_is_kept"):
        migrated.run(f"DELETE FROM {table} WHERE id = %s", [first])
    if table == "kpis_closing":
        migrated.run("UPDATE kpis_closing SET note = 'x'")


def test_making_the_rules_anew_once_more_changes_nothing(migrated) -> None:
    said = _DEFINITIONS[migrated.is_postgresql]
    before = migrated.run(said)
    migrated.manage(("shell", "--command", _MADE_ANEW))
    assert migrated.run(said) == before
    assert len(before) > 20


def test_migrations_and_models_make_the_same_sqlite_database(migrated, request, db) -> None:
    """Most tests build theirs from the models."""
    if not request.config.getvalue("nomigrations"):
        pytest.fail("run it with --nomigrations, or it compares the migrations with themselves")
    with closing(sqlite3.connect(migrated.file)) as file:
        stored = schema_of(file)
    del stored[MigrationRecorder.Migration._meta.db_table]
    assert stored == schema_of(connection.connection)
    assert len(stored) > 50
    assert any(rule.startswith("CREATE TRIGGER") for rule in stored["kpis_revision"][1])


_AUDITED = """
from kpis.models import Kpi
from kpis.summaries.audit import audit
print("differences:", [str(each) for kpi in Kpi.objects.all() for each in audit(kpi)])
"""
_MADE_ANEW = """
from constraints.installing import installs_rules
from django.apps import apps
from django.db import connection
for app in ("accounts", "initiatives", "kpis", "inquiries", "reports"):
    with connection.schema_editor() as editor:
        installs_rules(app).code(apps, editor)
"""
_TRIGGERS = {
    True: "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    False: "SELECT name FROM sqlite_master WHERE type = 'trigger'",
}
_DEFINITIONS = {
    True: "SELECT pg_get_triggerdef(t.oid), pg_get_functiondef(tgfoid) FROM pg_trigger t"
    " WHERE NOT tgisinternal ORDER BY 1",
    False: "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
}

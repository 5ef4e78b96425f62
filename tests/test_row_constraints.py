"""Rules that compare rows: what they let through, what they keep, and what digits the two engines keep exactly."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Department
from constraints.rows import RowConstraint, never_changes, never_two_at_once
from kpis.models import EntryEvent, Reporting, Target
from kpis.models.measurement import Revision
from kpis.models.value import DECIMALS, DIGITS
from tests.kpis.world import make_world, part, put

MARCH_END, APRIL = date(2025, 3, 31), date(2025, 4, 1)


def test_a_department_that_is_closed_may_be_followed_by_one_of_another_name(department):
    Department.objects.filter(pk=department.pk).update(valid_to=MARCH_END)
    following = Department.objects.create(
        code=department.code, name="デジタル推進課", short_name="デジ", order=1, valid_from=APRIL
    )
    assert Department.objects.get(pk=following.pk).name == "デジタル推進課"


def test_a_department_may_be_closed_and_put_in_another_place_of_the_order(department):
    department.valid_to, department.order, department.short_name = MARCH_END, 99, "情"
    department.full_clean()
    department.save()
    assert Department.objects.get(pk=department.pk).order == 99


def test_the_next_department_reports_from_the_month_after(department, other_department):
    reporting = part(make_world(department).friends).reportings.get()
    Reporting.objects.filter(pk=reporting.pk).update(valid_to=MARCH_END)
    following = Reporting(series=reporting.series, department=other_department, valid_from=APRIL)
    following.full_clean()
    following.save()
    assert Reporting.objects.in_force(APRIL).get(series=reporting.series).department == other_department


def test_days_that_only_touch_are_refused_by_the_database(department):
    Department.objects.filter(pk=department.pk).update(valid_to=APRIL)
    with pytest.raises(IntegrityError, match="department_code_once_a_day: 同じ所属コード"), transaction.atomic():
        Department.objects.create(code=department.code, name="次", short_name="次", order=1, valid_from=APRIL)
    day_after = APRIL + timedelta(days=1)
    assert Department.objects.create(code=department.code, name="次", short_name="次", order=1, valid_from=day_after).pk


def test_history_cannot_be_deleted_even_from_code(department):
    put(make_world(department).friends, "2025-04", 40_000)
    with pytest.raises(IntegrityError, match="revision_never_changes: 実績値の履歴"), transaction.atomic():
        Revision.objects.all()._raw_delete("default")
    assert Revision.objects.count() == 1


def test_history_cannot_be_rewritten_for_many_rows_at_once(department):
    put(make_world(department).friends, "2025-04", 40_000)
    with pytest.raises(IntegrityError, match="revision_never_changes"), transaction.atomic():
        Revision.objects.update(reason="あとから")
    assert not Revision.objects.filter(reason="あとから").exists()


def test_history_is_not_replaced_or_emptied_by_what_no_row_trigger_sees(department):
    put(make_world(department).friends, "2025-04", 40_000)
    columns = ", ".join(connection.ops.quote_name(field.column) for field in Revision._meta.concrete_fields)
    table = Revision._meta.db_table
    past_the_triggers = (
        f"TRUNCATE {table} CASCADE"
        if connection.vendor == "postgresql"
        else f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}"
    )
    connection.check_constraints()  # PostgreSQL empties no table with deferred checks pending
    with (
        pytest.raises(IntegrityError, match="revision_never_changes: 実績値の履歴"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(past_the_triggers)
    assert Revision.objects.count() == 1


def test_a_rule_about_what_was_is_not_asked_of_a_new_row(db):
    EntryEvent._meta.constraints[-1].validate(EntryEvent, EntryEvent(action="saved"))


def test_a_rule_is_not_asked_when_one_of_its_fields_failed_already(department):
    changed = Department.objects.get(pk=department.pk)
    changed.name = "別の名前"
    changed.validate_constraints(exclude={"name"})


def test_a_migration_that_reads_the_rule_back_makes_the_same_one():
    for rule in (never_changes("kept", "変更できません。"), never_two_at_once("once", "code", "重なります。")):
        path, args, options = rule.deconstruct()
        assert path == "constraints.rows.RowConstraint"
        assert RowConstraint(*args, **options) == rule
        assert rule != never_changes("kept", "別の文です。")
        assert rule.events == (("UPDATE", "DELETE") if rule.name == "kept" else ("INSERT", "UPDATE"))


@isolate_apps("kpis")
def test_a_rule_that_is_taken_away_leaves_nothing_behind(transactional_db):
    class Sample(models.Model):  # noqa: DJ008 a table that exists only here
        code = models.CharField(max_length=5)

        class Meta:
            app_label = "kpis"

    rule = RowConstraint(
        name="sample_code_never_changes", refused="OLD.code <> NEW.code", violation_error_message="変。"
    )
    with connection.schema_editor() as editor:
        editor.create_model(Sample)
    try:
        Sample._meta.constraints = [rule]
        with connection.schema_editor() as editor:
            editor.add_constraint(Sample, rule)
        row = Sample.objects.create(code="a")
        with pytest.raises(IntegrityError, match="sample_code_never_changes"), transaction.atomic():
            Sample.objects.update(code="b")
        Sample._meta.constraints = []
        with connection.schema_editor() as editor:
            editor.remove_constraint(Sample, rule)
        Sample.objects.update(code="c")
        row.refresh_from_db()
        assert row.code == "c"
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(Sample)


@isolate_apps("kpis")
def test_signs_of_templates_are_signs_in_a_rule_and_its_sentence(transactional_db):
    sentence = "50%より上は、{code}でも%sでも、「'」でもいけません。"

    class Sample(models.Model):  # noqa: DJ008 a table that exists only here
        code = models.CharField(max_length=5)

        class Meta:
            app_label = "kpis"
            constraints = [
                RowConstraint(
                    name="sample_is_no_template",
                    refused="(NEW.code LIKE '%b%' OR NEW.code = '{x}') AND EXISTS (SELECT 1 FROM {table})",
                    violation_error_message=sentence,
                )
            ]

    with connection.schema_editor() as editor:
        editor.create_model(Sample)
    try:
        Sample.objects.create(code="a%")
        for code in ("abc", "{x}"):
            with pytest.raises(ValidationError) as told:
                Sample(code=code).validate_constraints()
            assert told.value.messages == [sentence]
            with pytest.raises(IntegrityError) as refused, transaction.atomic():
                Sample.objects.create(code=code)
            assert f"sample_is_no_template: {sentence}" in str(refused.value)
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(Sample)


@isolate_apps("kpis")
def test_a_table_that_is_made_again_takes_the_rule_of_the_one_that_went(transactional_db):
    class Sample(models.Model):  # noqa: DJ008 a table that exists only here
        code = models.CharField(max_length=5)

        class Meta:
            app_label = "kpis"
            constraints = [never_changes("sample_never_changes", "変。")]

    for _ in range(2):
        with connection.schema_editor() as editor:
            editor.create_model(Sample)
        Sample.objects.create(code="a")
        with pytest.raises(IntegrityError, match="sample_never_changes"), transaction.atomic():
            Sample.objects.update(code="b")
        with connection.schema_editor() as editor:
            editor.delete_model(Sample)


class ExactValues(TestCase):
    """Every value of 15 digits is stored as it is, on both engines; a 16th digit is refused."""

    @given(
        digits=st.integers(10 ** (DIGITS - 1), 10**DIGITS - 1), decimals=st.integers(0, DECIMALS), minus=st.booleans()
    )
    def test_fifteen_digits_are_kept_and_a_sixteenth_is_refused(self, digits, decimals, minus):
        value = Decimal(-digits if minus else digits).scaleb(-decimals)
        target = self.target
        Target.objects.filter(pk=target.pk).update(value=value)
        target.refresh_from_db()
        assert target.value == value
        if decimals < DECIMALS:
            longer = value + Decimal(5).scaleb(-decimals - 1).copy_sign(value)
            with pytest.raises(IntegrityError), transaction.atomic():
                Target.objects.filter(pk=target.pk).update(value=longer)

    def setUp(self) -> None:
        department = Department.objects.create(
            code="1", name="課", short_name="課", order=1, valid_from=date(2019, 4, 1)
        )
        self.target = Target.objects.create(kpi=make_world(department).friends, fiscal_year=2025, value=1)

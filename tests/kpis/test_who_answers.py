"""Who answers for a series in a month: who reports it then, or who registers it for everybody."""

from __future__ import annotations

from datetime import date

import pytest

from kpis.models import Reporting
from kpis.values.who_answers import who_answers
from tests.kpis.world import make_world, part

JULY, AUGUST, SEPTEMBER = date(2025, 7, 1), date(2025, 8, 1), date(2025, 9, 1)


@pytest.fixture
def row(department) -> Reporting:
    """The department reports LINE friends from long ago; from August on somebody else does."""
    row = part(make_world(department).friends).reportings.get()
    row.valid_to = date(2025, 7, 31)
    row.save()
    return row


@pytest.fixture
def registered(row, department, other_department) -> int:
    """The other department registers it for the first one, in August only."""
    Reporting.objects.create(
        series=row.series, department=department, registrar=other_department,
        valid_from=AUGUST, valid_to=date(2025, 8, 31),
    )  # fmt: skip
    return row.series_id


def test_the_department_that_reports_the_month_answers(registered, department):
    found = who_answers([registered])
    assert found.department(registered, JULY) == department
    assert found.concerned(registered, JULY) == [department]


def test_the_office_that_registers_for_everybody_answers_and_both_are_concerned(
    registered, department, other_department
):
    found = who_answers([registered])
    assert found.department(registered, AUGUST) == other_department
    assert found.concerned(registered, AUGUST) == [department, other_department]
    assert found.row(registered, AUGUST).answering_id == other_department.pk


def test_after_the_last_row_nobody_does(registered):
    found = who_answers([registered])
    assert found.row(registered, SEPTEMBER) is None
    assert found.department(registered, SEPTEMBER) is None
    assert found.concerned(registered, SEPTEMBER) == []


def test_any_number_of_series_takes_one_query_and_none_takes_none(registered, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = who_answers([registered, registered, 10**9])
        assert found.department(registered, AUGUST).name
        assert found.department(10**9, AUGUST) is None
    with django_assert_num_queries(0):
        assert who_answers([]).department(registered, AUGUST) is None

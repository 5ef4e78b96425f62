"""A department's row stands for a time and never changes its name or parent."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from accounts.loading import OUR_APPS, load_departments, newest_department, reform_office_group
from accounts.models import Department, Succession

ENDS, BEGINS = date(2025, 3, 31), date(2025, 4, 1)


@pytest.fixture
def renamed(department) -> Department:
    """情報政策課 became DX推進課 on 1 April 2025, under the same code."""
    department.valid_to = ENDS
    department.full_clean()
    department.save()
    new = Department(
        code="1010", name="DX推進課", short_name="DX", parent=department.parent, order=11, valid_from=BEGINS
    )
    new.full_clean()
    new.save()
    Succession.objects.create(predecessor=department, successor=new, date=BEGINS, kind="rename")
    return new


@pytest.mark.parametrize("change", ["name", "parent"])
def test_name_and_parent_never_change(department, other_department, change):
    setattr(department, change, "別の課" if change == "name" else other_department)
    with pytest.raises(ValidationError, match="廃止日を入れて、新しい所属を登録"):
        department.full_clean()


def test_reading_and_order_may_be_mended(department):
    department.furigana, department.order = "じょうほうせいさくか", 99
    department.full_clean()


def test_a_change_closes_the_row_and_opens_another(department, renamed):
    assert (department.is_in_force(ENDS), renamed.is_in_force(ENDS)) == (True, False)
    assert (department.is_in_force(BEGINS), renamed.is_in_force(BEGINS)) == (False, True)
    assert [d.name for d in Department.objects.filter(code="1010").in_force(BEGINS)] == ["DX推進課"]
    assert newest_department("1010") == renamed


def test_several_may_join_into_one(department, other_department, renamed):
    Succession(predecessor=other_department, successor=renamed, date=BEGINS, kind="merge").full_clean()
    assert [row.predecessor for row in renamed.successions_in.all()] == [department]


def test_official_order_goes_before_codes(department, other_department, division):
    Department.objects.filter(pk=other_department.pk).update(order=1)
    assert list(Department.objects.in_official_order()) == [other_department, division, department]


def test_a_department_with_children_cannot_be_deleted(division, department):
    with pytest.raises(ProtectedError):
        division.delete()


def test_loading_adds_unknown_codes_under_their_parents_and_leaves_known_ones(department, renamed):
    rows = [
        {"code": "1010", "name": "情報政策課", "short_name": "情", "furigana": "", "order": 1, "valid_from": BEGINS},
        {
            "code": "1011", "name": "係", "short_name": "係", "furigana": "", "order": 2, "valid_from": BEGINS,
            "parent": "1010",
        },
    ]  # fmt: skip
    assert load_departments(rows) == 1
    assert load_departments(rows) == 0
    assert Department.objects.get(code="1011").parent == renamed


def test_the_reform_offices_group_holds_our_permissions_and_no_others(db):
    group = reform_office_group()
    apps = set(group.permissions.values_list("content_type__app_label", flat=True))
    assert apps == set(OUR_APPS)
    assert reform_office_group() == group

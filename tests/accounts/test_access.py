"""Rights come from the posts in force on a day: one rule per question."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.access import Access
from accounts.models import Assignment, User

DAY = date(2025, 6, 10)


@pytest.mark.parametrize(
    ("who", "enters", "approves", "sees"),
    [
        ("editor", True, False, True),
        ("approver", False, True, True),
        ("reform_office", False, False, True),
        ("viewer", False, False, False),
        ("other_editor", False, False, False),
    ],
)
def test_a_role_may_what_its_post_says(request, department, who, enters, approves, sees):
    access = Access(request.getfixturevalue(who), DAY)
    found = (
        access.may_enter(department.pk),
        access.may_approve(department.pk),
        access.may_see_entries(department),
    )
    assert found == (enters, approves, sees)


def test_nobody_signed_in_may_nothing(department):
    access = Access(AnonymousUser(), DAY)
    assert not access.may_see_entries(department)
    assert access.posts == []


@pytest.mark.parametrize(
    ("day", "may"),
    [(date(2025, 3, 31), False), (date(2025, 4, 1), True), (date(2025, 9, 30), True), (date(2025, 10, 1), False)],
)
def test_a_post_gives_rights_from_its_first_to_its_last_day(editor, department, day, may):
    editor.assignments.update(valid_from=date(2025, 4, 1), valid_to=date(2025, 9, 30))
    assert Access(editor, day).may_enter(department.pk) is may


def test_two_posts_at_once_add_up_and_each_acts_under_its_own_name(editor, department, other_department):
    Assignment.objects.create(
        user=editor, department=other_department, role="approver", title="課長補佐", valid_from=date(2025, 4, 1)
    )
    access = Access(editor, DAY)
    assert access.may_enter(department.pk)
    assert access.may_approve(other_department.pk)
    assert not access.may_approve(department.pk)
    assert access.posts == ["情報政策課 主査", "市民課 課長補佐"]
    assert access.post_in(other_department.pk, Assignment.Role.EDITOR) == ""


def test_every_question_together_costs_one_query(editor, department, django_assert_num_queries):
    access = Access(editor, DAY)
    with django_assert_num_queries(1):
        assert access.is_editor
        assert not access.is_approver
        assert not access.is_viewer
        assert not access.is_reform_office
        assert access.post_in(department.pk) == "情報政策課 主査"


def test_the_employee_number_is_what_signs_in_and_the_name_what_is_shown(db):
    user = User.objects.create_user("100999", "pass-word-123", name="職員 九")
    assert user.check_password("pass-word-123")
    assert (user.get_username(), user.get_full_name(), str(user)) == ("100999", "職員 九", "職員 九")

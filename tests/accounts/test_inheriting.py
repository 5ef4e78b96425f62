"""Who acts for a closed department once its own people report no more: its successors, in their own posts."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.access import Access
from accounts.deputising import deciding_posts
from accounts.models import Assignment, Department, Deputy, Succession
from tests.conftest import LONG_AGO, person

APRIL, MAY_31, JUNE = date(2025, 4, 1), date(2025, 5, 31), date(2025, 6, 1)


def opened(name: str, code: str, *predecessors: Department, on: date = APRIL, kind: str = "rename") -> Department:
    """A department that took over from others on a day."""
    new = Department.objects.create(code=code, name=name, short_name=name[:4], order=50, valid_from=on)
    for predecessor in predecessors:
        Department.objects.filter(pk=predecessor.pk).update(valid_to=date.fromordinal(on.toordinal() - 1))
        Succession.objects.create(predecessor=predecessor, successor=new, date=on, kind=kind)
    return new


@pytest.fixture
def new(department) -> Department:
    return opened("DX推進課", "1011", department)


@pytest.fixture
def clerk(new):
    return person("E011", "後任 葉子", Assignment.Role.EDITOR, new, "主任")


@pytest.fixture
def chief(new):
    return person("A011", "新課 長子", Assignment.Role.APPROVER, new, "課長")


def test_from_the_day_the_old_people_report_no_more_the_successors_do(department, new, clerk, chief):
    assert Access(clerk, MAY_31).editor_department_ids == {new.pk}
    assert Access(clerk, JUNE).editor_department_ids == {new.pk, department.pk}
    assert Access(chief, MAY_31).authority("approver", department) is None
    authority = Access(chief, JUNE).authority("approver", department)
    assert authority is not None
    assert authority.post == "DX推進課 課長（旧情報政策課）"


def test_history_names_the_post_and_the_header_does_not_name_it_twice(department, clerk):
    late = Access(clerk, JUNE)
    assert late.posts == ["DX推進課 主任"]
    assert late.post_in(department.pk, Assignment.Role.EDITOR) == "DX推進課 主任（旧情報政策課）"


def test_through_two_reorganisations_and_a_merger(department, other_department, new):
    last = opened("市民DX課", "1012", new, other_department, on=date(2026, 4, 1), kind="merge")
    clerk = person("E012", "三代 目子", Assignment.Role.EDITOR, last, "主任")
    assert Access(clerk, date(2026, 5, 31)).editor_department_ids == {last.pk, department.pk}
    assert Access(clerk, date(2026, 6, 1)).editor_department_ids == {
        last.pk, new.pk, other_department.pk, department.pk
    }  # fmt: skip


def test_after_a_split_only_the_one_chosen_to_finish_its_work_does(department):
    first, second = opened("一課", "1013", department, kind="split"), opened("二課", "1014")
    Succession.objects.create(
        predecessor=department, successor=second, date=APRIL, kind="split", finishes_its_work=False
    )
    for heir, theirs in ((first, {first.pk, department.pk}), (second, {second.pk})):
        clerk = person(f"E{heir.code}", "分割 子", Assignment.Role.EDITOR, heir, "主任")
        assert Access(clerk, JUNE).editor_department_ids == theirs


def test_other_departments_and_other_roles_gain_nothing(department, new, other_editor, clerk):
    assert department.pk not in Access(other_editor, JUNE).editor_department_ids
    assert not Access(clerk, JUNE).may_approve(department.pk)


def test_who_stands_in_for_the_successor_stands_in_there_too(department, chief, viewer):
    post = chief.assignments.get()
    Deputy.objects.create(principal=post, deputy=viewer, valid_from=JUNE, valid_to=JUNE, reason="出張")
    authority = Access(viewer, JUNE).authority("approver", department)
    assert authority is not None
    assert authority.principal == post
    assert authority.post.startswith("DX推進課 課長（旧情報政策課）の代決")


def test_a_deputy_is_named_for_the_post_itself_and_once(chief):
    assert [post.pk for post in deciding_posts(Access(chief, JUNE))] == [chief.assignments.get().pk]


def test_without_a_reorganisation_it_costs_one_query_and_with_one_two_more(editor, clerk, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert Access(editor, JUNE).is_editor
    with django_assert_num_queries(3):
        assert Access(clerk, JUNE).is_editor


def test_what_the_reform_offices_deputy_decides_about_may_be_seen(department, reform_office, viewer):
    assert not Access(viewer, JUNE).may_see_entries(department)
    Deputy.objects.create(
        principal=reform_office.assignments.get(), deputy=viewer, valid_from=LONG_AGO, valid_to=JUNE, reason="出張"
    )
    assert Access(viewer, JUNE).may_see_entries(department)

"""Whose approval a report needs, and by what right somebody gives it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.access import Access
from accounts.models import Assignment, Deputy, Route, RouteStep, RouteUse
from approvals.routes import DEFAULT_STEPS, route_for, steps_of
from tests.conftest import LONG_AGO, person

TODAY = date(2025, 6, 10)
MEASUREMENT = RouteUse.Subject.MEASUREMENT


def route(name: str, *roles: str) -> Route:
    made = Route.objects.create(name=name)
    for order, role in enumerate(roles, start=1):
        RouteStep.objects.create(route=made, order=order, role=role)
    return made


def use(made: Route, department=None) -> None:
    RouteUse.objects.create(route=made, department=department, subject=MEASUREMENT)


class TestRoutes:
    def test_without_any_route_the_head_alone_approves(self, department):
        assert route_for(department, MEASUREMENT) is None
        assert steps_of(None) == DEFAULT_STEPS == ("approver",)

    def test_the_route_of_everybody_holds_where_nothing_closer_does(self, department):
        everybody = route("全体", "approver", "reform_office")
        use(everybody)
        assert route_for(department, MEASUREMENT) == everybody

    def test_a_divisions_route_holds_for_its_departments(self, department, division):
        use(route("全体", "approver"))
        own = route("部", "checker", "approver", "coordinator")
        use(own, division)
        assert route_for(department, MEASUREMENT) == own

    def test_a_departments_own_route_comes_first(self, department, division, other_department):
        use(route("部", "approver"), division)
        own = route("課", "checker", "approver")
        use(own, department)
        assert route_for(department, MEASUREMENT) == own
        assert route_for(other_department, MEASUREMENT) != own

    def test_a_route_is_for_one_kind_of_report(self, department):
        use(route("全体", "approver"))
        assert route_for(department, RouteUse.Subject.PROGRESS) is None

    def test_a_route_without_steps_falls_back_to_the_head(self, db):
        assert steps_of(route("空")) == DEFAULT_STEPS


class TestAuthority:
    def test_a_chief_decides_for_the_own_department_alone(self, approver, department, other_department):
        access = Access(approver, TODAY)
        assert access.authority("approver", department).post == "情報政策課 課長"
        assert access.authority("approver", other_department) is None
        assert access.authority("checker", department) is None

    def test_a_coordinator_decides_for_every_department_of_the_division(self, division, department, other_department):
        access = Access(person("C001", "部 まとめ", "coordinator", division, "主幹"), TODAY)
        assert access.authority("coordinator", department).post == "総合政策部 主幹"
        assert access.authority("coordinator", other_department) is not None
        assert access.authority("approver", department) is None

    def test_the_reform_office_decides_at_its_own_step(self, reform_office, department):
        assert Access(reform_office, TODAY).authority("reform_office", department) is not None
        assert Access(reform_office, TODAY).authority("approver", department) is None

    def test_a_post_that_ended_yesterday_gives_no_right(self, approver, department):
        approver.assignments.update(valid_to=TODAY - timedelta(days=1))
        assert Access(approver, TODAY).authority("approver", department) is None

    def test_an_acting_head_says_so(self, department):
        acting = person("A009", "次長 五郎", "approver", department, "課長")
        acting.assignments.update(kind=Assignment.Kind.ACTING)
        assert Access(acting, TODAY).authority("approver", department).post == "情報政策課 課長事務取扱"


class TestDeputies:
    @pytest.fixture
    def deputy(self, approver, department):
        """A 課長補佐 who stands in for the chief from the 9th to the 11th."""
        user = person("D001", "補佐 三郎", "viewer", None, "課長補佐")
        Deputy.objects.create(
            principal=approver.assignments.get(),
            deputy=user,
            valid_from=TODAY - timedelta(days=1),
            valid_to=TODAY + timedelta(days=1),
            reason="出張",
        )
        return user

    def test_a_deputy_decides_in_the_place_of_the_post_and_is_marked(self, deputy, approver, department):
        authority = Access(deputy, TODAY).authority("approver", department)
        assert authority.post == "情報政策課 課長の代決（課長補佐）"
        assert authority.principal == approver.assignments.get()

    @pytest.mark.parametrize("days", [-2, 2])
    def test_outside_the_days_a_deputy_has_no_right(self, deputy, department, days):
        assert Access(deputy, TODAY + timedelta(days=days)).authority("approver", department) is None

    def test_nobody_stands_in_for_a_post_that_has_ended(self, deputy, approver, department):
        approver.assignments.update(valid_to=TODAY - timedelta(days=1))
        assert Access(deputy, TODAY).authority("approver", department) is None

    def test_an_own_post_comes_before_standing_in(self, deputy, department):
        Assignment.objects.create(
            user=deputy, department=department, role="approver", title="課長", valid_from=LONG_AGO
        )
        assert Access(deputy, TODAY).authority("approver", department).principal is None

    def test_a_deputy_sees_the_entries_of_the_department(self, deputy, department, other_department):
        access = Access(deputy, TODAY)
        assert access.may_see_entries(department)
        assert not access.may_see_entries(other_department)

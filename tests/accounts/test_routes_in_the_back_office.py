"""取りまとめ課 sets up routes, their use and deputies in the back office."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.back_office.access import follow_staff_flag
from accounts.models import Assignment, Deputy, Route, RouteUse
from tests.accounts.test_routing import route


@pytest.fixture
def office(reform_office, signed_in):
    follow_staff_flag(reform_office)
    return signed_in(reform_office)


def add_route(client, *steps: tuple[str, str]) -> Any:
    form = {"name": "2段階", "steps-TOTAL_FORMS": len(steps), "steps-INITIAL_FORMS": 0}
    for place, (order, role) in enumerate(steps):
        form |= {f"steps-{place}-order": order, f"steps-{place}-role": role}
    return client.post("/admin/accounts/route/add/", form)


def test_a_route_is_made_with_its_steps_in_order(office):
    add_route(office, ("1", "checker"), ("2", "approver"))
    steps = Route.objects.get().steps.values_list("order", "role")
    assert list(steps) == [(1, "checker"), (2, "approver")]
    assert "確認者（係長） → 確認者（所属長）" in office.get("/admin/accounts/route/").content.decode()


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([("2", "checker"), ("3", "approver")], "番号を飛ばさずに"),
        ([("1", "checker"), ("1", "approver")], "重複"),
        ([("5", "checker")], "段階は1から4まで"),
        ([], "1つ以上"),
    ],
)
def test_steps_that_make_no_route_are_refused_in_words(office, steps, said):
    assert said in add_route(office, *steps).content.decode()
    assert not Route.objects.exists()


def test_a_department_gets_one_route_for_a_subject(office, department):
    form = {"department": department.pk, "subject": "measurement", "route": route("1段階", "approver").pk}
    office.post("/admin/accounts/routeuse/add/", form)
    assert RouteUse.objects.get().department == department
    again = office.post("/admin/accounts/routeuse/add/", form)
    assert "この所属の承認ルートは登録済みです。" in again.content.decode()


def test_the_office_names_a_deputy_but_nobody_for_themselves(office, approver, editor):
    post = Assignment.objects.get(user=approver)
    form = {"principal": post.pk, "valid_from": "2025-06-01", "valid_to": "2025-06-10", "reason": "出張"}
    refused = office.post("/admin/accounts/deputy/add/", form | {"deputy": approver.pk})
    assert "本人を代決者にはできません" in refused.content.decode()
    office.post("/admin/accounts/deputy/add/", form | {"deputy": editor.pk})
    assert Deputy.objects.get().deputy == editor

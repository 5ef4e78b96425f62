"""代決者の登録: a chief names who decides while away, and takes it back."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from accounts.models import Assignment, Deputy
from tests.conftest import person

URL = "/deputies/"
FIRST = date(2025, 6, 12)


@pytest.fixture(autouse=True)
def tenth_of_june():
    with time_machine.travel("2025-06-10 10:00 +0900"):
        yield


@pytest.fixture
def colleague(department):
    return person("D001", "係長 四郎", "viewer", None, "係長")


@pytest.fixture
def chief(approver, signed_in):
    return signed_in(approver)


def name(client, colleague, **typed):
    form = {"post": Assignment.objects.get(user__employee_number="A001").pk, "deputy": colleague.pk, "reason": "出張"}
    return client.post(URL, form | {"first": "2025-06-12", "last": "2025-06-13"} | typed)


def test_the_deputy_stands_in_on_those_days_and_finds_the_queue(chief, colleague, signed_in):
    assert name(chief, colleague).status_code == 302
    assert "係長 四郎" in chief.get(URL).content.decode()
    assert signed_in(colleague).get("/approvals/").status_code == 403
    with time_machine.travel("2025-06-13 10:00 +0900"):
        client = signed_in(colleague)
        home = client.get("/").content.decode()
        assert 'href="/approvals/">確認する</a>' in home
        assert client.get("/approvals/").status_code == 200


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"first": "2025-06-09"}, "今日以後の日付"),
        ({"last": "2025-06-11"}, "終了日は開始日以後"),
        ({"deputy": ""}, "代決者を選んでください"),
        ({"reason": ""}, "理由を入力してください"),
        ({"first": "あした"}, "「あした」を日付として読み取れません"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_keeps_what_was_typed(chief, colleague, typed, said):
    answer = name(chief, colleague, **typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert answer.context["form"].data["reason"] == typed.get("reason", "出張")
    assert not Deputy.objects.exists()


def test_a_post_has_one_deputy_a_day(chief, colleague, editor):
    name(chief, colleague)
    answer = name(chief, editor, first="2025-06-13", last="2025-06-20")
    assert "係長 四郎が代決者に登録されています" in answer.content.decode()
    assert Deputy.objects.count() == 1


def test_nobody_names_a_deputy_for_somebody_elses_post(chief, colleague, other_department):
    elsewhere = person("A002", "別課長", "approver", other_department).assignments.get()
    assert name(chief, colleague, post=elsewhere.pk).status_code == 422
    assert not Deputy.objects.exists()


def test_one_that_did_not_begin_is_taken_away(chief, colleague):
    name(chief, colleague)
    chief.post(f"{URL}{Deputy.objects.get().pk}/cancel/")
    assert not Deputy.objects.exists()


def test_one_that_began_keeps_the_days_that_are_over(chief, colleague, approver, signed_in):
    name(chief, colleague)
    with time_machine.travel("2025-06-13 10:00 +0900"):
        signed_in(approver).post(f"{URL}{Deputy.objects.get().pk}/cancel/")
    assert Deputy.objects.get().valid_to == FIRST


def test_another_chief_cannot_take_it_back(chief, colleague, other_department, signed_in):
    name(chief, colleague)
    stranger = signed_in(person("A002", "別課長", "approver", other_department))
    assert stranger.post(f"{URL}{Deputy.objects.get().pk}/cancel/").status_code == 403
    assert Deputy.objects.exists()

"""Who left loses access by itself, and nobody else does."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from accounts.leaving import earliest_end
from accounts.models import Assignment, User
from tests.conftest import person

PASSWORD = "pass-word-123"


def can_sign_in(client, number: str = "E001") -> bool:
    client.logout()
    return client.post("/login/", {"username": number, "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize(
    ("today", "is_in", "first_end"),
    [
        (date(2025, 6, 20), True, date(2025, 6, 6)),
        (date(2025, 4, 10), True, date(2025, 3, 27)),
        (date(2025, 4, 30), False, date(2025, 3, 1)),
        (date(2025, 4, 5), False, date(2025, 3, 1)),
        (date(2025, 5, 1), True, date(2025, 4, 17)),
    ],
)
def test_how_long_a_post_that_ended_gives_access(today, is_in, first_end) -> None:
    assert earliest_end(today, 14, april_list_is_in=is_in) == first_end


@pytest.mark.parametrize(("day", "opens"), [("2025-07-14", True), ("2025-07-15", False)])
def test_fourteen_days_after_the_last_post_the_door_closes(client, editor, day, opens) -> None:
    editor.assignments.update(valid_to=date(2025, 6, 30))
    with time_machine.travel(f"{day} 09:00+09:00"):
        assert can_sign_in(client) is opens


def test_an_open_session_ends_with_its_next_request(client, editor) -> None:
    with time_machine.travel("2025-07-14 23:50+09:00"):
        editor.assignments.update(valid_to=date(2025, 6, 30))
        client.force_login(editor)
        assert client.get("/").status_code == 200
    with time_machine.travel("2025-07-15 00:10+09:00"):
        assert client.get("/").headers["Location"].startswith("/login/")


def test_in_april_they_wait_for_the_new_list(client, editor, other_department) -> None:
    editor.assignments.update(valid_to=date(2025, 3, 31))
    with time_machine.travel("2025-04-25 09:00+09:00"):
        assert can_sign_in(client)
        newcomer = person("E009", "新任 実", "editor", other_department, "主事")
        Assignment.objects.filter(user=newcomer).update(valid_from=date(2025, 4, 1))
        assert not can_sign_in(client)


def test_a_second_post_or_one_to_come_keeps_the_door_open(client, editor, other_department) -> None:
    editor.assignments.update(valid_to=date(2025, 3, 31))
    with time_machine.travel("2025-06-10 09:00+09:00"):
        coming = Assignment(user=editor, department=other_department, role="editor", valid_from=date(2025, 7, 1))
        coming.save()
        assert can_sign_in(client)


def test_an_account_that_never_had_a_post_and_the_operator_stay(client, db, settings) -> None:
    settings.LEAVER_GRACE_DAYS = 0
    User.objects.create_user("N001", PASSWORD, name="準備中")
    boss = User.objects.create_superuser("S001", PASSWORD, name="管理者")
    Assignment.objects.create(user=boss, role="viewer", valid_from=date(2020, 4, 1), valid_to=date(2021, 3, 31))
    assert can_sign_in(client, "N001")
    assert can_sign_in(client, "S001")


def test_the_days_are_a_setting(client, editor, settings) -> None:
    settings.LEAVER_GRACE_DAYS = 60
    editor.assignments.update(valid_to=date(2025, 6, 30))
    with time_machine.travel("2025-08-29 09:00+09:00"):
        assert can_sign_in(client)


def test_a_session_costs_one_query(client, editor, django_assert_num_queries) -> None:
    from accounts.leaving import PostBackend

    with time_machine.travel("2025-06-10 09:00+09:00"), django_assert_num_queries(1):
        assert PostBackend().get_user(editor.pk) == editor

"""Passwords are hashed in turns wherever one is compared or set; without a turn nothing is done, and a sentence says so."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from unittest import mock

import pytest
from django.contrib.auth.hashers import get_hasher, make_password

from accounts.back_office.access import follow_staff_flag
from accounts.door import hashing
from accounts.door.hashing import BoundedPBKDF2, Busy, Turns
from accounts.models import User
from accounts.passwords import MAX_LENGTH
from reform import settings as shipped

NEW = "kaki-to-kuri-77"


@pytest.fixture(autouse=True)
def own_hasher(settings) -> Iterator[None]:
    """The hasher of the product, quick."""
    settings.PASSWORD_HASHERS = shipped.PASSWORD_HASHERS
    with mock.patch.object(BoundedPBKDF2, "iterations", 1):
        yield


@pytest.fixture
def taken() -> Iterator[None]:
    """Somebody else's password is being compared, for long."""
    turns = Turns(at_once=1, waiting=1, seconds=0.05)
    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        with turns.turn():
            holding.set()
            done.wait(30)

    thread = threading.Thread(target=hold)
    thread.start()
    holding.wait(30)
    with mock.patch.object(hashing, "turns", turns):
        yield
    done.set()
    thread.join()


def test_the_first_hasher_is_the_bounded_one_and_stores_what_djangos_does() -> None:
    assert isinstance(get_hasher(), BoundedPBKDF2)
    assert make_password(NEW).startswith("pbkdf2_sha256$")


def test_a_turn_within_a_turn_is_the_same(taken: None) -> None:
    turns = Turns(at_once=1, waiting=0, seconds=0)
    with turns.turn(), turns.turn_or_own():
        pass
    with turns.turn_or_own():
        pass
    with turns.turn():
        pass
    with pytest.raises(Busy):
        make_password(NEW)


@pytest.fixture
def office(reform_office, client):
    follow_staff_flag(reform_office)
    client.force_login(reform_office, backend="accounts.leaving.PostBackend")
    client.raise_request_exception = False
    return client


def forms(person: User) -> dict[str, dict[str, str]]:
    pair = {"password1": NEW, "password2": NEW, "usable_password": "true"}
    no_posts = {"assignments-TOTAL_FORMS": "0", "assignments-INITIAL_FORMS": "0"}
    return {
        "/password/": {"old_password": "pass-word-123", "new_password1": NEW, "new_password2": NEW},
        f"/admin/accounts/user/{person.pk}/password/": pair,
        "/admin/accounts/user/add/": {"employee_number": "X1", "name": "新人 一", **pair, **no_posts},
    }


def test_without_a_turn_no_password_is_changed_or_set(office, editor, taken: None) -> None:
    stored = dict(User.objects.values_list("pk", "password"))
    for address, form in forms(editor).items():
        answer = office.post(address, form)
        assert answer.status_code == 503, address
        assert answer["Retry-After"] == "10"
        text = answer.content.decode()
        assert "パスワードの登録や確認が混み合っています" in text
        assert NEW not in text
    assert dict(User.objects.values_list("pk", "password")) == stored


def test_with_a_turn_they_are(office, editor) -> None:
    for address, form in forms(editor).items():
        assert office.post(address, form).status_code == 302, address
    assert User.objects.get(pk=editor.pk).check_password(NEW)


def test_a_long_new_password_is_refused_without_being_searched_or_hashed(office, reform_office) -> None:
    form = {"old_password": "pass-word-123", "new_password1": "a" * 5000, "new_password2": "a" * 5000}
    with (
        mock.patch("accounts.passwords.spelling") as searched,
        mock.patch("accounts.passwords.check_password") as asked,
    ):
        page = office.post("/password/", form)
    assert f"パスワードは{MAX_LENGTH}文字までにしてください。" in page.content.decode()
    assert not searched.called
    assert not asked.called

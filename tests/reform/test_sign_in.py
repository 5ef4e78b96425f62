"""Signing in with the employee number, being told what is wrong in Japanese, changing the password, signing out."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User

PASSWORD = "pass-word-123"


def sign_in(client: Client, number: str, password: str = PASSWORD, **more: str):
    return client.post(reverse("login"), {"username": number, "password": password, **more})


def test_the_page_names_the_site_and_asks_for_the_employee_number(client, db) -> None:
    text = client.get(reverse("login")).content.decode()
    assert settings.SITE_NAME in text
    assert "testserver" not in text
    assert "職員番号" in text


@pytest.mark.parametrize("number", ["E001", "Ｅ００１"])
def test_an_employee_number_opens_the_home_page_also_typed_in_full_width(number, client, editor) -> None:
    assert sign_in(client, number).headers["Location"] == reverse("home")


def test_a_wrong_password_is_told_in_japanese_and_the_number_stays(client, editor) -> None:
    text = sign_in(client, "E001", "wrong").content.decode()
    assert "職員番号とパスワード" in text
    assert 'role="alert"' in text
    assert 'value="E001"' in text


def test_a_page_that_asked_to_sign_in_is_opened_afterwards(client, editor) -> None:
    wanted = client.get(reverse("surveys:list")).headers["Location"]
    assert wanted == f"{reverse('login')}?next={reverse('surveys:list')}"
    assert sign_in(client, "E001", next=reverse("surveys:list")).headers["Location"] == reverse("surveys:list")


def test_an_address_elsewhere_is_not_followed_after_signing_in(client, editor) -> None:
    assert sign_in(client, "E001", next="https://example.com/").headers["Location"] == reverse("home")


def test_a_person_who_left_cannot_sign_in(client, editor) -> None:
    User.objects.update(is_active=False)
    assert sign_in(client, "E001").status_code == 200


def test_too_many_wrong_passwords_lock_out_and_say_so(client, editor) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        response = sign_in(client, "E001", "wrong")
    assert response.status_code == 429
    assert "しばらくログインできません" in response.content.decode()
    assert sign_in(client, "E001").status_code == 429


def test_a_changed_password_is_the_one_that_signs_in_and_the_session_goes_on(client, editor) -> None:
    sign_in(client, "E001")
    new = "atarashii-aikotoba-7"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    response = client.post(reverse("password_change"), fields, follow=True)
    assert "パスワードを変更しました" in response.content.decode()
    assert client.get(reverse("home")).status_code == 200
    assert sign_in(Client(), "E001", new).status_code == 302
    assert sign_in(Client(), "E001").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "again", "told"),
    [
        ("wrong", "atarashii-aikotoba-7", "atarashii-aikotoba-7", "元のパスワード"),
        (PASSWORD, "atarashii-aikotoba-7", "chigau-aikotoba-8", "一致しません"),
        (PASSWORD, "12345678901", "12345678901", "数字しか"),
        (PASSWORD, "short-1", "short-1", "短すぎます"),
    ],
)
def test_a_password_that_cannot_be_taken_is_told_why(old, new, again, told, editor, signed_in) -> None:
    fields = {"old_password": old, "new_password1": new, "new_password2": again}
    response = signed_in(editor).post(reverse("password_change"), fields)
    errors = [str(message) for messages in response.context["form"].errors.values() for message in messages]
    assert any(told in message for message in errors), errors
    editor.refresh_from_db()
    assert editor.check_password(PASSWORD)


def test_signing_out_needs_a_press_of_the_button_and_ends_the_session(editor, signed_in) -> None:
    client = signed_in(editor)
    assert client.get(reverse("logout")).status_code == 405
    client.post(reverse("logout"))
    assert client.get(reverse("home")).status_code == 302


def test_a_lock_out_of_one_number_leaves_a_colleague_at_the_same_address_alone(client, editor, approver) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(client, "E001", "wrong")
    assert sign_in(client, "A001").status_code == 302

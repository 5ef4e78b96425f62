"""Which new passwords are refused: the old one, and what somebody who knows the person or the city would try first."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.account_changes import telling
from accounts.models import Session, User
from accounts.passwords import spelling

OFFICE_SAYS = {"usable_password": "true"}


def twice(word: str) -> dict[str, str]:
    return {"password1": word, "password2": word}


def person() -> User:
    return User(
        employee_number="A10453", name="荘司 由紀子", furigana="しょうじ ゆきこ", email="kumagera@example.lg.jp"
    )


@pytest.fixture(autouse=True)
def _city(settings) -> None:
    settings.CITY_NAME, settings.SITE_NAME = "みなと市", "行革レポート"
    settings.ALLOWED_HOSTS, settings.PASSWORD_WORDS = ["kaikei.minatogawa.example", "testserver"], ["namihana"]


@pytest.mark.parametrize(
    "password",
    [
        "A10453-a10453",
        "a10453!2026",
        "shouji-yukiko",
        "Shoji.Yukiko1",
        "syouzi_yukiko_99",
        "しょうじゆきこ2026",
        "荘司由紀子2026",
        "ｓｈｏｕｊｉ２０２６４",
        "kumagera-2026",
        "minato-shi-2026",
        "みなと市20261",
        "minatogawa-2026",
        "namihana-12345",
        "mihon-nyuryoku-1",
        "kaikaku-report-7",
    ],
)
def test_a_password_that_is_mainly_known_words_is_refused(password: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password, person())
    assert "password_of_known_words" in {error.code for error in refused.value.error_list}


@pytest.mark.parametrize(
    "password", ["tsubame-ga-3wa", "yukiko-wa-tsubame-ga-suki", "kinmokusei 41ban", "白い灯台の七つの窓辺"]
)
def test_a_password_with_enough_of_something_else_is_taken(password: str) -> None:
    validate_password(password, person())


def test_romanisations_of_one_name_are_one_spelling() -> None:
    assert spelling("Shōji".replace("ō", "ou")) == spelling("syouzi") == spelling("shoji")
    assert spelling("Tsuchiya") == spelling("tutiya")
    assert spelling("Fujita") == spelling("huzita")


def test_the_page_refuses_the_old_password_as_the_new_one(client, editor) -> None:
    client.force_login(editor)
    old = "pass-word-123"
    answer = client.post("/password/", {"old_password": old, "new_password1": old, "new_password2": old})
    assert "いまと同じパスワードは使えません" in answer.content.decode()


def test_a_first_password_must_be_changed_into_another_one(client, editor) -> None:
    editor.set_password("tsubame-ga-3wa")
    editor.must_change_password = True
    editor.save()
    client.force_login(editor)
    form = {"old_password": "tsubame-ga-3wa", "new_password1": "tsubame-ga-3wa", "new_password2": "tsubame-ga-3wa"}
    client.post("/password/", form)
    editor.refresh_from_db()
    assert editor.must_change_password
    client.post("/password/", form | {"new_password1": "kaki-to-kuri-77", "new_password2": "kaki-to-kuri-77"})
    editor.refresh_from_db()
    assert not editor.must_change_password


def test_the_back_office_cannot_give_back_the_password_somebody_has(client, db, editor) -> None:
    client.force_login(User.objects.create_superuser("S001", "root-word-4567", name="管理者"))
    url = f"/admin/accounts/user/{editor.pk}/password/"
    assert "いまと同じパスワード" in client.post(url, OFFICE_SAYS | twice("pass-word-123")).content.decode()
    assert client.post(url, OFFICE_SAYS | twice("kaki-to-kuri-77")).status_code == 302


def test_a_new_password_ends_the_sessions_of_the_old_one(client, editor) -> None:
    other = Client()
    for browser in (client, other):
        browser.force_login(editor, backend="accounts.leaving.PostBackend")
    assert Session.objects.of(editor.pk).count() == 2
    new = {"new_password1": "kaki-to-kuri-77", "new_password2": "kaki-to-kuri-77"}
    assert client.post("/password/", {"old_password": "pass-word-123"} | new).status_code == 302
    [left] = Session.objects.of(editor.pk)
    assert left.session_key == client.session.session_key
    assert "他の端末</td>" not in client.get("/sessions/").content.decode()
    assert client.get("/").status_code == 200


def test_a_reset_by_the_office_ends_them_all(client, editor) -> None:
    client.force_login(editor, backend="accounts.leaving.PostBackend")
    with telling([editor.pk]):
        editor.set_password("kaki-to-kuri-77")
        editor.save()
    assert not Session.objects.of(editor.pk).exists()


def test_who_does_not_change_a_first_password_can_leave(client, editor) -> None:
    editor.must_change_password = True
    editor.save()
    client.force_login(editor, backend="accounts.leaving.PostBackend")
    page = client.get("/password/").content.decode()
    assert 'form="leave">やめてログアウトする' in page
    assert f'action="{reverse("logout")}" id="leave"' in page
    editor.must_change_password = False
    editor.save()
    page = client.get("/password/").content.decode()
    assert "やめてログアウトする" not in page
    assert ">やめる</a>" in page

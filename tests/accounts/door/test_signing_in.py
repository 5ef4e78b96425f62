"""What a sign-in costs is bounded: by length, by address, and by how many passwords are compared at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from unittest import mock

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.door.attempts import KNOWN_FOR
from accounts.door.hashing import Busy, Turns, turns
from accounts.models import User

RIGHT = "pass-word-123"


def sign_in(number: str, password: str = RIGHT, address: str = "10.0.0.5", client: Client | None = None):
    said = {"username": number, "password": password}
    return (client or Client()).post("/login/", said, REMOTE_ADDR=address)


@pytest.fixture
def compared() -> Iterator[mock.Mock]:
    """Whether a password was hashed or compared."""
    made = mock.patch("django.contrib.auth.base_user.make_password", return_value="!")
    with mock.patch("django.contrib.auth.hashers.verify_password", return_value=(False, False)) as verify, made as make:
        verify.made = make
        yield verify


def failed(address: str, count: int, number: str = "somebody", ago: timedelta = timedelta()) -> None:
    attempt = AccessAttempt.objects.create(
        username=number, ip_address=address, user_agent=number, failures_since_start=count
    )
    AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=timezone.now() - ago)


# --- Length --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("number", "password"), [("E001", "あ" * 129), ("E001", "x" * 60_000), ("9" * 10_000, RIGHT)])
def test_what_is_too_long_is_refused_before_anything_is_compared(number, password, editor, compared):
    answer = sign_in(number, password)
    assert answer.status_code == 200
    assert "文字" in answer.content.decode()
    assert not compared.called
    assert not compared.made.called
    assert not AccessAttempt.objects.exists()


def test_a_new_password_is_never_longer_than_the_page_takes(editor):
    validate_password("長い合言葉でも覚えられます" * 9, editor)
    with pytest.raises(ValidationError, match="128文字まで"):
        validate_password("長い合言葉でも覚えられます" * 10, editor)


# --- Address -------------------------------------------------------------------------------------------------------
def test_an_address_where_many_failed_tries_no_further_number(editor, settings, compared):
    settings.FAILURES_PER_ADDRESS = 30
    failed("10.0.0.5", 12, "a")
    failed("10.0.0.5", 18, "b")
    answer = sign_in("never-seen")
    assert answer.status_code == 429
    assert "この場所（ネットワーク）からのログインの失敗が続いた" in answer.content.decode()
    assert answer["Retry-After"] == "900"
    assert not compared.called
    assert not compared.made.called
    assert AccessAttempt.objects.count() == 2  # nothing is written for a number that is not tried


def test_below_the_limit_everybody_may_try(editor, settings):
    settings.FAILURES_PER_ADDRESS = 30
    failed("10.0.0.5", 29)
    assert sign_in("E001").status_code == 302


def test_another_address_is_not_kept_out(editor, settings):
    settings.FAILURES_PER_ADDRESS = 30
    failed("10.0.0.5", 30)
    assert sign_in("E001", address="10.0.0.6").status_code == 302


def test_after_the_time_of_a_lock_out_the_address_is_open_again(editor, settings):
    settings.FAILURES_PER_ADDRESS = 30
    failed("10.0.0.5", 30, ago=timedelta(minutes=16))
    assert sign_in("E001").status_code == 302


def test_who_signed_in_from_a_hall_lately_is_not_kept_out_by_somebody_else_in_it(editor, settings):
    assert sign_in("E001").status_code == 302
    settings.FAILURES_PER_ADDRESS = 30
    failed("10.0.0.5", 500)
    assert sign_in("E001").status_code == 302
    AccessLog.objects.update(attempt_time=timezone.now() - KNOWN_FOR - timedelta(hours=1))
    assert sign_in("E001").status_code == 429


def test_zero_means_no_limit(editor, settings):
    settings.FAILURES_PER_ADDRESS = 0
    failed("10.0.0.5", 5000)
    assert sign_in("E001").status_code == 302


def test_ever_new_numbers_close_their_address(editor, settings):
    settings.FAILURES_PER_ADDRESS = 15
    statuses = [sign_in(f"new-{turn}", "wrong").status_code for turn in range(20)]
    assert statuses == [200] * 15 + [429] * 5


# --- Work ----------------------------------------------------------------------------------------------------------
def test_no_more_hold_a_turn_than_there_are_and_the_others_wait():
    two = Turns(at_once=2, waiting=10, seconds=30)
    inside, most, lock = 0, 0, threading.Lock()
    hold = threading.Event()

    def work() -> None:
        nonlocal inside, most
        with two.turn():
            with lock:
                inside, most = inside + 1, max(most, inside + 1)
            hold.wait(0.02)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (inside, most) == (0, 2)


def test_who_would_wait_behind_too_many_is_told_so_at_once():
    one = Turns(at_once=1, waiting=0, seconds=30)
    with one.turn(), pytest.raises(Busy), one.turn():
        pass
    with one.turn():
        pass  # given back


def test_who_waits_in_vain_is_told_so_and_its_place_is_free_again():
    one = Turns(at_once=1, waiting=1, seconds=0.01)
    with one.turn():
        for _ in range(3):
            with pytest.raises(Busy), one.turn():
                pass
    with one.turn():
        pass


def test_an_error_gives_the_turn_back():
    one = Turns(at_once=1, waiting=0, seconds=0.01)
    with pytest.raises(ZeroDivisionError), one.turn():
        raise ZeroDivisionError
    with one.turn():
        pass


def test_while_the_door_is_crowded_a_sentence_is_shown_and_no_failure_counted(editor, compared):
    with mock.patch.object(turns, "turn", side_effect=Busy):
        answer = sign_in("E001")
    text = answer.content.decode()
    assert answer.status_code == 503
    assert "ログインが混み合っています" in text
    assert 'value="E001"' in text  # the number need not be typed again
    assert answer["Retry-After"] == "10"
    assert not AccessAttempt.objects.exists()


def test_a_wrong_password_is_told_as_before(editor):
    answer = sign_in("E001", "wrong")
    assert answer.status_code == 200
    assert AccessAttempt.objects.get().failures_since_start == 1
    assert User.objects.count() == 1

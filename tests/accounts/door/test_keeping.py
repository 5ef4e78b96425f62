"""To whom kept text is given, for how long, and what of it is never kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client, RequestFactory

from accounts.door.keeping import MAX_LETTERS, SIGN_IN_FIRST, keep
from accounts.door.opened import FIELD, opened_by
from accounts.models import KeptForm
from accounts.models.kept_form import KEPT_OF_ONE
from tests.accounts.door.test_kept_forms import where

URL = "/deputies/"
REASON = "理由：出張のため（長い文章）"


def word(client: Client, url: str = URL) -> str:
    """The signed word in the page's forms."""
    text = client.get(url).content.decode()
    return text.split(f'name="{FIELD}" value="', 1)[1].split('"', 1)[0]


@pytest.fixture
def owner(approver, signed_in) -> Client:
    return signed_in(approver)


def sent_late(owner: Client, **typed: object):
    """The answer to the form when its session has ended."""
    return Client().post(URL, {FIELD: word(owner), "reason": REASON, **typed})


def test_it_is_given_to_its_person_and_nobody_else(owner, editor, signed_in):
    page = where(sent_late(owner))
    assert REASON in owner.get(page).content.decode()
    KeptForm.objects.update(page="/")
    other = signed_in(editor).get("/" + page.partition(URL)[2])
    assert REASON not in other.content.decode()
    assert "まだ保存していません" not in other.content.decode()


def test_it_is_forgotten_after_thirty_minutes(owner, approver, time_machine):
    time_machine.move_to("2030-06-10T03:00:00Z", tick=False)
    owner.force_login(approver, backend="accounts.leaving.PostBackend")
    page = where(sent_late(owner))
    time_machine.shift(timedelta(minutes=29))
    assert REASON in owner.get(page).content.decode()
    time_machine.shift(timedelta(minutes=2))
    assert REASON not in owner.get(page).content.decode()
    assert KeptForm.objects.sweep() == 1


@pytest.mark.parametrize("made_up", ["", "x", "1:1abc:def", "WzEsIi8iXQ:1uOtDx:nonsense"])
def test_a_word_of_ones_own_making_keeps_nothing(made_up, db):
    answer = Client().post(URL, {FIELD: made_up, "reason": REASON})
    assert where(answer) == URL
    assert not KeptForm.objects.exists()


def test_a_word_is_good_for_a_day(owner, approver, time_machine):
    time_machine.move_to("2030-06-10T03:00:00Z", tick=False)
    owner.force_login(approver, backend="accounts.leaving.PostBackend")
    said = word(owner)
    assert opened_by(said).user_id == approver.pk
    time_machine.shift(timedelta(hours=24, seconds=1))
    assert opened_by(said) is None


def test_passwords_and_tokens_are_never_kept(owner):
    Client().post("/password/", {FIELD: word(owner, "/password/"), "old_password": "a", "new_password1": "b", "x": "y"})
    assert KeptForm.objects.get().fields == [["x", "y"]]


def test_files_are_not_kept_and_it_says_so(owner):
    page = where(sent_late(owner, file=SimpleUploadedFile("根拠.pdf", b"x" * 100)))
    text = owner.get(page).content.decode()
    assert "根拠.pdf" in text
    assert "お預かりしていません。もう一度選んでください" in text


def test_more_than_a_million_letters_are_not_kept(owner):
    said = {FIELD: word(owner), "reason": "あ" * (MAX_LETTERS + 1)}
    request = RequestFactory().post(URL)
    request.POST = QueryDict(mutable=True)
    request.POST.update(said)
    assert keep(request) is None
    assert Client().post(URL, said).status_code == 413  # a stranger's body is smaller still
    assert not KeptForm.objects.exists()


def test_a_person_keeps_the_newest_ten(owner):
    for number in range(KEPT_OF_ONE + 3):
        sent_late(owner, reason=f"{number}番目")
    kept = [dict(form.fields)["reason"] for form in KeptForm.objects.all()]
    assert kept == [f"{number}番目" for number in range(KEPT_OF_ONE + 2, 2, -1)]


def test_a_page_whose_form_is_gone_lists_what_was_typed(owner):
    page = where(sent_late(owner))
    KeptForm.objects.update(action="/gone/")
    text = owner.get(page).content.decode()
    assert "書き写してください" in text
    assert REASON in text


def test_a_page_that_is_closed_now_lists_what_was_typed(owner):
    sent_late(owner)
    kept = KeptForm.objects.get()
    answer = owner.get(f"/imports/999/preview/?kept={kept.key}")
    assert answer.status_code == 200
    assert REASON in answer.content.decode()


def test_the_sign_in_page_says_that_it_was_kept_and_leads_back(owner, approver):
    late = sent_late(owner)
    browser = Client()
    assert "30分間お預かりします" in browser.get(late["Location"]).content.decode()
    signed = browser.post(
        late["Location"], {"username": approver.employee_number, "password": "pass-word-123", "next": where(late)}
    )
    assert signed["Location"] == where(late)


def test_after_a_sign_in_that_leads_elsewhere_a_message_tells_where_it_waits(owner, approver):
    late = sent_late(owner)
    browser = Client()
    browser.post("/login/", {"username": approver.employee_number, "password": "pass-word-123"})
    text = browser.get("/").content.decode()
    assert "お預かりしています" in text
    assert f'href="{where(late)}"' in text


# --- The token ------------------------------------------------------------------------------------------------------
def strict(user) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user, backend="accounts.leaving.PostBackend")
    return client


def test_a_page_that_was_open_while_its_person_signed_in_again_loses_nothing(approver):
    client = strict(approver)
    said = word(client)
    answer = client.post(URL, {FIELD: said, "csrfmiddlewaretoken": "a" * 64, "reason": REASON})
    assert answer.status_code == 302
    text = client.get(answer["Location"]).content.decode()
    assert REASON in text
    assert "まだ保存していません" in text


def test_somebody_else_who_signed_in_meanwhile_is_told_and_given_nothing(approver, editor):
    said = word(strict(approver))
    answer = strict(editor).post(URL, {FIELD: said, "csrfmiddlewaretoken": "a" * 64, "reason": REASON})
    assert answer.status_code == 403
    assert "別の方がログインしています" in answer.content.decode()
    assert REASON not in answer.content.decode()
    assert KeptForm.objects.get().user == approver


def test_another_sites_form_is_refused_as_ever(approver):
    answer = strict(approver).post(URL, {"csrfmiddlewaretoken": "a" * 64, "reason": REASON})
    assert answer.status_code == 403
    assert not KeptForm.objects.exists()


# --- Parts of a page ------------------------------------------------------------------------------------------------
def test_a_part_that_renews_itself_leads_the_whole_page_to_the_sign_in(db):
    answer = Client().get(
        "/jobs/1/status/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/jobs/1/"}
    )
    assert (answer.status_code, answer.content.decode()) == (401, SIGN_IN_FIRST)
    assert answer["HX-Redirect"] == "/login/?next=/jobs/1/"


def test_a_token_refused_keeps_the_copy_it_has_just_made(approver):
    client = strict(approver)
    client.post(URL, {FIELD: word(client), "csrfmiddlewaretoken": "a" * 64, "reason": REASON})
    assert KeptForm.objects.count() == 1


def test_a_form_somebody_else_had_opened_is_refused_even_with_a_good_token(approver, editor, signed_in):
    said = word(signed_in(approver))
    answer = signed_in(editor).post(URL, {FIELD: said, "reason": REASON})
    assert answer.status_code == 403
    assert "別の方がログインしています" in answer.content.decode()
    assert KeptForm.objects.get().user == approver
    assert signed_in(editor).post("/logout/", {FIELD: said})["Location"] == "/login/"

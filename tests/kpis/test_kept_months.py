"""A month's form sent after its session has ended: what is told of the copy, and when the copy goes."""

from __future__ import annotations

from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.door.filling import _Page
from accounts.models import KeptForm
from tests.accounts.door.test_kept_forms import where
from tests.kpis.reporting_world import handed_in

MONTH = "/entries/1010/2025-05/"


def sent_by(answer: HttpResponse) -> dict[str, str]:
    """What a browser would send back of the month's form."""
    html = answer.content.decode()
    page = _Page(html)
    [form] = {control.form for control in page.controls if control.name.endswith("-seen_version")}
    sent = {}
    for control in page.controls:
        if control.form != form or control.is_button or control.kind in ("checkbox", "radio"):
            continue
        chosen = [option for option in control.options if "selected" in option.attributes]
        value = control.attributes.get("value") or (chosen[0].attributes.get("value") if chosen else "") or ""
        sent[control.name] = unescape(html[control.end : control.closed]).strip() if control.closed else value
    return sent


@pytest.fixture
def month_sent_late(signed_in, editor, month):
    """The month's form, sent without a session; what happened to it meanwhile is the test's."""
    client = signed_in(editor)
    shown = sent_by(client.get(MONTH))
    key = f"s{month.hours.pk}"
    sent = shown | {f"{key}-typed": "1,234", f"{key}-comment": "速報です。", "action": "submit"}
    return client, sent, Client().post(MONTH, sent)


def test_what_has_no_field_any_more_is_told_by_the_names_of_the_figures(month_sent_late, month, editor):
    client, _, late = month_sent_late
    handed_in(month.hours, editor, "7")
    text = client.get(where(late)).content.decode()
    notice = text.split("data-kept", 1)[1].split("</dl>", 1)[0]
    assert f"<dt>{month.hours}の値</dt>" in notice
    assert f"<dt>{month.hours}のコメント</dt>" in notice
    assert "令和7年5月分の回答" in notice
    for internal in ("seen_version", "seen_measurement", "action", "submit", f"s{month.hours.pk}-"):
        assert internal not in notice


def test_after_a_sign_in_the_page_is_named_and_listed_once(month_sent_late, editor):
    _, sent, _ = month_sent_late
    Client().post(MONTH, sent)
    Client().post(MONTH, sent | {"action": "save"})
    assert KeptForm.objects.count() == 1
    browser = Client()
    browser.post("/login/", {"username": editor.employee_number, "password": "pass-word-123"})
    text = browser.get("/").content.decode()
    assert f"{editor.assignments.get().department.name}　令和7年5月分の回答" in text
    assert f">{MONTH}<" not in text


def test_a_copy_goes_when_the_page_it_filled_is_sent(month_sent_late):
    client, _, late = month_sent_late
    filled = sent_by(client.get(where(late)))
    assert filled["kept_copy"] == KeptForm.objects.get().key
    assert client.post(MONTH, filled | {"action": "save"}).status_code == 302
    assert not KeptForm.objects.exists()


def test_a_copy_stays_when_the_page_refuses_what_was_sent(month_sent_late, month):
    client, _, late = month_sent_late
    filled = sent_by(client.get(where(late)))
    wrong = filled | {f"s{month.hours.pk}-typed": "たくさん", "action": "save"}
    assert client.post(MONTH, wrong).status_code == 422
    assert KeptForm.objects.exists()


def test_a_copy_goes_when_the_same_text_is_sent_from_the_page_that_stayed_open(month_sent_late, editor):
    _, sent, _ = month_sent_late
    browser = Client()
    browser.post("/login/", {"username": editor.employee_number, "password": "pass-word-123"})
    assert browser.post(MONTH, sent | {"action": "save"}).status_code == 302
    assert not KeptForm.objects.exists()

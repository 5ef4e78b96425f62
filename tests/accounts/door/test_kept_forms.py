"""Every form that saves, sent after its session has ended: sign in again, and what was typed stands in it, not saved."""

from __future__ import annotations

from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from accounts.door.filling import _Page
from accounts.models import KeptForm
from initiatives.models import ProgressRecord
from tests.test_access import NAMES, ROWS
from tests.town import WHO, client_of

TYPED = "お預かりの文章\n二行目 <b>&amp;"
SECRET = ("old_password", "new_password1", "new_password2")


def text_fields(page: _Page, form: int) -> list[str]:
    own = [control for control in page.controls if control.form == form and control.name not in SECRET]
    kinds = ("text", "textarea", "search", "number")
    return [control.name for control in own if control.kind in kinds and "disabled" not in control.attributes]


def hidden_fields(page: _Page, form: int) -> dict[str, str]:
    own = [control for control in page.controls if control.form == form and control.kind == "hidden"]
    return {control.name: control.attributes.get("value") or "" for control in own}


def where(answer) -> str:
    """The page that the browser is led to after it has signed in."""
    return parse_qs(urlsplit(answer["Location"]).query)["next"][0]


def forms_of(client: Client, url: str):
    """Each form of a page that is sent, with the names of what one types in it and its hidden fields."""
    answer = client.get(url)
    if answer.status_code != 200 or answer.streaming or "text/html" not in answer["Content-Type"]:
        return
    page = _Page(answer.content.decode())
    for number, form in enumerate(page.forms):
        action = (form.attributes.get("action") or url).partition("?")[0]
        if (form.attributes.get("method") or "").lower() == "post" and action != reverse("logout"):
            yield action, text_fields(page, number), hidden_fields(page, number)


PAGES = [name for name in NAMES if any(cell in ("200", "286") for cell in ROWS[f"{name} GET"].values())]


@pytest.mark.parametrize("name", PAGES)
def test_what_was_typed_comes_back_on_its_page(town, name):
    url = reverse(name, kwargs=town.arguments.get(name))
    who = next(person for person in reversed(WHO) if ROWS[f"{name} GET"][person] in ("200", "286"))
    who = next(
        (person for person in ("reform_office", "editor", "approver") if ROWS[f"{name} GET"][person] == "200"), who
    )
    if who == "anonymous":
        return
    owner = client_of(town, who)
    for action, names, hidden in forms_of(owner, url):
        assert hidden.get("opened_by"), f"{url} {action}"
        if not names:
            continue
        before = KeptForm.objects.count()
        answer = Client().post(action, hidden | dict.fromkeys(names, TYPED))
        assert answer.status_code == 302, action
        assert answer["Location"].startswith("/login/?next="), action
        assert KeptForm.objects.count() == min(10, before + 1)
        text = owner.get(where(answer)).content.decode()
        assert "まだ保存していません" in text, (url, action)
        filled = _Page(text)
        values = {
            control.name: control.attributes.get("value")
            if control.tag == "input"
            else unescape(text[control.end : control.closed])
            for control in filled.controls
        }
        for field in names:
            assert (values.get(field) or "").strip().split() == TYPED.split(), (url, action, field)


def test_the_forms_that_the_brief_of_a_city_hall_needs_are_among_them(town):
    """So that the test above cannot become empty."""
    seen = {}
    for name, who in [
        ("entries:month", "editor"),
        ("initiatives:progress", "editor"),
        ("inquiries:recipient", "editor"),
        ("approvals:decide", "approver"),
        ("inquiries:create", "reform_office"),
        ("reports:section_edit", "reform_office"),
        ("deputies:list", "approver"),
    ]:
        url = reverse(name, kwargs=town.arguments.get(name))
        seen[name] = sum(len(names) for _, names, _ in forms_of(client_of(town, who), url))
    assert min(seen.values()) > 0, seen


def test_nothing_is_saved_until_the_button_is_pressed_again(town):
    url = "/initiatives/line/progress/2024-4/"
    owner = client_of(town, "editor")
    before = ProgressRecord.objects.count()
    hidden = next(hidden for _, names, hidden in forms_of(owner, url) if names)
    sent = hidden | {"action": "save", "results": "窓口を増やした。"}
    page = where(Client().post(url, sent))
    text = owner.get(page).content.decode()
    assert "窓口を増やした。" in text
    assert ProgressRecord.objects.count() == before


def test_a_form_of_the_back_office_comes_back_too(town):
    owner = client_of(town, "reform_office")
    url = reverse("admin:kpis_kpi_change", args=[town.month.friends.kpi_id])
    action, names, hidden = max(forms_of(owner, url), key=lambda form: len(form[1]))
    assert "name" in names
    answer = Client().post(action, hidden | {"name": "改めた名前"})
    text = owner.get(where(answer)).content.decode()
    assert "まだ保存していません" in text
    assert 'value="改めた名前"' in text
    town.month.friends.kpi.refresh_from_db()
    assert town.month.friends.kpi.name != "改めた名前"

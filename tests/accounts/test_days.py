"""Days in the back office and on the staff's pages, in every form in which people write them."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.forms.models import inlineformset_factory

from accounts.days import DayField
from accounts.models import ClosedDay
from inquiries.forms import ExtensionForm
from tests.accounts.test_admin import office  # noqa: F401  a fixture

FORMS = [
    "2024-04-01", "2024/4/1", "2024/04/01", "2024.4.1", "2024年4月1日", "20240401", "令和6年4月1日", "令和６年４月１日", "R6.4.1", "r6/4/1",
    "Ｒ６．４．１", "令和6(2024)年4月1日", "２０２４／４／１", "　2024年4月1日 ", "平成36年4月1日", "令和6年4月1日（月）",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMS)
def test_every_form_of_a_day_is_the_same_day(text):
    assert DayField().clean(text) == date(2024, 4, 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("4/5/2024", "とも読めます"),
        ("令和6年2月30日", "という日付はありません"),
        ("昨日", "読み取れません"),
        ("1" * 200, "長すぎて"),
    ],
)
def test_what_is_no_day_or_two_days_is_refused_in_a_sentence(text, words):
    with pytest.raises(ValidationError, match=words):
        DayField().clean(text)


@pytest.mark.parametrize("blank", ["", "  ", "　", None])
def test_a_blank_is_no_day(blank):
    assert DayField(required=False).clean(blank) is None
    with pytest.raises(ValidationError):
        DayField().clean(blank)


def test_a_closed_day_is_registered_as_it_is_written(office):  # noqa: F811
    assert (
        office.post("/admin/accounts/closedday/add/", {"day": "令和8年１月４日", "name": "仕事始め前"}).status_code
        == 302
    )
    assert ClosedDay.objects.get().day == date(2026, 1, 4)


def test_what_cannot_be_read_is_said_at_its_field_and_kept(office):  # noqa: F811
    answer = office.post("/admin/accounts/closedday/add/", {"day": "10/1/2026", "name": "祭"})
    assert answer.status_code == 200
    assert "とも読めます" in answer.content.decode()
    assert "10/1/2026" in answer.content.decode()


def test_every_day_of_every_table_and_of_the_rows_below_it_is_read_so(rf, db):
    request = rf.get("/")
    request.user = AnonymousUser()
    fields = []
    for model, pages in admin.site._registry.items():
        fields += list(_days(pages.get_form(request, fields=None), model))
        for rows in pages.get_inline_instances(request):
            fields += list(_days(rows.get_formset(request).form, rows.model))
        for rows in pages.inlines:
            inline = rows(model, admin.site)
            formset = inlineformset_factory(
                model, inline.model, fields="__all__", fk_name=inline.fk_name,
                formfield_callback=lambda field, inline=inline, **kwargs: inline.formfield_for_dbfield(field, request, **kwargs),
            )  # fmt: skip
            fields += list(_days(formset.form, inline.model))
    assert len(fields) > 15
    assert [name for name, field in fields if not isinstance(field, DayField)] == []


def _days(form: type[forms.BaseForm], model: type):
    for name, field in form.base_fields.items():
        if isinstance(field, forms.DateField):
            yield f"{model.__name__}.{name}", field


def test_the_staffs_own_pages_read_them_too():
    form = ExtensionForm({"until": "R7.6.30", "reason": "選挙のため"})
    assert form.is_valid()
    assert form.cleaned_data["until"] == date(2025, 6, 30)

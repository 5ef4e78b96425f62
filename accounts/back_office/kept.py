"""Back-office pages of rows that are told to the people concerned, and of rows that are kept once they were used."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import BooleanField
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse

from accounts.account_changes import telling
from accounts.acts import check_post_kept
from accounts.back_office.seen import SeenAdmin
from accounts.ids import ids_in

Check = Callable[[Any, None], None]


def rows_named(model: type[Model], request: HttpRequest, object_id: str | None) -> QuerySet[Any]:
    """The rows that a request to the back office may change: that of the page, and those ticked in the list or, where it
    says so, all of them."""
    rows = model._default_manager.all()
    if BooleanField(required=False).clean(request.POST.get("select_across")):  # as Django's form of actions reads it
        return rows
    return rows.filter(pk__in=ids_in([object_id, *request.POST.getlist(ACTION_CHECKBOX_NAME)]))


class KeptAdmin(SeenAdmin):
    """Rows that the check refuses to delete are named on Django's page of what stands in the way of a deletion."""

    check_kept: Check

    def get_deleted_objects(
        self, objs: Iterable[Model], request: HttpRequest
    ) -> tuple[list[Any], Any, set[str], list[Any]]:
        listed = list(objs)
        deleted, counts, needed, protected = super().get_deleted_objects(listed, request)
        return deleted, counts, needed, [*protected, *(words for row in listed if (words := self._why_kept(row)))]

    def _why_kept(self, row: Model) -> str:
        try:
            type(self).check_kept(row, None)
        except ValidationError as error:
            return f"{row}：{' '.join(error.messages)}"
        return ""


class ToldAdmin(SeenAdmin):
    """Whatever is sent to these pages, the people concerned are told what it changed of their accounts."""

    def users_concerned(self, request: HttpRequest, object_id: str | None) -> set[int]:
        """The ids of the people whose accounts the request may change."""
        raise NotImplementedError

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        with telling(self._concerned(request, object_id), request):
            return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        with telling(self._concerned(request, object_id), request):
            return super().delete_view(request, object_id, extra_context)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        with telling(self._concerned(request, None), request):
            return super().changelist_view(request, extra_context)

    def _concerned(self, request: HttpRequest, object_id: str | None) -> set[int]:
        return self.users_concerned(request, object_id) if request.method == "POST" else set()


class KeptPosts(BaseInlineFormSet):
    """The posts of one person: a post under which something was done is not taken away."""

    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:
            if form.instance.pk:
                check_post_kept(form.instance, None)

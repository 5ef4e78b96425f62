"""What a form showed when it was opened: an older tab does not set back in silence what was changed since.

The form sends a short digest of every field it showed along. Where a field says something else by now, nothing is saved: the
page shows what is stored and what was typed side by side, and sends the new digests, so that a second press saves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from accounts.ids import ids_in
from japan.digits import plain_number

FIELD = "seen_state"
CHANGED = (
    "この画面を開いたあとに、ほかの人（または別の画面）が内容を変更したため、まだ保存していません。"
    "下の表の2つの内容を確かめ、必要なら入力欄を直して、もう一度保存してください。"
)
NONE = "（なし）"
_LENGTH = 8
#: The row that a field belongs to, and the field.
Key = tuple[str, str]


@dataclass(frozen=True)
class Change:
    """A field that says something else than when the form was opened: as stored now, and as typed in this form."""

    what: str
    stored: str
    typed: str


class Shown:
    """The rows that a form shows, each as an unbound form."""

    def __init__(self, shown: Iterable[Any]) -> None:
        self.forms: dict[str, Any] = {_row(form.instance): form for form in shown if form.instance.pk}

    @property
    def digests(self) -> dict[Key, str]:
        return {(row, name): _digest(form.initial[name]) for row, form in self.forms.items() for name in _names(form)}

    def __str__(self) -> str:
        """As the hidden field sends it."""
        return ",".join(f"{row}.{name}={digest}" for (row, name), digest in self.digests.items())

    def since(self, sent: str) -> set[Key]:
        """The fields that differ from what was sent; ("row", "") of rows that are new or gone.

        A request that sends nothing was made by no page of ours: it is compared with nothing.
        """
        if not sent:
            return set()
        then, now = _read(sent), self.digests
        rows_then, rows_now = {row for row, _ in then}, {row for row, _ in now}
        differing = {key for key in then.keys() & now.keys() if then[key] != now[key]}
        return differing | {(row, "") for row in rows_then ^ rows_now}

    def compared(self, keys: Iterable[Key], bound: Iterable[Any]) -> list[Change]:
        """Both versions of each, in the order of the page. `bound`: the forms as they were sent."""
        wanted = set(keys)
        sent = {_row(form.instance): form for form in bound if form.instance.pk}
        found = []
        for row, form in self.forms.items():
            if (row, "") in wanted:
                found.append(Change(_row_name(form), str(form.instance), NONE))
            for name in form.fields:
                if (row, name) in wanted and row in sent:
                    found.append(_change(form, sent[row], name, first=form is next(iter(self.forms.values()))))
        gone = len({row for row, name in wanted if not name and row not in self.forms})
        if gone:
            found.append(Change(f"{gone}行", "（削除されました）", "残っています。この画面を開き直してください。"))
        return found


def _row(row: Model) -> str:
    return f"{row._meta.label_lower}.{row.pk}"


def _row_name(form: Any) -> str:
    return f"{form.instance._meta.verbose_name}「{form.instance}」"


def _names(form: Any) -> Iterator[str]:
    """The fields by which something can be changed."""
    return (name for name, field in form.fields.items() if name in form.initial and not field.disabled)


def _digest(value: Any) -> str:
    if isinstance(value, list):
        value = sorted(each.pk if isinstance(each, Model) else str(each) for each in value)
    return sha256(repr(value).encode()).hexdigest()[:_LENGTH]


def _read(sent: str) -> dict[Key, str]:
    """What cannot be read names no field: it changes nothing."""
    found: dict[Key, str] = {}
    for part in sent.split(","):
        key, _, digest = part.partition("=")
        row, _, name = key.rpartition(".")
        if row and name and digest:
            found[row, name] = digest
    return found


def _change(now: Any, sent: Any, name: str, *, first: bool) -> Change:
    field = now.fields[name]
    label = str(field.label or name)
    typed = sent.cleaned_data[name] if name in getattr(sent, "cleaned_data", {}) else sent[name].value()
    what = label if first else f"{_row_name(now)}の{label}"
    return Change(what, _words(field, now.initial[name]), _words(field, typed))


def _words(field: forms.Field, value: Any) -> str:
    if value is None or value == "":
        return NONE
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, Model):
        return str(value)
    if isinstance(field, forms.ModelChoiceField):
        several = list(value) if isinstance(field, forms.ModelMultipleChoiceField) else [value]
        return _rows_named(field, [getattr(each, "pk", each) for each in several])
    if isinstance(field, forms.ChoiceField):
        return str(dict(_flat(field.choices)).get(value, value))
    return str(value)


def _rows_named(field: forms.ModelChoiceField, keys: list[Any]) -> str:
    """The names of rows; a key that is none names no row."""
    rows = field.queryset.filter(pk__in=ids_in([str(key) for key in keys])) if field.queryset is not None else []
    return "、".join(str(row) for row in rows) or NONE


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield value, label


def hold(row: type[Model], pk: int) -> None:
    """Locks the row until the transaction ends, so that what is compared still holds when it is saved."""
    list(row._default_manager.select_for_update(of=("self",), no_key=True).filter(pk=pk).values_list("pk"))


class _Refusing(forms.ModelForm):
    """A form that says that what it showed has changed."""

    def clean(self) -> Any:
        cleaned = super().clean()
        self.add_error(None, ValidationError(CHANGED, code="seen"))
        return cleaned


class SeenAdmin(admin.ModelAdmin):
    """Back-office pages whose form tells an older tab what was changed since it was opened."""

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method != "POST" or object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            for pk in ids_in([object_id]):
                hold(self.model, pk)
            row = self.get_object(request, unquote(object_id))
            if row is not None and self.has_change_permission(request, row):
                shown = Shown(self._unbound(request, row))
                request.now_shown = shown  # type: ignore[attr-defined]  # ours, for the form and the page
                request.changed_since = shown.since(request.POST.get(FIELD, ""))  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change=change, **kwargs)
        if change and getattr(request, "changed_since", None):
            return type(form.__name__, (_Refusing, form), {})
        return form

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        page = [context["adminform"].form]
        page += [form for inline in context["inline_admin_formsets"] for form in inline.formset.initial_forms]
        shown: Shown | None = getattr(request, "now_shown", None)
        if shown is None and page[0].instance.pk and not page[0].is_bound:
            shown = Shown(page)
        if shown is not None:
            changed = shown.compared(getattr(request, "changed_since", ()), page)
            context |= {FIELD: str(shown), "seen_changes": changed}
        answer: TemplateResponse | HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return answer

    def _unbound(self, request: HttpRequest, row: Any) -> list[Any]:
        """The forms of the page as they would be shown now."""
        fields = flatten_fieldsets(self.get_fieldsets(request, row))
        found = [self.get_form(request, row, change=True, fields=fields)(instance=row)]
        for formset, inline in self.get_formsets_with_inlines(request, row):
            found += formset(instance=row, queryset=inline.get_queryset(request)).initial_forms
        return found
